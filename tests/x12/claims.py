"""Invented claims for tests: a small practice, its patients and payers. Nobody here exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from app.model.adjustment import Adjustment
from app.model.claim import (
    BillingProvider,
    Claim,
    ClaimPatient,
    Contact,
    Diagnosis,
    LineAdjudication,
    OtherSubscriber,
    Party,
    Payer,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Receiver,
    Reference,
    ServiceLine,
    Submitter,
    Subscriber,
)
from app.model.claim_submission import ClaimSubmission
from app.model.money import Money
from app.model.people import Address
from app.x12 import claim_837
from app.x12.write import Built, Envelope, NotValid, build

_S = TypeVar("_S", bound=msgspec.Struct)
NPI_GROUP = "1234567893"
NPI_DOCTOR = "1982736450"
NPI_PLACE = "1098765435"
NPI_OTHER = "1555555550"
HOME = Address(street="7 ORCHARD ROW", city="DAYTON", state="OH", postal_code="45401")
ENVELOPE = Envelope("LARK01", "CLEAR1", datetime(2026, 1, 5, 9, 30), 27, 27)


def change(value: _S | None, **fields: Any) -> _S:
    """The same value with other fields; it must be there."""
    assert value is not None
    return msgspec.structs.replace(value, **fields)


def billing() -> BillingProvider:
    return BillingProvider(
        taxonomy="207Q00000X",
        party=Party(
            role="85",
            name="LARKSPUR FAMILY MEDICINE",
            id_qualifier="XX",
            id=NPI_GROUP,
            address=Address(street="12 MEADOW LANE", unit="STE 4", city="DAYTON", state="OH", postal_code="454010012"),
            references=(Reference("EI", "123456789"),),
        ),
        pay_to=Party(
            role="87", address=Address(street="PO BOX 88", city="DAYTON", state="OH", postal_code="454010088")
        ),
    )


def payer(name: str = "HARBORLIGHT HEALTH", number: str = "HLH01") -> Payer:
    return Payer(role="PR", name=name, id_qualifier="PI", id=number)


def subscriber(**fields: Any) -> Subscriber:
    own: dict[str, Any] = {
        "relationship": "18",
        "group_number": "GRP100",
        "claim_filing": "CI",
        "payer": payer(),
        "party": Party(
            role="IL",
            is_person=True,
            name="BRAMLEY",
            first_name="OTIS",
            id_qualifier="MI",
            id="HL00427781",
            address=HOME,
            birth_date="19710304",
            sex="M",
        ),
    }
    return Subscriber(**{**own, **fields})


def child() -> ClaimPatient:
    return ClaimPatient(
        relationship="19",
        party=Party(
            role="QC", is_person=True, name="BRAMLEY", first_name="WREN", address=HOME, birth_date="20150611", sex="F"
        ),
    )


def line(number: int = 1, cents: int = 12550, code: str = "99213", **fields: Any) -> ServiceLine:
    own: dict[str, Any] = {
        "number": number,
        "charge": Money(cents),
        "procedure": Procedure(code),
        "units": "1",
        "pointers": (1,),
        "dates": (QualifiedDate("472", "D8", "20260102"),),
        "references": (Reference("6R", f"L{number}"),),
    }
    return ServiceLine(**{**own, **fields})


def claim(number: str = "PCN1001", *lines: ServiceLine, **fields: Any) -> Claim:
    given = lines or (line(),)
    own: dict[str, Any] = {
        "patient_control_number": number,
        "charge": Money(sum(one.charge.cents for one in given)),
        "billing": billing(),
        "subscriber": subscriber(),
        "facility_code": "11",
        "diagnoses": (Diagnosis("ABK", "E119"), Diagnosis("ABF", "I10")),
        "providers": (
            Party(
                role="82",
                is_person=True,
                name="OSEI",
                first_name="MARTA",
                id_qualifier="XX",
                id=NPI_DOCTOR,
                provider_role="PE",
                taxonomy="207Q00000X",
            ),
        ),
        "lines": given,
    }
    return Claim(**{**own, **fields})


def secondary() -> Claim:
    """A claim to the second payer with the first one's result, line by line, in balance."""
    decided = (QualifiedDate("573", "D8", "20260120"),)
    lines = (
        line(
            1,
            10000,
            adjudications=(
                LineAdjudication(
                    payer_id="MEDB1",
                    paid=Money(6400),
                    procedure=Procedure("99213"),
                    units="1",
                    adjustments=(
                        Adjustment("CO", "45", Money(2000), "", 0),
                        Adjustment("PR", "2", Money(1600), "", 1),
                    ),
                    dates=decided,
                ),
            ),
        ),
        line(
            2,
            3000,
            "36415",
            adjudications=(
                LineAdjudication(
                    payer_id="MEDB1",
                    paid=Money(0),
                    procedure=Procedure("36415"),
                    units="1",
                    adjustments=(Adjustment("PR", "1", Money(3000), "", 0),),
                    dates=decided,
                ),
            ),
        ),
    )
    other = OtherSubscriber(
        payer_order="P",
        relationship="18",
        claim_filing="MB",
        amounts=(QualifiedAmount("D", Money(6400)), QualifiedAmount("EAF", Money(4600))),
        benefits_assigned="Y",
        release="Y",
        insured=Party(
            role="IL",
            is_person=True,
            name="BRAMLEY",
            first_name="OTIS",
            id_qualifier="MI",
            id="1EG4TE5MK73",
            address=HOME,
        ),
        payer=Party(role="PR", name="MEDICARE PART B", id_qualifier="PI", id="MEDB1"),
    )
    return claim("PCN2002", *lines, subscriber=subscriber(payer_order="S"), other_subscribers=(other,))


def institutional() -> Claim:
    """An outpatient hospital claim: type of bill 131."""
    lines = (
        line(1, 8300, "80053", revenue_code="0301", pointers=()),
        line(2, 21000, "93005", revenue_code="0730", pointers=()),
    )
    return claim(
        "PCN3003",
        *lines,
        facility_code="13",
        facility_qualifier="A",
        signature_on_file="",
        dates=(QualifiedDate("434", "RD8", "20260102-20260102"),),
        admission=("3", "1", "01"),
        diagnoses=(
            Diagnosis("ABK", "E119"),
            Diagnosis("APR", "R079"),
            Diagnosis("ABF", "I10"),
            Diagnosis("BH", "11", "D8", "20260101"),
            Diagnosis("BE", "A2", amount=Money(1531)),
            Diagnosis("BG", "09"),
        ),
        providers=(
            Party(
                role="71",
                is_person=True,
                name="OSEI",
                first_name="MARTA",
                id_qualifier="XX",
                id=NPI_DOCTOR,
                provider_role="AT",
                taxonomy="207Q00000X",
            ),
        ),
    )


def submission(*claims: Claim, kind: str = "837P") -> ClaimSubmission:
    return ClaimSubmission(
        kind=kind,
        submitter=Submitter(
            role="41",
            name="LARKSPUR FAMILY MEDICINE",
            id_qualifier="46",
            id="LARK01",
            contacts=(Contact(name="EDI DESK", numbers=(("TE", "9375550100"),)),),
        ),
        receiver=Receiver(role="40", name="CLEARINGHOUSE ONE", id_qualifier="46", id="CLEAR1"),
        claims=claims or (claim(),),
        reference="B0001",
        date="20260105",
        time="0930",
    )


def built(*claims: Claim, kind: str = "837P") -> Built:
    return build([claim_837.body(submission(*claims, kind=kind))], ENVELOPE)


def refused(*claims: Claim, kind: str = "837P") -> dict[str, str]:
    """Why a document is not built: problem code → message."""
    try:
        built(*claims, kind=kind)
    except NotValid as error:
        return {problem.code: problem.message for problem in error.problems}
    return {}


def segments(data: bytes) -> list[str]:
    return data.decode().split("~")[:-1]
