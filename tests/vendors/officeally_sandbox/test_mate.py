"""Points 28 and 29: Practice Mate's patients, policies, appointments, schedules and posting."""

from __future__ import annotations

from typing import Any

from tests.vendors.officeally_sandbox.browser import Browser, Page
from vendors.officeally.sandbox import OfficeAllySandbox

SEARCH = "/emr/PatientCharts/PatientSearch.aspx"
CHART = "/emr/PatientCharts/PatientChart_Summary.aspx?PID="
EDIT = "/emr/PatientCharts/PatientEdit.aspx"
APPOINTMENTS = "/emr/Appointments/ViewAppointments.aspx?Tab=A"
POSTING = "/Accounting/AutoPostEra.aspx"


def writes(box: OfficeAllySandbox, operation: str) -> list[dict[str, Any]]:
    return [one for one in box.ledger.told()["writes"] if one["operation"] == operation]


async def test_patients_are_found(browser: Browser) -> None:
    page = await browser.sign_in(SEARCH, "pm")
    found = await browser.send(page, {"txtLast": "fennimore"}, "btnSearch")
    assert found.ids["found"] == "3 patients found."
    assert [
        "1001",
        "Fennimore",
        "Marigold",
        "03/14/1984",
        "F",
        "(312) 555-0147",
        "BLUE HERON HEALTH PLAN",
    ] in found.rows
    found = await browser.send(page, {"txtDob": "03/14/1984", "txtPatientId": "1001"}, "btnSearch")
    assert found.ids["found"] == "1 patients found."
    everybody = await browser.send(page, press="btnSearch")
    assert everybody.ids["page"] == "Page 1 of 8" and len(everybody.rows) == 51
    assert (await browser.send(everybody, press="btnNext")).ids["page"] == "Page 2 of 8"
    assert (await browser.send(page, {"txtDob": "1984-03-14"}, "btnSearch")).error == "Enter the DOB as MM/DD/YYYY."


async def test_a_chart_shows_header_and_policies(browser: Browser) -> None:
    page = await browser.sign_in(CHART + "1001", "pm")
    assert page.ids["ctl00_Main_lblDOB"] == "DOB - Age: 03/14/1984 - 41"
    assert page.ids["ctl00_Main_lblLastName"] == "Fennimore" and page.ids["ctl00_Main_lblAllyID"].startswith("PA")
    assert page.rows[1][:4] == ["Primary", "BLUE HERON HEALTH PLAN", "BHH01", "BHH07926919"]
    assert (await browser.get(CHART + "99", "pm")).error == "Patient not found."


async def test_a_patient_is_made_and_changed(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in(EDIT, "pm")
    assert "Last Name is required" in (await browser.send(page, {}, "btnSave")).error
    given = {
        "txtLast": "Fenn<i>more",
        "txtFirst": "Poppy",
        "txtDob": "02/03/2001",
        "ddlSex": "F",
        "txtHome": "(312) 555-0199",
    }
    done = await browser.send(page, given, "btnSave")
    assert done.ids["message"] == "Patient saved." and "Fenn&lt;i&gt;more" in done.text
    number = done.ids["ctl00_Main_lblPatientID"]
    twin = await browser.send(page, given, "btnSave")
    assert twin.error == f"A patient with this name and birth date exists: Patient ID {number}."
    assert len(writes(box, "save_patient")) == 1
    other = await browser.send(twin, given, "btnSaveAnyway")
    assert other.ids["ctl00_Main_lblPatientID"] != number
    page = await browser.get(f"{EDIT}?PID={number}", "pm")
    changed = await browser.send(page, {"txtCell": "(312) 555-0188"}, "btnSave")
    assert changed.ids["ctl00_Main_lblCellPhone"] == "(312) 555-0188"
    assert changed.ids["ctl00_Main_lblHomePhone"] == "(312) 555-0199"
    assert [one["effect"]["patient_id"] for one in writes(box, "save_patient")].count(number) == 2


async def test_a_twin_is_known_in_every_alphabet(browser: Browser) -> None:
    page = await browser.sign_in(EDIT, "pm")
    given = {"txtLast": "Ångström", "txtFirst": "Zoë", "txtDob": "02/03/2001"}
    assert (await browser.send(page, given, "btnSave")).ids["message"] == "Patient saved."
    again = await browser.send(page, {**given, "txtLast": "ÅNGSTRÖM", "txtFirst": "ZOË"}, "btnSave")
    assert "exists" in again.error
    found = await browser.send(await browser.get(SEARCH, "pm"), {"txtLast": "ångs"}, "btnSearch")
    assert found.ids["found"] == "1 patients found."


async def test_a_policy_is_added_and_changed(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in(CHART + "1002", "pm")
    form = await browser.get(page.links["Add Insurance"], "pm")
    assert form.ids["order"] == "Secondary" and form.fields[form.name("txtInsuredLast")] == "Fennwick"
    refused = await browser.send(form, {"txtEffective": "yesterday"}, "btnSave")
    assert "Subscriber ID is required" in refused.error and "Effective Date is not a date" in refused.error
    given = {"ddlPayer": "BHH01", "txtSubscriber": "BHH1", "txtEffective": "01/01/2026", "ddlRelationship": "Spouse"}
    done = await browser.send(form, given, "btnSave")
    row = next(row for row in done.rows if row[0] == "Secondary")
    assert done.ids["message"] == "Insurance saved." and row[1:6] == [
        "BLUE HERON HEALTH PLAN",
        "BHH01",
        "BHH1",
        "",
        "Spouse",
    ]
    form = await browser.get("/emr/PatientCharts/Insurance.aspx?PID=1002&Order=Secondary", "pm")
    assert form.fields[form.name("txtEffective")] == "01/01/2026" and form.fields[form.name("ddlPayer")] == "BHH01"
    done = await browser.send(form, {"txtTermination": "12/31/2026"}, "btnSave")
    assert next(row for row in done.rows if row[0] == "Secondary")[9] == "12/31/2026"
    assert len(writes(box, "save_policy")) == 2


async def test_the_appointments_page_has_state_blocks_and_two_periods(browser: Browser) -> None:
    page = await browser.sign_in(APPOINTMENTS, "pm")
    assert page.ids["day"] == "Tuesday 03/10/2026" and page.fields["OperatingWeekDays"] == "NYYYYYN"
    assert page.fields["Use2ndSession"] == "Y" and page.fields["AppointmentStartTime2"] == "8:00 AM"
    assert page.fields["AppointmentStopTime2"] == "12:00 PM" and page.fields["AppointmentStartTime2_2"] == "1:00 PM"
    page = await browser.send(page, {"lstProvider": "1"}, "btnGo")
    rows = [row for row in page.rows if row[7:8] == ["Dr. Oakenfield"]]
    assert [row[2] for row in rows].count("BLOCK") == 2
    assert ["10", "20 AM", "LANTERNBY,MARISOL"] in [row[:3] for row in rows]
    assert {row[9] for row in rows} >= {"Confirmed", "Checked Out", "Cancelled", "Checked In", "Scheduled"}
    sunday = await browser.send(page, {"NewAppointmentDay": "8"}, "btnGo")
    assert sunday.ids["day"] == "Sunday 03/08/2026" and len(sunday.rows) == 1
    page.fields |= {"NewAppointmentMonth": "2", "NewAppointmentDay": "30"}
    assert (await browser.send(page, press="btnGo")).error == "This day does not exist."


async def test_check_in_once(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in(APPOINTMENTS, "pm")
    label = "Check In LANTERNBY,MARISOL 10:20 AM"
    done = await browser.press(page, label)
    assert done.ids["message"] == "LANTERNBY,MARISOL was checked in."
    assert label not in done.buttons
    assert (await browser.press(page, label)).error == "This visit is already checked in."
    [write] = writes(box, "check_in")
    assert write["effect"]["patient_id"]


async def test_time_schedules(browser: Browser) -> None:
    page = await browser.sign_in("/ManageOffice/TimeSchedules.aspx", "pm")
    assert page.ids["interval"] == "20" and page.rows[1] == ["Sunday", "N", "", "", "", ""]
    page = await browser.send(page, {"lstProvider": "5"}, "btnShow")
    assert page.rows[2] == ["Monday", "Y", "9:00 AM", "1:00 PM", "1:45 PM", "4:45 PM"]


async def posting(browser: Browser, number: str) -> Page:
    return await browser.get(f"{POSTING}?check={number}", "pm")


async def test_lines_are_posted_after_one_more_look(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in(POSTING, "pm")
    row = next(row for row in page.rows[1:] if row[5] == "Unposted" and row[4] == "1" and row[3] != "0.00")
    check = await posting(browser, row[0])
    boxes = [name for name in check.labels if name.startswith("Line ")]
    assert (await browser.send(check, press="btnAutoPost")).error == "Tick the lines to be posted."
    keys = {check.labels[label].removeprefix("ctl00_Main_"): "on" for label in boxes}
    confirm = await browser.send(check, keys, "btnAutoPost")
    assert confirm.title == "Confirm Auto-Post" and confirm.ids["confirm"].startswith(f"Post {len(boxes)} lines of")
    assert writes(box, "auto_post_proceed") == []
    back = await browser.send(confirm, press="btnCancel")
    assert "Posted" not in {row[6] for row in back.rows[1:] if len(row) > 6}
    done = await browser.send(confirm, press="btnProceed")
    assert done.ids["message"] == f"{len(boxes)} lines posted."
    assert "Tick the lines" in (await browser.send(confirm, press="btnProceed")).error
    [write] = writes(box, "auto_post_proceed")
    assert write["effect"]["check"] == row[0]
    page = await browser.get(POSTING, "pm")
    assert next(one for one in page.rows if one[0] == row[0])[5] == "Posted"


async def test_negative_payments_are_not_auto_posted(box: OfficeAllySandbox, browser: Browser) -> None:
    number = box.database.execute("SELECT check_number FROM check_lines LIMIT 1").fetchone()[0]
    box.database.execute("UPDATE check_lines SET paid = -500 WHERE check_number = ?", (number,))
    await browser.sign_in(POSTING, "pm")
    check = await posting(browser, number)
    keys = {key.removeprefix("ctl00_Main_"): "on" for label, key in check.labels.items() if label.startswith("Line ")}
    refused = await browser.send(check, keys, "btnAutoPost")
    assert refused.error == "Checks with negative payments cannot be auto-posted."
    assert writes(box, "auto_post_proceed") == []


async def test_a_killed_session_in_practice_mate(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in(APPOINTMENTS, "pm")
    await box.actions["faults"]({"spec": "kill_after*1@check_in"})
    after = await browser.press(page, "Check In LANTERNBY,MARISOL 10:20 AM")
    assert after.error == "Your session has ended. Log in again." and len(writes(box, "check_in")) == 1
    again = await browser.sign_in(APPOINTMENTS, "pm")
    row = next(row for row in again.rows if row[2:3] == ["LANTERNBY,MARISOL"])
    assert row[9] == "Checked In"


async def test_the_second_office_has_people_and_visits_of_its_own(box: OfficeAllySandbox, browser: Browser) -> None:
    await box.actions["office"]({"name": "harbor"})
    await box.actions["office"]({"name": "harbor"})
    page = await browser.sign_in(SEARCH, "pm")
    everybody = await browser.send(page, press="btnSearch")
    assert everybody.ids["found"] == "12 patients found."
    assert ["Seabright", "Ada", "05/16/1979"] in [row[1:4] for row in everybody.rows]
    day = await browser.send(await browser.get(APPOINTMENTS, "pm"), press="btnGo")
    names = {row[7] for row in day.rows[1:]}
    assert names == {"Dr. Quillmere", "Ida Fernsby"}
    assert {row[2] for row in day.rows[1:]} >= {"BLOCK", "SEABRIGHT,ADA"}
    await box.actions["reset"]({})
    page = await browser.sign_in(SEARCH, "pm")
    assert (await browser.send(page, {"txtLast": "seabright"}, "btnSearch")).ids["found"] == "0 patients found."
