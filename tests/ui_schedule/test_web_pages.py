"""A system that is typed into its web pages: the plan is read, shown and agreed to before anything is asked of it."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.desk.desk import Desk
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.coverage import CoverageRecord
from app.model.errors import Unreachable
from app.model.outbox import JobKind
from app.model.portal import PlannedEntry, WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import VisitStatus
from app.model.views import VisitBlock
from app.rules.outbox_plans import wish_of
from app.store import connections, drafts, outbox
from tests.desk.conftest import DAY, OFFERS, system
from tests.ui.conftest import FORM, FakeClearing, FakeConnections, FakePortal
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.shell import Stage, seen, settle
from ui.screens.patients.form import PatientSheet
from ui.screens.patients.on_pages import TwinSheet
from ui.screens.patients.policies import PolicySheet
from ui.screens.patients.screen import PatientsScreen
from ui.screens.schedule.screen import ScheduleScreen
from ui.widgets.confirm import ConfirmSheet

PLAN = WritePlan(
    operation="save_patient",
    system="Office Ally",
    page="Edit Patient",
    record="1001",
    address="/patients/edit",
    summary="Change patient 1001",
    entries=(PlannedEntry(field="Home Phone", before="(312) 555-0147", after="312 555 0199"),),
    button="Save",
)
TOLD = {"first_name": "Ada", "last_name": "Quillfeather", "birth_date": "1991-05-06"}


class Pages(FakePortal):
    """Plans when it is let; ``fails`` is raised instead."""

    def __init__(self) -> None:
        super().__init__(planned=PLAN)
        self.may = asyncio.Event()
        self.may.set()
        self.fails: Unreachable | None = None

    async def plan(self, connection_id: str, wish: WriteWish, content: bytes, actor: object) -> WritePlan:
        self.wishes.append(wish)
        await self.may.wait()
        if self.fails is not None:
            raise self.fails
        assert self.planned is not None
        return self.planned


@pytest.fixture
def pages(stage: Stage, larkspur: Larkspur) -> Pages:
    """The practice's system is typed into."""
    made, connections = Pages(), FakeConnections(forms=(msgspec.structs.replace(FORM, portal=True),))
    desk = Desk(
        larkspur.store,
        larkspur.clock,
        larkspur.live,
        larkspur.outbox,
        portal=made,
        clearing=FakeClearing(),
        connections=connections,
    )
    stage.services = msgspec.structs.replace(stage.services, desk=desk, connections=connections)
    return made


async def pause() -> None:
    for _ in range(20):
        await asyncio.sleep(0.01)


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
    await pause()
    assert not sheet._progress.isHidden() and "Nothing is written yet" in sheet._progress.text()
    assert not sheet._go.isEnabled()
    pages.may.set()
    await pause()
    confirm = stage.shell.sheets[-1]
    assert isinstance(confirm, ConfirmSheet)
    assert await larkspur.store.read(outbox.listed, open_only=True) == []
    confirm.close_with("write")
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    assert (job.kind, job.plan) == (JobKind.UPDATE_PATIENT, PLAN)
    assert wish_of(job) == pages.wishes[-1]


async def test_declining_the_plan_leaves_the_form_as_it_was(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen, sheet = await editing(stage, larkspur)
    sheet._press()
    await pause()
    stage.shell.sheets[-1].close_with("")
    await settle(screen)
    assert sheet._progress.isHidden() and sheet._go.isEnabled()
    assert sheet.values()["phone"] == "312 555 0199"
    assert await larkspur.store.read(outbox.listed, open_only=True) == []


async def test_cancel_while_the_page_is_read_stops_it_and_the_draft_is_kept(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, sheet = await creating(stage)
    sheet.form.typed.emit()
    screen.keep_drafts()
    pages.may.clear()
    sheet._press()
    await pause()
    sheet.close_with("")
    await settle(screen)
    assert stage.shell.sheets[-1] is sheet
    assert await larkspur.store.read(outbox.listed, open_only=True) == []
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
    await pause()
    twin = stage.shell.sheets[-1]
    assert isinstance(twin, TwinSheet) and "patient 1001" in twin.words.text()
    twin.close_with("anyway")
    await pause()
    stage.shell.sheets[-1].close_with("write")
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    wish = wish_of(job)
    assert wish is not None
    assert (wish.operation, wish.despite_twin) == (PortalOperation.SAVE_PATIENT, True)


async def test_the_record_that_is_there_can_be_opened_instead(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    pages.planned = msgspec.structs.replace(PLAN, record="", twins=("1001",))
    screen, sheet = await creating(stage)
    sheet._press()
    await pause()
    stage.shell.sheets[-1].close_with("open")
    await settle(screen)
    found = screen.profile.profile()
    assert found is not None
    assert found.patient.vendor_id == "1001"
    assert await larkspur.store.read(outbox.listed, open_only=True) == []


async def looking_at(stage: Stage, larkspur: Larkspur, standing: Standing) -> tuple[ScheduleScreen, VisitBlock]:
    """The schedule with a booked visit in its panel, where changing a status stands as told."""
    offer = CapabilityOffer(capability=Capability.CHANGE_VISIT_STATUS, standing=standing, words="Only a check-in.")
    await larkspur.store.write(connections.save, system(offers=(*OFFERS, offer)))
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
    await pause()
    assert "Looking at" in stage.shell.sheets[-1].title.text()
    pages.may.set()
    await pause()
    stage.shell.sheets[-1].close_with("write")
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    wish = wish_of(job)
    assert wish is not None
    assert (job.kind, wish.operation, wish.record) == (
        JobKind.CHANGE_VISIT_STATUS,
        PortalOperation.CHECK_IN,
        block.visit.vendor_id,
    )
    assert wish.values["day"] == block.visit.day.isoformat() and job.patient_id == block.visit.patient_id


async def test_a_check_in_is_given_up_while_the_page_is_read(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen, _ = await looking_at(stage, larkspur, Standing.PARTLY)
    pages.may.clear()
    screen.mark_arrived()
    await pause()
    stage.shell.sheets[-1].close_with("")
    await settle(screen)
    assert await larkspur.store.read(outbox.listed, open_only=True) == []


async def test_a_check_in_that_is_not_offered_is_refused_in_words(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    screen, _ = await looking_at(stage, larkspur, Standing.NOT_OFFERED)
    assert "Check in" not in seen(screen.visit_panel)
    screen.mark_arrived()
    await settle(screen)
    assert pages.wishes == [] and stage.shell.sheets == []
    assert "gives Daybook no way to check a visit in. Only a check-in." in stage.shell.said[-1]


async def test_insurance_is_read_when_asked_and_changed_through_a_plan(
    stage: Stage, larkspur: Larkspur, pages: Pages
) -> None:
    offer = CapabilityOffer(capability=Capability.READ_COVERAGE, standing=Standing.YES)
    await larkspur.store.write(connections.save, system(offers=(*OFFERS, offer)))
    policy = CoverageRecord(rank=1, payer_name="Harborlight <b>PPO</b>", payer_id="HL100", member_id="HL-77")
    larkspur.live.policies = [msgspec.structs.replace(larkspur.told("1001/1", policy))]
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    assert "read when you ask" in seen(screen.profile.policies)
    screen.read_policies()
    await settle(screen)
    told = seen(screen.profile.policies)
    assert "Harborlight <b>PPO</b>" in told and "Member HL-77" in told and "Add secondary insurance" in told
    screen.edit_policy(policy)
    await pause()
    sheet = stage.shell.sheets[-1]
    assert isinstance(sheet, PolicySheet)
    assert not sheet._ready()
    sheet._texts["member_id"].set_text("HL-78")
    assert sheet._ready()
    sheet.close_with("plan")
    await pause()
    stage.shell.sheets[-1].close_with("write")
    await settle(screen)
    (job,) = await larkspur.store.read(outbox.listed, open_only=True)
    wish = wish_of(job)
    assert wish is not None
    assert (wish.operation, wish.values) == (PortalOperation.SAVE_POLICY, {"member_id": "HL-78"})
    assert wish.record == f"{screen.profile.profile().patient.vendor_id}/1"


async def test_insurance_is_not_offered_where_the_system_does_not_tell_it(stage: Stage, larkspur: Larkspur) -> None:
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    assert not screen.profile.policies.isVisible()
