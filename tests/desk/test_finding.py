from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app.model.booking import BookingDraft
from app.model.connection import ConnectionState
from app.model.errors import Unreachable
from app.model.rules import ProviderRules, VisitTypeRule
from app.model.views import DayPart, SlotSearch, Verdict
from app.store import connections, rules
from tests.desk.conftest import DAY, HOURS, LUNCH, slot, system, visit

FOLLOW_UP = SlotSearch(visit_type="Follow-up")


def times(results):
    return [
        (day.day, row.provider.vendor_id, [slot.start_minute for slot in row.times])
        for day in results.days
        for row in day.rows
    ]


async def test_many_providers_in_one_list(practice, rosa):
    results = await practice.desk.slots.find(rosa, FOLLOW_UP)
    assert times(results) == [
        (DAY, "2", [600, 660]),
        (DAY, "1", [630, 660, 690]),
        (DAY + timedelta(2), "1", [540, 570]),
        (DAY + timedelta(2), "2", [560]),
    ]
    assert results.openings == 8
    assert [match.title for match in results.best] == [
        "Soonest",
        "Soonest on another day",
        "Soonest with another provider",
    ]
    assert results.best[0].when == "Today, in 17 min"
    assert results.script.startswith("“I have today at 10:00 with Noor Calderwick, NP")
    assert practice.live.asked == []


async def test_the_patients_usual_provider_is_among_the_best(practice, rosa):
    search = msgspec.structs.replace(FOLLOW_UP, patient_id=practice.people["1001"])
    best = (await practice.desk.slots.find(rosa, search)).best
    assert [(m.title, m.provider.vendor_id) for m in best][:2] == [
        ("Soonest", "2"),
        ("Soonest, usual provider", "1"),
    ]


async def test_filters(practice, rosa):
    find = practice.desk.slots.find
    only_one = msgspec.structs.replace(FOLLOW_UP, provider_ids=(practice.ids["2"],))
    assert {row for _, row, _ in times(await find(rosa, only_one))} == {"2"}
    thursdays = msgspec.structs.replace(FOLLOW_UP, weekdays=(3,))
    assert {day for day, _, _ in times(await find(rosa, thursdays))} == {DAY + timedelta(2)}
    assert times(await find(rosa, msgspec.structs.replace(FOLLOW_UP, day_parts=(DayPart.AFTERNOON,)))) == []
    elsewhere = msgspec.structs.replace(FOLLOW_UP, location_ids=("other",))
    assert (await find(rosa, elsewhere)).why_empty.startswith("No provider fits")


async def test_a_type_only_one_provider_does(practice, rosa):
    results = await practice.desk.slots.find(rosa, SlotSearch(visit_type="Procedure"))
    assert {row for _, row, _ in times(results)} == {"2"}
    assert [e.words for e in results.excluded] == ["Dr. Oakenfield does not do Procedure visits."]


async def test_local_rules_remove_and_explain(practice, rosa):
    known = ProviderRules(
        hours=HOURS, blocks=(LUNCH,), visit_types=(VisitTypeRule(visit_type="Follow-up", minutes=30, buffer_before=30),)
    )
    await practice.store.write(rules.save, practice.ids["1"], known)
    results = await practice.desk.slots.find(rosa, FOLLOW_UP)
    assert (DAY, "1", [660, 690]) in times(results)
    (reason,) = await practice.desk.slots.why_not(rosa, practice.ids["1"], DAY, 630, 30, "Follow-up")
    assert reason.words == "Follow-up needs 30 free minutes next to the visit at 10:00 – 10:30 AM."
    assert await practice.desk.slots.why_not(rosa, practice.ids["1"], DAY, 660, 30, "Follow-up") == ()


async def test_a_search_weighs_far_bookings_whose_buffers_reach_its_times(practice, rosa):
    """Only bookings that can matter are read; a wide buffer makes far ones matter."""
    buffered = VisitTypeRule(visit_type="Follow-up", minutes=30, buffer_before=60, buffer_after=90)
    await practice.store.write(rules.save, practice.ids["1"], ProviderRules(visit_types=(buffered,)))
    booked = [("V1", visit("1", 510, 30)), ("V2", visit("1", 840, 30))]
    await practice.read_day("1", DAY, booked, {600, 629, 630, 720, 721})
    only = msgspec.structs.replace(FOLLOW_UP, provider_ids=(practice.ids["1"],), weekdays=(1,), days=1)
    assert times(await practice.desk.slots.find(rosa, only)) == [(DAY, "1", [630, 720])]


async def test_where_no_rule_speaks_the_vendor_is_named(practice, rosa):
    why = practice.desk.slots.why_not
    (silent,) = await why(rosa, practice.ids["1"], DAY, 800, 30, "Follow-up")
    assert silent.words.startswith("OfficePro does not offer this time.")
    silent, missing = await why(rosa, practice.ids["2"], DAY, 800, 30, "Follow-up")
    assert missing.words.startswith("No working hours are set for Noor Calderwick, NP.")
    unread, _ = await why(rosa, practice.ids["2"], DAY + timedelta(20), 800, 30, "Follow-up")
    assert "have not been read yet" in unread.words
    (lunch, *_) = await why(rosa, practice.ids["1"], DAY, 730, 30, "Follow-up")
    assert lunch.code == "outside_hours"
    (not_done, *_) = await why(rosa, practice.ids["1"], DAY, 660, 30, "Procedure")
    assert not_done.code == "visit_type"


async def test_a_shorter_visit_is_found_in_longer_slots_and_a_longer_one_in_slots_in_a_row(practice, rosa):
    short = await practice.desk.slots.find(rosa, msgspec.structs.replace(FOLLOW_UP, minutes=20, days=1))
    assert (DAY, "1", [630, 660, 690]) in times(short)
    long = await practice.desk.slots.find(rosa, msgspec.structs.replace(FOLLOW_UP, minutes=60, days=1))
    assert times(long) == [(DAY, "1", [630, 660])]


async def test_an_empty_result_names_the_next_day_with_a_time(practice, rosa):
    await practice.read_day("1", date(2026, 4, 2), [], {600})
    tomorrow = SlotSearch(visit_type="Follow-up", start=DAY + timedelta(3), days=5)
    results = await practice.desk.slots.find(rosa, tomorrow)
    assert results.next_date == date(2026, 4, 2)
    assert results.openings == 0
    assert "have not been read" in results.why_empty
    await practice.read_day("1", DAY + timedelta(3), [], set())
    assert "The next day with a time is Thu, Apr 2." in (await practice.desk.slots.find(rosa, tomorrow)).why_empty


async def test_systems_that_cannot_be_asked_are_listed_not_dropped(practice, rosa):
    await practice.set_state(ConnectionState.NEEDS_CODE, "OfficePro needs a sign-in code.")
    results = await practice.desk.slots.find(rosa, FOLLOW_UP)
    assert results.best == ()
    assert results.days[0].rows[0].words == "Not checked. 10:00 was free at 9:43 AM."
    assert [e.words for e in results.excluded] == ["OfficePro needs a sign-in code."]
    await practice.store.write(connections.save, system(offers=()))
    results = await practice.desk.slots.find(rosa, FOLLOW_UP)
    assert len(results.excluded) == 2
    assert results.why_empty.startswith("None of these systems takes bookings")


async def test_only_what_is_shown_is_rechecked_one_question_a_provider_day(practice, rosa):
    practice.live.free["1", DAY].discard(660)
    results = await practice.desk.slots.find(rosa, msgspec.structs.replace(FOLLOW_UP, days=3, weekdays=(1, 3)))
    assert results.unread_from is None
    checked = await practice.desk.slots.recheck_results(rosa, results)
    verdicts = {
        (row.provider.vendor_id, slot.start_minute): slot.verdict for row in checked.days[0].rows for slot in row.times
    }
    assert verdicts["1", 660] is Verdict.TAKEN
    assert verdicts["1", 630] is Verdict.FREE
    assert len(practice.live.asked) == 4
    assert checked.checked_words == "1 system checked live"
    assert checked.best[0].slot.checked_at == practice.clock.now()


async def test_a_system_that_does_not_answer_leaves_the_copy_with_words(practice, rosa):
    practice.live.fails = Unreachable("OfficePro did not answer.")
    results = await practice.desk.slots.find(rosa, FOLLOW_UP)
    (slot,) = await practice.desk.slots.recheck(rosa, [results.best[0].slot])
    assert (slot.verdict, slot.words) == (Verdict.FAILED, "Not checked. OfficePro did not answer.")
    checked = await practice.desk.slots.recheck_results(rosa, results)
    assert checked.checked_words == "1 system did not answer, from Wed, Mar 11 to Mon, Mar 23 not all read yet"


async def test_a_time_being_booked_is_not_offered_again(practice, rosa):
    draft = BookingDraft(
        provider_id=practice.ids["1"], day=DAY, start_minute=660, minutes=30, visit_type="Follow-up",
        patient_id=practice.people["1001"], window_patient_id=practice.people["1001"],
    )  # fmt: skip
    await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, draft))
    assert (DAY, "1", [630, 690]) in times(await practice.desk.slots.find(rosa, FOLLOW_UP))
    (reason,) = await practice.desk.slots.why_not(rosa, practice.ids["1"], DAY, 660, 30, "Follow-up")
    assert reason.code == "being_booked"


async def test_habits_come_from_past_visits(practice, rosa):
    for weeks in range(1, 5):
        day = DAY + timedelta(2) - timedelta(7 * weeks)
        named = visit("1", 545, day=day, patient_vendor_id="1001")
        await practice.read_day("1", day, [(f"P{weeks}", named)], set())
    search = msgspec.structs.replace(FOLLOW_UP, patient_id=practice.people["1001"])
    best = (await practice.desk.slots.find(rosa, search)).best
    assert best[2].title == "Fits “Thu mornings”"
    assert best[2].reason == "The last 4 visits were Thursdays"
    assert best[1].reason == "Last seen Mar 5"


@pytest.mark.parametrize("minutes", [0, 30])
async def test_the_usual_length_comes_from_the_practice_or_the_vendor(practice, rosa, minutes):
    results = await practice.desk.slots.find(rosa, SlotSearch(visit_type="Follow-up", minutes=minutes))
    assert {found.minutes for day in results.days for row in day.rows for found in row.times} == {30}
    assert slot("1", DAY, 630, 30) in await practice.live.open_slots("c1", "1", DAY, 30)


async def test_days_never_read_are_named_and_asked_for_live(practice, rosa):
    """A search that reaches further than the copy says so, and rechecking asks the system about the nearest days."""
    wanted = msgspec.structs.replace(FOLLOW_UP, days=60, weekdays=(1,), provider_ids=(practice.ids["1"],))
    later = DAY + timedelta(weeks=3)
    practice.live.free["1", later] = {600}
    results = await practice.desk.slots.find(rosa, wanted)
    assert [day for day, _, _ in times(results)] == [DAY]
    assert results.unread_from == DAY + timedelta(weeks=1)
    assert results.checked_words == "from Tue, Mar 17 to Fri, May 8 not all read yet"
    checked = await practice.desk.slots.recheck_results(rosa, results)
    assert (later, "1", [600]) in times(checked)
    assert checked.unread_from is None
    assert checked.checked_words == "1 system checked live"


async def test_sixty_days_ahead_the_systems_next_free_time_is_found_in_one_go(practice, rosa):
    """Four providers, weeks of full days never read: asking day by day would take many rounds."""
    wanted = msgspec.structs.replace(FOLLOW_UP, start=DAY + timedelta(days=3), days=57)
    far = DAY + timedelta(days=51)
    practice.live.free = {("2", far): {600}}
    results = await practice.desk.slots.find(rosa, wanted)
    assert times(results) == [] and results.unread_from is not None
    practice.live.asked.clear()
    checked = await practice.desk.slots.recheck_results(rosa, results)
    assert [(day, provider) for day, provider, _ in times(checked)] == [(far, "2")]
    read = [asked[1] for asked in practice.live.asked if isinstance(asked, tuple) and len(asked) == 3]
    assert 0 < sum(len(days) for days in read if isinstance(days, tuple)) <= 24


async def test_days_that_a_system_does_not_tell_stay_unread(practice, rosa):
    wanted = msgspec.structs.replace(FOLLOW_UP, start=DAY + timedelta(days=20), days=30)
    results = await practice.desk.slots.find(rosa, wanted)
    assert results.why_empty.startswith("Free times of 30 minutes have not been read")
    practice.live.fails = Unreachable("OfficePro did not answer.")
    checked = await practice.desk.slots.recheck_results(rosa, results)
    assert checked.unread_from == results.unread_from == DAY + timedelta(days=20)
    assert "not all read yet" in checked.checked_words
