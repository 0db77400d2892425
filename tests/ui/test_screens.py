"""Connections, Activity, Audit, Settings and the first run, used by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.model.accounts import AuditAction
from app.model.connection import ConnectionState, Environment, Freshness, Topic
from app.model.errors import BadInput, WrongCredentials
from app.model.ids import new_id
from app.model.outbox import Choice, Job, JobKind, JobState, PersonReason
from app.store import connections as connections_store
from app.store import outbox, patients
from tests.ui.conftest import PASSWORD, Desk, seen
from tests.ui.hands import field, press
from ui.screens.activity.screen import ActivityScreen
from ui.screens.audit.screen import AuditScreen
from ui.screens.connections.screen import ConnectionsScreen
from ui.screens.connections.sheets import ConnectSheet

# -- Connections


async def test_connections_tell_state_and_offers_in_words(desk: Desk) -> None:
    screen = await desk.open("connections")
    assert isinstance(screen, ConnectionsScreen)
    words = seen(screen)
    assert "One system" in words and "OfficePro: Healthy" in words and "Sandbox" in words
    model = screen._table.capabilities
    cell = model.index(next(i for i, row in enumerate(model.rows) if row.title == "Cancel a visit"), 1)
    assert cell.data() == "Not offered"
    spoken = cell.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "OfficePro, Cancel a visit: Not offered. OfficePro's API cannot cancel. Cancel in OfficePro itself."
    )


async def test_a_sync_moves_numbers_and_leaves_the_focus(desk: Desk) -> None:
    screen = await desk.open("connections")
    button = next(b for b in screen.findChildren(QAbstractButton) if b.accessibleName() == "Sync now: OfficePro")
    button.setFocus()
    fresh = Freshness(topic=Topic.VISITS, as_of=desk.practice.clock.now())
    await desk.practice.store.write(connections_store.set_freshness, "c1", fresh)
    await desk.settle()
    assert button.hasFocus() and button.isVisible()


@pytest.mark.parametrize("state", list(ConnectionState))
async def test_every_state_has_its_word_and_its_one_button(desk: Desk, state: ConnectionState) -> None:
    from ui import words

    await desk.practice.set_state(state, f"In words: {state.value}.")
    screen = await desk.open("connections")
    shown = seen(screen)
    entry = words.connection_states()[state]
    assert entry.label in shown and f"In words: {state.value}." in shown
    assert not entry.button or f"{entry.button}: OfficePro" in shown


async def test_connecting_a_system_tests_before_it_keeps(desk: Desk) -> None:
    screen = await desk.open("connections")
    screen.connect_system()
    await desk.settle()
    press(desk.window, "Connect OfficePro")
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, ConnectSheet)
    press(sheet, "Connect")
    await desk.settle()
    assert field(sheet, "Address of the API").message.words(), "what is missing is told at its field"
    field(sheet, "Address of the API").set_text("http://10.0.0.1")
    field(sheet, "Practice pass").set_text("DemoOffice")
    field(sheet, "API key").set_text("k-123")
    press(sheet, "Connect")
    await desk.settle()
    assert "https://" in field(sheet, "Address of the API").message.words() and desk.connections.asked == []
    field(sheet, "Address of the API").set_text("https://api.example")
    desk.connections.fails = WrongCredentials(
        "OfficePro does not accept this key.", "Nothing was kept.", ("Check it.",)
    )
    press(sheet, "Test")
    await desk.settle()
    assert "OfficePro does not accept this key." in seen(sheet) and field(sheet, "API key").raw() == "k-123"
    desk.connections.fails = None
    press(sheet, "Test")
    await desk.settle()
    assert "It answers. Signed in for 24 h." in seen(sheet) and "Book a visit" in seen(sheet)
    press(sheet, "Connect")
    await desk.settle()
    assert desk.window.sheets.top() is None
    what, form = desk.connections.asked[-1]
    assert what == "add" and form.secrets == {"api_key": "k-123"} and form.environment is Environment.PRODUCTION  # type: ignore[attr-defined]
    assert "k-123" not in repr(form)


async def test_a_second_account_is_refused_at_its_field(desk: Desk) -> None:
    screen = await desk.open("connections")
    screen.tasks.start_once("connect", screen.fill_form("officepro", None))
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, ConnectSheet)
    for label, text in (("Address of the API", "https://x"), ("Practice pass", "DemoOffice"), ("API key", "k")):
        field(sheet, label).set_text(text)
    desk.connections.fails = BadInput("tenant", "This practice is connected already.")
    press(sheet, "Connect")
    await desk.settle()
    assert field(sheet, "Practice pass").message.words() == "This practice is connected already."
    sheet.close_with("")
    await desk.settle()


async def test_removing_asks_first(desk: Desk) -> None:
    screen = await desk.open("connections")
    connection = desk.window.feed.facts.connections[0]
    for answer, asked in (("Cancel", []), ("Remove connection", [("remove", "c1")])):
        screen.tasks.start_once("remove", screen._remove(connection))
        await desk.settle()
        sheet = desk.window.sheets.top()
        assert sheet is not None and "Cannot be undone" in seen(sheet)
        press(sheet, answer)
        await desk.settle()
        assert desk.connections.asked == asked


# -- Activity


async def a_job(desk: Desk, state: JobState, **fields: object) -> str:
    person = desk.session.person()
    assert person is not None
    job = Job(
        job_id=new_id(), kind=JobKind.CREATE_PATIENT, connection_id="c1", idempotency_key=new_id(), short_code="AB12CD",
        state=JobState.HELD, summary="Create <b>Wren</b> Ashgrove", payload=b"{}", actor_id=person.account_id,
        created_at=desk.practice.clock.now(),
    )  # fmt: skip
    await desk.practice.store.write(outbox.add, job)
    if state is not JobState.HELD:
        await desk.practice.move(job.job_id, state, **fields)
    return job.job_id


async def test_a_job_that_asks_is_answered_by_one_key(desk: Desk) -> None:
    job_id = await a_job(
        desk,
        JobState.NEEDS_PERSON,
        person_reason=PersonReason.MAYBE_DONE,
        question="Visit 555 is probably hers. Is it?",
        choices=(Choice(key="yes", label="Yes, it is hers"), Choice(key="no", label="No, send again")),
    )
    screen = await desk.open("activity")
    assert isinstance(screen, ActivityScreen) and screen.asks()
    words = seen(screen)
    assert "Visit 555 is probably hers. Is it?" in words and "1 change needs you" in words
    assert "Create <b>Wren</b> Ashgrove" in words, "a name with markup stays text"
    assert "1 change needs you" in desk.window.frame.status.accessibleName()
    screen._table.setFocus()
    QTest.keyClick(QApplication.focusWidget() or screen, Qt.Key.Key_Y)
    await desk.settle()
    assert desk.practice.outbox.done == [("answer yes", job_id)]


async def test_what_may_be_done_depends_on_the_state(desk: Desk) -> None:
    held = await a_job(desk, JobState.HELD)
    refused = await a_job(desk, JobState.NEEDS_PERSON, person_reason=PersonReason.REJECTED)
    screen = await desk.open("activity", job_id=held)
    assert screen.may_undo() and not screen.may_retry() and screen.may_cancel()
    screen.undo_job()
    await desk.settle()
    await desk.open("activity", job_id=refused)
    assert screen.may_retry() and screen.may_cancel() and not screen.may_undo()
    screen.retry_job()
    await desk.settle()
    screen.cancel_job()
    await desk.settle()
    assert desk.practice.outbox.done == [("undo", held), ("retry", refused), ("cancel", refused)]


async def test_a_waiting_job_is_put_before_or_after_the_others_by_key(desk: Desk) -> None:
    one = await a_job(desk, JobState.QUEUED)
    screen = await desk.open("activity", job_id=one)
    assert not screen.may_reorder(), "alone it has no others to go before"
    two = await a_job(desk, JobState.QUEUED)
    await desk.open("activity", job_id=two)
    assert screen.may_reorder()
    screen._table.setFocus()
    QTest.keyClick(QApplication.focusWidget() or screen, Qt.Key.Key_F)
    await desk.settle()
    QTest.keyClick(QApplication.focusWidget() or screen, Qt.Key.Key_L)
    await desk.settle()
    assert desk.practice.outbox.done == [("first", two), ("last", two)]


async def test_the_tray_offers_undo_of_what_is_held(desk: Desk) -> None:
    job_id = await a_job(desk, JobState.HELD)
    await desk.settle()
    desk.window.commands.open_tray()
    press(desk.window, "Undo")
    await desk.settle()
    assert desk.practice.outbox.done == [("undo", job_id)]


async def test_activity_says_when_there_is_nothing(desk: Desk) -> None:
    screen = await desk.open("activity")
    assert "Nothing was ever asked" in seen(screen)
    screen.toggle_open()
    await desk.settle()
    assert "Nothing is under way" in seen(screen)


# -- Audit


async def test_the_audit_log_filters_shows_and_exports(desk: Desk, tmp_path: Path) -> None:
    await desk.window.services.desk.patients.get(desk.session.actor(), desk.practice.people["1001"])
    screen = await desk.open("audit")
    assert isinstance(screen, AuditScreen)
    everything = len(screen._model.rows())
    assert everything >= 3
    screen._what.set_key(AuditAction.VIEW.value)
    screen._filtered()
    await desk.settle()
    assert {entry.action for entry in screen._model.rows()} == {AuditAction.VIEW}
    assert "Chained to the line before" in seen(screen)
    opened = desk.practice.people["1001"]
    (line,) = [each for each in screen._model.rows() if each.patient_id]
    screen._table.go_to(screen._model.rows().index(line))
    row = await desk.practice.store.read(patients.row_of, opened)
    assert row is not None and line.patient_id == opened
    assert (screen._patient(line), line.workstation != "") == (row.full_name(), True)
    assert row.full_name() in seen(screen), "the inspector names who it was"
    desk.session.prefer(msgspec.structs.replace(desk.session.own, privacy=True))
    assert row.last_name not in screen._patient(line) and row.last_name not in screen._describe(line)
    desk.session.prefer(msgspec.structs.replace(desk.session.own, privacy=False))
    press(screen, "Only this patient")
    await desk.settle()
    assert "about one patient" in screen.toolbar.subtitle.text()
    target = tmp_path / "audit.csv"
    count = await screen.export_to(target)
    await desk.settle()
    rows = list(csv.reader(target.read_text("utf-8").splitlines()))
    assert len(rows) == count + 1 and rows[0][0] == "sequence"
    assert any(entry.action is AuditAction.EXPORT for entry in await desk.practice.log())
    screen.clear_filters()
    await desk.settle()
    assert len(screen._model.rows()) > everything


async def test_an_export_to_a_bad_place_is_told_in_words(desk: Desk, tmp_path: Path) -> None:
    screen = await desk.open("audit")
    with pytest.raises(BadInput, match="could not be written"):
        await screen.export_to(tmp_path)


# -- first run


async def test_the_first_run_protects_connects_and_opens(closed_desk: Desk) -> None:
    desk = closed_desk
    await desk.settle()
    window = desk.window
    assert "Protect this computer" in desk.texts() and "Open demo" in desk.texts()
    press(window, "Protect and go on")
    assert field(window, "Your name").message.words() == "This is needed."
    for label, text in (
        ("Your name", "Rosa Mallow"),
        ("User name", "rosa"),
        ("Passphrase", PASSWORD),
        ("Passphrase, again", PASSWORD),
        ("Recovery passphrase", PASSWORD),
    ):
        field(window, label).set_text(text)
    press(window, "Protect and go on")
    assert "another one" in field(window, "Recovery passphrase").message.words()
    field(window, "Recovery passphrase").set_text("keep this far from here")
    press(window, "Protect and go on")
    await desk.settle()
    assert desk.upkeep.asked == [("recovery", "keep this far from here")]
    assert "How would you like to start?" in desk.texts()
    press(window, "Connect OfficePro")
    await desk.settle()
    for label, text in (
        ("Address of the API", "https://api.example"),
        ("Practice pass", "DemoOffice"),
        ("API key", "k-123"),
    ):
        field(window, label).set_text(text)
    press(window, "Test and connect")
    await desk.settle()
    assert "2 providers: Dr. Oakenfield, Noor Calderwick, NP." in desk.texts()
    press(window, "Open the schedule")
    await desk.settle()
    assert not desk.session.is_locked() and window.current_screen().name == "schedule"  # type: ignore[union-attr]


async def test_the_demo_opens_with_one_key_from_the_first_run(closed_desk: Desk) -> None:
    press(closed_desk.window, "Open demo")
    await closed_desk.settle()
    assert closed_desk.upkeep.asked == [("demo", None)]


async def test_preferences_of_a_later_version_do_no_harm(desk: Desk) -> None:
    person = desk.session.person()
    assert person is not None
    kept = desk.window.services.desk.preferences
    await kept.put(person, "window", {"look": {"choice": "sepia"}})
    await desk.session.begin(person)
    await desk.settle()
    assert desk.session.own == type(desk.session.own)()
    await kept.put(person, "window", msgspec.to_builtins(desk.session.own) | {"later": True})
    await desk.session.begin(person)
    await desk.settle()
    assert desk.session.own.letter_keys
