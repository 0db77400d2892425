"""Eligibility: what we ask a payer about a patient (270) and what it answers (271), both 005010X279A1.

A question and an answer are each complete in themselves: who asks whom, about which subscriber and, where the patient
is not the subscriber, which dependent. Names are the field's own; codes and dates are kept as written beside their
typed reading, and what no field takes is kept at its place, so that what was read can be written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import msgspec

from app.model.benefit import (
    ACTIVE,
    INACTIVE,
    Benefit,
    BenefitLine,
    Condition,
    Rejection,
    lines,
)
from app.model.claim import Diagnosis, Kept, Party, Procedure, QualifiedAmount, QualifiedDate, Reference
from app.model.inquiry import Heading, Trace

_PAYERS = {"PRP": "primary", "SEP": "secondary", "TTP": "tertiary", "PR": "", "P4": "", "OC": ""}


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2110 of a 270: what is asked: ``services`` EQ01 (30: the whole plan) or a ``procedure`` EQ02."""

    services: tuple[str, ...] = ()
    procedure: Procedure | None = None
    coverage_level: str = ""
    pointers: tuple[str, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    conditions: tuple[Condition, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()


class Correspondent(Party, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000A or 2000B: who answers (a payer) or who asks (a provider), with rejections at that level.

    ``level`` is the segment number of its HL as read, so that levels which say the same stay apart.
    """

    rejections: tuple[Rejection, ...] = ()
    level: int = 0
    kept: tuple[Kept, ...] = ()


class Member(Party, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000C (subscriber) or 2000D (dependent): NM1, address, birth date, and what is asked or answered.

    ``insured`` INS01, ``relationship`` INS02; ``changed`` (INS03 and INS04) says that the payer corrected what we sent.
    ``provider_qualifier`` is PRV02 where it is not a taxonomy; ``military`` are the elements of MPI. ``diagnoses`` HI.
    """

    traces: tuple[Trace, ...] = ()
    provider_qualifier: str = "PXC"
    insured: str = ""
    relationship: str = ""
    changed: tuple[str, ...] = ()
    birth_order: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    military: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    questions: tuple[Question, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    level: int = 0
    kept: tuple[Kept, ...] = ()

    @property
    def identity_changed(self) -> bool:
        """Whether the payer says that it corrected name, birth date or number: compare with the chart."""
        return self.changed == ("001", "25")


class EligibilityRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A 270 about one patient: ``source`` is the payer, ``receiver`` the provider who asks.

    The patient is the ``dependent``, or the ``subscriber`` where there is none.
    """

    source: Correspondent
    receiver: Correspondent
    subscriber: Member
    dependent: Member | None = None
    heading: Heading = Heading()

    @property
    def patient(self) -> Member:
        """Who is asked about."""
        return self.dependent or self.subscriber


class Standing(StrEnum):
    """Whether there is coverage, as far as the answer tells."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether there is coverage, and why: a plain sentence, with the EB or the AAA it rests on."""

    standing: Standing
    reason: str
    benefit: Benefit | None = None
    rejection: Rejection | None = None


class OtherCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Another payer that the answer names (EB01 R): ``order`` is primary, secondary, tertiary or not said."""

    benefit: Benefit
    payer: Party | None = None
    insured: Party | None = None
    order: str = ""
    member_id: str = ""
    group_number: str = ""


class EligibilityReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A 271 about one patient; ``subscriber`` is None where the payer refused before it looked at a person.

    The patient is the ``dependent``, or the ``subscriber`` where there is none: a payer may answer about our dependent
    as a subscriber of its own (point 38), so match by trace, not by level.
    """

    source: Correspondent
    receiver: Correspondent | None = None
    subscriber: Member | None = None
    dependent: Member | None = None
    heading: Heading = Heading()

    @property
    def patient(self) -> Member | None:
        """Whom the answer is about."""
        return self.dependent or self.subscriber

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        """The patient's benefits as written."""
        return self.patient.benefits if self.patient else ()

    @property
    def lines(self) -> tuple[BenefitLine, ...]:
        """The patient's benefits by service, totals and remaining amounts joined."""
        return lines(self.benefits)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The numbers given back with the patient, else with the subscriber."""
        found = self.patient.traces if self.patient else ()
        return found or (self.subscriber.traces if self.subscriber else ())

    @property
    def our_trace(self) -> str:
        """TRN*2: the number that was in our question; empty where the payer did not give it back."""
        return next((found.number for found in self.traces if found.type == "2"), "")

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """Every AAA that stands over this patient, from the payer's own down to single benefits."""
        people = (self.source, self.receiver, self.subscriber, self.dependent)
        above = tuple(one for found in people if found for one in found.rejections)
        return above + tuple(one for benefit in self.benefits for one in benefit.rejections)

    def verdict(self, on: date | None = None) -> Verdict:
        """Active, inactive or not to be told, with the reason; ``on`` is the day of the visit.

        A refusal above the benefits leaves the question open whatever else stands there.
        """
        refused = next((one for one in self.rejections if one.level != "benefit"), None)
        if refused is not None:
            return Verdict(
                standing=Standing.UNKNOWN, reason="The payer did not answer the question.", rejection=refused
            )
        said = [one for one in self.benefits if one.information in ACTIVE | INACTIVE]
        about_plan = [one for one in said if one.speaks_of_plan] or said
        if not about_plan:
            return self._not_said()
        dates = self._dates()
        valid = [one for one in about_plan if on is None or one.covers(on, dates)]
        if active := next((one for one in valid if one.information in ACTIVE), None):
            under = " It is under investigation: confirm with the payer." if active.information == "5" else ""
            return Verdict(
                standing=Standing.ACTIVE, reason="The payer says that coverage is active." + under, benefit=active
            )
        if inactive := next((one for one in valid if one.information in INACTIVE), None):
            return Verdict(
                standing=Standing.INACTIVE, reason="The payer says that coverage is not active.", benefit=inactive
            )
        return Verdict(
            standing=Standing.INACTIVE,
            reason="The payer's dates of coverage do not include the day of the visit.",
            benefit=about_plan[0],
        )

    def _not_said(self) -> Verdict:
        """No EB says active or inactive: the best reason that can be given."""
        refused = next((one for benefit in self.benefits for one in benefit.rejections), None)
        reasons = {"V": "The payer could not process the question.", "U": "The payer asks to be called."}
        for benefit in self.benefits:
            if benefit.information in reasons:
                return Verdict(standing=Standing.UNKNOWN, reason=reasons[benefit.information], benefit=benefit)
        if refused:
            reason = "The payer did not answer the question about this service."
        elif self.dependent and self.subscriber and self.subscriber.benefits:
            reason = "The payer answered about the subscriber only."
        elif self.benefits:
            reason = "The payer did not say whether coverage is active."
        else:
            reason = "The answer holds no benefits."
        return Verdict(standing=Standing.UNKNOWN, reason=reason, rejection=refused)

    def _dates(self) -> tuple[QualifiedDate, ...]:
        """The patient's dates, else the subscriber's."""
        found = self.patient.dates if self.patient else ()
        return found or (self.subscriber.dates if self.subscriber else ())

    def costs(self, information: str, *, service: str = "", network: str = "") -> tuple[BenefitLine, ...]:
        """What the patient bears: ``B`` copay, ``A`` coinsurance, ``C`` deductible, ``G`` out-of-pocket maximum.

        ``service`` also takes what is said of the plan as a whole where nothing is said of that service; ``network``
        Y or N also takes W.
        """
        found = [line for line in self.lines if line.benefit.information == information]
        if network:
            found = [line for line in found if line.in_network(network)]
        if service:
            found = [line for line in found if line.service == service] or [
                line for line in found if line.service in ("", "30")
            ]
        return tuple(found)

    @property
    def primary_care(self) -> Party | None:
        """The primary care provider, where the payer names one."""
        named = [found for benefit in self._told() if (found := benefit.entity("P3"))]
        listed = [benefit.entity("P3") for benefit in self._told() if benefit.information == "L"]
        return next((found for found in listed if found), None) or next(iter(named), None)

    def _told(self) -> Iterator[Benefit]:
        yield from self.benefits
        if self.dependent and self.subscriber:
            yield from self.subscriber.benefits

    @property
    def other_payers(self) -> tuple[OtherCoverage, ...]:
        """Every other payer that the answer names."""
        return tuple(map(_other, (one for one in self.benefits if one.information == "R")))


def _other(benefit: Benefit) -> OtherCoverage:
    payer = benefit.entity("PRP", "SEP", "TTP", "PR", "P4", "OC")
    insured = benefit.entity("IL")
    return OtherCoverage(
        benefit=benefit,
        payer=payer,
        insured=insured,
        order=_PAYERS.get(payer.role, "") if payer else "",
        member_id=benefit.reference("1W", "F6", "NQ", "IG", "18") or (insured.id if insured else ""),
        group_number=benefit.reference("6P", "1L"),
    )
