"""Claims in their usual form written straight to text; anything odd or rare is left to ``claim_837_rows``.

A text is given only where every character may stand as it is and no separator hides in the data: the number of
separators is counted against what the form needs. ``build`` reads everything again before it lets it go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.model.claim import Claim, Party, Procedure, ServiceLine
from app.x12.values import amount

_PLAIN = re.compile(r"""[A-Z0-9 !"&'()*+,\-./:;?=%~@\[\]_{}\\|<>#$`]*""").fullmatch
_POINTERS: dict[tuple[int, ...], str] = {}


class Count:
    """Separators that the form needs: ``*`` elements, ``:`` components, ``~`` segments."""

    __slots__ = ("components", "elements", "segments")

    def __init__(self) -> None:
        self.elements = self.components = self.segments = 0


def claim_text(claim: Claim) -> str | None:
    """Loop 2300 of a professional claim; ``None`` when it is not of the usual form."""
    if (
        claim.kept
        or claim.other
        or claim.other_subscribers
        or claim.attachments
        or claim.admission
        or claim.related_causes
        or claim.special_program
        or claim.delay_reason
        or claim.accident_state
        or claim.accident_country
        or len(claim.health_information) > 1
        or not claim.diagnoses
    ):
        return None
    count = Count()
    parts = [_clm(claim, count)]
    for dated in claim.dates:
        parts.append(f"DTP*{dated.qualifier}*{dated.format}*{dated.text}~")
    for valued in claim.amounts:
        parts.append(f"AMT*{valued.qualifier}*{valued.amount.source or amount(valued.amount.cents)}~")
    for reference in claim.references:
        if reference.payer or reference.description:
            return None
        parts.append(f"REF*{reference.qualifier}*{reference.value}~")
    for note in claim.notes:
        parts.append(f"NTE*{note.kind}*{note.text}~")
    count.elements += 3 * len(claim.dates) + 2 * (len(claim.amounts) + len(claim.references) + len(claim.notes))
    count.segments += len(parts)
    if not _codes(claim, parts, count):
        return None
    for party in claim.providers:
        if not _party(party, parts, count):
            return None
    for line in claim.lines:
        if not _line(line, parts, count):
            return None
    return _checked("".join(parts), count)


def level_text(before: Sequence[Sequence[str]], party: Party, payer: Party | None = None) -> str | None:
    """A level: its own segments (``before``, plain elements), its party and the payer, where it has one."""
    count = Count()
    parts = []
    for row in before:
        last = len(row)
        while last > 1 and not row[last - 1]:
            last -= 1
        parts.append("*".join(row[:last]) + "~")
        count.elements += last - 1
    count.segments = len(parts)
    if not _party(party, parts, count) or (payer is not None and not _party(payer, parts, count)):
        return None
    return _checked("".join(parts), count)


def _checked(text: str, count: Count) -> str | None:
    """The text, if only the form's own separators stand in it and every character may go out as it is."""
    if (
        text.count("*") != count.elements
        or text.count("~") != count.segments
        or text.count(":") != count.components
        or _PLAIN(text) is None
        or " *" in text
        or "* " in text
        or " ~" in text
        or " :" in text
        or ": " in text
    ):
        return None
    return text


def _clm(claim: Claim, count: Count) -> str:
    tail = f"*{claim.patient_signature}" if claim.patient_signature else ""
    count.elements += 10 if tail else 9
    count.components += 2
    return (
        f"CLM*{claim.patient_control_number}*{claim.charge.source or amount(claim.charge.cents)}***"
        f"{claim.facility_code}:{claim.facility_qualifier}:{claim.frequency}*{claim.signature_on_file}*"
        f"{claim.assignment}*{claim.benefits_assigned}*{claim.release}{tail}~"
    )


def _codes(claim: Claim, parts: list[str], count: Count) -> bool:
    if len(claim.diagnoses) > 12:
        return False
    row = "HI"
    for code in claim.diagnoses:
        if code.date or code.amount is not None or code.present_on_admission or code.qualifier[-2:] not in ("BK", "BF"):
            return False
        row += f"*{code.qualifier}:{code.code}"
    parts.append(row + "~")
    count.elements += len(claim.diagnoses)
    count.components += len(claim.diagnoses)
    count.segments += 1
    return True


def _party(party: Party, parts: list[str], count: Count) -> bool:
    """NM1, N3, N4, DMG, PRV, REF."""
    if party.prefix or party.contacts or party.dates:
        return False
    begun = len(parts)
    row = (
        f"NM1*{party.role}*{'1' if party.is_person else '2'}*{party.name}*{party.first_name}*{party.middle_name}**"
        f"{party.suffix}*{party.id_qualifier}*{party.id}"
    )
    if party.id:
        count.elements += 9
    else:
        if "*" in party.name + party.first_name + party.middle_name + party.suffix:
            return False
        row = row.rstrip("*")
        count.elements += row.count("*")
    parts.append(row + "~")
    address = party.address
    if address is not None:
        if not address.street or not address.city or address.country or address.subdivision:
            return False
        parts.append(f"N3*{address.street}*{address.unit}~" if address.unit else f"N3*{address.street}~")
        parts.append(f"N4*{address.city}*{address.state}*{address.postal_code}~")
        count.elements += 5 if address.unit else 4
    if party.birth_date or party.sex:
        parts.append(f"DMG*D8*{party.birth_date}*{party.sex}~")
        count.elements += 3
    if party.taxonomy:
        parts.append(f"PRV*{party.provider_role}*PXC*{party.taxonomy}~")
        count.elements += 3
    for reference in party.references:
        if reference.payer or reference.description:
            return False
        parts.append(f"REF*{reference.qualifier}*{reference.value}~")
        count.elements += 2
    count.segments += len(parts) - begun
    return True


def _line(line: ServiceLine, parts: list[str], count: Count) -> bool:
    procedure = line.procedure
    if (
        procedure is None
        or line.other
        or line.adjudications
        or line.drugs
        or line.providers
        or line.attachments
        or line.emergency
        or line.epsdt
        or line.family_planning
        or line.copay_exempt
        or line.revenue_code
        or not line.pointers
        or procedure.description
        or procedure.end_code
    ):
        return False
    points = _POINTERS.get(line.pointers) or _pointers(line.pointers)
    text = (
        f"LX*{line.number}~SV1*{_procedure(procedure)}*{line.charge.source or amount(line.charge.cents)}*{line.unit}*"
        f"{line.units}*{line.place_of_service}**{points}~"
    )
    for dated in line.dates:
        text += f"DTP*{dated.qualifier}*{dated.format}*{dated.text}~"
    for reference in line.references:
        if reference.payer or reference.description:
            return False
        text += f"REF*{reference.qualifier}*{reference.value}~"
    for valued in line.amounts:
        text += f"AMT*{valued.qualifier}*{valued.amount.source or amount(valued.amount.cents)}~"
    for note in line.notes:
        text += f"NTE*{note.kind}*{note.text}~"
    few = len(line.references) + len(line.amounts) + len(line.notes)
    count.elements += 8 + 3 * len(line.dates) + 2 * few
    count.components += len(line.pointers) + len(procedure.modifiers)
    count.segments += 2 + len(line.dates) + few
    parts.append(text)
    return True


def _procedure(procedure: Procedure) -> str:
    if procedure.modifiers:
        return f"{procedure.qualifier}:{procedure.code}:{':'.join(procedure.modifiers)}"
    return f"{procedure.qualifier}:{procedure.code}"


def _pointers(pointers: tuple[int, ...]) -> str:
    text = ":".join(map(str, pointers))
    if len(_POINTERS) < 5_000:
        _POINTERS[pointers] = text
    return text
