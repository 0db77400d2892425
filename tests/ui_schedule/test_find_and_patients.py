"""Finding a slot and knowing a patient, over a real store."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.model.connection import ConnectionState
from app.model.errors import Unreachable
from app.model.outbox import JobKind, PatientUpdate
from app.model.people import Patient
from app.model.views import Verdict
from app.rules.outbox_jobs import booking_of
from app.store import connections, outbox, patients
from app.store.store import Tx
from tests.desk.conftest import DAY, system
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.shell import Stage, press, seen, settle
from ui.screens.find_slot.screen import FindSlotScreen
from ui.screens.find_slot.why import WhyPopover
from ui.screens.patients.form import PatientSheet, changes_between, patient_of, values_of
from ui.screens.patients.screen import PatientsScreen

HOSTILE = ("<b>x</b>", "\u202eevil\u202c", "👩‍👩‍👧 Emoji", "L" * 300)


# -- find a slot -----------------------------------------------------------------------------------------------------


async def test_times_are_found_at_once_and_then_checked_live(stage: Stage, larkspur: Larkspur) -> None:
    screen: FindSlotScreen = await stage.show("find_slot", patient_id=larkspur.people["Marigold Fennimore"])
    found = screen.results
    assert found is not None and len(found.best) == 3 and found.openings > 100
    assert all(match.slot.verdict is Verdict.FREE for match in found.best)
    said = seen(screen)
    assert "(usual)" in said and "1 system checked live" in said and "Not reserved until you book." in said
    assert found.script and found.script in said
    screen.copy_script()
    assert stage.shell.copied == found.script
    screen.pick_best_2()
    assert screen.list.chosen() == found.best[1].slot and screen.cards[1].isChecked()


async def test_keys_walk_the_times_and_enter_books_one(stage: Stage, larkspur: Larkspur) -> None:
    screen: FindSlotScreen = await stage.show("find_slot", patient_id=larkspur.people["Marigold Fennimore"])
    screen.pick_best_1()
    first = screen.list.chosen()
    press(screen.list, Qt.Key.Key_J)
    second = screen.list.chosen()
    assert first is not None and second is not None and second.provider_id != first.provider_id
    press(screen.list, Qt.Key.Key_Right)
    third = screen.list.chosen()
    assert third is not None and third.provider_id == second.provider_id and third.start_minute > second.start_minute
    await settle(screen)
    press(screen.list, Qt.Key.Key_Return)
    await settle(screen)
    assert screen.booking.isVisible() and "Marigold Fennimore" in seen(screen.booking)
    screen.booking.press()
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    request = booking_of(job)
    assert (request.day, request.start.hour * 60 + request.start.minute) == (third.day, third.start_minute)
    assert "Do not promise this time." in seen(screen.booking)


async def test_filters_narrow_and_an_empty_result_says_why_and_what_next(stage: Stage) -> None:
    screen: FindSlotScreen = await stage.show("find_slot")
    everything = screen.results.openings  # type: ignore[union-attr]
    screen.filters.parts.set_keys(("morning",))
    screen.filters.changed.emit()
    await settle(screen)
    assert screen.results is not None and 0 < screen.results.openings < everything
    assert all(slot.start_minute < 720 for day in screen.results.days for row in day.rows for slot in row.times)
    screen.filters.days.set_keys(("6",))
    screen.filters.changed.emit()
    await settle(screen)
    assert screen.empty.isVisible() and screen.results.openings == 0 and screen.results.why_empty in seen(screen)
    for check in screen.filters._checks.values():
        check.setChecked(False)
    await settle(screen)
    assert "No provider is chosen" in seen(screen)
    screen.clear_search()
    await settle(screen)
    assert screen.results.openings == everything


async def test_a_system_that_cannot_be_asked_is_listed_not_dropped(stage: Stage, larkspur: Larkspur) -> None:
    larkspur.live.fails = Unreachable("OfficePro did not answer.")
    screen: FindSlotScreen = await stage.show("find_slot")
    assert screen.results is not None
    assert {match.slot.verdict for match in screen.results.best} == {Verdict.FAILED}
    await larkspur.set_state(ConnectionState.NEEDS_CODE, "OfficePro needs a sign-in code.")
    screen.filters.changed.emit()
    await settle(screen)
    shown = screen.banner.shown()
    rows = [line.row for line in screen.list.results.lines if line.row is not None]
    assert shown is not None or any(row.words for row in rows)


async def test_why_not_answers_in_words(stage: Stage) -> None:
    screen: FindSlotScreen = await stage.show("find_slot")
    screen.ask_why()
    popover = screen.window().findChild(WhyPopover)
    assert popover is not None
    popover._provider.set_key(next(key for key, row in screen._providers.items() if row.name == "Dr. Oakenfield"))
    popover._time.set_text("12:10p")
    popover.ask()
    await settle(screen)
    assert "Tue, Mar 10, 12:10 PM: " in popover._said.text() and "Lunch" in popover._said.text()
    popover.shut()


async def test_accessible_rows_say_provider_times_and_what_is_known_of_them(stage: Stage) -> None:
    screen: FindSlotScreen = await stage.show("find_slot")
    model = screen.list.results
    spoken = [model.data(model.index(at, 0), Qt.ItemDataRole.AccessibleTextRole) for at in range(model.rowCount())]
    assert spoken[0] == "Today, Tuesday, March 10"
    assert "checked live, free" in str(spoken[1])


# -- patients --------------------------------------------------------------------------------------------------------


async def test_search_opens_and_a_patients_page_says_what_is_known(stage: Stage, larkspur: Larkspur) -> None:
    screen: PatientsScreen = await stage.show("patients")
    screen.find_in_page()
    screen.field.setText("fenn 3/14/84")
    await settle(screen)
    assert [who.name for who in screen.list.people.people()] == ["Marigold Fennimore"]
    press(screen.field, Qt.Key.Key_Return)
    await settle(screen)
    said = seen(screen)
    assert "03/14/1984, 41" in said and "Upcoming visits  1" in said and "Past visits  2" in said
    assert "Prefers Thursday mornings" in said and "Kept in OfficePro" in said
    screen.tab_3()
    assert "412 Heron Lane Unit 3" in seen(screen)
    screen.book()
    assert stage.shell.opened[-1] == ("find_slot", {"patient_id": larkspur.people["Marigold Fennimore"]})


async def test_the_list_turns_to_todays_patients_and_back(stage: Stage) -> None:
    screen: PatientsScreen = await stage.show("patients")
    screen.show_today()
    await settle(screen)
    names = {who.name for who in screen.list.people.people()}
    assert "Silas Copperpot" in names and "Marigold Fennimore" not in names
    press(screen, Qt.Key.Key_J)
    await settle(screen)
    assert screen.has_patient()
    screen.field.setText("nobody at all")
    await settle(screen)
    assert "Nobody fits" in seen(screen) and "Search every system" in seen(screen)
    screen.search_everywhere()
    await settle(screen)
    assert "nobody at all" in [str(question) for question in stage.practice.live.asked]


async def test_changes_are_shown_before_and_can_be_undone_after(stage: Stage, larkspur: Larkspur) -> None:
    patient_id = larkspur.people["Marigold Fennimore"]
    screen: PatientsScreen = await stage.show("patients", patient_id=patient_id)
    screen.edit()
    await settle(screen)
    sheet: PatientSheet = stage.shell.sheets[-1]
    sheet.form.fields["phone"].set_text("312 555 0199")
    sheet.form.typed.emit()
    assert sheet._changes.text() == "Phone: (312) 555-0147 → 312 555 0199" and sheet._go.text() == "Write 1 change"
    sheet._press()
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    assert job.kind is JobKind.UPDATE_PATIENT
    assert msgspec.json.decode(job.payload, type=PatientUpdate).changes == {"phone": "312 555 0199"}
    words, undo = stage.shell.undo[-1]
    assert words == "1 change held for 8 s, then sent."
    undo()
    await settle(screen)
    assert larkspur.outbox.done == [("undo", job.job_id)]


async def test_a_half_typed_form_is_kept_and_bad_fields_name_the_fix(stage: Stage, larkspur: Larkspur) -> None:
    screen: PatientsScreen = await stage.show("patients")
    screen.new_patient()
    await settle(screen)
    sheet: PatientSheet = stage.shell.sheets[-1]
    sheet.form.fields["first_name"].set_text("Zelda")
    sheet.form.fields["phone"].set_text("12")
    sheet._press()
    assert "A patient needs a last name." in sheet.form.fields["last_name"].message.words()
    assert "7 to 15 digits" in sheet.form.fields["phone"].message.words()
    screen.keep_drafts()
    await settle(screen)
    again: PatientsScreen = await stage.show("patients")
    again.new_patient()
    await settle(again)
    second: PatientSheet = stage.shell.sheets[-1]
    assert second.form.fields["first_name"].text() == "Zelda"
    assert await larkspur.store.read(outbox.listed, open_only=True) == []


async def test_likely_duplicates_stop_a_new_patient_until_a_person_says_otherwise(
    stage: Stage, larkspur: Larkspur
) -> None:
    screen: PatientsScreen = await stage.show("patients")
    screen.new_patient()
    await settle(screen)
    sheet: PatientSheet = stage.shell.sheets[-1]
    sheet.form.show_values({"first_name": "Marigold", "last_name": "Fennimore", "birth_date": "1984-03-14"})
    sheet._press()
    await settle(screen)
    assert "Somebody like this is already on file." in sheet._problem.words.text()
    assert await larkspur.store.read(outbox.listed, open_only=True) == []
    sheet._other.setChecked(True)
    sheet._press()
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    assert job.kind is JobKind.CREATE_PATIENT


async def test_records_of_two_systems_are_linked_and_unlinked_never_merged(stage: Stage, larkspur: Larkspur) -> None:
    other = ""

    def second_system(tx: Tx) -> None:
        nonlocal other
        connections.save(tx, system("c2", source="AH", name="athenahealth", tenant="Other"))
        person = Patient(first_name="Marigold", last_name="Fennimore", birth_date=date(1984, 3, 14), phone="555-0100")
        told = msgspec.structs.replace(larkspur.told("88213", person), connection_id="c2")
        other = patients.save(tx, "c2", told)

    await larkspur.store.write(second_system)
    mine = larkspur.people["Marigold Fennimore"]
    screen: PatientsScreen = await stage.show("patients", patient_id=mine)
    screen.tasks.start(screen._link(other))
    await settle(screen)
    said = seen(screen)
    assert (
        "athenahealth" in said and "88213" in said and "birth date" in said and "Different in the two systems" in said
    )
    screen._unlink(other)
    await settle(screen)
    assert "88213" not in seen(screen)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_plain_and_harmless_everywhere(stage: Stage, larkspur: Larkspur, name: str) -> None:
    odd = Patient(first_name="Odd", last_name=name, birth_date=date(1980, 1, 2), phone="(312) 555-0155", notes=name)
    odd_id = ""

    def save(tx: Tx) -> None:
        nonlocal odd_id
        odd_id = patients.save(tx, "c1", larkspur.told("7777", odd))

    await larkspur.store.write(save)
    screen: PatientsScreen = await stage.show("patients", patient_id=odd_id)
    await settle(screen)
    screen.grab()
    said = seen(screen)
    assert "\u202e" not in said
    assert screen.profile._name.width() <= screen.width()
    assert screen.profile._name.textFormat() == Qt.TextFormat.PlainText
    shown = screen.profile._name.text()
    assert shown.startswith("Odd ") and len(shown) <= 90
    privately: PatientsScreen
    stage.shell.private = True
    privately = await stage.show("patients", patient_id=odd_id)
    assert odd.phone not in seen(privately) and "Notes are covered" in seen(privately)


def test_values_and_patients_are_the_same_both_ways() -> None:
    person = Patient(first_name="Ana", last_name="Lee", birth_date=date(1990, 2, 3), gender="f", phone="312 555 0101")
    assert patient_of(values_of(person)) == person
    assert changes_between(person, values_of(person)) == {}
    assert changes_between(person, {**values_of(person), "city": "Oak Park"}) == {"city": "Oak Park"}


async def test_a_day_of_the_search_may_be_given(stage: Stage) -> None:
    screen: FindSlotScreen = await stage.show("find_slot", day=DAY + timedelta(2))
    assert screen.results is not None and screen.results.days[0].day == DAY + timedelta(2)
