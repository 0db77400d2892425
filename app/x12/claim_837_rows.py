"""Claims to 837 segments, in the order of the guide; ``app.x12.write.build`` makes a document of them.

``rows`` numbers the levels (HL) and groups claims under their billing provider, subscriber and patient (point 39).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from app.model.claim import (
    BillingProvider,
    Claim,
    ClaimPatient,
    Drug,
    LineAdjudication,
    OtherSubscriber,
    ServiceLine,
    Subscriber,
)
from app.model.claim_submission import ClaimSubmission
from app.x12.claim_837_known import known
from app.x12.claim_837_segments import (
    Rows,
    amt,
    cas_rows,
    dtp,
    hi_rows,
    party_rows,
    procedure_value,
    raws,
    ref,
    written,
)
from app.x12.claim_837_text import LevelWriter
from app.x12.delimiters import STANDARD
from app.x12.kept import put_back
from app.x12.write import Row, Written

_T = TypeVar("_T")


def rows(submission: ClaimSubmission) -> list[Row | Written]:
    """All segments between ST and SE, levels numbered from 1 without gaps."""
    out: list[Row | Written] = [*header_rows(submission)]
    usual = LevelWriter(known(STANDARD)) if submission.kind == "837P" else None
    number = 0
    for billing, of_billing in _runs(submission.claims, _billing):
        number += 1
        top = number
        out += billing_rows(billing, top)
        for subscriber, of_subscriber in _runs(of_billing, _subscriber):
            claims = of_subscriber
            if len(claims) > 1:
                claims = sorted(claims, key=lambda claim: claim.patient is not None)
            level = usual.level(subscriber, claims, number + 1, top, billing.party.npi) if usual else None
            if level is not None:
                out.append(level)
                number += level.levels
            else:
                number = _level(out, subscriber, claims, number + 1, top, submission.kind)
    return out


def _level(
    out: list[Row | Written], subscriber: Subscriber, claims: Sequence[Claim], number: int, above: int, kind: str
) -> int:
    """A subscriber level whatever it holds, added to ``out``; the number of its last HL."""
    level = number
    out += subscriber_rows(subscriber, level, above, children=claims[-1].patient is not None)
    for patient, of_patient in _runs(claims, _patient):
        if patient is not None:
            number += 1
            out += patient_rows(patient, number, level)
        for claim in of_patient:
            out += claim_rows(claim, kind)
    return number


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


def header_rows(submission: ClaimSubmission) -> Rows:
    """BHT, 1000A and 1000B."""
    out: Rows = [
        [
            "BHT",
            "0019",
            submission.purpose,
            submission.reference,
            submission.date,
            submission.time,
            submission.use,
        ],
        *party_rows(submission.submitter),
        *party_rows(submission.receiver),
    ]
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
    return ["D8" if of.death_date else "", of.death_date, "01" if of.weight else "", of.weight, of.pregnant]


def _sbr(of: Subscriber | OtherSubscriber) -> list[str]:
    return [
        "SBR",
        of.payer_order,
        of.relationship,
        of.group_number,
        of.group_name,
        of.insurance_type,
        "",
        "",
        "",
        of.claim_filing,
    ]


def claim_rows(claim: Claim, kind: str) -> Rows:
    """Loop 2300 and all inside it."""
    causes = (*claim.related_causes, "", "", "")[:3]
    out: Rows = [
        [
            "CLM",
            claim.patient_control_number,
            written(claim.charge),
            "",
            "",
            (claim.facility_code, claim.facility_qualifier, claim.frequency),
            claim.signature_on_file,
            claim.assignment,
            claim.benefits_assigned,
            claim.release,
            claim.patient_signature,
            (*causes, claim.accident_state, claim.accident_country),
            claim.special_program,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            claim.delay_reason,
        ],
        *map(dtp, claim.dates),
    ]
    if claim.admission:
        out.append(["CL1", *claim.admission])
    out += (["PWK", p.type, p.transmission, "", "", p.qualifier, p.control_number] for p in claim.attachments)
    out += raws(claim.other, "CN1")
    out += map(amt, claim.amounts)
    out += map(ref, claim.references)
    out += raws(claim.other, "K3")
    out += (["NTE", note.kind, note.text] for note in claim.notes)
    out += raws(claim.other, "CR1", "CR2")
    out += raws(claim.other, "CRC")
    out += hi_rows(claim.diagnoses, claim.health_information, kind)
    out += raws(claim.other, "HCP")
    for party in claim.providers:
        out += party_rows(party)
    for other in claim.other_subscribers:
        out += other_subscriber_rows(other)
    for line in claim.lines:
        out += line_rows(line)
    return put_back(out, claim.kept)


def other_subscriber_rows(other: OtherSubscriber) -> Rows:
    """Loop 2320."""
    out: Rows = [_sbr(other), *cas_rows(other.adjustments), *map(amt, other.amounts)]
    if other.benefits_assigned or other.patient_signature or other.release:
        out.append(["OI", "", "", other.benefits_assigned, other.patient_signature, "", other.release])
    out += raws(other.other, "MIA", "MOA")
    for party in (other.insured, other.payer, *other.providers):
        if party:
            out += party_rows(party)
    return out


def line_rows(line: ServiceLine) -> Rows:
    """Loop 2400."""
    out: Rows = [["LX", str(line.number)], _service(line)]
    out += raws(line.other, "SV5")
    out += (["PWK", p.type, p.transmission, "", "", p.qualifier, p.control_number] for p in line.attachments)
    out += raws(line.other, "CR1", "CR3")
    out += raws(line.other, "CRC")
    out += map(dtp, line.dates)
    out += raws(line.other, "QTY")
    out += raws(line.other, "MEA", "CN1")
    out += map(ref, line.references)
    out += map(amt, line.amounts)
    out += raws(line.other, "K3")
    out += (["NTE", note.kind, note.text] for note in line.notes)
    out += raws(line.other, "PS1", "HCP")
    for drug in line.drugs:
        out += _drug(drug)
    for party in line.providers:
        out += party_rows(party)
    for adjudication in line.adjudications:
        out += adjudication_rows(adjudication)
    out += raws(line.other, "LQ", "FRM")
    return out


def _service(line: ServiceLine) -> Row:
    charge = written(line.charge)
    if line.revenue_code:
        not_covered = written(line.non_covered) if line.non_covered is not None else ""
        return [
            "SV2",
            line.revenue_code,
            procedure_value(line.procedure),
            charge,
            line.unit,
            line.units,
            "",
            not_covered,
        ]
    return [
        "SV1",
        procedure_value(line.procedure),
        charge,
        line.unit,
        line.units,
        line.place_of_service,
        "",
        tuple(map(str, line.pointers)),
        "",
        line.emergency,
        "",
        line.epsdt,
        line.family_planning,
        "",
        "",
        line.copay_exempt,
    ]


def _drug(drug: Drug) -> Iterator[Row]:
    yield ["LIN", "", drug.qualifier, drug.code]
    if drug.quantity or drug.unit:
        yield ["CTP", "", "", "", drug.quantity, drug.unit]
    yield from map(ref, drug.references)


def adjudication_rows(adjudication: LineAdjudication) -> Rows:
    """Loop 2430."""
    svd: Row = [
        "SVD",
        adjudication.payer_id,
        written(adjudication.paid),
        procedure_value(adjudication.procedure),
        adjudication.revenue_code,
        adjudication.units,
        adjudication.bundled_line,
    ]
    return [
        svd,
        *cas_rows(adjudication.adjustments),
        *map(dtp, adjudication.dates),
        *map(amt, adjudication.amounts),
    ]
