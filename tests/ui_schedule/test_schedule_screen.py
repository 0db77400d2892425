"""The schedule page over a real store: days, weeks, the list, views, refusals, links, age, paper."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.model.accounts import AuditAction, Role
from app.model.clock import FixedClock
from app.model.connection import ConnectionState, Topic
from app.model.errors import SetupError
from app.store import patients, visits
from app.store.database import Reader
from tests.desk.conftest import DAY, actor, visit
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.shell import Stage, press, seen, settle
from ui.grid.content import GridItem, ItemKind
from ui.screens.patients.people import Person
from ui.screens.schedule.screen import ScheduleScreen


def items_of(screen: ScheduleScreen) -> list[GridItem]:
    return [item for column in screen.grid.content.columns for item in column.items]


def find(screen: ScheduleScreen, title: str) -> tuple[str, GridItem]:
    for column in screen.grid.content.columns:
        for item in column.items:
            if item.title == title:
                return column.key, item
    raise AssertionError(title)


async def test_a_day_shows_who_is_known_and_says_who_is_not(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    columns = screen.grid.content.columns
    assert [column.title for column in columns[:2]] == ["Dr. Harrowgate", "Dr. Oakenfield"]
    _, known = find(screen, "Silas Copperpot")
    assert known.spoken == "Silas Copperpot, 9:40 AM, booked"
    unknown = [item for item in items_of(screen) if item.kind is ItemKind.VISIT and not item.patient_known]
    assert unknown and all(item.title.startswith("Booked · ") for item in unknown)
    assert all(item.spoken.endswith("patient not shown by OfficePro") for item in unknown)
    free = [item for item in items_of(screen) if item.kind is ItemKind.FREE]
    assert free and all(item.bookable for item in free)
    assert {item.title for item in items_of(screen) if item.kind is ItemKind.BLOCK} >= {"Lunch", "Huddle"}
    said = seen(screen)
    assert "Tuesday, March 10" in said and "64 visits" in said
    assert "OfficePro does not tell who has arrived, left or not come." in said
    assert screen.grid.content.now == 583


async def test_counts_of_a_column_equal_its_blocks(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    for column in screen.grid.content.columns:
        free = sum(item.kind is ItemKind.FREE for item in column.items)
        assert column.right == f"{free} free"
    screen.show_week_view()
    await settle(screen)
    for column in screen.grid.content.columns:
        shown = sum(item.kind is ItemKind.VISIT for item in column.items)
        assert column.detail == ("1 visit" if shown == 1 else f"{shown} visits")


async def test_keys_move_through_days_weeks_and_months(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    screen.next_day()
    assert screen.day == DAY + timedelta(1)
    screen.later_6m()
    screen.earlier_3m()
    screen.later_4w()
    screen.earlier_2w()
    screen.later_1w()
    assert screen.day.weekday() == 2 and screen.day > date(2026, 6, 1)
    await settle(screen)
    assert screen.day_view is not None and screen.day_view.day == screen.day
    screen.go_today()
    await settle(screen)
    assert screen.day_view.day == DAY
    watched = [days for topic, days in stage.practice.live.watched if topic is Topic.VISITS]
    assert watched == [(DAY,)]


async def test_day_and_week_keep_provider_and_date(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    key, item = find(screen, "Silas Copperpot")
    screen.grid.select(key, item.key)
    screen.show_week_view()
    await settle(screen)
    assert "March 9 – 13" in seen(screen)
    assert screen.week_view is not None and screen.week_view.provider.name == "Dr. Oakenfield"
    assert screen.grid.content.now_columns == {DAY.isoformat()}
    assert "Longest openings" not in seen(screen) and "Dr. Oakenfield’s longest openings" in seen(screen)
    screen.next_provider()
    await settle(screen)
    assert screen.week_view.provider.name == "Dr. Pemberlake"
    screen.previous_provider()
    await settle(screen)
    screen.show_day_view()
    await settle(screen)
    assert screen.day == DAY and not screen.in_week()


async def test_what_a_person_likes_is_put_back_at_the_next_sign_in(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    first = [column.key for column in screen.grid.content.columns]
    screen.arrange(tuple(reversed(first)), frozenset({first[0]}))
    screen.zoom_in()
    screen.next_increment()
    screen.keep_view("Without Harrowgate")
    await settle(screen)
    again: ScheduleScreen = await stage.show("schedule")
    assert [column.key for column in again.grid.content.columns] == list(reversed(first))[:-1]
    assert (again.grid.zoom(), again.grid.increment()) == (2, 10)
    again.everybody()
    assert len(again.grid.content.columns) == 6
    again.open_view_1()
    assert len(again.grid.content.columns) == 5
    again.open_view_4()
    assert "There is no named view 4. Press V to keep one" in stage.shell.toasts
    await settle(again)
    stage.shell.who = actor(Role.MANAGER, "hollis")
    hollis: ScheduleScreen = await stage.show("schedule")
    assert len(hollis.grid.content.columns) == 6


async def test_a_named_view_keeps_its_hour_and_other_days_open_there(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    assert screen.grid.content.now is not None
    shown_now = screen.grid.minute_in_front()
    assert abs(shown_now - screen.grid.content.now) < 90, "today opens at now"
    screen.go_to(DAY + timedelta(days=1))
    await settle(screen)
    first = min(item.start for item in items_of(screen))
    assert screen.grid.minute_in_front() <= max(first, screen.grid.content.first) + 180, "or at the first visit"
    bar = screen.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    kept = screen.grid.minute_in_front()
    screen.keep_view("Afternoons")
    screen.go_to(DAY + timedelta(days=2))
    await settle(screen)
    assert abs(screen.grid.minute_in_front() - kept) <= 2
    bar.setValue(0)
    screen.open_view_1()
    assert abs(screen.grid.minute_in_front() - kept) <= 2


async def test_the_list_has_the_same_items_and_the_same_cursor(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    key, item = find(screen, "Silas Copperpot")
    screen.grid.select(key, item.key)
    screen.toggle_list()
    await settle(screen)
    assert screen.agenda.isVisible() and screen.agenda.current_key() == (key, item.key)
    assert screen.agenda.model().rowCount() == len(items_of(screen))
    press(screen.agenda, Qt.Key.Key_Return)
    assert screen.visit_panel.isVisible() and "Silas Copperpot" in seen(screen.visit_panel)
    screen.toggle_list()
    await settle(screen)


@pytest.mark.parametrize("act", ["move_visit", "cancel_visit", "mark_arrived", "mark_confirmed", "mark_no_show"])
async def test_what_officepro_does_not_offer_is_refused_in_words(stage: Stage, act: str) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    key, item = find(screen, "Silas Copperpot")
    screen.grid.select(key, item.key)
    assert screen.on_visit()
    getattr(screen, act)()
    said = stage.shell.said[-1]
    assert "OfficePro gives Daybook no way to" in said and said.endswith("in OfficePro, then press Ctrl+R here.")
    if act == "cancel_visit":
        assert "OfficePro's API cannot cancel" in said


async def test_a_person_may_say_whose_visit_it_is_and_take_it_back(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    column, item = next(
        (column, item)
        for column in screen.grid.content.columns
        for item in column.items
        if item.kind is ItemKind.VISIT and not item.patient_known
    )
    screen.grid.select(column.key, item.key)
    screen.open_current()
    panel = screen.visit_panel
    assert "Whose visit is this?" in seen(panel) and "cannot" not in seen(panel)
    assert panel._picker is not None
    panel._picker.set_text("fenn mari")
    await settle(screen)
    press(panel._picker.field, Qt.Key.Key_Return)
    await settle(screen)
    assert ("Marigold Fennimore", item.key) in {(each.title, each.key) for each in items_of(screen)}
    words, undo = stage.shell.undo[-1]
    assert words == "Marigold Fennimore is noted for this visit, in Daybook only."
    undo()
    await settle(screen)
    assert not next(each for each in items_of(screen) if each.key == item.key).patient_known


async def test_why_a_time_is_not_offered(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    column = next(each for each in screen.grid.content.columns if each.title == "Dr. Oakenfield")
    screen.explain(column.key, 12 * 60 + 10)
    await settle(screen)
    assert stage.shell.said[-1].startswith("12:10 PM, Dr. Oakenfield. ") and "Lunch" in stage.shell.said[-1]


async def test_old_data_is_unmistakable_and_not_offered(stage: Stage, larkspur: Larkspur, clock: FixedClock) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    clock.advance(20 * 60)
    await larkspur.set_state(ConnectionState.VENDOR_DOWN, "OfficePro did not answer since 9:50 AM.")
    await settle(screen)
    screen.renew()
    await settle(screen)
    notice = screen.grid.content.columns[0].notice
    assert notice is not None and (notice.words, notice.family, notice.icon) == ("as of 9:43 AM", "amber", "cloud-off")
    assert not any(item.bookable for item in items_of(screen) if item.kind is ItemKind.FREE)
    shown = screen.banner.shown()
    assert shown is not None and shown.strong == "OfficePro did not answer since 9:50 AM."
    assert shown.words == "Showing it as of 9:43 AM. You can read it; booking there waits."
    await larkspur.set_state(ConnectionState.DRIFTED, "A page looks different. Nothing was typed there.")
    screen.renew()
    await settle(screen)
    shown = screen.banner.shown()
    assert shown is not None and shown.strong == "A page looks different."
    assert shown.words.startswith("Nothing was typed there. Showing it as of")


async def test_a_change_in_the_store_is_followed(stage: Stage, larkspur: Larkspur) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    before = len(items_of(screen))
    await larkspur.store.write(
        visits.replace_window, "c1", "6", DAY, DAY, [larkspur.told("999", visit("6", 600))], larkspur.clock.now()
    )
    await settle(screen)
    assert len(items_of(screen)) != before


async def test_privacy_mode_shows_initials_only(stage: Stage) -> None:
    stage.shell.private = True
    screen: ScheduleScreen = await stage.show("schedule")
    assert "Silas" not in "".join(item.title + item.spoken for item in items_of(screen))
    key, hers = find(screen, "S. C.")
    assert not screen.grid.hover_cards, "a card tells more than initials do"
    screen.open_item(key, hers.key)
    await settle(screen)
    assert screen.visit_panel.isVisible() and "Copperpot" not in seen(screen)
    stage.shell.private = False
    screen.renew()
    await settle(screen)
    assert screen.grid.hover_cards and find(screen, "Silas Copperpot")
    assert "Silas Copperpot" in seen(screen.visit_panel)
    stage.shell.private = True
    screen.renew()
    await settle(screen)
    assert "Copperpot" not in seen(screen.visit_panel)


async def test_cancelled_visits_are_hidden_on_wish(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    screen.toggle_cancelled()
    await settle(screen)
    assert screen.settings.look.hide_cancelled
    assert stage.shell.toasts[-1] == "Cancelled visits and no-shows are hidden"


async def test_a_visit_type_chosen_fades_the_others(stage: Stage) -> None:
    screen: ScheduleScreen = await stage.show("schedule")
    screen.bar.type_chosen.emit("New patient")
    faded = {item.faded for item in items_of(screen) if item.kind is ItemKind.VISIT}
    assert faded == {True, False}
    assert not find(screen, "Wren Ashgrove")[1].faded


async def test_another_page_points_at_a_visit_or_wants_a_booking(stage: Stage, larkspur: Larkspur) -> None:
    thursday = DAY + timedelta(2)
    screen: ScheduleScreen = await stage.show("schedule", day=thursday, provider_id=larkspur.ids["1"], minute=600)
    assert screen.day == thursday
    key = screen.grid.current_key()
    assert key is not None and key[0] == larkspur.ids["1"]
    screen.show_at(view="week")
    await settle(screen)
    assert screen.in_week()
    screen.show_at(day=DAY, book_for=larkspur.people["Marigold Fennimore"])
    await settle(screen)
    assert screen.booking.isVisible() and "Marigold Fennimore" in seen(screen.booking)
    screen.booking.give_up()
    await settle(screen)


async def test_somebody_without_the_right_sees_why(stage: Stage) -> None:
    nobody = actor()
    stage.shell.who = msgspec.structs.replace(nobody, permissions=frozenset())
    screen: ScheduleScreen = await stage.show("schedule")
    assert screen.empty.isVisible() and "Try again" in seen(screen)
    assert not items_of(screen)


async def test_the_day_list_is_saved_as_pdf_and_audited(stage: Stage, larkspur: Larkspur, tmp_path: Path) -> None:
    hostile = larkspur.told(
        "1001", msgspec.structs.replace(await _marigold(larkspur), last_name="<b>x</b>" + "y" * 300)
    )
    await larkspur.store.write(patients.save_all, "c1", [hostile])
    screen: ScheduleScreen = await stage.show("schedule")
    target = tmp_path / "list.pdf"
    await screen.save_day_list_as(target)
    assert target.read_bytes()[:5] == b"%PDF-" and target.stat().st_size > 10_000
    assert stage.shell.toasts[-1] == "Saved as list.pdf."
    (entry,) = await larkspur.log(AuditAction.PRINT)
    assert entry.subject.startswith("Day list of Tue, Mar 10")
    with pytest.raises(SetupError, match=r"The list was not saved as list\.pdf"):
        await screen.save_day_list_as(tmp_path / "nowhere" / "list.pdf")


async def _marigold(larkspur: Larkspur) -> object:
    def get(conn: Reader) -> object:
        found = patients.get(conn, larkspur.people["Marigold Fennimore"])
        assert found is not None
        return found.value

    return await larkspur.store.read(get)


def test_a_person_line_says_all_that_is_shown() -> None:
    fields = {field.name for field in msgspec.structs.fields(Person)}
    assert {"name", "birth", "phone", "system"} <= fields
