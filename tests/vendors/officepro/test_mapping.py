"""OfficePro's records as it sends them, as it may send them, and as it must never be believed."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import BadInput, Drifted
from app.model.people import Address, Patient
from app.model.schedule import BookingRequest, Provider, Slot
from vendors.officepro import mapping, people
from vendors.officepro.client import lifetime

SCHEDULE: dict[str, Any] = {
    "data": {
        "provider": {"id": 1, "name": "Jane Smith", "title": "PA-C", "specialty": "Aesthetics"},
        "startDate": "2026-03-09",
        "endDate": "2026-03-15",
        "schedule": {
            "2026-03-09": [{"VisitID": 101, "time": "09:00:00", "duration": 30, "type": "FOLLOWUP", "booked": True}]
        },
        "totalVisits": 1,
    }
}
WEEK = (date(2026, 3, 9), date(2026, 3, 15))
NEXT: dict[str, Any] = {
    "data": {
        "ProviderID": 1,
        "Duration": 30,
        "SearchWindowDays": 30,
        "TheNextSlot": {"ProviderID": "1", "Date": "2026-03-10", "Time": "09:00:00"},
    }
}
SLOT = Slot(provider_vendor_id="1", day=date(2026, 3, 9), start=time(10, 15), minutes=30)
REQUEST = BookingRequest(
    patient_vendor_id="1001", provider_vendor_id="2", visit_type="Consult", day=date(2026, 3, 12), start=time(10),
    minutes=30,
)  # fmt: skip
BOOKED: dict[str, Any] = {
    "message": "Visit booked successfully",
    "data": {
        "VisitID": 555, "PatientID": 1001, "ProviderID": 2, "VisitType": "Consult", "VisitDate": "2026-03-12",
        "VisitTime": "10:00:00", "VisitDuration": 30, "ProviderTime": "10:00:00", "ProviderDuration": 30, "RoomID": 102,
    },
}  # fmt: skip


def data(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**value, "data": {**value["data"], **changes}}


# --- as documented ---------------------------------------------------------------------------------------------------


def test_schedule_as_documented() -> None:
    [(vendor_id, visit)] = mapping.visits(SCHEDULE, "1", *WEEK)
    assert vendor_id == "101"
    assert (visit.day, visit.start, visit.minutes, visit.visit_type) == (WEEK[0], time(9), 30, "FOLLOWUP")
    assert visit.patient_vendor_id == ""


def test_check_slots_and_next_as_documented() -> None:
    check = {"data": {"ProviderID": 1, "Date": "2026-03-09", "Time": "10:15:00", "Duration": 30, "Available": True}}
    assert mapping.slot_check(check, SLOT).available
    slots = {
        "data": {
            "ProviderID": 1, "Date": "2026-03-09", "Duration": 30, "Slots": ["09:00:00", "11:30:00", "14:00:00"],
            "Count": 3,
        }
    }  # fmt: skip
    assert [slot.start for slot in mapping.open_slots(slots, "1", WEEK[0], 30)] == [time(9), time(11, 30), time(14)]
    assert mapping.next_slot(NEXT, "1", 30) == Slot(
        provider_vendor_id="1", day=date(2026, 3, 10), start=time(9), minutes=30
    )


def test_visit_type_and_booking_as_documented() -> None:
    raw = {"VisitType": "Consult", "Active": True, "Providers": [1, 2], "Resources": [101, 102]}
    kind = mapping.visit_type(raw, "visit_types")
    assert (kind.name, kind.active, kind.provider_vendor_ids, kind.resource_vendor_ids) == (
        "Consult", True, ("1", "2"), ("101", "102"),
    )  # fmt: skip
    booked = mapping.booked(BOOKED, REQUEST)
    assert (booked.visit_vendor_id, booked.room) == ("555", "102")
    assert (booked.request.provider_start, booked.request.provider_minutes) == (time(10), 30)


# --- liberal in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, {}, [], "", False])
def test_no_next_slot(nothing: Any) -> None:
    assert mapping.next_slot(data(NEXT, TheNextSlot=nothing), "1", 30) is None


@pytest.mark.parametrize("empty", [{}, []])
def test_empty_schedules(empty: Any) -> None:
    assert mapping.visits(data(SCHEDULE, schedule=empty, totalVisits=0), "1", *WEEK) == []


def test_numbers_as_text_and_the_reverse() -> None:
    answer = data(BOOKED, VisitID="555", PatientID="1001", ProviderID="2", VisitDuration="30", RoomID=None)
    booked = mapping.booked(answer, REQUEST)
    assert (booked.visit_vendor_id, booked.room) == ("555", "")
    assert mapping.booked(data(BOOKED, VisitDate="2026-03-12T00:00:00", VisitTime="10:00"), REQUEST).request.day


def test_a_row_that_is_not_booked_is_no_visit() -> None:
    rows = [{"VisitID": 7, "time": "09:00:00", "duration": 30, "type": None, "booked": False}]
    assert mapping.visits(data(SCHEDULE, schedule={"2026-03-09": rows}), "1", *WEEK) == []


def test_a_visit_told_twice_is_one() -> None:
    row = {"VisitID": 7, "time": "09:00:00", "duration": 30, "type": "FOLLOWUP", "booked": True}
    answer = data(SCHEDULE, schedule={"2026-03-09": [row, {**row, "VisitID": "7"}, {**row, "VisitID": 8}]})
    assert [vendor_id for vendor_id, _ in mapping.visits(answer, "1", *WEEK)] == ["7", "8"]


@pytest.mark.parametrize(
    "raw",
    [
        {"id": 1, "name": "Jane Smith", "title": "PA-C", "specialty": "Aesthetics"},
        {"ProviderID": "1", "Name": "Jane Smith", "Title": "PA-C", "Specialty": "Aesthetics", "Active": 1},
        {"providerId": 1, "FirstName": "Jane", "LastName": "Smith", "Credentials": "PA-C", "Speciality": "Aesthetics"},
        {"id": 1, "name": "Jane Smith", "title": "PA-C", "specialty": "Aesthetics", "npi": None, "anything": {}},
    ],
)
def test_providers_under_likely_names(raw: dict[str, Any]) -> None:
    assert mapping.provider(raw, "providers") == (
        "1",
        Provider(name="Jane Smith", title="PA-C", specialty="Aesthetics"),
    )


@pytest.mark.parametrize("value", [[1, 2], {"data": [1, 2]}, {"providers": [1, 2]}, {"data": {"providers": [1, 2]}}])
def test_lists_under_likely_envelopes(value: Any) -> None:
    assert mapping.rows(value, "providers", "providers") == [1, 2]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("24h", 86400), ("30m", 1800), ("3600", 3600), (3600, 3600), ("1d", 86400), ("24 hours", 86400), (None, None),
     ("soon", None)],
)  # fmt: skip
def test_lifetimes(said: Any, seconds: float | None) -> None:
    assert lifetime(said) == seconds


# --- never believed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        data(SCHEDULE, provider={"id": 2}),
        data(SCHEDULE, totalVisits=5),
        data(SCHEDULE, schedule={"2026-04-01": []}),
        data(SCHEDULE, schedule={"someday": []}),
        data(SCHEDULE, schedule=[{"VisitID": 1, "time": "09:00", "duration": 30}]),
        data(SCHEDULE, schedule={"2026-03-09": [{"time": "09:00:00", "duration": 30}]}),
        data(SCHEDULE, schedule={"2026-03-09": [{"VisitID": 1, "time": "9 o'clock", "duration": 30}]}),
        data(SCHEDULE, schedule={"2026-03-09": [{"VisitID": 1, "time": "09:00:00", "duration": -30}]}),
        {"data": None},
        {"message": "ok"},
    ],
)
def test_schedules_that_drifted(value: Any) -> None:
    with pytest.raises(Drifted):
        mapping.visits(value, "1", *WEEK)


@pytest.mark.parametrize("field", ["VisitID", "PatientID", "ProviderID", "VisitType", "VisitDate", "VisitTime",
                                   "VisitDuration"])  # fmt: skip
def test_a_booking_that_leaves_a_field_out(field: str) -> None:
    held = {name: value for name, value in BOOKED["data"].items() if name != field}
    with pytest.raises(Drifted) as caught:
        mapping.booked({"data": held}, REQUEST)
    assert field in caught.value.happened


@pytest.mark.parametrize("visit_id", [0, "", "0", None])
def test_a_booking_without_a_visit(visit_id: Any) -> None:
    with pytest.raises(Drifted):
        mapping.booked(data(BOOKED, VisitID=visit_id), REQUEST)


def test_counts_that_hide_records() -> None:
    with pytest.raises(Drifted):
        mapping.whole({"data": [1], "count": 2}, [1], "providers")
    with pytest.raises(Drifted):
        mapping.open_slots(
            {"data": {"ProviderID": 1, "Date": "2026-03-09", "Duration": 30, "Slots": [], "Count": 3}}, "1", WEEK[0], 30
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _broken(draw: Any, value: Any) -> Any:
    """``value`` with one of its places holding something else."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: _broken(draw, value[name])}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        return [_broken(draw, value[0]), *value[1:]]
    return draw(JSON)


@st.composite
def broken(draw: Any, value: Any) -> Any:
    return _broken(draw, value)


@given(broken(SCHEDULE), broken(NEXT), broken(BOOKED), JSON)
def test_whatever_comes_is_read_or_named_as_drift(schedule: Any, following: Any, booking: Any, anything: Any) -> None:
    for read in (
        lambda: mapping.visits(schedule, "1", *WEEK),
        lambda: mapping.next_slot(following, "1", 30),
        lambda: mapping.booked(booking, REQUEST),
        lambda: mapping.slot_check(anything, SLOT),
        lambda: mapping.open_slots(anything, "1", WEEK[0], 30),
        lambda: mapping.provider(anything, "providers"),
        lambda: mapping.visit_type(anything, "visit_types"),
        lambda: mapping.rows(anything, "providers"),
        lambda: people.patient(anything, "search_patients"),
    ):
        try:
            read()
        except Drifted as error:
            assert error.happened


# --- exact out -------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12))
def test_numbers_go_out_as_numbers(number: int) -> None:
    assert mapping.id_out(str(number)) == number
    assert mapping.id_text(mapping.id_out(str(number))) == str(number)


@given(st.text(min_size=1, max_size=12).map(str.strip))
def test_no_id_is_changed_on_the_way(vendor_id: str) -> None:
    assert str(mapping.id_out(vendor_id)) == vendor_id


@given(st.times().map(lambda moment: moment.replace(microsecond=0)), st.dates())
def test_times_and_dates_go_and_come_back(moment: time, day: date) -> None:
    assert mapping.time_in(mapping.time_out(moment), "check_slot", "Time") == moment
    assert mapping.date_in(day.isoformat(), "check_slot", "Date") == day


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp")), max_size=40)


@given(
    st.builds(
        Patient,
        first_name=TEXT.filter(bool),
        last_name=TEXT,
        birth_date=st.none() | st.dates(date(1900, 1, 1)),
        gender=st.sampled_from(["", "m", "f", "o", "u"]),
        phone=TEXT,
        email=TEXT,
        address=st.builds(Address, street=TEXT, unit=TEXT, city=TEXT, state=TEXT, postal_code=TEXT, country=TEXT),
        is_lead=st.booleans(),
        notes=TEXT,
        usual_provider_vendor_id=st.sampled_from(["", "3", "N7"]),
        extra=st.dictionaries(st.sampled_from(["Sh_Name", "LifeStage", "PtImg"]), TEXT.filter(bool)),
    )
)
def test_patients_go_and_come_back(patient: Patient) -> None:
    sent = msgspec.json.decode(msgspec.json.encode(people.creation_out(patient)))
    assert people.patient({"id": 7, **sent}, "create_patient") == ("7", patient)


# --- prospects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "birth_date"),
    [
        ({"DOB": "1984-03-14"}, date(1984, 3, 14)),
        ({"DOB": "1984-03-14T00:00:00"}, date(1984, 3, 14)),
        ({"DOB": "03/14/1984"}, date(1984, 3, 14)),
        ({"dob": "1984-03-14"}, date(1984, 3, 14)),
        ({"DOB": "0000-00-00"}, None),
        ({"DOB": None}, None),
    ],
)
def test_birth_dates(raw: dict[str, Any], birth_date: date | None) -> None:
    _, patient = people.patient({"id": 1, "FirstName": "M", **raw}, "search_patients")
    assert patient.birth_date == birth_date
    assert patient.extra == {}


def test_what_is_not_understood_is_kept() -> None:
    raw = {"id": 1, "LastName": "Moss", "DOB": "spring", "Gender": "x9", "Balance": 12.5, "Sh_City": "Ely", "Deep": {}}
    _, patient = people.patient(raw, "search_patients")
    assert patient.extra == {"DOB": "spring", "Gender": "x9", "Balance": "12.5", "Sh_City": "Ely"}
    assert patient.gender == ""


@pytest.mark.parametrize(
    ("full", "parts"),
    [("Moss, Winifred", ("Winifred", "Moss")), ("Winifred B. Moss", ("Winifred B.", "Moss")), ("Moss", ("", "Moss"))],
)
def test_a_full_name_alone(full: str, parts: tuple[str, str]) -> None:
    _, patient = people.patient({"id": 1, "FullName": full}, "search_patients")
    assert (patient.first_name, patient.last_name) == parts


def test_the_patient_number_is_the_one_bookings_want() -> None:
    for number in (900, "900", 900.0):
        assert people.patient({"id": 5, "PatientID": number, "LastName": "Moss"}, "search_patients")[0] == "900"


def test_changes_are_exactly_those_named() -> None:
    changes = {
        "phone": "",
        "street": "1 Quarry Road",
        "is_lead": "false",
        "usual_provider_vendor_id": "2",
        "PtImg": "x",
    }
    assert people.changes_out(changes) == {
        "Phone": "", "Address": "1 Quarry Road", "Prospect": 0, "ProviderID": 2, "PtImg": "x",
    }  # fmt: skip
    with pytest.raises(BadInput):
        people.changes_out({"extra": "1"})
