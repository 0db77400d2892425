from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.desk.common import OLD_ENTRIES
from app.model.accounts import AuditAction, Role
from app.model.booking import BookingDraft
from app.model.connection import ConnectionState, Topic
from app.model.errors import BadInput, NotPermitted
from app.model.rules import Window
from app.model.schedule import VisitStatus
from app.rules.old_entries import OldEntries
from app.store import connections, visit_links
from tests.desk.conftest import DAY, actor, system, visit


async def test_the_day_is_ready_for_painting(practice, rosa):
    view = await practice.desk.schedule.day(rosa, DAY)
    assert [c.provider.shown_name() for c in view.columns] == ["Dr. Oakenfield", "Noor Calderwick, NP"]
    assert (view.time_zone, view.today, view.now_minute) == ("America/Chicago", DAY, 9 * 60 + 43)
    first = view.columns[0].column
    assert [(v.title, v.detail) for v in first.visits] == [
        ("Booked · FOLLOWUP", "Patient not shown by OfficePro"),
    ] * 2
    assert [(f.start_minute, f.minutes, f.bookable) for f in first.free] == [(630, 90, True)]
    assert [(b.label, b.start_minute) for b in first.blocks] == [("Lunch", 720)]
    assert first.closed[0] == Window(start=0, end=480)
    assert first.load == pytest.approx(60 / 480)
    assert (view.first_minute, view.last_minute) == (480, 1020)
    assert [n.slot.start_minute for n in view.next_free] == [600, 630, 660]
    assert view.stats.visits == 3
    assert view.stats.free_slots == 3
    assert view.stats.counts == ((VisitStatus.BOOKED, 3),)
    assert view.stats.not_known == "OfficePro does not tell who has arrived, left or not come."


async def test_columns_come_in_the_order_asked_for(practice, rosa):
    order = [practice.ids["2"], practice.ids["1"], "gone"]
    view = await practice.desk.schedule.day(rosa, DAY, order)
    assert [c.provider.vendor_id for c in view.columns] == ["2", "1"]
    assert (await practice.desk.schedule.day(rosa, DAY, [])).empty_words.startswith("No providers to show")


async def test_old_or_unhealthy_columns_are_labelled_and_not_bookable(practice, rosa):
    practice.clock.advance(16 * 60)
    column = (await practice.desk.schedule.day(rosa, DAY)).columns[0]
    assert column.source.stale
    assert column.source.stale_words == "as of 9:43 AM"
    assert not any(slot.bookable for slot in column.column.free)
    await practice.fill()
    await practice.set_state(ConnectionState.NEEDS_CODE, "OfficePro needs a sign-in code.")
    column = (await practice.desk.schedule.day(rosa, DAY)).columns[0]
    assert column.source.stale
    assert column.source.state_words == "OfficePro needs a sign-in code."


async def test_a_system_that_only_shows_says_so(practice, rosa):
    await practice.store.write(connections.save, system(offers=()))
    source = (await practice.desk.schedule.day(rosa, DAY)).columns[0].source
    assert source.view_only
    assert source.view_only_words == "OfficePro takes no bookings from here."


async def test_overlapping_visits_get_lanes_and_a_hostile_name_is_tamed(practice, rosa):
    rows = [("V8", visit("1", 840)), ("V9", visit("1", 850))]
    await practice.read_day("1", DAY, rows, set())
    await practice.store.write(visit_links.link, "c1", "V8", practice.people["1001"], "rosa", "a person said so")
    column = (await practice.desk.schedule.day(rosa, DAY)).columns[0].column
    assert [(b.title, b.lane, b.lanes) for b in column.visits] == [
        ("Marigold Fennimore", 0, 2),
        ("Booked · FOLLOWUP", 1, 2),
    ]


async def test_a_booking_under_way_is_painted_apart_and_takes_its_time(practice, rosa):
    desk = practice.desk
    draft = BookingDraft(
        provider_id=practice.ids["1"], day=DAY, start_minute=660, minutes=30, visit_type="Follow-up",
        patient_id=practice.people["1001"], window_patient_id=practice.people["1001"],
    )  # fmt: skip
    await desk.booking.book(rosa, await desk.booking.prepare(rosa, draft))
    column = (await desk.schedule.day(rosa, DAY)).columns[0].column
    assert [(p.title, p.start_minute) for p in column.pending] == [("Marigold Fennimore", 660)]
    assert [(f.start_minute, f.minutes) for f in column.free] == [(630, 30), (690, 30)]


async def test_week_counts_equal_the_blocks(practice, rosa):
    view = await practice.desk.schedule.week(rosa, practice.ids["1"], DAY)
    assert [column.day.day for column in view.days] == [9, 10, 11, 12, 13]
    tuesday, thursday = view.days[1], view.days[3]
    assert len(tuesday.visits) == 2
    assert [len(column.free) for column in view.days] == [0, 1, 0, 1, 0]
    assert [(each.provider.vendor_id, each.counts) for each in view.free_counts] == [
        ("1", (None, 1, None, 1, None)),
        ("2", (None, 2, None, 1, None)),
    ]
    assert [(slot.day, slot.minutes) for slot in view.longest] == [(DAY, 90), (thursday.day, 60)]
    assert view.visits == 2
    assert view.no_shows is None
    assert view.days[0].note == "not read yet"
    assert view.source.as_of is None


async def test_a_saturday_is_shown_only_when_something_is_on_it(practice, rosa):
    saturday = DAY + timedelta(4)
    await practice.read_day("1", saturday, [], {600})
    view = await practice.desk.schedule.week(rosa, practice.ids["1"], DAY)
    assert view.days[-1].day == saturday
    with pytest.raises(BadInput):
        await practice.desk.schedule.week(rosa, "gone", DAY)


async def test_month_loads_and_closed_days(practice, rosa):
    view = await practice.desk.schedule.month(rosa, 2026, 3, [practice.ids["1"]])
    loads = {load.day: load for load in view.days}
    assert len(loads) == 31
    assert loads[DAY].share == pytest.approx(60 / 480)
    assert loads[DAY].level == 1
    assert loads[DAY - timedelta(2)].closed
    assert loads[DAY + timedelta(1)].share is None
    assert not loads[DAY + timedelta(1)].closed


async def test_linking_shows_the_patient_and_can_be_taken_back(practice, rosa):
    desk = practice.desk
    column = (await desk.schedule.day(rosa, DAY)).columns[0].column
    key = column.visits[0].visit.local_id
    await desk.schedule.link_patient(rosa, key, practice.people["1002"])
    assert (await desk.schedule.day(rosa, DAY)).columns[0].column.visits[0].title == "Tobias Fennwick"
    (line,) = await practice.log(AuditAction.CHANGE)
    assert (line.actor_id, line.patient_id, line.workstation) == ("rosa", practice.people["1002"], "Desk 1")
    await desk.schedule.unlink_patient(rosa, key)
    assert (await desk.schedule.day(rosa, DAY)).columns[0].column.visits[0].title == "Booked · FOLLOWUP"
    with pytest.raises(BadInput):
        await desk.schedule.link_patient(rosa, "gone", practice.people["1002"])
    with pytest.raises(BadInput):
        await desk.schedule.link_patient(rosa, key, "gone")


async def test_old_entries_are_changed_by_managers_only_and_the_practice_says_what_is_old(practice, rosa):
    desk, somebody, manager = practice.desk, practice.people["1002"], actor(Role.MANAGER, "mae")
    clerk = actor(Role.FRONT_DESK, "desmond")
    old = DAY - timedelta(91)
    await practice.read_day("1", old, [("V91", visit("1", 480, day=old))], set())
    await practice.read_day("1", old + timedelta(1), [("V90", visit("1", 480, day=old + timedelta(1)))], set())
    (key,) = [block.visit.local_id for block in (await desk.schedule.day(clerk, old)).columns[0].column.visits]
    (younger,) = [
        block.visit.local_id for block in (await desk.schedule.day(clerk, old + timedelta(1))).columns[0].column.visits
    ]
    with pytest.raises(NotPermitted, match=r"91 days old.*up to 90 days"):
        await desk.schedule.link_patient(clerk, key, somebody)
    (line,) = await practice.log(AuditAction.DENIED)
    assert (line.actor_id, line.patient_id) == ("desmond", somebody)
    await desk.schedule.link_patient(clerk, younger, somebody)
    await desk.schedule.link_patient(manager, key, somebody)
    with pytest.raises(NotPermitted):
        await desk.schedule.unlink_patient(clerk, key)

    with pytest.raises(NotPermitted):
        await desk.preferences.put_practice(clerk, OLD_ENTRIES, OldEntries(days=0))
    admin = actor(Role.ADMIN, "ada")
    await desk.preferences.put_practice(admin, OLD_ENTRIES, OldEntries(days=7))
    (younger_still,) = [
        block.visit.local_id for block in (await desk.schedule.day(clerk, old + timedelta(1))).columns[0].column.visits
    ]
    with pytest.raises(NotPermitted):
        await desk.schedule.unlink_patient(clerk, younger_still)
    await desk.preferences.put_practice(admin, OLD_ENTRIES, OldEntries(days=0))
    await desk.schedule.unlink_patient(clerk, key)


async def test_a_biller_looks_but_does_not_link_and_the_attempt_is_remembered(practice):
    biller = actor(Role.BILLER, "bo")
    view = await practice.desk.schedule.day(biller, DAY)
    with pytest.raises(NotPermitted) as refused:
        await practice.desk.schedule.link_patient(
            biller, view.columns[0].column.visits[0].visit.local_id, practice.people["1001"]
        )
    assert "biller" in refused.value.happened
    (line,) = await practice.log(AuditAction.DENIED)
    assert (line.actor_id, line.patient_id) == ("bo", practice.people["1001"])


async def test_looking_is_audited_once_however_often_the_screen_repaints(practice, rosa):
    for _ in range(3):
        await practice.desk.schedule.day(rosa, DAY)
    assert [line.subject for line in await practice.log(AuditAction.VIEW)] == ["Schedule of Tue, Mar 10"]


async def test_watching_ends_when_the_screen_lets_go(practice):
    done = practice.desk.schedule.watch([DAY])
    assert [topic for topic, _ in practice.live.watched] == [Topic.VISITS, Topic.OPEN_SLOTS]
    done()
    assert practice.live.watched == []


async def test_the_locations_zone_decides_what_today_is(practice, rosa):
    practice.clock.set_wall(datetime(2026, 3, 11, 3, 30, tzinfo=UTC))  # 10:30 PM on Tuesday in Chicago
    view = await practice.desk.schedule.day(rosa, DAY)
    assert (view.today, view.now_minute) == (DAY, 22 * 60 + 30)
    assert (await practice.desk.schedule.day(rosa, DAY + timedelta(1))).now_minute is None


async def test_whom_the_schedule_names_and_what_it_blocks_is_shown(practice, rosa):
    def named(start: int, **fields: object) -> object:
        return msgspec.structs.replace(visit("2", start), **fields)

    told = [
        ("61", named(600, patient_vendor_id="77", patient_name="ADA QUILL")),
        ("62", named(660, patient_vendor_id="78")),
        ("63", named(720, reason="Staff meeting", is_block=True)),
    ]
    await practice.read_day("2", DAY, told, set())
    view = await practice.desk.schedule.day(rosa, DAY, [practice.ids["2"]])
    column = view.columns[0].column
    assert [(v.title, v.detail) for v in column.visits] == [
        ("ADA QUILL", "patient not read yet"),
        ("Patient 78", "patient not read yet"),
    ]
    assert ("Staff meeting", 720) in [(b.label, b.start_minute) for b in column.blocks]
    assert view.stats.visits == 2
