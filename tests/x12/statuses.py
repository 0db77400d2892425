"""Invented claims, questions where they stand and the answers of payers and clearinghouses. Nobody here exists."""

from __future__ import annotations

from typing import Any

from app.model.claim import Procedure, QualifiedAmount, QualifiedDate, Reference
from app.model.claim_status import ClaimStatus, ClaimStatusRequest, Status, StatusCode, StatusLevel, StatusLine
from app.model.inquiry import Heading, Trace
from app.model.money import Money

HEADING = Heading(reference="STQ0041", date="20260112", time="0915")


def source(**fields: Any) -> StatusLevel:
    return StatusLevel(**{"role": "PR", "name": "HARBORLIGHT HEALTH", "id_qualifier": "PI", "id": "HLH01", **fields})


def receiver(**fields: Any) -> StatusLevel:
    own = {"role": "41", "name": "LARKSPUR FAMILY MEDICINE", "id_qualifier": "46", "id": "LARK01"}
    return StatusLevel(**{**own, **fields})


def provider(**fields: Any) -> StatusLevel:
    own = {"role": "1P", "name": "LARKSPUR FAMILY MEDICINE", "id_qualifier": "XX", "id": "1234567893"}
    return StatusLevel(**{**own, **fields})


def otis(**fields: Any) -> StatusLevel:
    own: dict[str, Any] = {
        "role": "IL", "is_person": True, "name": "BRAMLEY", "first_name": "OTIS", "id_qualifier": "MI",
        "id": "HL00427781",
    }  # fmt: skip
    return StatusLevel(**{**own, **fields})


def wren(**fields: Any) -> StatusLevel:
    return StatusLevel(**{"role": "QC", "is_person": True, "name": "BRAMLEY", "first_name": "WREN", **fields})


def status(category: str, code: str = "20", entity: str = "", **fields: Any) -> Status:
    return Status(code=StatusCode(category, code, entity), **{"date": "20260112", **fields})


def line(**fields: Any) -> StatusLine:
    own: dict[str, Any] = {
        "procedure": Procedure("99213", ("25",)),
        "charge": Money(12550),
        "units": "1",
        "references": (Reference("FJ", "L1"),),
        "dates": (QualifiedDate("472", "D8", "20260102"),),
    }
    return StatusLine(**{**own, **fields})


def asked(trace: str = "LKST0001", **fields: Any) -> ClaimStatusRequest:
    """A 276 about one claim."""
    own: dict[str, Any] = {
        "source": source(),
        "receiver": receiver(),
        "provider": provider(),
        "subscriber": otis(birth_date="19710304", sex="M"),
        "trace": trace,
        "references": (Reference("EJ", "PCN1001"),),
        "amounts": (QualifiedAmount("T3", Money(12550)),),
        "dates": (QualifiedDate("472", "D8", "20260102"),),
        "heading": HEADING,
    }
    return ClaimStatusRequest(**{**own, **fields})


def answered(trace: str = "LKST0001", *statuses: Status, **fields: Any) -> ClaimStatus:
    """A 277 about one claim."""
    own: dict[str, Any] = {
        "source": source(),
        "receiver": receiver(),
        "provider": provider(),
        "subscriber": otis(),
        "trace": trace,
        "statuses": statuses or (status("P1", charge=Money(12550)),),
        "references": (Reference("1K", "HLH26001"), Reference("EJ", "PCN1001")),
        "dates": (QualifiedDate("472", "D8", "20260102"),),
        "heading": HEADING,
    }
    return ClaimStatus(**{**own, **fields})


def acknowledged(
    number: str = "PCN1001", category: str = "A2", cents: int = 12550, action: str = "", **fields: Any
) -> ClaimStatus:
    """A 277CA about one claim."""
    action = action or ("U" if category in ("A3", "A4", "A6", "A7", "A8") else "WQ")
    received = status("A1", "19", "PR", action="WQ")
    own: dict[str, Any] = {
        "source": source(
            traces=(Trace("HLHFILE77"),),
            dates=(QualifiedDate("050", "D8", "20260111"), QualifiedDate("009", "D8", "20260112")),
        ),
        "receiver": receiver(traces=(Trace("B0001", type="2"),), statuses=(received,)),
        "provider": provider(
            role="85", traces=(Trace("0"),), statuses=(status("A1", "19", "PR", date="", action="WQ"),)
        ),
        "patient": otis(role="QC"),
        "trace": number,
        "statuses": (status(category, action=action, charge=Money(cents)),),
        "dates": (QualifiedDate("472", "D8", "20260102"),),
        "heading": HEADING,
    }
    return ClaimStatus(**{**own, **fields})
