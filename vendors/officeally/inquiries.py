"""Questions in real time as X12: 270 and 276 with the envelope Office Ally wants, and whether an answer is to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from app.model.claim import QualifiedAmount, QualifiedDate, Reference
from app.model.claim_status import ClaimStatus, ClaimStatusRequest, StatusLevel
from app.model.eligibility import Correspondent, EligibilityReport, EligibilityRequest, Member, Question
from app.model.errors import BadInput
from app.model.inquiry import Heading, Trace
from app.x12 import inquiry_270, request_276
from app.x12.values import npi_is_valid
from app.x12.write import Body, Envelope, NotValid, build
from vendors.contract import ClaimInquiry, EligibilityInquiry
from vendors.officeally.core_envelope import RECEIVER

ORIGINATOR = "9DAYBOOK01"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it goes out, and what its answer must give back."""

    content: bytes
    trace: str
    member_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None


def trace_number(number: int) -> str:
    """Our trace of one attempt: never used twice by a connection."""
    return f"DBK{number:09d}"


def eligibility(
    inquiry: EligibilityInquiry, *, sender_id: str, number: int, when: datetime, without_sex: bool = False
) -> Asked:
    """A 270. ``when`` is local time. Raises BadInput naming the field that cannot be sent."""
    _needed(inquiry.payer_id, "payer_id", "The payer's id for eligibility is missing.")
    _npi(inquiry.provider_npi)
    if not (inquiry.member_id or (inquiry.last_name and inquiry.birth_date)):
        raise BadInput(
            "member_id",
            "Too little is known to ask the payer.",
            "Nothing was sent.",
            ("Give the member id, or the last name and the birth date.",),
        )
    if inquiry.gender.upper() not in {"", "F", "M", "O", "U"}:
        raise BadInput("gender", "The sex is F, M, U, or left empty.", "Nothing was sent.", ("Correct it.",))
    trace = trace_number(number)
    return Asked(
        content=_written(inquiry_270.body([_request(inquiry, trace, when, without_sex)]), sender_id, number, when),
        trace=trace,
        member_id=inquiry.member_id,
        last_name=inquiry.last_name,
        first_name=inquiry.first_name,
        birth_date=inquiry.birth_date,
    )


def _request(inquiry: EligibilityInquiry, trace: str, when: datetime, without_sex: bool) -> EligibilityRequest:
    sex = "" if without_sex or inquiry.gender.upper() not in {"F", "M"} else inquiry.gender.upper()
    person = Member(
        role="03" if inquiry.is_dependent else "IL",
        is_person=True,
        name=inquiry.last_name,
        first_name=inquiry.first_name,
        birth_date=f"{inquiry.birth_date:%Y%m%d}" if inquiry.birth_date else "",
        sex=sex,
        traces=(Trace(trace, ORIGINATOR),),
        dates=(QualifiedDate("291", "D8", f"{inquiry.service_date:%Y%m%d}"),),
        questions=tuple(Question(services=(service,)) for service in inquiry.service_types),
    )
    qualifier = "MI" if inquiry.member_id else ""
    if inquiry.is_dependent:
        subscriber = Member(
            role="IL",
            is_person=True,
            name=inquiry.subscriber_last_name,
            first_name=inquiry.subscriber_first_name,
            id_qualifier=qualifier,
            id=inquiry.member_id,
        )
        dependent: Member | None = person
    else:
        subscriber = msgspec.structs.replace(person, id_qualifier=qualifier, id=inquiry.member_id)
        dependent = None
    return EligibilityRequest(
        source=Correspondent(role="PR", name=inquiry.payer_name, id_qualifier="PI", id=inquiry.payer_id.strip()),
        receiver=Correspondent(
            role="1P",
            is_person=bool(inquiry.provider_first_name),
            name=inquiry.provider_last_name,
            first_name=inquiry.provider_first_name,
            id_qualifier="XX",
            id=inquiry.provider_npi,
        ),
        subscriber=subscriber,
        dependent=dependent,
        heading=Heading(reference=trace, purpose="13", date=f"{when:%Y%m%d}", time=f"{when:%H%M}"),
    )


def claim_status(inquiry: ClaimInquiry, *, sender_id: str, practice: str, number: int, when: datetime) -> Asked:
    """A 276 about one claim, at claim level. Raises BadInput naming the field that cannot be sent."""
    _needed(inquiry.payer_id, "payer_id", "The payer's id for claim status is missing.")
    _needed(inquiry.payer_name, "payer_name", "The payer's name is missing.")
    _npi(inquiry.provider_npi)
    _needed(inquiry.last_name, "last_name", "The patient's last name is missing.")
    _needed(inquiry.member_id, "member_id", "The patient's member id is missing.")
    if inquiry.charge is None:
        raise BadInput("charge", "The claim's total charge is missing.", "Nothing was sent.", ("Give it.",))
    if inquiry.charge.cents < 0:
        raise BadInput("charge", "A claim's total charge is never below zero.", "Nothing was sent.", ("Correct it.",))
    if inquiry.service_from is None:
        raise BadInput("service_from", "The day of service is missing.", "Nothing was sent.", ("Give it.",))
    trace = trace_number(number)
    last = inquiry.service_to or inquiry.service_from
    references = (("1K", inquiry.payer_control_number), ("EJ", inquiry.patient_control_number))
    request = ClaimStatusRequest(
        source=StatusLevel(role="PR", name=inquiry.payer_name, id_qualifier="PI", id=inquiry.payer_id.strip()),
        receiver=StatusLevel(role="41", name=practice, id_qualifier="46", id=inquiry.provider_npi),
        provider=StatusLevel(
            role="1P", name=inquiry.provider_name or practice, id_qualifier="XX", id=inquiry.provider_npi
        ),
        subscriber=StatusLevel(
            role="IL",
            is_person=True,
            name=inquiry.last_name,
            first_name=inquiry.first_name,
            id_qualifier="MI" if inquiry.member_id else "",
            id=inquiry.member_id,
            birth_date=f"{inquiry.birth_date:%Y%m%d}" if inquiry.birth_date else "",
        ),
        trace=trace,
        references=tuple(Reference(qualifier, value) for qualifier, value in references if value),
        amounts=(QualifiedAmount("T3", inquiry.charge),),
        dates=(QualifiedDate("472", "RD8", f"{inquiry.service_from:%Y%m%d}-{last:%Y%m%d}"),),
        heading=Heading(reference=trace, purpose="13", date=f"{when:%Y%m%d}", time=f"{when:%H%M}"),
    )
    return Asked(
        content=_written(request_276.body([request]), sender_id, number, when),
        trace=trace,
        member_id=inquiry.member_id,
        last_name=inquiry.last_name,
        first_name=inquiry.first_name,
        birth_date=inquiry.birth_date,
    )


def _written(body: Body, sender_id: str, number: int, when: datetime) -> bytes:
    envelope = Envelope(
        sender=sender_id,
        receiver=RECEIVER,
        when=when,
        interchange_control=number % 1_000_000_000,
        group_control=number % 1_000_000_000,
        receiver_qualifier="01",
        usage="P",
    )
    try:
        return build([body], envelope).data
    except NotValid as error:
        first = error.problems[0]
        raise BadInput(
            first.place.element or first.place.segment,
            first.message,
            "Nothing was sent.",
            (first.next_step or "Correct it and ask again.",),
        ) from None


def _needed(value: str, field: str, words: str) -> None:
    if not value.strip():
        raise BadInput(field, words, "Nothing was sent.", ("Give it.",))


def _npi(npi: str) -> None:
    if not npi_is_valid(npi):
        raise BadInput(
            "provider_npi", "The provider's NPI is missing or mistyped.", "Nothing was sent.", ("Check it.",)
        )


# --- is it the answer to this? ---------------------------------------------------------------------------------------


def answers_eligibility(asked: Asked, reports: Iterable[EligibilityReport]) -> bool:
    """Whether every part of a 271 belongs to the question: by its trace, and by somebody who may be meant."""
    return all(_is_ours(asked, one) for one in reports)


def _is_ours(asked: Asked, report: EligibilityReport) -> bool:
    if report.our_trace:
        if report.our_trace != asked.trace:
            return False
    elif report.heading.reference != asked.trace and not report.rejections:
        return False
    people = [one for one in (report.subscriber, report.dependent) if one is not None]
    said = [(one.id, one.name, one.birth_date) for one in people if one.id or one.name or one.birth_date]
    return not said or any(_may_be(asked, *one) for one in said)


def answers_status(asked: Asked, claims: Iterable[ClaimStatus]) -> bool:
    """Whether every claim of a 277 belongs to the question."""
    for one in claims:
        if one.is_claim and one.trace and one.trace != asked.trace:
            return False
        person = one.patient_party
        told = person is not None and (person.id or person.name)
        if one.is_claim and told and person is not None and not _may_be(asked, person.id, person.name, ""):
            return False
    return True


def _may_be(asked: Asked, member_id: str, name: str, birth_date: str) -> bool:
    """A payer may correct a name, a number or a birth date, but not all that it tells of them."""
    pairs = (
        (asked.member_id, member_id),
        (asked.last_name, name),
        (f"{asked.birth_date:%Y%m%d}" if asked.birth_date else "", birth_date),
    )
    compared = [_same(ours, theirs) for ours, theirs in pairs if ours and theirs]
    return not compared or any(compared)


def _same(ours: str, theirs: str) -> bool:
    return "".join(ours.split()).casefold() == "".join(theirs.split()).casefold()
