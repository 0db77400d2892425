"""A system that is typed into its web pages: the plan is read, shown and agreed to before anything is asked of it."""

from __future__ import annotations

import msgspec

from app.connect.outbox_kinds import Answer
from app.connect.outbox_planned import Planned
from app.model.capabilities import Capability, Standing
from app.model.errors import Unreachable
from app.model.outbox import JobKind, JobResult, JobState
from app.model.portal_writes import PortalOperation
from app.model.schedule import VisitStatus
from app.model.views import VisitBlock
from app.store import drafts, visits
from tests.desk.conftest import DAY, visit
from tests.ui.loop import until
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.pages import PLAN, Pages, jobs, offered, only_job, sheet_of
from tests.ui_schedule.shell import Stage, seen, settle
from ui.grid.content import GridItem
from ui.screens.patients.form import PatientSheet
from ui.screens.patients.on_pages import TwinSheet
from ui.screens.patients.screen import PatientsScreen
from ui.screens.schedule.screen import ScheduleScreen
from ui.widgets.confirm import ConfirmSheet
from ui.widgets.sheet import Sheet

TOLD = {"first_name": "Ada", "last_name": "Quillfeather", "birth_date": "1991-05-06"}


async def editing(stage: Stage, larkspur: Larkspur) -> tuple[PatientsScreen, PatientSheet]:
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    screen.edit()
    await settle(screen)
    sheet: PatientSheet = stage.shell.sheets[-1]
    sheet.form.fields["phone"].set_text("312 555 0199")
    sheet.form.typed.emit()
    return screen, sheet


async def creating(stage: Stage) -> tuple[PatientsScreen, PatientSheet]:
    screen: PatientsScreen = await stage.show("patients")
    screen.new_patient()
    await settle(screen)
    sheet: PatientSheet = stage.shell.sheets[-1]
    sheet.form.show_values(TOLD)
    return screen, sheet


async def test_a_change_is_shown_as_it_will_be_typed_and_then_asked(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, sheet = await editing(stage, larkspur)
    pages.may.clear()
    sheet._press()
    await until(lambda: pages.wishes)
    assert not sheet._progress.isHidden() and "Nothing is written yet" in sheet._progress.text()
    assert not sheet._go.isEnabled()
    pages.may.set()
    confirm = await sheet_of(stage, ConfirmSheet)
    assert await jobs(larkspur) == []
    confirm.close_with("write")
    await settle(screen)
    job, wish = await only_job(larkspur)
    assert (job.kind, job.plan) == (JobKind.UPDATE_PATIENT, PLAN)
    assert wish == pages.wishes[-1]


async def test_declining_the_plan_leaves_the_form_as_it_was(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen, sheet = await editing(stage, larkspur)
    sheet._press()
    (await sheet_of(stage, ConfirmSheet)).close_with("")
    await settle(screen)
    assert sheet._progress.isHidden() and sheet._go.isEnabled()
    assert sheet.values()["phone"] == "312 555 0199"
    assert await jobs(larkspur) == []


async def test_cancel_while_the_page_is_read_stops_it_and_the_draft_is_kept(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, sheet = await creating(stage)
    sheet.form.typed.emit()
    screen.keep_drafts()
    pages.may.clear()
    sheet._press()
    await until(lambda: pages.wishes)
    sheet.close_with("")
    await settle(screen)
    assert stage.shell.sheets[-1] is sheet
    assert await jobs(larkspur) == []
    assert b"Quillfeather" in (await larkspur.store.read(drafts.get, "rosa", "patient:new") or b"")


async def test_a_page_that_cannot_be_read_is_told_in_the_form(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen, sheet = await creating(stage)
    pages.fails = Unreachable("Office Ally does not answer.", "Nothing was sent.")
    sheet._press()
    await settle(screen)
    assert sheet._problem.words.text() == "Office Ally does not answer. Nothing was sent."
    assert sheet._progress.isHidden() and sheet._go.isEnabled()


async def test_a_twin_is_told_and_made_all_the_same_only_when_a_person_says_so(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    pages.planned = msgspec.structs.replace(PLAN, record="", twins=("1001",))
    screen, sheet = await creating(stage)
    sheet._press()
    twin = await sheet_of(stage, TwinSheet)
    assert "patient 1001" in twin.words.text()
    twin.close_with("anyway")
    (await sheet_of(stage, ConfirmSheet)).close_with("write")
    await settle(screen)
    _, wish = await only_job(larkspur)
    assert (wish.operation, wish.despite_twin) == (PortalOperation.SAVE_PATIENT, True)


async def test_the_record_that_is_there_can_be_opened_instead(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    pages.planned = msgspec.structs.replace(PLAN, record="", twins=("1001",))
    screen, sheet = await creating(stage)
    sheet._press()
    (await sheet_of(stage, TwinSheet)).close_with("open")
    await settle(screen)
    found = screen.profile.profile()
    assert found is not None
    assert found.patient.vendor_id == "1001"
    assert await jobs(larkspur) == []


async def looking_at(stage: Stage, larkspur: Larkspur, standing: Standing) -> tuple[ScheduleScreen, VisitBlock]:
    """The schedule with a booked visit in its panel, where changing a status stands as told."""
    await offered(larkspur, Capability.CHANGE_VISIT_STATUS, standing, "Only a check-in.")
    screen: ScheduleScreen = await stage.show("schedule", day=DAY)
    assert screen.day_view is not None
    column, block = next(
        (each, block)
        for each in screen.day_view.columns
        for block in each.column.visits
        if block.visit.status is VisitStatus.BOOKED and block.visit.patient_id
    )
    screen.open_item(column.provider.provider_id, block.visit.local_id)
    await settle(screen)
    return screen, block


async def test_a_visit_is_checked_in_where_the_system_takes_that(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, block = await looking_at(stage, larkspur, Standing.PARTLY)
    assert "Check in" in seen(screen.visit_panel) and "otherwise change" in seen(screen.visit_panel)
    pages.may.clear()
    screen.mark_arrived()
    assert "Looking at" in (await sheet_of(stage, Sheet)).title.text()
    pages.may.set()
    (await sheet_of(stage, ConfirmSheet)).close_with("write")
    await settle(screen)
    job, wish = await only_job(larkspur)
    assert (job.kind, wish.operation, wish.record) == (
        JobKind.CHANGE_VISIT_STATUS,
        PortalOperation.CHECK_IN,
        block.visit.vendor_id,
    )
    assert wish.values["day"] == block.visit.day.isoformat() and job.patient_id == block.visit.patient_id
    assert "Booked" in seen(screen.visit_panel)
    # What the outbox does once the page has shown the visit as checked in.
    await larkspur.move(job.job_id, JobState.CONFIRMED)
    seen_there = Answer(result=JobResult(vendor_id=block.visit.vendor_id), words="Checked in.")
    await larkspur.store.write(Planned().keep, job, seen_there)
    await settle(screen)
    assert "Arrived" in seen(screen.visit_panel) and "Check in" not in seen(screen.visit_panel)
    assert stage.shell.toasts[-1] == "Checked in. OfficePro’s page was read back and shows it."


async def test_a_check_in_is_given_up_while_the_page_is_read(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen, _ = await looking_at(stage, larkspur, Standing.PARTLY)
    pages.may.clear()
    screen.mark_arrived()
    (await sheet_of(stage, Sheet)).close_with("")
    await settle(screen)
    assert await jobs(larkspur) == []


async def test_a_check_in_that_is_not_offered_is_refused_in_words(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, _ = await looking_at(stage, larkspur, Standing.NOT_OFFERED)
    assert "Check in" not in seen(screen.visit_panel)
    screen.mark_arrived()
    await settle(screen)
    assert pages.wishes == [] and stage.shell.sheets == []
    assert "gives Daybook no way to check a visit in. Only a check-in." in stage.shell.said[-1]


async def test_whose_visits_a_page_can_list_is_said_as_it_is(stage: Stage, larkspur: Larkspur) -> None:
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    assert "OfficePro’s own schedule names no patient." in screen.profile._told.text()
    named = msgspec.structs.replace(visit("6", 600), patient_vendor_id="1001")
    await larkspur.store.write(visits.save, "c1", larkspur.told("998", named))
    await settle(screen)
    screen.renew()
    await settle(screen)
    assert "Listed are the visits Daybook has read from OfficePro" in screen.profile._told.text()


async def test_what_the_system_says_of_a_visit_is_not_taken_back_here(stage: Stage, larkspur: Larkspur) -> None:
    screen, _ = await looking_at(stage, larkspur, Standing.PARTLY)
    assert "stands in Daybook only" in seen(screen.visit_panel) and "Not this patient" in seen(screen.visit_panel)
    named = msgspec.structs.replace(visit("6", 600), patient_vendor_id="1001")
    told = await larkspur.store.write(visits.save, "c1", larkspur.told("998", named))
    await settle(screen)
    assert screen.day_view is not None
    columns = screen.day_view.columns
    column = next(each for each in columns for block in each.column.visits if block.visit.local_id == told)
    screen.open_item(column.provider.provider_id, told)
    await settle(screen)
    assert "OfficePro says whose visit it is." in seen(screen.visit_panel)
    assert "Not this patient" not in seen(screen.visit_panel)


async def test_a_visit_whose_patient_is_not_read_yet_carries_the_name_it_was_told(
    stage: Stage, larkspur: Larkspur
) -> None:
    named = msgspec.structs.replace(visit("6", 600), patient_vendor_id="7781", patient_name="ADA QUILLFEATHER")
    told = await larkspur.store.write(visits.save, "c1", larkspur.told("998", named))
    screen: ScheduleScreen = await stage.show("schedule", day=DAY)

    def item() -> GridItem:
        return next(each for column in screen.grid.content.columns for each in column.items if each.key == told)

    assert (item().title, item().subtitle, item().patient_known) == ("ADA QUILLFEATHER", "patient not read yet", True)
    assert screen.day_view is not None
    column = next(
        each for each in screen.day_view.columns for block in each.column.visits if block.visit.local_id == told
    )
    screen.open_item(column.provider.provider_id, told)
    await settle(screen)
    assert "OfficePro says patient 7781." in seen(screen.visit_panel)
    stage.shell.private = True
    screen.renew()
    await settle(screen)
    assert item().title == "A. Q." and "7781" not in seen(screen.visit_panel)


async def test_who_has_arrived_but_is_not_read_yet_is_a_masked_number_in_private(
    stage: Stage, larkspur: Larkspur
) -> None:
    unread = msgspec.structs.replace(visit("6", 600), patient_vendor_id="7781", status=VisitStatus.ARRIVED)
    await larkspur.store.write(visits.save, "c1", larkspur.told("998", unread))
    screen: ScheduleScreen = await stage.show("schedule", day=DAY)
    assert "Patient 7781" in seen(screen.day_side)
    stage.shell.private = True
    screen.renew()
    await settle(screen)
    assert "Patient ••81" in seen(screen.day_side) and "7781" not in seen(screen.day_side)
