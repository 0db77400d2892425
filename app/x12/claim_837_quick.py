"""837P claims that are written the usual way, read by a few expressions made from the guide's own table.

``Usual.levels`` takes the text of a subscriber level (and of the patients under it) and gives its claims, or ``None``:
for anything odd, rare or wrong the generic reader looks again and says what it is. So this module may only be stricter
than the generic reader, never more lenient; ``tests/x12/test_837_quick.py`` holds both together.
"""

from __future__ import annotations

import re

from app.model.claim import (
    BillingProvider,
    Claim,
    ClaimPatient,
    Reference,
    ServiceLine,
    Subscriber,
)
from app.x12.claim_837_known import CHARGE, MOST_CLAIMS, MOST_LINES, Known
from app.x12.texts import MONEY

_NUMBERS = tuple(map(str, range(MOST_LINES + 2)))


class Usual:
    """The usual shape of a subscriber level, as it is written with the delimiters of ``known``."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.element, self.end = known.element, known.end
        self._compile()

    def _compile(self) -> None:
        e, t = re.escape(self.element), re.escape(self.end)
        one = f"[^{t}]*{t}"

        def run(*names: str) -> str:
            return f"((?:(?:{'|'.join(names)}){e}{one})*)"

        def person(role: str) -> str:
            return f"(NM1{e}{role}{e}[^{t}]*){t}(?:(N3{e}[^{t}]*){t}(N4{e}[^{t}]*){t})?(?:(DMG{e}[^{t}]*){t})?"

        payer = f"(NM1{e}PR{e}{one}(?:(?:N3|N4|REF){e}{one})*)"
        self._subscriber = re.compile(
            f"HL{e}([1-9][0-9]*){e}([1-9][0-9]*){e}22{e}([01]){t}(SBR{e}[^{t}]*){t}" + person("IL") + payer
        ).match
        self._patient = re.compile(
            f"HL{e}([1-9][0-9]*){e}([1-9][0-9]*){e}23{e}0{t}PAT{e}([^{t}]*){t}" + person("QC")
        ).match
        self._claim = re.compile(
            f"CLM{e}({self._known.number}){e}({CHARGE}){e}([^{t}]*){t}"
            + run("DTP")
            + run("AMT")
            + run("REF")
            + run("NTE")
            + run("HI")
            + run("NM1", "N3", "N4", "PRV", "REF", "PER")
        ).match
        self._line = re.compile(
            f"LX{e}([1-9][0-9]?){t}SV1{e}([^{t}]*){t}{run('DTP')}(?:REF{e}6R{e}({self._known.value}){t})?"
            + run("REF")
            + run("AMT")
            + run("NTE")
        ).match

    # -- levels ---------------------------------------------------------------------------------------------

    def subscriber(self, text: str) -> re.Match[str] | None:
        """The beginning of a subscriber level in its usual form, for ``levels``."""
        return self._subscriber(text)

    def levels(
        self,
        found: re.Match[str],
        number: int,
        expected: int,
        above: str,
        billing: BillingProvider,
        seen: dict[str, int],
    ) -> tuple[list[Claim], int] | None:
        """The claims of one subscriber level and its patients, and the number of its last HL.

        ``found`` is its beginning in a text that holds nothing beyond; ``number`` is its first segment's; ``expected``
        the HL number that comes next; ``above`` that of the billing level; ``seen`` the claim numbers used before
        (added to).
        """
        hl, parent, child, sbr, nm1, n3, n4, dmg, pr = found.groups()
        if hl != str(expected) or parent != above:
            return None
        coverage, payer = self._known.coverages[sbr], self._known.payers[pr]
        party = self._known.person("2010BA", nm1, n3, n4, dmg)
        if coverage is None or payer is None or party is None:
            return None
        order, relationship, group, name, insurance, filing = coverage
        subscriber = Subscriber(
            party=party,
            payer=payer,
            payer_order=order,
            relationship=relationship,
            group_number=group,
            group_name=name,
            insurance_type=insurance,
            claim_filing=filing,
            level=number,
        )
        own = relationship == "18"
        if own is (child == "1") or (own and (party.address is None or not party.birth_date)):
            return None
        claims: list[Claim] = []
        text, at = found.string, found.end()
        if own:
            at = self._claims(text, at, billing, subscriber, None, claims, seen)
        else:
            at, expected = self._patients(text, at, number, expected, hl, billing, subscriber, claims, seen)
        if at != len(text) or not claims:
            for claim in claims:
                seen.pop("CLM " + claim.patient_control_number, None)
            return None
        return claims, expected

    def _patients(
        self,
        text: str,
        at: int,
        number: int,
        expected: int,
        above: str,
        billing: BillingProvider,
        subscriber: Subscriber,
        claims: list[Claim],
        seen: dict[str, int],
    ) -> tuple[int, int]:
        """Patient levels one after another; where they end (-1 when one is not usual), and the last HL number."""
        while found := self._patient(text, at):
            expected += 1
            party = self._known.person("2010CA", found[4], found[5], found[6], found[7])
            if found[1] != str(expected) or found[2] != above or party is None:
                return -1, expected
            if party.address is None or not party.birth_date or found[3] == "18":
                return -1, expected
            if self._known.fields("2000C", "PAT" + self.element + found[3], 2) is None or self.element in found[3]:
                return -1, expected
            level = number + text.count(self.end, 0, at)
            patient = ClaimPatient(party=party, relationship=found[3], level=level)
            before = len(claims)
            at = self._claims(text, found.end(), billing, subscriber, patient, claims, seen)
            if at < 0 or len(claims) == before:
                return -1, expected
        return at, expected

    def _claims(
        self,
        text: str,
        at: int,
        billing: BillingProvider,
        subscriber: Subscriber,
        patient: ClaimPatient | None,
        claims: list[Claim],
        seen: dict[str, int],
    ) -> int:
        """Claims one after another are added to ``claims``; where they end, or -1 when one is not usual."""
        size = len(text)
        npi = billing.party.npi
        first = len(claims)
        while at < size and (found := self._claim(text, at)):
            control, charge, head, dtp, amt, ref, nte, hi, nm1 = found.groups()
            key = "CLM " + control
            values = self._known.heads[head]
            if values is None or key in seen:
                return -1
            codes = self._known.codes[hi]
            providers = self._known.providers[nm1] if nm1 else ((), "")
            dates = self._known.dates[dtp] if dtp else ()
            references = self._known.references(ref, "2300") if ref else ()
            amounts = self._known.amounts[amt] if amt else ()
            notes = self._known.notes(nte, "2300") if nte else ()
            if codes is None or providers is None or dates is None or references is None or amounts is None:
                return -1
            if notes is None or (npi and providers[1] == npi) or (amounts and amounts[0].qualifier != "F5"):
                return -1
            diagnoses, counts, pointable = codes
            lines, total, at = self._lines(text, found.end(), pointable)
            money = MONEY[charge]
            if at < 0 or total != money.cents or not lines:
                return -1
            seen[key] = 1
            code, qualifier, frequency, signature, assignment, benefits, release, source = values
            claims.append(
                Claim(
                    patient_control_number=control,
                    charge=money,
                    billing=billing,
                    subscriber=subscriber,
                    patient=patient,
                    facility_code=code,
                    facility_qualifier=qualifier,
                    frequency=frequency,
                    signature_on_file=signature,
                    assignment=assignment,
                    benefits_assigned=benefits,
                    release=release,
                    patient_signature=source,
                    dates=dates,
                    amounts=amounts,
                    references=references,
                    notes=notes,
                    diagnoses=diagnoses,
                    health_information=counts,
                    providers=providers[0],
                    lines=lines,
                )
            )
        return at if len(claims) - first <= MOST_CLAIMS else -1

    def _lines(self, text: str, at: int, pointable: int) -> tuple[tuple[ServiceLine, ...], int, int]:
        """Lines one after another, the sum of their charges, and where they end (-1 when one is not usual)."""
        match, services, days = self._line, self._known.services, self._known.service_dates
        lines: list[ServiceLine] = []
        total = 0
        expected = 1
        while found := match(text, at):
            number, sv1, dtp, own, ref, amt, nte = found.groups()
            service, dates = services[sv1], days[dtp]
            if service is None or dates is None or expected > MOST_LINES or number != _NUMBERS[expected]:
                return (), 0, -1
            procedure, charge, unit, units, place, pointers, highest = service
            if highest > pointable:
                return (), 0, -1
            first = (Reference("6R", own),) if own is not None else ()
            references = self._known.references(ref, "2400", first) if ref else first
            amounts = self._known.amounts[amt] if amt else ()
            notes = self._known.notes(nte, "2400") if nte else ()
            if references is None or notes is None or amounts is None or (amounts and amounts[0].qualifier != "T"):
                return (), 0, -1
            total += charge.cents
            lines.append(
                ServiceLine(
                    number=expected,
                    charge=charge,
                    procedure=procedure,
                    unit=unit,
                    units=units,
                    place_of_service=place,
                    pointers=pointers,
                    dates=dates,
                    references=references,
                    amounts=amounts,
                    notes=notes,
                )
            )
            expected += 1
            at = found.end()
        return tuple(lines), total, at
