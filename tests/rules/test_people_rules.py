from datetime import UTC, date, datetime

import pytest

from app.model.accounts import Actor, Permission, Role
from app.model.errors import NotPermitted
from app.model.people import Address, Patient, PatientRow
from app.model.rules import Window
from app.model.schedule import VisitRow, VisitStatus
from app.rules import stats
from app.rules.duplicates import Known, compared, likely_duplicates
from app.rules.overlap import BookedTime, overlapping
from app.rules.permissions import doing, permissions_of, refusal
from app.rules.words import age, as_of, clock_time, count, field_date, listed, month_day, short_day, time_range

MARIGOLD = Patient(
    first_name="Marigold", last_name="Fennimore", birth_date=date(1984, 3, 14), phone="(312) 555-0147",
    email="marigold@mail.example", member_ids=("HL00427781",), address=Address(street="412 Heron Lane"),
)  # fmt: skip


def known(patient, key="1"):
    row = PatientRow(
        local_id=key, connection_id="c1", vendor_id=key, first_name=patient.first_name, last_name=patient.last_name,
        birth_date=patient.birth_date, phone=patient.phone,
    )  # fmt: skip
    return Known(row=row, patient=patient)


def test_the_same_person_typed_anew_is_likely_with_fields_marked():
    typed = Patient(first_name="marigold", last_name="FENNIMORE", birth_date=date(1984, 3, 14), phone="312.555.0147")
    (match,) = likely_duplicates(typed, [known(MARIGOLD)])
    assert match.likely
    assert match.agree == ("last_name", "first_name", "birth_date", "phone")
    assert match.words == "Same last name, first name, birth date and phone."


def test_a_household_member_is_not_a_duplicate():
    child = Patient(first_name="Lark", last_name="Fennimore", birth_date=date(2018, 8, 30), phone="312-555-0147")
    assert likely_duplicates(child, [known(MARIGOLD)]) == ()


def test_same_name_and_phone_without_a_birth_date_is_likely():
    typed = Patient(first_name="Marigold", last_name="Fennimore", phone="13125550147")
    assert likely_duplicates(typed, [known(MARIGOLD)])[0].likely


def test_same_name_only_is_possible_not_likely_and_another_birth_date_is_neither():
    name_only = Patient(first_name="Marigold", last_name="Fennimore")
    (match,) = likely_duplicates(name_only, [known(MARIGOLD)])
    assert not match.likely
    older = Patient(first_name="Marigold", last_name="Fennimore", birth_date=date(1950, 1, 1))
    assert likely_duplicates(older, [known(MARIGOLD)]) == ()


def test_a_new_surname_with_the_same_member_id_is_found_and_the_likeliest_comes_first():
    married = Patient(
        first_name="Marigold", last_name="Oxbow", birth_date=date(1984, 3, 14), member_ids=("hl00427781",)
    )
    other = Patient(first_name="Marigold", last_name="Oxbow")
    found = likely_duplicates(married, [known(other, "2"), known(MARIGOLD, "1")])
    assert [m.row.local_id for m in found] == ["1", "2"]
    assert found[0].differ == ("last_name",)


def test_accents_and_nicknames_agree():
    one = Patient(first_name="Zoë", last_name="O'Neil-Ruíz")
    other = Patient(first_name="Zora", nick_name="Zoe", last_name="ONEIL RUIZ")
    assert compared(one, other) == (("last_name", "first_name"), ())


def booked(key, start, minutes=30, zone="America/Chicago", day=date(2026, 3, 10)):
    return BookedTime(key=key, day=day, start=start, minutes=minutes, time_zone=zone, provider_name="Dr. Oakenfield")


def test_overlap_is_half_open_and_knows_zones():
    wanted = booked("new", 600)
    assert overlapping(wanted, [booked("a", 570), booked("b", 630)]) == ()
    assert [o.key for o in overlapping(wanted, [booked("a", 620), booked("b", 590)])] == ["b", "a"]
    assert [o.key for o in overlapping(wanted, [booked("a", 660, zone="America/New_York")])] == ["a"]
    assert overlapping(wanted, [booked("a", 600, zone="America/New_York")]) == ()
    assert overlapping(wanted, [wanted]) == ()


def actor(role):
    return Actor(account_id="a", full_name="Rosa Mallow", role=role, permissions=permissions_of(role))


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            Role.FRONT_DESK,
            {Permission.BOOK_VISIT, Permission.EDIT_PATIENTS},
            {Permission.VIEW_BILLING, Permission.VIEW_AUDIT, Permission.MANAGE_RULES},
        ),
        (
            Role.BILLER,
            {Permission.WORK_CLAIMS, Permission.VIEW_SCHEDULE},
            {Permission.BOOK_VISIT, Permission.EDIT_PATIENTS, Permission.EXPORT},
        ),
        (
            Role.MANAGER,
            {Permission.BOOK_VISIT, Permission.VIEW_AUDIT, Permission.MANAGE_RULES},
            {Permission.MANAGE_ACCOUNTS, Permission.WIPE},
        ),
        (Role.ADMIN, set(Permission), set()),
    ],
)  # fmt: skip
def test_roles(role, may, may_not):
    for permission in may:
        assert refusal(actor(role), permission) is None
    for permission in may_not:
        refused = refusal(actor(role), permission)
        assert isinstance(refused, NotPermitted)
        assert doing(permission) in refused.happened
        assert "admin" in refused.next_steps[0]


def visit(start, minutes, status=VisitStatus.BOOKED):
    return VisitRow(
        local_id=f"{start}", connection_id="c", vendor_id="v", provider_id="p", day=date(2026, 3, 10),
        start_minute=start, minutes=minutes, visit_type="X", status=status,
    )  # fmt: skip


def test_counts_only_what_is_told():
    visits = [visit(600, 30), visit(630, 30), visit(660, 30, VisitStatus.CANCELLED)]
    assert stats.status_counts(visits, {VisitStatus.BOOKED}) == ((VisitStatus.BOOKED, 2), (VisitStatus.CANCELLED, 1))
    assert stats.status_counts([], {VisitStatus.BOOKED, VisitStatus.ARRIVED}) == (
        (VisitStatus.BOOKED, 0), (VisitStatus.ARRIVED, 0),
    )  # fmt: skip
    assert stats.visit_count(visits) == 2


def test_booked_minutes_count_two_at_once_once_and_load_is_a_share():
    visits = [visit(600, 30), visit(615, 30), visit(700, 10), visit(800, 60, VisitStatus.NO_SHOW)]
    assert stats.booked_minutes(visits) == 55
    assert stats.load(240, [Window(start=480, end=960)], []) == 0.5
    assert stats.load(30, [], [Window(start=0, end=30)]) == 0.5
    assert stats.load(0, [], []) is None
    assert [stats.load_level(share) for share in (None, 0.0, 0.2, 0.5, 0.8, 1.0)] == [0, 0, 1, 2, 3, 4]


def test_words():
    now = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
    assert clock_time(583) == "9:43 AM"
    assert clock_time(0) == "12:00 AM"
    assert clock_time(720) == "12:00 PM"
    assert time_range(660, 30) == "11:00 – 11:30 AM"
    assert time_range(690, 60) == "11:30 AM – 12:30 PM"
    assert short_day(date(2026, 3, 10)) == "Tue, Mar 10"
    assert month_day(date(2025, 12, 11), date(2026, 3, 10)) == "Dec 11, 2025"
    assert as_of(datetime(2026, 3, 10, 14, 41, tzinfo=UTC), now, "America/Chicago") == "9:41 AM"
    assert as_of(datetime(2026, 1, 6, 18, 0, tzinfo=UTC), now, "America/Chicago") == "Jan 6"
    assert field_date(date(1984, 3, 14)) == "03/14/1984"
    assert count(1, "visit") == "1 visit"
    assert count(4218, "patient") == "4,218 patients"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert age(date(1984, 3, 14), date(2026, 3, 10)) == 41
    assert age(date(2027, 1, 1), date(2026, 3, 10)) is None
