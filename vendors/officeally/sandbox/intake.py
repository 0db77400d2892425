"""What the front door does with a file: is it one interchange for Office Ally, and which claims does it hold.

A file that fails here fails as a whole: no claims exist. Rules that concern one claim are ``edits``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from app.model.acknowledgment import Acknowledgment, SetAcknowledgment
from app.model.claim import Claim, Party
from app.x12.ack_999 import body
from app.x12.answer_999 import answer
from app.x12.claim_837 import ClaimReader
from app.x12.envelope import Reader, read
from app.x12.kinds import kind_of
from app.x12.write import Body

RECEIVER = "330897513"
MOST_SETS = 5_000
_GUIDES = {"837P": "005010X222", "837I": "005010X223", "837D": "005010X224"}
_NAMES = re.compile("837[PID]")
#: Codes of a 999 that speak of one claim's content: they do not stop a transaction here, ``edits`` will.
_OF_A_CLAIM = frozenset({"I6", "I9", "I12", "12"})


@dataclass
class Taken:
    """A file as the front door saw it. ``cause`` says why it failed; ``groups`` is what the 999 will say."""

    cause: str = ""
    sender: str = ""
    control: str = ""
    gs_sender: str = ""
    batch: str = ""
    submitter: str = ""
    groups: list[Acknowledgment] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)

    def bodies(self) -> list[Body]:
        """The 999's transactions."""
        return [body(one) for one in self.groups]


def form_of(name: str) -> str:
    """``837P``, ``837I``, ``837D``, or nothing for a name that is left lying."""
    found = _NAMES.search(name.upper())
    return found.group() if found else ""


def is_test(name: str, *, any_case: bool = False) -> bool:
    """Whether OATEST, one word, stands in the name. ISA15 is not looked at."""
    return "OATEST" in (name.upper() if any_case else name)


def take(content: bytes, name: str, now: datetime) -> Taken:
    """Look at a file as a whole and take its claims out."""
    taken = Taken()
    taken.cause = _cause(content, form_of(name), taken)
    if taken.cause:
        return taken
    for one in answer(content, when=now, control=1):
        taken.groups += [_softened(group) for group in one.groups]
    refused = {one.control_number for group in taken.groups for one in group.sets if not one.accepted}
    for transaction in read(content):
        if transaction.control in refused or kind_of(transaction) is None:
            transaction.skip()
            continue
        reader = ClaimReader(transaction)
        taken.claims += [_record(claim) for claim in reader.claims()]
        taken.batch, taken.submitter = reader.submission.reference, reader.submission.submitter.name
    if not taken.claims:
        taken.cause = "NO TRANSACTION OF THIS FILE IS VALID, SEE THE 999"
    return taken


def _cause(content: bytes, form: str, taken: Taken) -> str:
    """Why the whole file fails, or nothing."""
    reader = read(content)
    isa: tuple[str, ...] = ()
    kinds = set()
    for transaction in reader:
        isa, gs = transaction.interchange.isa, transaction.group.gs
        taken.sender, taken.control, taken.gs_sender = isa[6].strip(), transaction.interchange.control, gs[2].strip()
        kinds.add((transaction.kind, transaction.version[:10], gs[3].strip()))
        transaction.skip()
    problems = [problem.code for problem in reader.problems.done()]
    if not isa or "no-envelope" in problems:
        return "FILE IS NOT A VALID X12 FILE"
    if reader.interchanges != 1:
        return "ONLY ONE ISA PER FILE IS ALLOWED"
    if reader.groups != 1:
        return "ONLY ONE GS PER FILE IS ALLOWED"
    if reader.transactions > MOST_SETS:
        return "MORE THAN 5000 ST PER FILE"
    if isa[8].strip() != RECEIVER:
        return f"ISA08 MUST BE {RECEIVER}"
    if isa[5].strip() not in {"30", "ZZ"} or isa[7].strip() not in {"30", "ZZ", "01"}:
        return "ISA05 OR ISA07 IS NOT ALLOWED"
    if any(receiver not in {"OA", RECEIVER} for _, _, receiver in kinds):
        return f"GS03 MUST BE OA OR {RECEIVER}"
    if any(st01 != "837" or version != _GUIDES[form] for st01, version, _ in kinds):
        return f"CONTENT IS NOT {form} {_GUIDES[form]}"
    return _miscounted(reader, problems)


def _miscounted(reader: Reader, problems: list[str]) -> str:
    faults = {"envelope-count", "envelope-control", "cut-off"}
    wrong = [code for code in problems if code in faults or "missing" in code]
    return "ENVELOPE COUNTS OR CONTROL NUMBERS DO NOT MATCH" if wrong else ""


def _softened(group: Acknowledgment) -> Acknowledgment:
    """Findings that belong to single claims are told (IK5 E) and do not refuse the transaction."""
    sets = tuple(_soft_set(one) for one in group.sets)
    accepted = sum(one.accepted for one in sets)
    code = group.code
    if accepted == len(sets):
        code = "E" if any(one.code == "E" for one in sets) or group.codes else "A"
    elif accepted:
        code = "P"
    return msgspec.structs.replace(group, sets=sets, accepted_count=accepted, code=code)


def _soft_set(one: SetAcknowledgment) -> SetAcknowledgment:
    if one.accepted or set(one.codes) - {"5"}:
        return one
    for error in one.errors:
        codes = {element.code for element in error.elements} or {error.code}
        if codes - _OF_A_CLAIM:
            return one
    return msgspec.structs.replace(one, code="E")


# --- a claim as this database holds it -------------------------------------------------------------------------------


def _record(claim: Claim) -> dict[str, Any]:
    """What is kept of a claim: what reports show, edits check, the payer decides on and a person may correct."""
    patient, subscriber = claim.patient_party, claim.subscriber
    payer, billing = subscriber.payer, claim.billing.party
    lines = [
        {
            "code": line.procedure.code if line.procedure else line.revenue_code,
            "modifiers": list(line.procedure.modifiers) if line.procedure else [],
            "charge": line.charge.cents,
            "units": line.units or "1",
            "pointers": ":".join(map(str, line.pointers)),
            "from": _day(line.service_date.text[:8] if line.service_date else ""),
            "to": _day(line.service_date.text[-8:] if line.service_date else ""),
            "control": line.control_number,
        }
        for line in claim.lines
    ]
    whole = next((found.text for found in claim.dates if found.qualifier in {"434", "472"}), "")
    first = next((line["from"] for line in lines if line["from"]), _day(whole[:8]))
    rendering = claim.provider("82") or claim.provider("71") or billing
    return {
        "account": claim.patient_control_number,
        "charge": claim.charge.cents,
        "frequency": claim.frequency,
        "reference": claim.payer_claim_number,
        "pos": claim.facility_code,
        "payer": payer.id.strip(),
        "payer_name": payer.name,
        "order": subscriber.payer_order,
        "group": subscriber.group_number,
        "filing": subscriber.claim_filing,
        "member": subscriber.party.id,
        "subscriber_last": subscriber.party.name,
        "subscriber_first": subscriber.party.first_name,
        **_person(patient),
        "npi": billing.npi,
        "billing": billing.name,
        "billing_street": billing.address.street if billing.address else "",
        "tax_id": billing.reference("EI") or billing.reference("SY"),
        "rendering": rendering.npi,
        "diagnoses": [one.code for one in claim.diagnoses if one.qualifier in {"ABK", "ABF", "BK", "BF"}],
        "from": first,
        "to": next((line["to"] for line in reversed(lines) if line["to"]), first),
        "lines": lines,
        "prior": [
            {"payer": other.payer.name if other.payer else "", "paid": other.paid.cents if other.paid else 0}
            for other in claim.other_subscribers
        ],
    }


def _person(party: Party) -> dict[str, str]:
    address = party.address
    return {
        "last": party.name,
        "first": party.first_name,
        "birth": _day(party.birth_date),
        "sex": party.sex,
        "address": address.street if address else "",
        "city": address.city if address else "",
        "state": address.state if address else "",
        "zip": address.postal_code if address else "",
    }


def _day(text: str) -> str:
    """Eight digits → ISO; nothing for anything else."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else ""
