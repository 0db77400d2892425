"""837 loops to the values in ``app.model.claim``: one function a loop or segment.

Segments come from the generic reader: lists of text, padded to the guide's width. ``component`` is the separator inside
elements. A value that is missing reads as empty; nothing here raises for content.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from app.model.adjustment import Adjustment
from app.model.claim import (
    Attachment,
    BillingProvider,
    Claim,
    ClaimPatient,
    Contact,
    Diagnosis,
    Drug,
    LineAdjudication,
    Note,
    OtherSubscriber,
    Party,
    Payer,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Raw,
    Reference,
    ServiceLine,
    Subscriber,
)
from app.model.money import Money
from app.model.people import Address
from app.x12.guide import Segment
from app.x12.loops import Loop
from app.x12.values import cents

_P = TypeVar("_P", bound=Party)
CLAIM_OTHER = ("CN1", "K3", "CR1", "CR2", "CRC", "HCP")
LINE_OTHER = ("SV5", "CR1", "CR3", "CRC", "QTY", "MEA", "CN1", "K3", "PS1", "HCP")
_NOTHING = [""] * 22


def money(text: str) -> Money:
    """An amount as written, exact; zero for what is no amount (the checks have said so)."""
    return Money(cents(text), text)


def parts(text: str, component: str) -> list[str]:
    """The components of an element; an empty separator means that there are none."""
    return text.split(component) if component and component in text else [text]


def _part(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def head(loop: Loop, segment_id: str) -> Segment:
    """The segment that opens a loop; an empty one where it is missing."""
    return loop.first(segment_id) or Segment([segment_id, *_NOTHING])


def date_of(segment: Segment) -> QualifiedDate:
    """DTP."""
    return QualifiedDate(segment[1], segment[2], segment[3])


def reference_of(segment: Segment, component: str) -> Reference:
    """REF, with the payer of REF04."""
    payer = _part(parts(segment[4], component), 1) if segment[4] else ""
    return Reference(segment[1], segment[2], segment[3], payer)


def amount_of(segment: Segment) -> QualifiedAmount:
    """AMT."""
    return QualifiedAmount(segment[1], money(segment[2]))


def contact_of(segment: Segment) -> Contact:
    """PER."""
    pairs = [(segment[at], segment[at + 1]) for at in (3, 5, 7)]
    while pairs and pairs[-1] == ("", ""):
        pairs.pop()
    return Contact(name=segment[2], numbers=tuple(pairs), function=segment[1])


def attachment_of(segment: Segment) -> Attachment:
    """PWK."""
    return Attachment(type=segment[1], transmission=segment[2], qualifier=segment[5], control_number=segment[6])


def raw_of(segment: Segment, component: str) -> Raw:
    """A segment as written, composites taken apart, without the padding at its end."""
    row: list[str | tuple[str, ...]] = [
        tuple(value.split(component)) if component and component in value else value for value in segment
    ]
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def procedure_of(text: str, component: str) -> Procedure | None:
    """SV101, SV202, SVD03."""
    if not text:
        return None
    values = parts(text, component)
    modifiers = values[2:6]
    while modifiers and not modifiers[-1]:
        modifiers.pop()
    return Procedure(_part(values, 1), tuple(modifiers), values[0], _part(values, 6), _part(values, 7))


def diagnosis_of(text: str, component: str) -> Diagnosis:
    """One composite of HI."""
    values = parts(text, component)
    amount = _part(values, 4)
    return Diagnosis(
        values[0],
        _part(values, 1),
        _part(values, 2),
        _part(values, 3),
        money(amount) if amount else None,
        _part(values, 5),
        _part(values, 6),
        _part(values, 7),
        _part(values, 8),
    )


def adjustments_of(segments: Iterable[Segment]) -> tuple[Adjustment, ...]:
    """CAS segments, triplet by triplet (point 12)."""
    return tuple(
        Adjustment(segment[1], segment[at], money(segment[at + 1]), segment[at + 2], number)
        for number, segment in enumerate(segments)
        for at in range(2, 20, 3)
        if segment[at] or segment[at + 1]
    )


def party_of(loop: Loop, component: str) -> Party:
    """NM1 with N3, N4, DMG, PRV, DTP, REF and PER of its loop."""
    return party_of_rows(loop.segments, component, Party)


def party_of_rows(segments: list[Segment], component: str, kind: type[_P]) -> _P:
    """The same from the segments themselves, as a ``kind`` of party."""
    by_id: dict[str, list[Segment]] = {}
    for segment in segments:
        by_id.setdefault(segment[0], []).append(segment)
    name = by_id.get("NM1", [Segment(_NOTHING)])[0]
    birth = by_id.get("DMG", [[""] * 4])[0]
    provider = by_id.get("PRV", [[""] * 4])[0]
    return kind(
        role=name[1],
        is_person=name[2] == "1",
        name=name[3],
        first_name=name[4],
        middle_name=name[5],
        prefix=name[6],
        suffix=name[7],
        id_qualifier=name[8],
        id=name[9],
        provider_role=provider[1],
        taxonomy=provider[3],
        address=address_of(by_id),
        birth_date=birth[2],
        sex=birth[3],
        dates=tuple(map(date_of, by_id.get("DTP", ()))),
        references=tuple(reference_of(segment, component) for segment in by_id.get("REF", ())),
        contacts=tuple(map(contact_of, by_id.get("PER", ()))),
    )


def address_of(by_id: dict[str, list[Segment]]) -> Address | None:
    """N3 and N4."""
    street, city = by_id.get("N3"), by_id.get("N4")
    if not street and not city:
        return None
    first = street[0] if street else [""] * 3
    second = city[0] if city else [""] * 8
    return Address(
        street=first[1],
        unit=first[2],
        city=second[1],
        state=second[2],
        postal_code=second[3],
        country=second[4],
        subdivision=second[7],
    )


def _party(loop: Loop | None, name: str, component: str) -> Party | None:
    child = loop.child(name) if loop else None
    return party_of(child, component) if child else None


def billing_of(loop: Loop | None, component: str) -> BillingProvider:
    """Loop 2000A; an empty one where a document has none."""
    if loop is None:
        return BillingProvider(party=Party(role="85"))
    return BillingProvider(
        party=_party(loop, "2010AA", component) or Party(role="85"),
        taxonomy=loop.value("PRV", 3),
        currency=loop.value("CUR", 2),
        pay_to=_party(loop, "2010AB", component),
        pay_to_plan=_party(loop, "2010AC", component),
        level=loop.start,
    )


def subscriber_of(loop: Loop | None, component: str) -> Subscriber:
    """Loop 2000B; an empty one where a document has none."""
    if loop is None:
        return Subscriber(party=Party(role="IL"), payer=Payer(role="PR"), payer_order="")
    payer = loop.child("2010BB")
    read = party_of_rows(payer.segments, component, Payer) if payer else Payer(role="PR")
    return Subscriber(
        party=_party(loop, "2010BA", component) or Party(role="IL"),
        payer=read,
        payer_order=loop.value("SBR", 1),
        relationship=loop.value("SBR", 2),
        group_number=loop.value("SBR", 3),
        group_name=loop.value("SBR", 4),
        insurance_type=loop.value("SBR", 5),
        claim_filing=loop.value("SBR", 9),
        death_date=loop.value("PAT", 6),
        weight=loop.value("PAT", 8),
        pregnant=loop.value("PAT", 9),
        level=loop.start,
    )


def patient_of(loop: Loop, component: str) -> ClaimPatient:
    """Loop 2000C."""
    return ClaimPatient(
        party=_party(loop, "2010CA", component) or Party(role="QC"),
        relationship=loop.value("PAT", 1),
        death_date=loop.value("PAT", 6),
        weight=loop.value("PAT", 8),
        pregnant=loop.value("PAT", 9),
        level=loop.start,
    )


def other_subscriber_of(loop: Loop, component: str) -> OtherSubscriber:
    """Loop 2320 with 2330A and what follows."""
    sbr = head(loop, "SBR")
    oi = loop.first("OI") or [""] * 7
    return OtherSubscriber(
        payer_order=sbr[1],
        relationship=sbr[2],
        group_number=sbr[3],
        group_name=sbr[4],
        insurance_type=sbr[5],
        claim_filing=sbr[9],
        adjustments=adjustments_of(loop.all("CAS")),
        amounts=tuple(map(amount_of, loop.all("AMT"))),
        benefits_assigned=oi[3],
        patient_signature=oi[4],
        release=oi[6],
        other=tuple(raw_of(segment, component) for segment in loop.segments if segment[0] in ("MIA", "MOA")),
        insured=_party(loop, "2330A", component),
        payer=_party(loop, "2330B", component),
        providers=tuple(party_of(child, component) for child in loop.loops if child.id not in ("2330A", "2330B")),
    )


def adjudication_of(loop: Loop, component: str) -> LineAdjudication:
    """Loop 2430."""
    svd = head(loop, "SVD")
    return LineAdjudication(
        payer_id=svd[1],
        paid=money(svd[2]),
        procedure=procedure_of(svd[3], component),
        revenue_code=svd[4],
        units=svd[5],
        bundled_line=svd[6],
        adjustments=adjustments_of(loop.all("CAS")),
        dates=tuple(map(date_of, loop.all("DTP"))),
        amounts=tuple(map(amount_of, loop.all("AMT"))),
    )


def drug_of(loop: Loop, component: str) -> Drug:
    """Loop 2410."""
    lin = head(loop, "LIN")
    return Drug(
        code=lin[3],
        qualifier=lin[2],
        quantity=loop.value("CTP", 4),
        unit=loop.value("CTP", 5),
        references=tuple(reference_of(segment, component) for segment in loop.all("REF")),
    )


def line_of(loop: Loop, component: str) -> ServiceLine:
    """Loop 2400, professional (SV1) or institutional (SV2)."""
    number = loop.value("LX", 1)
    sv1, sv2 = loop.first("SV1") or _NOTHING, loop.first("SV2")
    charge, procedure, unit, units = (sv2[3], sv2[2], sv2[4], sv2[5]) if sv2 else (sv1[2], sv1[1], sv1[3], sv1[4])
    pointers = parts(sv1[7], component)
    forms = (segment for child in loop.children("2440") for segment in child.segments)
    others = [segment for segment in loop.segments if segment[0] in LINE_OTHER]
    return ServiceLine(
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0,
        charge=money(charge),
        procedure=procedure_of(procedure, component),
        unit=unit,
        units=units,
        place_of_service=sv1[5],
        pointers=tuple(int(part) for part in pointers if part.isascii() and part.isdigit() and len(part) < 4),
        emergency=sv1[9],
        epsdt=sv1[11],
        family_planning=sv1[12],
        copay_exempt=sv1[15],
        revenue_code=sv2[1] if sv2 else "",
        non_covered=money(sv2[7]) if sv2 and sv2[7] else None,
        dates=tuple(map(date_of, loop.all("DTP"))),
        references=tuple(reference_of(segment, component) for segment in loop.all("REF")),
        amounts=tuple(map(amount_of, loop.all("AMT"))),
        attachments=tuple(map(attachment_of, loop.all("PWK"))),
        notes=tuple(Note(segment[1], segment[2]) for segment in loop.all("NTE")),
        drugs=tuple(drug_of(child, component) for child in loop.children("2410")),
        providers=tuple(party_of(child, component) for child in loop.loops if child.id.startswith("2420")),
        adjudications=tuple(adjudication_of(child, component) for child in loop.children("2430")),
        other=tuple(raw_of(segment, component) for segment in (*others, *forms)),
    )


def claim_of(
    loop: Loop, component: str, billing: BillingProvider, subscriber: Subscriber, patient: ClaimPatient | None
) -> Claim:
    """Loop 2300 and all inside it."""
    clm = head(loop, "CLM")
    facility = parts(clm[5], component)
    causes = parts(clm[11], component)
    sets = [[part for part in segment[1:] if part] for segment in loop.all("HI")]
    cl1 = loop.first("CL1")
    return Claim(
        patient_control_number=clm[1],
        charge=money(clm[2]),
        billing=billing,
        subscriber=subscriber,
        patient=patient,
        facility_code=facility[0],
        facility_qualifier=_part(facility, 1),
        frequency=_part(facility, 2),
        signature_on_file=clm[6],
        assignment=clm[7],
        benefits_assigned=clm[8],
        release=clm[9],
        patient_signature=clm[10],
        related_causes=tuple(part for part in causes[:3] if part),
        accident_state=_part(causes, 3),
        accident_country=_part(causes, 4),
        special_program=clm[12],
        delay_reason=clm[20],
        dates=tuple(map(date_of, loop.all("DTP"))),
        admission=tuple(cl1[1:4]) if cl1 else (),
        attachments=tuple(map(attachment_of, loop.all("PWK"))),
        amounts=tuple(map(amount_of, loop.all("AMT"))),
        references=tuple(reference_of(segment, component) for segment in loop.all("REF")),
        notes=tuple(Note(segment[1], segment[2]) for segment in loop.all("NTE")),
        diagnoses=tuple(diagnosis_of(part, component) for found in sets for part in found),
        health_information=tuple(map(len, sets)),
        other=tuple(raw_of(segment, component) for segment in loop.segments if segment[0] in CLAIM_OTHER),
        providers=tuple(party_of(child, component) for child in loop.loops if child.id.startswith("2310")),
        other_subscribers=tuple(other_subscriber_of(child, component) for child in loop.children("2320")),
        lines=tuple(line_of(child, component) for child in loop.children("2400")),
    )
