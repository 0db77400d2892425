from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.rules import BlockForce, BlockRule, ProviderRules, VisitTypeRule, Window, WorkingHours
from app.model.schedule import ProviderRow, VisitStatus
from app.rules import slots, timezones, why
from app.rules.slots import Asked, Busy, Offer, Place

CHICAGO = "America/Chicago"
TUESDAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)  # 9:43 AM in Chicago
PLACE = Place(time_zone=CHICAGO, now=NOW)
DOCTOR = ProviderRow(provider_id="p1", connection_id="c1", vendor_id="1", source="OP", name="Dr. Oakenfield")
WEEK = tuple(
    WorkingHours(weekday=day, start=start, end=end) for day in range(5) for start, end in ((480, 720), (780, 1020))
)
FOLLOW_UP = Asked(minutes=30, visit_type="Follow-up")


def busy(start, end, **kw):
    return Busy(provider_id="p1", start=start, end=end, **kw)


def codes(rules, start, asked=FOLLOW_UP, day=TUESDAY, bookings=(), rooms=(), place=PLACE):
    candidate = why.Candidate(day=day, start=start, asked=asked)
    return [str(r.code) for r in why.reasons(candidate, DOCTOR, rules, place, bookings, rooms)]


def offered(rules, start, asked=FOLLOW_UP, day=TUESDAY, bookings=(), rooms=(), place=PLACE):
    return bool(Offer(rules, asked, place).starts(day, bookings, rooms) >> start & 1)


def test_hours_less_lunch():
    rules = ProviderRules(hours=WEEK)
    assert slots.hours_on(rules, TUESDAY) == (Window(start=480, end=720), Window(start=780, end=1020))
    assert slots.closed_on(rules, TUESDAY)[1] == Window(start=720, end=780)
    assert offered(rules, 690)
    assert codes(rules, 691) == ["outside_hours"]
    assert not offered(rules, 691)
    assert codes(rules, 690, day=date(2026, 3, 14)) == ["not_working"]


def test_touching_windows_of_hours_are_one():
    rules = ProviderRules(
        hours=(WorkingHours(weekday=1, start=480, end=600), WorkingHours(weekday=1, start=600, end=700))
    )
    assert offered(rules, 590)


def test_with_no_hours_nothing_is_said_about_hours():
    assert offered(None, 1200)
    assert slots.closed_on(ProviderRules(), TUESDAY) == ()
    assert why.setup_missing(None, DOCTOR).code == "no_hours_set"


def test_hard_block_refuses_soft_block_warns_and_exceptions_lift():
    lunch = BlockRule(label="Lunch", start=720, end=780, weekdays=(0, 1, 2, 3, 4))
    admin = BlockRule(label="Refills", start=900, end=930, weekdays=(1,), force=BlockForce.SOFT)
    rules = ProviderRules(blocks=(lunch, admin))
    assert codes(rules, 700) == ["blocked"]
    assert offered(rules, 690)
    assert offered(rules, 780)
    assert codes(rules, 900) == ["soft_block"]
    assert not why.reasons(why.Candidate(day=TUESDAY, start=900, asked=FOLLOW_UP), DOCTOR, rules, PLACE)[0].firm
    away = BlockRule(label="Out", start=0, end=1440, day=TUESDAY)
    assert codes(ProviderRules(blocks=(away,)), 900) == ["blocked"]
    lifted = BlockRule(label="Lunch", start=720, end=780, weekdays=(1,), except_days=(TUESDAY,))
    assert offered(ProviderRules(blocks=(lifted,)), 730)
    ended = BlockRule(label="Lunch", start=720, end=780, weekdays=(1,), last_day=TUESDAY - timedelta(1))
    assert offered(ProviderRules(blocks=(ended,)), 730)


def test_a_block_for_new_patients_lets_only_them_in():
    rules = ProviderRules(
        blocks=(BlockRule(label="New patients", start=840, end=900, weekdays=(1,), only_visit_types=("New patient",)),)
    )
    assert codes(rules, 840) == ["blocked"]
    assert offered(rules, 840, Asked(minutes=40, visit_type="New patient"))


def test_bookings_count_unless_cancelled():
    assert codes(None, 610, bookings=[busy(600, 630)]) == ["booked"]
    assert offered(None, 630, bookings=[busy(600, 630)])
    assert offered(None, 610, bookings=[busy(600, 630, status=VisitStatus.CANCELLED)])
    assert offered(None, 610, bookings=[busy(600, 630, status=VisitStatus.NO_SHOW)])
    assert codes(None, 610, bookings=[busy(600, 630, pending=True)]) == ["being_booked"]


def test_buffers_before_and_after_differ_and_both_sides_count():
    rules = ProviderRules(visit_types=(VisitTypeRule(visit_type="Procedure", buffer_before=10, buffer_after=20),))
    procedure = Asked(minutes=30, visit_type="Procedure")
    assert codes(rules, 635, procedure, bookings=[busy(600, 630)]) == ["buffer"]
    assert offered(rules, 640, procedure, bookings=[busy(600, 630)])
    assert codes(rules, 660, procedure, bookings=[busy(700, 730)]) == ["buffer"]
    assert offered(rules, 650, procedure, bookings=[busy(700, 730)])
    # A follow-up after a booked procedure must leave the procedure's own twenty minutes.
    booked = [busy(600, 630, visit_type="Procedure")]
    assert codes(rules, 645, bookings=booked) == ["buffer"]
    assert offered(rules, 650, bookings=booked)


def test_provider_is_bookable_while_the_patient_is_in_the_room():
    rules = ProviderRules(visit_types=(VisitTypeRule(visit_type="Infusion", provider_minutes=15),))
    booked = [busy(600, 645, visit_type="Infusion")]
    assert codes(rules, 610, bookings=booked) == ["booked"]
    assert offered(rules, 615, bookings=booked)
    infusion = Asked(minutes=45, visit_type="Infusion")
    assert offered(rules, 600, infusion, bookings=[busy(615, 645)])
    assert codes(rules, 600, infusion, bookings=[busy(610, 645)]) == ["booked"]


def test_one_allowed_room_must_be_free_whoever_uses_it():
    rules = ProviderRules(visit_types=(VisitTypeRule(visit_type="X-ray", rooms=("Room 1", "Room 2")),))
    xray = Asked(minutes=30, visit_type="X-ray")
    one = Busy(provider_id="p2", start=600, end=630, room="Room 1")
    two = Busy(provider_id="p3", start=620, end=650, room="Room 2")
    assert offered(rules, 600, xray, rooms=[one])
    assert codes(rules, 600, xray, rooms=[one, two]) == ["room"]
    assert offered(rules, 630, xray, rooms=[one, two])
    assert codes(rules, 600, FOLLOW_UP, rooms=[one, two]) == []


def test_visit_type_not_done_or_not_on_that_day():
    rules = ProviderRules(
        visit_types=(
            VisitTypeRule(visit_type="Botox", allowed=False),
            VisitTypeRule(visit_type="Physical", weekdays=(0, 3)),
        )
    )
    assert codes(rules, 700, Asked(minutes=30, visit_type="Botox")) == ["visit_type"]
    physical = why.reasons(
        why.Candidate(day=TUESDAY, start=700, asked=Asked(minutes=30, visit_type="Physical")), DOCTOR, rules, PLACE
    )
    assert physical[0].words == "Physical visits with Dr. Oakenfield are on Mondays and Thursdays only."
    assert codes(None, 700, Asked(minutes=30, visit_type="Consult", vendor_lists_provider=False)) == ["visit_type"]


def test_past_lead_time_and_horizon():
    assert codes(None, 582) == ["past"]
    assert offered(None, 583)
    assert codes(ProviderRules(lead_minutes=120), 700) == ["lead_time"]
    assert offered(ProviderRules(lead_minutes=120), 703)
    assert codes(ProviderRules(horizon_days=30), 700, day=TUESDAY + timedelta(31)) == ["horizon"]
    assert offered(ProviderRules(horizon_days=30), 700, day=TUESDAY + timedelta(30))
    half_a_minute_later = Place(time_zone=CHICAGO, now=NOW + timedelta(seconds=30))
    assert codes(None, 583, place=half_a_minute_later) == ["past"]
    assert not offered(None, 583, place=half_a_minute_later)


def test_the_spring_hour_is_not_offered_and_the_autumn_hour_is_once():
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    early = Place(time_zone=CHICAGO, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert codes(None, 150, day=spring, place=early) == ["no_such_time"]
    assert not offered(None, 150, day=spring, place=early)
    assert offered(None, 180, day=spring, place=early)
    in_the_second_hour = Place(time_zone=CHICAGO, now=datetime(2026, 11, 1, 7, 10, tzinfo=UTC))  # 1:10 AM again
    assert codes(None, 90, day=autumn, place=in_the_second_hour) == ["past"]
    assert not offered(None, 90, day=autumn, place=in_the_second_hour)
    assert offered(None, 120, day=autumn, place=in_the_second_hour)


# ---------------------------------------------------------------- properties

minutes_of_day = st.integers(0, 1439)
short = st.sampled_from([0, 0, 5, 10, 15])
types = st.sampled_from(["A", "B", "C"])
hours = st.builds(
    WorkingHours,
    weekday=st.integers(0, 6),
    start=st.integers(0, 900),
    end=st.integers(0, 1440),
    first_day=st.none() | st.dates(TUESDAY - timedelta(3), TUESDAY + timedelta(3)),
)
blocks = st.builds(
    BlockRule,
    label=st.just("Block"),
    start=minutes_of_day,
    end=st.integers(0, 1440),
    force=st.sampled_from(BlockForce),
    day=st.none() | st.just(TUESDAY),
    weekdays=st.lists(st.integers(0, 6), max_size=3).map(tuple),
    only_visit_types=st.lists(types, max_size=1).map(tuple),
)
type_rules = st.builds(
    VisitTypeRule,
    visit_type=types,
    allowed=st.sampled_from([True, True, True, False]),
    weekdays=st.lists(st.integers(0, 6), max_size=1).map(tuple),
    buffer_before=short,
    buffer_after=short,
    provider_offset=short,
    provider_minutes=short,
    rooms=st.lists(st.sampled_from(["R1", "R2"]), max_size=2).map(tuple),
)
all_rules = st.builds(
    ProviderRules,
    hours=st.lists(hours, max_size=4).map(tuple),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    visit_types=st.lists(type_rules, max_size=3).map(tuple),
    lead_minutes=st.sampled_from([0, 0, 60, 1440]),
    horizon_days=st.sampled_from([0, 0, 1, 7]),
)
bookings = st.lists(
    st.builds(
        lambda start, length, **kw: Busy(provider_id="p1", start=start, end=start + length, **kw),
        minutes_of_day,
        st.integers(0, 90),
        visit_type=types,
        room=st.sampled_from(["", "R1", "R2"]),
        status=st.sampled_from([VisitStatus.BOOKED, VisitStatus.BOOKED, VisitStatus.CANCELLED]),
        pending=st.booleans(),
    ),
    max_size=6,
)
nows = st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 11)).map(lambda m: m.replace(tzinfo=UTC))
days = st.dates(date(2026, 3, 7), date(2026, 3, 14))


@settings(max_examples=150, deadline=None)
@given(all_rules, days, st.integers(1, 90), types, bookings, nows, st.data())
def test_a_time_is_offered_exactly_when_no_reason_speaks(rules, day, minutes, visit_type, taken, now, data):
    asked = Asked(minutes=minutes, visit_type=visit_type)
    place = Place(time_zone=CHICAGO, now=now)
    mask = Offer(rules, asked, place).starts(day, taken, taken)
    edges = {b.start for b in taken} | {b.end for b in taken} | {b.start for b in rules.blocks}
    starts = {data.draw(minutes_of_day) for _ in range(15)} | {e + d for e in edges for d in (-minutes, 0)}
    for start in sorted(s for s in starts if 0 <= s < 1440):
        reasons = why.reasons(why.Candidate(day=day, start=start, asked=asked), DOCTOR, rules, place, taken, taken)
        assert bool(mask >> start & 1) == (not reasons), (start, reasons)


@settings(max_examples=60, deadline=None)
@given(all_rules, days, st.integers(1, 90), types, bookings)
def test_rules_only_take_away(rules, day, minutes, visit_type, taken):
    asked = Asked(minutes=minutes, visit_type=visit_type)
    place = Place(time_zone=CHICAGO, now=datetime(2026, 3, 1, tzinfo=UTC))
    offer = Offer(rules, asked, place)
    assert offer.starts(day, taken, taken) & ~offer.by_rules(day) == 0
    assert offer.starts(day, taken, taken) & ~offer.starts(day, taken[1:], taken[1:]) == 0
    if not offer.needs_bookings:
        assert offer.starts(day, (), ()) == offer.by_rules(day)


@given(st.sets(minutes_of_day, max_size=50))
def test_masks_and_starts_are_the_same_thing(starts):
    assert list(slots.starts_of(slots.mask_of(starts))) == sorted(starts)


@given(st.lists(st.tuples(minutes_of_day, minutes_of_day)), st.lists(st.tuples(minutes_of_day, minutes_of_day)))
def test_less_leaves_just_the_minutes_not_taken(kept, taken):
    left = slots.less([Window(start=a, end=b) for a, b in kept], [Window(start=a, end=b) for a, b in taken])
    minutes = {m for a, b in kept for m in range(a, b)} - {m for a, b in taken for m in range(a, b)}
    assert {m for window in left for m in range(window.start, window.end)} == minutes
    assert all(one.end < two.start for one, two in pairwise(left))


def test_free_stretches_join_what_the_vendor_offers():
    assert slots.free_windows([(980, 20), (960, 20), (600, 20)]) == (
        Window(start=600, end=620),
        Window(start=960, end=1000),
    )


@pytest.mark.parametrize("zone", [CHICAGO, "America/Phoenix"])
def test_an_ordinary_days_clock_is_judged_as_exactly_as_a_changing_one(zone):
    place = Place(time_zone=zone, now=NOW)
    mask = Offer(None, FOLLOW_UP, place).by_rules(TUESDAY)
    expected = {m for m in range(1440) if timezones.instant(TUESDAY, m, zone) >= NOW}
    assert set(slots.starts_of(mask)) == expected
