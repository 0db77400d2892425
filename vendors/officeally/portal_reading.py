"""What Office Ally's pages show ↔ the model's values. Pure; a value that cannot be read is Drifted, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

import msgspec

from app.model.errors import Drifted
from app.model.money import Money
from app.model.people import Address, Patient
from app.model.schedule import Visit, VisitStatus
from vendors.contract import CoverageRecord, EnrollmentRecord
from vendors.portal import failures
from vendors.portal.page import Row

TITLE = "Office Ally"
ORDERS = ("Primary", "Secondary", "Tertiary")
#: Time that is kept free on purpose; the portal lists it among the visits, without a patient.
BLOCK = "BLOCK"

_STATUS = {
    "Scheduled": VisitStatus.BOOKED,
    "Confirmed": VisitStatus.CONFIRMED,
    "Checked In": VisitStatus.ARRIVED,
    "Checked Out": VisitStatus.CHECKED_OUT,
    "No Show": VisitStatus.NO_SHOW,
    "Cancelled": VisitStatus.CANCELLED,
}


class PortalClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as Manage Claims lists it. ``status`` and ``reason`` are the portal's words."""

    claim_id: str
    account_number: str
    patient: str
    payer_name: str
    payer_id: str
    service_date: date | None
    received: date | None
    charge: Money
    status: str
    reason: str


class PortalFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as Claim Reports lists it; counts are 0 until it is processed."""

    file_id: str
    name: str
    uploaded: date | None
    claims: int
    accepted: int
    rejected: int
    status: str
    has_summary: bool


class PortalEra(msgspec.Struct, frozen=True, kw_only=True):
    """A remittance as the portal lists it."""

    file_id: str
    name: str
    day: date | None
    kind: str
    records: int


class PortalCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check that can be auto-posted, or was."""

    number: str
    payer_name: str
    day: date | None
    amount: Money
    claims: int
    status: str


class WorkingDay(msgspec.Struct, frozen=True, kw_only=True):
    """A weekday's hours: up to two periods (from, to). ``weekday`` 0 is Monday."""

    weekday: int
    periods: tuple[tuple[time, time], ...]


def day_of(text: str, what: str) -> date | None:
    """``03/10/2026``; None for an empty cell."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date()
    except ValueError:
        raise unreadable(what) from None


def time_of(text: str, what: str) -> time:
    """``9:20 AM``."""
    try:
        return datetime.strptime(text.strip().upper(), "%I:%M %p").time()
    except ValueError:
        raise unreadable(what) from None


def money_of(text: str, what: str) -> Money:
    """``1204.44``."""
    try:
        return Money.parse(text)
    except ValueError:
        raise unreadable(what) from None


def count_of(text: str, what: str) -> int:
    """A whole number; an empty cell is 0."""
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,9}", text):
        raise unreadable(what)
    return int(text)


def unreadable(what: str) -> Drifted:
    """A cell that is not of its kind. ``what`` names the column, never the value."""
    return failures.changed(TITLE, what, ("a value of another kind",))


def claim(row: Row) -> PortalClaim:
    """One row of Manage Claims."""
    if not re.fullmatch(r"\d{6,12}", row["Claim ID"]):
        raise unreadable("Claim ID")
    return PortalClaim(
        claim_id=row["Claim ID"],
        account_number=row["Account #"],
        patient=row["Patient"],
        payer_name=row["Payer"],
        payer_id=row["Payer ID"],
        service_date=day_of(row["Date of Service"], "Date of Service"),
        received=day_of(row["Received"], "Received"),
        charge=money_of(row["Charge"], "Charge"),
        status=row["Status"],
        reason=row["Reason"],
    )


def file(row: Row) -> PortalFile:
    """One row of Claim Reports."""
    return PortalFile(
        file_id=row["File ID"],
        name=row["File Name"],
        uploaded=day_of(row["Uploaded"][:10], "Uploaded"),
        claims=count_of(row["Claims"], "Claims"),
        accepted=count_of(row["Accepted"], "Accepted"),
        rejected=count_of(row["Rejected"], "Rejected"),
        status=row["Status"],
        has_summary=bool(row.links["Report"]),
    )


def era(row: Row) -> PortalEra:
    """One row of Download EOB / ERA 835."""
    return PortalEra(
        file_id=row["File ID"],
        name=row["File Name"],
        day=day_of(row["Date"], "Date"),
        kind=row["Report Type"],
        records=count_of(row["# Records"], "# Records"),
    )


def check(row: Row) -> PortalCheck:
    """One row of Auto-Post ERA."""
    return PortalCheck(
        number=row["Check #"],
        payer_name=row["Payer"],
        day=day_of(row["Check Date"], "Check Date"),
        amount=money_of(row["Amount"], "Amount"),
        claims=count_of(row["Claims"], "Claims"),
        status=row["Status"],
    )


def enrollment(row: Row) -> tuple[str, EnrollmentRecord]:
    """One row of Enrollment, with an id made of payer, transaction and NPI (the portal has none)."""
    record = EnrollmentRecord(
        payer_id=row["Payer ID"],
        payer_name=row["Payer"],
        transaction=row["Transaction"],
        status_word=row["Status"],
        provider_npi=row["Provider NPI"],
        since=day_of(row["Since"], "Since"),
    )
    return f"{record.payer_id}:{record.transaction}:{record.provider_npi}", record


def patient_of_list(row: Row) -> tuple[str, Patient]:
    """One row of the patient search: what a list tells, the chart tells more."""
    return row["Patient ID"], Patient(
        first_name=row["First Name"],
        last_name=row["Last Name"],
        birth_date=day_of(row["DOB"], "DOB"),
        gender=_gender(row["Sex"]),
        phone=row["Phone"],
    )


def patient_of_chart(header: dict[str, str]) -> tuple[str, Patient]:
    """The header of a chart (2.12): ``DOB - Age: 03/14/1984 - 41`` and the rest by id."""
    birth = re.search(r"\d{2}/\d{2}/\d{4}", header.get("DOB", ""))
    known = {"AllyID": "Patient Ally ID", "PCP": "Primary Care Provider"}
    return header.get("PatientID", ""), Patient(
        first_name=header.get("FirstName", ""),
        middle_name=header.get("MiddleName", ""),
        last_name=header.get("LastName", ""),
        birth_date=day_of(birth[0], "DOB") if birth else None,
        gender=_gender(header.get("Sex", "")),
        phone=header.get("HomePhone", ""),
        cell_phone=header.get("CellPhone", ""),
        email=header.get("Email", ""),
        address=Address(
            street=header.get("Address", ""),
            city=header.get("City", ""),
            state=header.get("State", ""),
            postal_code=header.get("Zip", ""),
        ),
        chart_number=header.get("AltID", ""),
        extra={name: header[key] for key, name in known.items() if header.get(key)},
    )


def coverage(row: Row) -> CoverageRecord:
    """One row of a chart's insurance table."""
    if row["Order"] not in ORDERS:
        raise unreadable("Order")
    last, _, first = row["Insured"].partition(",")
    return CoverageRecord(
        rank=ORDERS.index(row["Order"]) + 1,
        payer_name=row["Payer"],
        payer_id=row["Payer ID"],
        member_id=row["Subscriber ID"],
        group_number=row["Group"],
        relationship=row["Relationship"],
        insured_last_name=last.strip(),
        insured_first_name=first.strip(),
        insured_birth_date=day_of(row["Insured DOB"], "Insured DOB"),
        starts=day_of(row["Effective"], "Effective"),
        ends=day_of(row["Termination"], "Termination"),
        copay=money_of(row["Copay"], "Copay") if row["Copay"] else None,
    )


def visit(row: Row, day: date, providers: Mapping[str, str]) -> tuple[str, Visit]:
    """One row of a day. Blocked time has an id of its place in the day.

    ``providers``: name → id, as the page's own list has them.
    """
    if row["Provider"] not in providers:
        raise unreadable("Provider")
    provider_vendor_id = providers[row["Provider"]]
    start = time_of(f"{row['Hour']}:{row['Minute']}", "Hour")
    blocked = row["Patient"] == BLOCK
    status = _STATUS.get(row["Status"])
    if status is None and not blocked:
        raise unreadable("Status")
    vendor_id = row.data.get("appointment", "")
    if not vendor_id and not blocked:
        raise unreadable("Action")
    return vendor_id or f"block:{provider_vendor_id}:{day.isoformat()}:{start:%H%M}", Visit(
        provider_vendor_id=provider_vendor_id,
        day=day,
        start=start,
        minutes=count_of(row["Length"], "Length"),
        visit_type="Blocked" if blocked else "",
        status=status or VisitStatus.BOOKED,
        patient_vendor_id=row["Patient ID"],
        patient_name="" if blocked else _name(row["Patient"]),
        reason=row["Reason"],
        is_block=blocked,
    )


def _name(cell: str) -> str:
    """``FENNIMORE,MARIGOLD`` first name first; its letters stay as they are."""
    last, _, first = cell.partition(",")
    return f"{first.strip()} {last.strip()}".strip()


def working_day(row: Row) -> WorkingDay | None:
    """One row of a time schedule; None for a day off."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    if row["Weekday"] not in names or row["Working"] not in {"Y", "N"}:
        raise unreadable("Weekday")
    if row["Working"] == "N":
        return None
    pairs = ((row["Start"], row["Stop"]), (row["Start 2"], row["Stop 2"]))
    periods = tuple((time_of(first, "Start"), time_of(last, "Stop")) for first, last in pairs if first)
    return WorkingDay(weekday=names.index(row["Weekday"]), periods=periods)


def _gender(word: str) -> str:
    return {"F": "f", "M": "m", "U": "u"}.get(word.strip().upper(), "")


def digits(text: str) -> str:
    """A number that goes into an address. Raises NotFound for anything else."""
    if not re.fullmatch(r"\d{1,20}", text):
        raise failures.not_there(TITLE, "record")
    return text
