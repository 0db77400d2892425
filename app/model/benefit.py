"""One benefit as a payer states it (271, loop 2110): what it is, for which services, in which network, how much.

Codes are kept as written; their words are in ``resources.codes`` (tables ``benefit``, ``service_type``, ``period``,
``network``, ``coverage_level``, ``insurance_type``). Zero is an amount; ``None`` means that nothing was said.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import date
from itertools import islice

import msgspec

from app.model.claim import Party, Procedure, QualifiedDate, Reference
from app.model.money import Money

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
WHOLE_PLAN = "30"
REMAINING = frozenset(("29", "33"))
TOTALS = frozenset(("22", "23", "25", "32"))
YEAR_TO_DATE = "24"
_MOST_COMPARED = 50

_STARTS = ("346", "348", "356")
_ENDS = ("347", "349", "357")
_SPANS = ("291", "292", "307")

FIELDS = {
    "43": "provider_id", "44": "provider_name", "45": "provider_specialty", "46": "provider_phone",
    "47": "provider_state", "48": "referring_provider_id", "50": "provider_id", "51": "provider_id",
    "52": "service_date", "53": "service_type", "54": "service_type", "55": "service_type", "56": "service_date",
    "57": "service_date", "58": "birth_date", "60": "birth_date", "61": "service_date", "62": "service_date",
    "63": "service_date", "64": "member_id", "65": "patient_name", "66": "patient_sex", "67": "patient",
    "68": "member_id", "69": "birth_date", "70": "patient_sex", "71": "birth_date", "72": "member_id",
    "73": "subscriber_name", "74": "subscriber_sex", "75": "subscriber", "76": "subscriber", "77": "patient",
    "78": "payer", "79": "payer", "97": "provider_address", "AA": "authorization", "AE": "authorization",
    "AF": "diagnosis", "AG": "procedure", "CI": "authorization", "IA": "authorization", "MA": "authorization",
    "T4": "payer",
}  # fmt: skip
_LEVELS = {
    "2000A": "source",
    "2100A": "source",
    "2100B": "receiver",
    "2100C": "subscriber",
    "2100D": "dependent",
    "2110C": "benefit",
    "2110D": "benefit",
}
_RESEND = {
    "C": "corrected",
    "R": "yes",
    "P": "yes",
    "W": "in 30 days",
    "X": "in 10 days",
    "N": "no",
    "S": "no",
    "Y": "no",
}


class Rejection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """AAA: why a payer did not answer (table ``aaa_reject``) and what to do (table ``aaa_follow_up``).

    ``valid`` AAA01 is Y where the question was well formed yet refused; ``loop`` is where it stands.
    """

    reason: str
    follow_up: str = ""
    valid: str = "N"
    loop: str = "2100C"
    agency: str = ""

    @property
    def level(self) -> str:
        """Who or what it is about: ``source``, ``receiver``, ``subscriber``, ``dependent`` or ``benefit``."""
        return _LEVELS.get(self.loop, "")

    @property
    def field(self) -> str:
        """The field to mend (``member_id``, ``birth_date`` …); empty where no field is at fault."""
        return FIELDS.get(self.reason, "")

    @property
    def resend(self) -> str:
        """Whether to ask again: ``corrected``, ``yes``, ``in 10 days``, ``in 30 days``, ``no``, or nothing said."""
        return _RESEND.get(self.follow_up, "")


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """HSD: how a benefit is given: so many (``quantity``) of what (``quantity_qualifier``) in which time."""

    quantity_qualifier: str = ""
    quantity: str = ""
    unit: str = ""
    sample: str = ""
    period: str = ""
    periods: str = ""
    pattern: str = ""
    time: str = ""


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """III: where or for what a benefit holds: ``list`` ZZ is a place of service; ``text`` is the payer's own."""

    list: str = ""
    code: str = ""
    category: str = ""
    text: str = ""


class Benefit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2110: one EB as written, with all that belongs to it (point 37).

    ``information`` EB01, ``coverage_level`` EB02, ``services`` EB03 taken apart (none: the plan as a whole),
    ``insurance_type`` EB04, ``plan`` EB05, ``period`` EB06, ``amount`` EB07, ``percent`` EB08 as written (a fraction:
    .2 is 20 %), ``quantity`` EB10 of ``quantity_qualifier`` EB09, ``authorization`` EB11, ``network`` EB12,
    ``procedure`` EB13, ``pointers`` EB14. ``start`` is the number of the EB in its transaction.
    """

    information: str
    coverage_level: str = ""
    services: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount: Money | None = None
    percent: str = ""
    quantity_qualifier: str = ""
    quantity: str = ""
    authorization: str = ""
    network: str = ""
    procedure: Procedure | None = None
    pointers: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    messages: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    entities: tuple[Party, ...] = ()
    start: int = 0

    @property
    def speaks_of_plan(self) -> bool:
        """Whether it is about the plan as a whole: no service named, or service 30."""
        return not self.services or WHOLE_PLAN in self.services

    @property
    def percent_shown(self) -> str:
        """``20 %`` for .2; a payer's ``20`` is taken as it must be meant."""
        try:
            value = float(self.percent)
        except ValueError:
            return self.percent
        return f"{value if value > 1 else value * 100:g} %" if 0 <= value <= 100 else self.percent

    def reference(self, *qualifiers: str) -> str:
        """The first number of one of those kinds, or nothing."""
        return next((found.value for found in self.references if found.qualifier in qualifiers), "")

    def entity(self, *roles: str) -> Party | None:
        """The first party in one of those roles."""
        return next((found for found in self.entities if found.role in roles), None)

    def covers(self, day: date, member_dates: tuple[QualifiedDate, ...] = ()) -> bool:
        """Whether the dates allow that day; its own dates override the member's, no date is no limit (point 37)."""
        own = [found for found in self.dates if found.qualifier in (*_STARTS, *_ENDS, *_SPANS)]
        return in_dates(tuple(own) or member_dates, day)


def in_dates(dates: tuple[QualifiedDate, ...], day: date) -> bool:
    """Whether coverage dates allow that day; impossible dates (which are flagged when read) do not limit."""
    for found in dates:
        if found.start is None:
            continue
        ranged = found.format == "RD8"
        if found.qualifier in (*_STARTS, *_SPANS) and day < found.start and (ranged or found.qualifier in _STARTS):
            return False
        if found.qualifier in _ENDS and day > (found.end or found.start):
            return False
        if ranged and found.qualifier in (*_STARTS, *_SPANS) and found.end and day > found.end:
            return False
    return True


class BenefitLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service of one benefit, as a front desk reads it: total, used and remaining joined (points 33 and 35).

    ``service`` is empty for the plan as a whole. ``remaining`` and ``used`` come from other EB of the same kind, level,
    service and network; ``used`` only where a total stands beside it, since payers differ in what they call 24.
    """

    benefit: Benefit
    service: str = ""
    remaining: Money | None = None
    used: Money | None = None

    @property
    def total(self) -> Money | None:
        """The amount of the benefit itself; None where only what remains was said."""
        return None if self.benefit.period in REMAINING else self.benefit.amount

    def in_network(self, network: str) -> bool:
        """Whether it holds there: ``Y`` in, ``N`` out. W holds for both; absent and unknown for neither (point 36)."""
        return self.benefit.network in (network, "W")


def lines(benefits: tuple[Benefit, ...]) -> tuple[BenefitLine, ...]:
    """Every benefit taken apart by service, with what remains and what is used joined to its total."""
    found: list[BenefitLine] = []
    totals: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    later: list[tuple[Benefit, str]] = []
    for benefit in benefits:
        for service in benefit.services or ("",):
            if benefit.amount is not None and (benefit.period in REMAINING or benefit.period == YEAR_TO_DATE):
                later.append((benefit, service))
                continue
            if benefit.amount is not None and benefit.period in TOTALS | {""}:
                for field in ("remaining", "used"):
                    totals[field, *_key(benefit, service)].append(len(found))
            found.append(BenefitLine(benefit=benefit, service=service))
    for benefit, service in later:
        field = "remaining" if benefit.period in REMAINING else "used"
        _join(found, field, totals[field, *_key(benefit, service)], benefit, service)
    return tuple(sorted(found, key=lambda line: line.benefit.start))


def _key(benefit: Benefit, service: str) -> tuple[str, str, str, str]:
    return benefit.information, benefit.coverage_level, service, benefit.network


def _join(found: list[BenefitLine], field: str, free: deque[int], benefit: Benefit, service: str) -> None:
    """Put a remaining or used amount to the total it fits best; on its own where none fits.

    ``free`` are the places of totals that still lack it; only the first of very many are looked at.
    """
    near = [place for place in islice(free, _MOST_COMPARED) if _may_join(found[place], benefit)]
    if near:
        best = max(near, key=lambda place: _likeness(found[place].benefit, benefit))
        found[best] = msgspec.structs.replace(found[best], **{field: benefit.amount})
        free.remove(best)
    else:
        remaining = benefit.amount if field == "remaining" else None
        found.append(BenefitLine(benefit=benefit, service=service, remaining=remaining))


def _may_join(line: BenefitLine, benefit: Benefit) -> bool:
    """A lifetime's rest belongs to a lifetime's total; no more can be left than there was."""
    total = line.benefit
    if (benefit.period == "33") != (total.period == "32") and benefit.period == "33":
        return False
    return (
        bool(total.amount and benefit.amount and benefit.amount.cents <= total.amount.cents)
        or total.amount == benefit.amount
    )


def _likeness(total: Benefit, part: Benefit) -> int:
    """How many further fields agree: procedure, place, plan, messages, dates. The first wins where nothing tells."""
    return sum(
        (
            4 * (total.procedure == part.procedure),
            4 * (total.conditions == part.conditions),
            2 * (total.messages == part.messages),
            2 * (total.entities == part.entities),
            total.plan == part.plan,
            total.insurance_type == part.insurance_type,
            total.dates == part.dates,
            total.period != "32",
        )
    )
