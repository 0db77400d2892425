"""Subscriber levels in their usual form written straight to text, and proved while they are written.

Every piece is looked up in the tables by which such levels are read (``claim_837_known``): it is written only if it
passes the guide's own tests and reads as the very values it was made of, so that no separator hides in the data.
Anything odd or rare is left to ``claim_837_rows``, what only the whole transaction can tell to ``claim_837.prove``.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.model.claim import (
    Claim,
    ClaimPatient,
    Note,
    Party,
    Procedure,
    QualifiedAmount,
    Reference,
    ServiceLine,
    Subscriber,
)
from app.x12.claim_837_known import MOST_CLAIMS, MOST_LINES, Known
from app.x12.texts import MONEY
from app.x12.values import amount
from app.x12.write import Written


class Level(Written):
    """A subscriber level with its patients and all their claims, every piece of it proved.

    ``number`` is its HL01, ``above`` its HL02; ``levels`` counts its HL, ``claims`` are the numbers of its claims.
    """

    __slots__ = ("above", "claims", "levels", "number")
    number: int
    above: int
    levels: int
    claims: tuple[str, ...]


class LevelWriter:
    """Writes the levels of one transaction; every method answers ``None`` for what is not usual or not clean."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._names = {loop: (known.clean(loop, "NM1"), known.clean(loop, "N3")) for loop in ("2010BA", "2010CA")}
        self._payers: dict[int, str | None] = {}
        self._providers: dict[int, tuple[str, str] | None] = {}

    def level(self, subscriber: Subscriber, claims: Sequence[Claim], number: int, above: int, npi: str) -> Level | None:
        """The level of these claims, number ``number`` under ``above``; ``npi`` is the billing provider's.

        Values must live as long as this writer: what a payer or provider is written as is remembered by identity.
        """
        own = subscriber.relationship == "18"
        begun = self._subscriber(subscriber, own)
        if begun is None or len(claims) > MOST_CLAIMS:
            return None
        text = f"HL*{number}*{above}*22*{'0' if own else '1'}~{begun}"
        levels, patient = 1, None
        for claim in claims:
            if (claim.patient is None) is not own:
                return None
            if claim.patient is not None and claim.patient is not patient and claim.patient != patient:
                patient = claim.patient
                begun = self._patient(patient)
                if begun is None:
                    return None
                text += f"HL*{number + levels}*{number}*23*0~{begun}"
                levels += 1
            one = self._claim(claim, npi)
            if one is None:
                return None
            text += one
        level = Level(text)
        level.number, level.above, level.levels = number, above, levels
        level.claims = tuple([claim.patient_control_number for claim in claims])
        return level

    # -- levels -------------------------------------------------------------------------------------------------

    def _subscriber(self, of: Subscriber, own: bool) -> str | None:
        if of.kept or of.death_date or of.weight or of.pregnant or not of.claim_filing:
            return None
        fields = of.payer_order, of.relationship, of.group_number, of.group_name, of.insurance_type, of.claim_filing
        sbr = f"SBR*{fields[0]}*{fields[1]}*{fields[2]}*{fields[3]}*{fields[4]}****{fields[5]}"
        person, payer = self._person("2010BA", of.party, whole=own), self._payer(of.payer)
        if person is None or payer is None or self._known.coverages[sbr] != fields:
            return None
        return f"{sbr}~{person}{payer}"

    def _patient(self, of: ClaimPatient) -> str | None:
        if of.kept or of.death_date or of.weight or of.pregnant or of.relationship == "18" or "*" in of.relationship:
            return None
        pat, person = "PAT*" + of.relationship, self._person("2010CA", of.party, whole=True)
        return None if person is None or not self._known.clean("2000C", "PAT")(pat) else f"{pat}~{person}"

    def _person(self, loop: str, of: Party, *, whole: bool) -> str | None:
        """A subscriber or patient; the ``whole`` of address and birth date where that person was treated."""
        known, address = self._known, of.address
        if whole and (address is None or not of.birth_date):
            return None
        if of.prefix or of.contacts or of.dates or of.taxonomy or of.provider_role or of.references:
            return None
        row = f"NM1*{of.role}*{'1' if of.is_person else '2'}*{of.name}*{of.first_name}*{of.middle_name}**{of.suffix}"
        row = f"{row}*{of.id_qualifier}*{of.id}" if of.id else row.rstrip("*")
        expected = 9 if of.id else 7 if of.suffix else 5 if of.middle_name else 4 if of.first_name else 3
        name_is_clean, street_is_clean = self._names[loop]
        if row.count("*") != expected or not name_is_clean(row):
            return None
        text = row + "~"
        if address is not None:
            street = f"N3*{address.street}*{address.unit}" if address.unit else "N3*" + address.street
            city = f"N4*{address.city}*{address.state}*{address.postal_code}"
            if address.country or address.subdivision or street.count("*") != (2 if address.unit else 1):
                return None
            if not street_is_clean(street) or not address.postal_code:
                return None
            if known.cities[city] != (address.city, address.state, address.postal_code, ""):
                return None
            text = f"{text}{street}~{city}~"
        if of.birth_date or of.sex:
            birth = f"DMG*D8*{of.birth_date}*{of.sex}"
            if known.births[birth] != (of.birth_date, of.sex):
                return None
            text = f"{text}{birth}~"
        return text

    def _payer(self, of: Party) -> str | None:
        if id(of) not in self._payers:
            text = _run(of)
            self._payers[id(of)] = text if text is not None and self._known.payers[text] == of else None
        return self._payers[id(of)]

    def _provider(self, of: Party) -> tuple[str, str] | None:
        """A provider's text, and its NPI if it is the rendering one."""
        if id(of) not in self._providers:
            text = _run(of)
            found = self._known.providers[text] if text is not None else None
            same = text is not None and found is not None and found[0] == (of,)
            self._providers[id(of)] = (text, found[1]) if text is not None and found is not None and same else None
        return self._providers[id(of)]

    # -- claims -------------------------------------------------------------------------------------------------

    def _claim(self, of: Claim, npi: str) -> str | None:
        if _has_more(of):
            return None
        known, number = self._known, of.patient_control_number
        charge = of.charge.source or amount(of.charge.cents)
        fields = (
            of.facility_code,
            of.facility_qualifier,
            of.frequency,
            of.signature_on_file,
            of.assignment,
            of.benefits_assigned,
            of.release,
            of.patient_signature,
        )
        head = f"**{fields[0]}:{fields[1]}:{fields[2]}*{fields[3]}*{fields[4]}*{fields[5]}*{fields[6]}"
        if fields[7]:
            head = f"{head}*{fields[7]}"
        if known.heads[head] != fields or not known.is_number(number) or not known.is_charge(charge):
            return None
        text = f"CLM*{number}*{charge}*{head}~"
        if of.dates or of.amounts or of.references or of.notes:
            beside = self._beside(of)
            if beside is None:
                return None
            text += beside
        codes, providers = self._codes(of), self._providers_of(of, npi)
        lines = self._lines(of, MONEY[charge].cents)
        return None if codes is None or providers is None or lines is None else f"{text}{codes}{providers}{lines}"

    def _beside(self, of: Claim) -> str | None:
        """DTP, AMT, REF, NTE of a claim."""
        dates = "".join([f"DTP*{one.qualifier}*{one.format}*{one.text}~" for one in of.dates])
        if dates and self._known.dates[dates] != of.dates:
            return None
        amounts = self._amounts(of.amounts, "F5")
        references, notes = self._references(of.references), self._notes(of.notes, "2300")
        return None if amounts is None or references is None or notes is None else dates + amounts + references + notes

    def _codes(self, of: Claim) -> str | None:
        """HI: one segment of diagnoses."""
        row = "HI"
        for code in of.diagnoses:
            row += f"*{code.qualifier}:{code.code}"
        row += "~"
        found = self._known.codes[row]
        if found is None or found[0] != of.diagnoses or of.health_information not in ((), found[1]):
            return None
        return row

    def _providers_of(self, of: Claim, npi: str) -> str | None:
        """Loops 2310: each role once; the rendering provider left out where it is the billing one."""
        text, roles = "", set()
        for party in of.providers:
            found = self._provider(party)
            if found is None or party.role in roles or (npi and found[1] == npi):
                return None
            roles.add(party.role)
            text += found[0]
        return text

    def _lines(self, of: Claim, charge: int) -> str | None:
        """Every line, numbered from 1, pointing to diagnoses of the claim, adding up to its ``charge`` in cents."""
        if not 0 < len(of.lines) <= MOST_LINES:
            return None
        services, days, kinds = self._known.services, self._known.service_dates, self._known.line_kinds
        is_value, diagnoses, text = self._known.is_value, len(of.diagnoses), ""
        for number, line in enumerate(of.lines, 1):
            procedure, pointers, dates = line.procedure, line.pointers, ""
            if procedure is None or line.number != number or _line_has_more(line):
                return None
            service = _service(line, procedure)
            for dated in line.dates:
                dates += f"DTP*{dated.qualifier}*{dated.format}*{dated.text}~"
            found = services[service]
            if found is None or found[6] > diagnoses or days[dates] != line.dates:
                return None
            if found[0] != procedure or found[2] != line.unit or found[3] != line.units or found[5] != pointers:
                return None
            if found[4] != line.place_of_service:
                return None
            charge -= found[1].cents
            text += f"LX*{number}~SV1*{service}~{dates}"
            for one in line.references:
                if one.payer or one.description or one.qualifier not in kinds or not is_value(one.value):
                    return None
                text += f"REF*{one.qualifier}*{one.value}~"
            if line.amounts or line.notes or len(line.references) > 1:
                amounts, notes = self._amounts(line.amounts, "T"), self._notes(line.notes, "2400")
                if amounts is None or notes is None or not _once(line.references):
                    return None
                text += amounts + notes
        return None if charge else text

    def _references(self, of: Sequence[Reference]) -> str | None:
        """REF of a claim, each kind once."""
        text = ""
        for one in of:
            if one.payer or one.description or one.qualifier not in self._known.claim_kinds:
                return None
            if not self._known.is_value(one.value):
                return None
            text += f"REF*{one.qualifier}*{one.value}~"
        return text if _once(of) else None

    def _amounts(self, of: Sequence[QualifiedAmount], kind: str) -> str | None:
        """AMT, at most one and of that kind."""
        if not of:
            return ""
        text = f"AMT*{of[0].qualifier}*{of[0].amount.source or amount(of[0].amount.cents)}~"
        found = self._known.amounts[text]
        return None if len(of) > 1 or found is None or found[0].qualifier != kind or of[0].qualifier != kind else text

    def _notes(self, of: Sequence[Note], loop: str) -> str | None:
        """NTE, at most one."""
        if not of:
            return ""
        text = f"NTE*{of[0].kind}*{of[0].text}~"
        return text if self._known.notes(text, loop) == of else None


class _Pointers(dict[tuple[int, ...], str]):
    """Pointers → as they are written."""

    def __missing__(self, pointers: tuple[int, ...]) -> str:
        if len(self) > 5_000:
            self.clear()
        text = self[pointers] = ":".join(map(str, pointers))
        return text


_POINTERS = _Pointers()


def _service(line: ServiceLine, procedure: Procedure) -> str:
    """SV1 from its first element on."""
    code = f"{procedure.qualifier}:{procedure.code}"
    if procedure.modifiers:
        code = f"{code}:{':'.join(procedure.modifiers)}"
    fee = line.charge.source or amount(line.charge.cents)
    return f"{code}*{fee}*{line.unit}*{line.units}*{line.place_of_service}**{_POINTERS[line.pointers]}"


def _once(of: Sequence[Reference]) -> bool:
    return len(of) < 2 or len({one.qualifier for one in of}) == len(of)


def _run(of: Party) -> str | None:
    """A payer or provider as it is written; read back it must be the same."""
    if not of.id or of.prefix or of.contacts or of.dates or of.birth_date or of.sex:
        return None
    text = (
        f"NM1*{of.role}*{'1' if of.is_person else '2'}*{of.name}*{of.first_name}*{of.middle_name}**{of.suffix}*"
        f"{of.id_qualifier}*{of.id}~"
    )
    address = of.address
    if address is not None:
        if not (address.street and address.postal_code) or address.country or address.subdivision:
            return None
        street = f"{address.street}*{address.unit}" if address.unit else address.street
        text += f"N3*{street}~N4*{address.city}*{address.state}*{address.postal_code}~"
    if of.taxonomy:
        text += f"PRV*{of.provider_role}*PXC*{of.taxonomy}~"
    for reference in of.references:
        if reference.payer or reference.description:
            return None
        text += f"REF*{reference.qualifier}*{reference.value}~"
    return text


def _has_more(claim: Claim) -> bool:
    """Whether a claim has anything that the usual form has no room for."""
    return bool(
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
    )


def _line_has_more(line: ServiceLine) -> bool:
    return bool(
        line.other
        or line.adjudications
        or line.drugs
        or line.providers
        or line.attachments
        or line.emergency
        or line.epsdt
        or line.family_planning
        or line.copay_exempt
        or line.revenue_code
        or line.non_covered is not None
    )
