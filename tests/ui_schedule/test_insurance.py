"""Insurance on a patient's page: read when it is opened, shown with its age, changed through a plan."""

from __future__ import annotations

from datetime import date

from app.model.capabilities import Capability, Standing
from app.model.coverage import CoverageRecord
from app.model.errors import Unreachable
from app.model.money import Money
from app.model.portal_writes import PortalOperation
from tests.desk.conftest import DAY
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.pages import Pages, offered, only_job, sheet_of
from tests.ui_schedule.shell import Stage, seen, settle
from ui.screens.patients.policies import PolicySheet
from ui.screens.patients.screen import PatientsScreen
from ui.widgets.confirm import ConfirmSheet

POLICY = CoverageRecord(
    rank=1,
    payer_name="Harborlight <b>PPO</b>",
    payer_id="HL100",
    plan_name="eHarbor Gold",
    member_id="HL-77",
    group_number="GRP9",
    relationship="Spouse",
    insured_last_name="Fennimore",
    insured_first_name="Basil",
    insured_birth_date=date(1982, 6, 21),
    starts=date(2025, 1, 1),
    ends=date(2025, 12, 31),
    copay=Money.parse("25.00"),
)


async def with_policy(stage: Stage, larkspur: Larkspur) -> PatientsScreen:
    """Marigold's page, of whose insurance the system tells."""
    await offered(larkspur, Capability.READ_COVERAGE, Standing.YES)
    larkspur.live.policies = [larkspur.told("1001/1", POLICY)]
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    return screen


async def test_insurance_is_read_behind_the_page_when_a_patient_is_opened(stage: Stage, larkspur: Larkspur) -> None:
    screen = await with_policy(stage, larkspur)
    told = seen(screen.profile.policies)
    for said in (
        "Primary", "Harborlight <b>PPO</b> (HL100)", "eHarbor Gold", "Member HL-77, group GRP9", "Copay $25.00",
        "Insured: Basil Fennimore, born 06/21/1982, patient’s relationship: Spouse", "Add secondary insurance",
        "From 01/01/2025, ended 12/31/2025", "as of 9:43",
    ):  # fmt: skip
        assert said in told
    stage.shell.private = True
    await screen.look_again()
    await settle(screen)
    covered = seen(screen.profile.policies)
    assert "B. F." in covered and not any(said in covered for said in ("Basil", "HL-77", "1982"))
    asked = len(larkspur.live.asked)
    screen.open_patient(larkspur.people["Marigold Fennimore"])
    await settle(screen)
    assert len(larkspur.live.asked) == asked


async def test_without_the_system_the_copy_stands_with_its_age_and_why(stage: Stage, larkspur: Larkspur) -> None:
    screen = await with_policy(stage, larkspur)
    larkspur.clock.advance(86_400.0)
    larkspur.live.fails = Unreachable("OfficePro does not answer.", "Nothing was read.")
    screen.open_patient(larkspur.people["Marigold Fennimore"])
    await settle(screen)
    told = seen(screen.profile.policies)
    assert "Not read again. OfficePro does not answer." in told and "Member HL-77" in told
    assert stage.shell.errors == []
    await offered(larkspur, Capability.READ_COVERAGE, Standing.PAUSED)
    await settle(screen)
    told = seen(screen.profile.policies)
    assert "Member HL-77" in told and "Read insurance" not in told


async def test_insurance_is_changed_through_a_plan(stage: Stage, larkspur: Larkspur, pages: Pages) -> None:
    screen = await with_policy(stage, larkspur)
    screen.edit_policy(POLICY)
    sheet = await sheet_of(stage, PolicySheet)
    assert not sheet._ready()
    sheet._texts["member_id"].set_text("HL-78")
    assert sheet._ready()
    sheet.close_with("plan")
    (await sheet_of(stage, ConfirmSheet)).close_with("write")
    await settle(screen)
    _, wish = await only_job(larkspur)
    assert (wish.operation, wish.values) == (PortalOperation.SAVE_POLICY, {"member_id": "HL-78"})
    found = screen.profile.profile()
    assert found is not None and wish.record == f"{found.patient.vendor_id}/1"


async def test_insurance_is_not_offered_where_the_system_does_not_tell_it(stage: Stage, larkspur: Larkspur) -> None:
    screen: PatientsScreen = await stage.show("patients", patient_id=larkspur.people["Marigold Fennimore"])
    assert not screen.profile.policies.isVisible()


async def test_who_is_insured_is_asked_where_it_is_somebody_else(stage: Stage) -> None:
    sheet = PolicySheet(CoverageRecord(rank=2, payer_name=""), "Office Ally", lambda: DAY)
    stage.shell.show_sheet(sheet)
    sheet._texts["payer_id"].set_text("HL100")
    sheet._texts["member_id"].set_text("HL-1")
    sheet._more["insured_last_name"].set_text("Quillfeather")
    sheet._more["copay"].set_text("much")
    assert sheet._insured.isHidden() and not sheet._ready() and "insured_last_name" not in sheet.changes()
    sheet._more["copay"].set_text("25.00")
    sheet._relation.setCurrentIndex(sheet._relation.findData("Spouse"))
    sheet._dates["insured_birth_date"].set_value(date(1980, 2, 3))
    assert not sheet._insured.isHidden() and sheet._ready()
    assert sheet.changes() == {
        "payer_id": "HL100",
        "member_id": "HL-1",
        "relationship": "Spouse",
        "insured_last_name": "Quillfeather",
        "insured_birth_date": "1980-02-03",
        "copay": "25.00",
    }
