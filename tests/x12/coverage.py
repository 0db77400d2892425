"""Invented patients, questions about their coverage and payers' answers. Nobody here exists."""

from __future__ import annotations

from typing import Any

from app.model.benefit import Benefit, Rejection
from app.model.claim import Contact, Party, QualifiedDate, Reference
from app.model.eligibility import Correspondent, EligibilityReport, EligibilityRequest, Member, Question
from app.model.inquiry import Heading, Trace
from app.model.money import Money
from app.model.people import Address

HOME = Address(street="7 ORCHARD ROW", city="DAYTON", state="OH", postal_code="45401")


def payer(**fields: Any) -> Correspondent:
    return Correspondent(**{"role": "PR", "name": "HARBORLIGHT HEALTH", "id_qualifier": "PI", "id": "HLH01", **fields})


def practice(**fields: Any) -> Correspondent:
    own = {"role": "1P", "name": "LARKSPUR FAMILY MEDICINE", "id_qualifier": "XX", "id": "1234567893"}
    return Correspondent(**{**own, **fields})


def otis(**fields: Any) -> Member:
    own: dict[str, Any] = {
        "role": "IL",
        "is_person": True,
        "name": "BRAMLEY",
        "first_name": "OTIS",
        "id_qualifier": "MI",
        "id": "HL00427781",
        "birth_date": "19710304",
        "sex": "M",
        "traces": (Trace("LK20260112001", "9123456789"),),
    }
    return Member(**{**own, **fields})


def wren(**fields: Any) -> Member:
    own: dict[str, Any] = {
        "role": "03",
        "is_person": True,
        "name": "BRAMLEY",
        "first_name": "WREN",
        "birth_date": "20150611",
        "sex": "F",
        "insured": "N",
        "relationship": "19",
        "traces": (Trace("LK20260112002", "9123456789"),),
    }
    return Member(**{**own, **fields})


def question(*services: str, **fields: Any) -> Question:
    return Question(services=services or ("30",), dates=(QualifiedDate("291", "D8", "20260112"),), **fields)


HEADING = Heading(reference="INQ0041", date="20260112", time="0915")


def request(**fields: Any) -> EligibilityRequest:
    own: dict[str, Any] = {
        "source": payer(),
        "receiver": practice(taxonomy="207Q00000X", provider_role="PE"),
        "subscriber": otis(questions=(question("30", "98"),), address=HOME, references=(Reference("6P", "GRP100"),)),
        "heading": HEADING,
    }
    return EligibilityRequest(**{**own, **fields})


def about_a_dependent(**fields: Any) -> EligibilityRequest:
    own: dict[str, Any] = {"subscriber": otis(traces=()), "dependent": wren(questions=(question(),))}
    return request(**{**own, **fields})


def active(**fields: Any) -> Benefit:
    return Benefit(**{"information": "1", "coverage_level": "IND", "services": ("30",), **fields})


def share(information: str, cents: int | None, *services: str, **fields: Any) -> Benefit:
    """A copay, deductible, … in network."""
    own: dict[str, Any] = {
        "information": information,
        "coverage_level": "IND",
        "services": services or ("30",),
        "amount": None if cents is None else Money(cents),
        "network": "Y",
    }
    return Benefit(**{**own, **fields})


def answered(**fields: Any) -> Member:
    return otis(traces=(Trace("LK20260112001", "9123456789", type="2"),), **fields)


def report(*benefits: Benefit, **fields: Any) -> EligibilityReport:
    own: dict[str, Any] = {
        "source": payer(),
        "receiver": practice(),
        "subscriber": answered(benefits=benefits or (active(),), dates=(QualifiedDate("291", "D8", "20260101"),)),
        "heading": HEADING,
    }
    return EligibilityReport(**{**own, **fields})


def full_report() -> EligibilityReport:
    """Everything a front desk asks for."""
    doctor = Party(role="P3", is_person=True, name="OSEI", first_name="MARTA", id_qualifier="XX", id="1982736450",
                   contacts=(Contact(numbers=(("TE", "9375550100"),)),))  # fmt: skip
    other = Party(role="SEP", name="BEACON MUTUAL", id_qualifier="PI", id="BCN22", address=HOME)
    return report(
        active(insurance_type="PR", plan="HARBOR PPO 500"),
        Benefit(information="L", entities=(doctor,)),
        share("C", 50000, period="23"),
        share("C", 18025, period="29"),
        share("G", 600000, period="23", coverage_level="FAM"),
        share("G", 441000, period="29", coverage_level="FAM"),
        share("B", 2500, "98", "BY", period="27", messages=("PRIMARY CARE OFFICE VISIT",)),
        share("A", None, "98", percent=".2", network="N"),
        Benefit(
            information="R",
            services=("30",),
            references=(Reference("6P", "OTHER77"),),
            dates=(QualifiedDate("290", "D8", "20250101"),),
            entities=(other,),
        ),
    )


def refused(reason: str = "75", follow_up: str = "C", **fields: Any) -> EligibilityReport:
    rejection = Rejection(reason=reason, follow_up=follow_up, loop="2100C")
    return report(subscriber=answered(rejections=(rejection,)), **fields)
