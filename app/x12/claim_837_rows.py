"""Claims to 837 segments, in the order of the guide; ``app.x12.write.build`` makes a document of them.

``rows`` numbers the levels (HL) and groups claims under their billing provider, subscriber and patient (point 39).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from app.model.adjustment import Adjustment
from app.model.claim import (
    BillingProvider,
    Claim,
    ClaimPatient,
    ClaimSubmission,
    Diagnosis,
    Drug,
    LineAdjudication,
    OtherSubscriber,
    Party,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Raw,
    Reference,
    ServiceLine,
    Subscriber,
)
from app.model.money import Money
from app.x12.claim_837_text import claim_text, level_text
from app.x12.kept import put_back
from app.x12.values import amount
from app.x12.write import Row, Written

Rows = list[Row]
_T = TypeVar("_T")
_MOST_IN_HI = 12
_HI_SETS = (
    ("ABK", "BK"), ("ABJ", "BJ"), ("APR", "PR"), ("ABN", "BN"), ("DR",), ("ABF", "BF"), ("BBR", "BR", "CAH"),
    ("BBQ", "BQ"), ("BP", "BO"), ("BI",), ("BH",), ("BE",), ("BG",), ("TC",),
)  # fmt: skip
_ALONE = ("ABK", "BK", "ABJ", "BJ", "DR", "BBR", "BR", "CAH")


def rows(submission: ClaimSubmission) -> list[Row | Written]:
    """All segments between ST and SE, levels numbered from 1 without gaps."""
    out: list[Row | Written] = [*header_rows(submission)]
    number = 0
    for billing, of_billing in _runs(submission.claims, _billing):
        number += 1
        top = number
        out += billing_rows(billing, top)
        for subscriber, of_subscriber in _runs(of_billing, _subscriber):
            number += 1
            level = number
            claims = of_subscriber
            if len(claims) > 1:
                claims = sorted(claims, key=lambda claim: claim.patient is not None)
            out += _subscriber_level(subscriber, level, top, children=claims[-1].patient is not None)
            for patient, of_patient in _runs(claims, _patient):
                if patient is not None:
                    number += 1
                    out += _patient_level(patient, number, level)
                for claim in of_patient:
                    text = claim_text(claim) if submission.kind == "837P" else None
                    out += claim_rows(claim, submission.kind) if text is None else [Written(text)]
    return out


def _billing(claim: Claim) -> BillingProvider:
    return claim.billing


def _subscriber(claim: Claim) -> Subscriber:
    return claim.subscriber


def _patient(claim: Claim) -> ClaimPatient | None:
    return claim.patient


def _runs(claims: Sequence[Claim], level: Callable[[Claim], _T]) -> Iterator[tuple[_T, list[Claim]]]:
    """Claims that stand together and share a level: the same value, or an equal one."""
    run: list[Claim] = []
    shared: _T | None = None
    for claim in claims:
        own = level(claim)
        if run and own is not shared and own != shared:
            yield level(run[0]), run
            run = []
        run.append(claim)
        shared = own
    if run:
        yield level(run[0]), run


def _subscriber_level(subscriber: Subscriber, number: int, parent: int, *, children: bool) -> Sequence[Row | Written]:
    if not (subscriber.kept or subscriber.death_date or subscriber.weight or subscriber.pregnant):
        hl = ("HL", str(number), str(parent), "22", "1" if children else "0")
        text = level_text((hl, _sbr(subscriber)), subscriber.party, subscriber.payer)
        if text is not None:
            return [Written(text)]
    return subscriber_rows(subscriber, number, parent, children=children)


def _patient_level(patient: ClaimPatient, number: int, parent: int) -> Sequence[Row | Written]:
    if not (patient.kept or patient.death_date or patient.weight or patient.pregnant):
        hl = ("HL", str(number), str(parent), "23", "0")
        text = level_text((hl, ("PAT", patient.relationship)), patient.party)
        if text is not None:
            return [Written(text)]
    return patient_rows(patient, number, parent)


def header_rows(submission: ClaimSubmission) -> Rows:
    """BHT, 1000A and 1000B."""
    out: Rows = [
        [
            "BHT", "0019", submission.purpose, submission.reference, submission.date, submission.time,
            submission.use,
        ],
        *party_rows(submission.submitter),
        *party_rows(submission.receiver),
    ]  # fmt: skip
    return put_back(out, submission.kept)


def billing_rows(billing: BillingProvider, number: int) -> Rows:
    """Loop 2000A."""
    out: Rows = [["HL", str(number), "", "20", "1"]]
    if billing.taxonomy:
        out.append(["PRV", "BI", "PXC", billing.taxonomy])
    if billing.currency:
        out.append(["CUR", "85", billing.currency])
    for party in (billing.party, billing.pay_to, billing.pay_to_plan):
        if party:
            out += party_rows(party)
    return put_back(out, billing.kept)


def subscriber_rows(subscriber: Subscriber, number: int, parent: int, *, children: bool) -> Rows:
    """Loop 2000B."""
    out: Rows = [
        ["HL", str(number), str(parent), "22", "1" if children else "0"],
        _sbr(subscriber),
    ]
    if subscriber.death_date or subscriber.weight or subscriber.pregnant:
        out.append(["PAT", "", "", "", "", *_pat(subscriber)])
    out += party_rows(subscriber.party)
    out += party_rows(subscriber.payer)
    return put_back(out, subscriber.kept)


def patient_rows(patient: ClaimPatient, number: int, parent: int) -> Rows:
    """Loop 2000C."""
    out: Rows = [
        ["HL", str(number), str(parent), "23", "0"],
        ["PAT", patient.relationship, "", "", "", *_pat(patient)],
        *party_rows(patient.party),
    ]
    return put_back(out, patient.kept)


def _pat(of: Subscriber | ClaimPatient) -> list[str]:
    return [
        "D8" if of.death_date else "", of.death_date, "01" if of.weight else "", of.weight, of.pregnant
    ]  # fmt: skip


def _sbr(of: Subscriber | OtherSubscriber) -> list[str]:
    return [
        "SBR", of.payer_order, of.relationship, of.group_number, of.group_name, of.insurance_type, "", "", "",
        of.claim_filing,
    ]  # fmt: skip


def party_rows(party: Party) -> Rows:
    """NM1 and what follows it."""
    out: Rows = [
        [
            "NM1", party.role, "1" if party.is_person else "2", party.name, party.first_name, party.middle_name,
            party.prefix, party.suffix, party.id_qualifier, party.id,
        ]
    ]  # fmt: skip
    address = party.address
    if address:
        if address.street or address.unit:
            out.append(["N3", address.street, address.unit])
        if address.city or address.state or address.postal_code or address.country:
            out.append(
                [
                    "N4", address.city, address.state, address.postal_code, address.country, "", "",
                    address.subdivision,
                ]
            )  # fmt: skip
    if party.birth_date or party.sex:
        out.append(["DMG", "D8", party.birth_date, party.sex])
    if party.taxonomy:
        out.append(["PRV", party.provider_role, "PXC", party.taxonomy])
    out += map(_dtp, party.dates)
    out += map(_ref, party.references)
    out += (
        ["PER", contact.function, contact.name, *(part for pair in contact.numbers for part in pair)]
        for contact in party.contacts
    )
    return out


def _dtp(found: QualifiedDate) -> Row:
    return ["DTP", found.qualifier, found.format, found.text]


def _ref(found: Reference) -> Row:
    payer: str | tuple[str, ...] = ("2U", found.payer) if found.payer else ""
    return ["REF", found.qualifier, found.value, found.description, payer]


def _amt(found: QualifiedAmount) -> Row:
    return ["AMT", found.qualifier, written(found.amount)]


def written(money: Money) -> str:
    """An amount as it was written, or as X12 writes it."""
    return money.source or amount(money.cents)


def _procedure(procedure: Procedure | None) -> str | tuple[str, ...]:
    if procedure is None:
        return ""
    modifiers = (*procedure.modifiers, "", "", "", "")[:4]
    return (
        procedure.qualifier, procedure.code, *modifiers, procedure.description, procedure.end_code
    )  # fmt: skip


def _raws(found: tuple[Raw, ...], *ids: str) -> Iterator[Row]:
    return (list(row) for row in found if row and row[0] in ids)


def cas_rows(adjustments: Sequence[Adjustment]) -> Iterator[Row]:
    """CAS segments: one a group (and a segment as read), six triplets each at most (point 12)."""
    for (_, group), run in groupby(adjustments, lambda one: (one.segment, one.group)):
        triplets = [(one.reason, written(one.amount), one.quantity) for one in run]
        for at in range(0, len(triplets), 6):
            yield ["CAS", group, *(part for triplet in triplets[at : at + 6] for part in triplet)]


def claim_rows(claim: Claim, kind: str) -> Rows:
    """Loop 2300 and all inside it."""
    causes = (*claim.related_causes, "", "", "")[:3]
    out: Rows = [
        [
            "CLM", claim.patient_control_number, written(claim.charge), "", "",
            (claim.facility_code, claim.facility_qualifier, claim.frequency), claim.signature_on_file,
            claim.assignment, claim.benefits_assigned, claim.release, claim.patient_signature,
            (*causes, claim.accident_state, claim.accident_country), claim.special_program,
            "", "", "", "", "", "", "", claim.delay_reason,
        ],
        *map(_dtp, claim.dates),
    ]  # fmt: skip
    if claim.admission:
        out.append(["CL1", *claim.admission])
    out += (["PWK", p.type, p.transmission, "", "", p.qualifier, p.control_number] for p in claim.attachments)
    out += _raws(claim.other, "CN1")
    out += map(_amt, claim.amounts)
    out += map(_ref, claim.references)
    out += _raws(claim.other, "K3")
    out += (["NTE", note.kind, note.text] for note in claim.notes)
    out += _raws(claim.other, "CR1", "CR2")
    out += _raws(claim.other, "CRC")
    out += hi_rows(claim.diagnoses, claim.health_information, kind)
    out += _raws(claim.other, "HCP")
    for party in claim.providers:
        out += party_rows(party)
    for other in claim.other_subscribers:
        out += other_subscriber_rows(other)
    for line in claim.lines:
        out += line_rows(line)
    return put_back(out, claim.kept)


def hi_rows(diagnoses: Sequence[Diagnosis], counts: Sequence[int], kind: str) -> Iterator[Row]:
    """HI segments: as they were read, or by the guide's sets, twelve at most in each."""
    if sum(counts) == len(diagnoses):
        at = 0
        for count in counts:
            yield ["HI", *map(_hi, diagnoses[at : at + count])]
            at += count
        return
    sets = _HI_SETS if kind == "837I" else (("ABK", "BK", "ABF", "BF"), ("BP", "BO"), ("BG",))
    for names in sets:
        members = [one for one in diagnoses if one.qualifier in names]
        size = 1 if kind == "837I" and names[0] in _ALONE else _MOST_IN_HI
        for at in range(0, len(members), size):
            yield ["HI", *map(_hi, members[at : at + size])]


def _hi(one: Diagnosis) -> tuple[str, ...]:
    money = written(one.amount) if one.amount is not None else ""
    return (
        one.qualifier, one.code, one.date_format, one.date, money, one.quantity, one.version, one.end_code,
        one.present_on_admission,
    )  # fmt: skip


def other_subscriber_rows(other: OtherSubscriber) -> Rows:
    """Loop 2320."""
    out: Rows = [_sbr(other), *cas_rows(other.adjustments), *map(_amt, other.amounts)]
    if other.benefits_assigned or other.patient_signature or other.release:
        out.append(["OI", "", "", other.benefits_assigned, other.patient_signature, "", other.release])
    out += _raws(other.other, "MIA", "MOA")
    for party in (other.insured, other.payer, *other.providers):
        if party:
            out += party_rows(party)
    return out


def line_rows(line: ServiceLine) -> Rows:
    """Loop 2400."""
    out: Rows = [["LX", str(line.number)], _service(line)]
    out += _raws(line.other, "SV5")
    out += (["PWK", p.type, p.transmission, "", "", p.qualifier, p.control_number] for p in line.attachments)
    out += _raws(line.other, "CR1", "CR3")
    out += _raws(line.other, "CRC")
    out += map(_dtp, line.dates)
    out += _raws(line.other, "QTY")
    out += _raws(line.other, "MEA", "CN1")
    out += map(_ref, line.references)
    out += map(_amt, line.amounts)
    out += _raws(line.other, "K3")
    out += (["NTE", note.kind, note.text] for note in line.notes)
    out += _raws(line.other, "PS1", "HCP")
    for drug in line.drugs:
        out += _drug(drug)
    for party in line.providers:
        out += party_rows(party)
    for adjudication in line.adjudications:
        out += adjudication_rows(adjudication)
    out += _raws(line.other, "LQ", "FRM")
    return out


def _service(line: ServiceLine) -> Row:
    charge = written(line.charge)
    if line.revenue_code:
        not_covered = written(line.non_covered) if line.non_covered is not None else ""
        return [
            "SV2", line.revenue_code, _procedure(line.procedure), charge, line.unit, line.units, "", not_covered,
        ]  # fmt: skip
    return [
        "SV1", _procedure(line.procedure), charge, line.unit, line.units, line.place_of_service, "",
        tuple(map(str, line.pointers)), "", line.emergency, "", line.epsdt, line.family_planning, "", "",
        line.copay_exempt,
    ]  # fmt: skip


def _drug(drug: Drug) -> Iterator[Row]:
    yield ["LIN", "", drug.qualifier, drug.code]
    if drug.quantity or drug.unit:
        yield ["CTP", "", "", "", drug.quantity, drug.unit]
    yield from map(_ref, drug.references)


def adjudication_rows(adjudication: LineAdjudication) -> Rows:
    """Loop 2430."""
    svd: Row = [
        "SVD", adjudication.payer_id, written(adjudication.paid), _procedure(adjudication.procedure),
        adjudication.revenue_code, adjudication.units, adjudication.bundled_line,
    ]  # fmt: skip
    return [
        svd,
        *cas_rows(adjudication.adjustments),
        *map(_dtp, adjudication.dates),
        *map(_amt, adjudication.amounts),
    ]
