"""Booking from the keyboard: what is said before, during and after; nothing typed is ever lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.model.errors import Unreachable
from app.model.outbox import Choice, JobKind, JobState, PersonReason
from app.rules.outbox_jobs import booking_of
from app.store import outbox
from tests.desk.conftest import DAY
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.shell import Stage, press, seen, settle
from ui.grid.content import ItemKind
from ui.screens.book_visit.form import new_patient_from
from ui.screens.schedule.screen import ScheduleScreen


async def begin(stage: Stage, provider: str = "Dr. Harrowgate", start: int = 660) -> ScheduleScreen:
    screen: ScheduleScreen = await stage.show("schedule")
    column = next(each for each in screen.grid.content.columns if each.title == provider)
    free = next(item for item in column.items if item.kind is ItemKind.FREE and item.start == start)
    screen.grid.select(column.key, free.key)
    screen.book()
    await settle(screen)
    return screen


class Keys:
    """Counts what is pressed into whatever has the focus."""

    def __init__(self, screen: ScheduleScreen) -> None:
        self.screen, self.pressed = screen, 0

    async def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget()
        assert isinstance(target, QWidget)
        press(target, key, modifier)
        self.pressed += 1
        await settle(self.screen)

    async def type(self, text: str) -> None:
        for letter in text:
            await self.press(Qt.Key(ord(letter.upper())))


async def test_a_visit_is_booked_without_the_mouse_in_a_few_keys(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    keys = Keys(screen)
    await keys.type("fennim")
    names = [who.name for who in screen.booking._picker.list.people.people()]  # type: ignore[union-attr]
    assert "Marigold Fennimore" in names
    keys.pressed = 0
    for _ in range(names.index("Marigold Fennimore")):
        await keys.press(Qt.Key.Key_Down)
    await keys.press(Qt.Key.Key_Return)
    said = seen(screen.booking)
    assert "Creates 1 visit in OfficePro." in said and "Rechecked live at 9:43 AM: free." in said
    assert "cannot be moved or cancelled from here" in said
    await keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert keys.pressed <= 12
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    assert job.kind is JobKind.BOOK_VISIT and job.patient_id == larkspur.people["Marigold Fennimore"]
    request = booking_of(job)
    assert (request.day, request.start.hour, request.minutes, request.visit_type) == (DAY, 11, 30, "Follow-up")
    said = seen(screen.booking)
    assert "Not booked yet." in said and "Do not promise this time." in said and "Booked\n" not in said
    await settle(screen)
    pending = [i for c in screen.grid.content.columns for i in c.items if i.kind is ItemKind.PENDING]
    assert [item.title for item in pending] == ["Marigold Fennimore"]
    await larkspur.move(job.job_id, JobState.QUEUED) if job.state is JobState.HELD else None
    await larkspur.move(job.job_id, JobState.SENDING)
    await settle(screen)
    assert "It is being sent." in seen(screen.booking)
    await larkspur.move(job.job_id, JobState.CONFIRMED)
    await settle(screen)
    assert "Booked" in seen(screen.booking) and "OfficePro has confirmed it." in seen(screen.booking)
    press(screen.booking, Qt.Key.Key_Return)
    await settle(screen)
    assert not screen.booking.isVisible() and screen.day_side.isVisible()


async def test_a_time_just_taken_offers_the_nearest_and_keeps_what_was_typed(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    panel = screen.booking
    await _choose(screen, "fennim mari")
    panel._reason.edit.setFocus()
    await Keys(screen).type("bp")
    larkspur.live.free["2", DAY].discard(660)
    panel.press()
    await settle(screen)
    said = seen(panel)
    assert "OfficePro says 11:00 AM is not free." in said and "Nearest times." in said
    assert await larkspur.store.read(outbox.listed, open_only=True) == []
    assert not panel._book.isEnabled()
    panel.setFocus()
    assert panel._others.press(1)
    await settle(screen)
    form = panel._form
    assert (form is not None and form.start.start_minute != 660) or form.start.provider.name != "Dr. Harrowgate"
    assert (form.patient_id, form.reason.lower()) == (larkspur.people["Marigold Fennimore"], "bp")
    assert panel.plan() is not None and panel.plan().ready  # type: ignore[union-attr]
    panel.give_up()
    await settle(screen)


async def test_a_vendor_that_does_not_answer_wants_a_yes(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    larkspur.live.fails = Unreachable("OfficePro did not answer.")
    await _choose(screen, "fennim mari")
    panel = screen.booking
    assert "OfficePro did not answer." in seen(panel) and "Book anyway" in seen(panel)
    panel.press()
    await settle(screen)
    assert await larkspur.store.read(outbox.listed, open_only=True) == []
    panel._warnings.accepted.emit(panel.plan().warnings[0].kind, True)  # type: ignore[union-attr]
    panel.press()
    await settle(screen)
    assert len(await larkspur.store.read(outbox.listed, open_only=True)) == 1


async def test_a_job_that_asks_is_answered_here(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    await _choose(screen, "fennim mari")
    screen.booking.press()
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    if job.state is JobState.HELD:
        await larkspur.move(job.job_id, JobState.QUEUED)
    await larkspur.move(job.job_id, JobState.SENDING)
    await larkspur.move(
        job.job_id,
        JobState.NEEDS_PERSON,
        person_reason=PersonReason.MAYBE_DONE,
        question="Visit 555 is probably hers. Is it?",
        choices=(Choice(key="yes", label="Yes, it is hers"), Choice(key="no", label="No, send again")),
    )
    await settle(screen)
    said = seen(screen.booking)
    assert "Visit 555 is probably hers. Is it?" in said and "No, send again" in said and "Do not promise" in said
    screen.booking._progress.answered.emit("yes")
    await settle(screen)
    assert larkspur.outbox.done == [("answer yes", job.job_id)]


async def test_an_unfinished_booking_survives_lock_and_crash(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    await _choose(screen, "fennim mari")
    screen.booking._reason.set_text("Blood pressure recheck")
    screen.booking._reason.edit.textEdited.emit("Blood pressure recheck")
    screen.keep_drafts()
    await settle(screen)
    again: ScheduleScreen = await stage.show("schedule")
    again.book()
    await settle(again)
    assert "Your unfinished booking is open again." in stage.shell.toasts
    assert "Marigold Fennimore" in seen(again.booking)
    assert again.booking._reason.text() == "Blood pressure recheck"
    again.booking.give_up()
    await settle(again)
    third: ScheduleScreen = await stage.show("schedule")
    assert not await third.booking.resume()


async def test_a_new_patient_is_two_jobs_and_likely_duplicates_come_first(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    panel = screen.booking
    assert panel._picker is not None
    panel._picker.set_text("Marigold Fennimore")
    await settle(screen)
    press(panel._picker.field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    await settle(screen)
    new = panel._new
    assert new is not None and (new.first.text(), new.last.text()) == ("Marigold", "Fennimore")
    new.birth.set_text("3/14/84")
    new.birth.edit.left.emit()
    await settle(screen)
    said = seen(panel)
    assert "Creates 1 patient and 1 visit in OfficePro." in said and "Already on file?" in said
    assert "may be the same person" in said and "Book anyway" in said
    panel._duplicates.taken.emit(larkspur.people["Marigold Fennimore"])
    await settle(screen)
    assert panel._form is not None and panel._form.patient_id == larkspur.people["Marigold Fennimore"]
    panel._other_patient()
    panel._new_patient("Zelda Quince")
    await settle(screen)
    panel.press()
    await settle(screen)
    jobs = await larkspur.store.read(outbox.listed, open_only=True)
    assert sorted(job.kind for job in jobs) == [JobKind.BOOK_VISIT, JobKind.CREATE_PATIENT]


async def test_the_same_patient_at_the_same_time_is_warned_of(stage: Stage, larkspur: Larkspur) -> None:
    screen = await begin(stage)
    await _choose(screen, "wren ash")  # 11:00 to 11:40 with Dr. Oakenfield already
    said = seen(screen.booking)
    assert "is already booked 11:00 – 11:40 AM with Dr. Oakenfield." in said and "Book anyway" in said
    screen.booking.give_up()
    await settle(screen)


async def test_letters_in_a_drop_down_are_not_the_pages_keys(stage: Stage, qapp: QApplication) -> None:
    screen = await begin(stage)
    for key, modifier, kept in (
        (Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier, True),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier, chr(key))
        event.ignore()
        qapp.sendEvent(screen.booking._type, event)
        assert event.isAccepted() == kept
    screen.booking.give_up()
    await settle(screen)


async def test_esc_puts_the_panel_away_and_n_takes_it_up_again(stage: Stage) -> None:
    screen = await begin(stage)
    await _choose(screen, "fennim mari")
    await screen.booking.keep()
    press(screen.booking, Qt.Key.Key_Escape)
    await settle(screen)
    assert not screen.booking.isVisible() and screen.grid._proposal is None
    screen.book()
    await settle(screen)
    assert screen.booking.isVisible() and "Marigold Fennimore" in seen(screen.booking)
    assert screen.grid._proposal is not None and screen.grid._proposal.title == "Marigold Fennimore"
    screen.booking.give_up()
    await settle(screen)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("ana lee", "Ana", "Lee"), ("lee, ana maria", "Ana Maria", "Lee"), ("lee", "", "Lee"),
        ("lee 3/4/71", "", "Lee"), ("", "", ""),
    ],
)  # fmt: skip
def test_what_was_typed_begins_a_new_patient(typed: str, first: str, last: str) -> None:
    guess = new_patient_from(typed)
    assert (guess.first_name, guess.last_name) == (first, last)


async def _choose(screen: ScheduleScreen, typed: str) -> None:
    picker = screen.booking._picker
    assert picker is not None
    picker.set_text(typed)
    await settle(screen)
    press(picker.field, Qt.Key.Key_Return)
    await settle(screen)
