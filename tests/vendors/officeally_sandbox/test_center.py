"""Points 25 to 27: the Service Center's pages, and what faults do to them."""

from __future__ import annotations

import csv
import io
import zipfile

import aiohttp
import pytest

from tests.vendors.officeally_sandbox.browser import Browser, Page
from tests.vendors.officeally_sandbox.test_clearinghouse import later, make, new_reports, text_of, upload
from vendors.officeally.sandbox import OfficeAllySandbox


async def rejected(box: OfficeAllySandbox, browser: Browser) -> Page:
    """The page to correct a claim whose member id was wrong."""
    upload(box, await make(box, "FIX-1", changes={"member": "QQ1"}))
    await later(box, 14)
    page = await browser.sign_in("/claims/manage")
    page = await browser.send(page, {"ddlStatus": "Rejected", "txtFind": "FIX-1"}, "btnSearch")
    [row] = [row for row in page.rows if row and row[1] == "FIX-1"]
    assert page.ids["found"] == "1 claims found." and "17 - SUBSCRIBER ID" in row[9]
    return await browser.get(page.links["Correct"])


async def test_manage_claims(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in("/claims/manage")
    count = int(page.ids["found"].split()[0])
    assert count > 25 and len(page.rows) == 26 and page.ids["page"].startswith("Page 1 of")
    page = await browser.send(page, press="btnNext")
    assert page.ids["page"].startswith("Page 2 of") and len(page.rows) == count - 25 + 1
    page = await browser.send(page, {"ddlStatus": "Rejected by Payer"}, "btnSearch")
    assert {row[8] for row in page.rows[1:]} == {"Rejected by Payer"} and "Correct" not in page.links
    page = await browser.send(page, {"txtFrom": "01/01/2024"}, "btnSearch")
    assert page.error == "Choose a range of one year or less."
    assert (await browser.send(page, {"txtFrom": "13/45/2026"}, "btnSearch")).error == "Enter dates as MM/DD/YYYY."


async def test_a_corrected_claim_is_sent_again_with_new_reports(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await rejected(box, browser)
    assert page.ids["account-no"] == "FIX-1" and page.fields[page.name("txt1a")] == "QQ1"
    wrong = await browser.send(page, {"txt1a": "", "txt21A": "", "txt24A_1": "x"}, "btnUpdate")
    for words in ("1a. Insured's I.D. Number is required", "21. Diagnosis A is required", "x is not a date"):
        assert words in wrong.error
    assert [one for one in box.ledger.told()["writes"] if one["operation"] == "correct_claim"] == []
    since = set(await box.actions["outbound"]({}))
    done = await browser.send(page, {"txt1a": "BHH07926919", "txt24F_1": "190.00"}, "btnUpdate")
    assert "was updated and will be sent again. File ID" in done.ids["message"] and "btnUpdate" not in done.text
    again = await browser.send(page, {"txt1a": "BHH07926919"}, "btnUpdate")
    assert again.ids["claim-status"] == "Pending"
    [write] = [one for one in box.ledger.told()["writes"] if one["operation"] == "correct_claim"]
    assert write["body"]["txt1a"] == "BHH07926919" and write["effect"]["file_id"] in done.ids["message"]
    await later(box, 14)
    names = await new_reports(box, since)
    assert any("277ca" in name for name in names) and any(name.startswith("FS_") for name in names)
    [claim] = [one for one in await box.actions["claims"]({}) if one["account"] == "FIX-1"]
    assert claim["status"] == "Pending" and claim["charge"] == 19000 + 26000
    assert len([one for one in await box.actions["sent"]({}) if one["account"] == "FIX-1"]) == 1


async def test_only_rejected_claims_can_be_corrected(box: OfficeAllySandbox, browser: Browser) -> None:
    await browser.sign_in()
    passed = next(one for one in await box.actions["claims"]({}) if one["status"] == "Passed")
    page = await browser.get(f"/claims/{passed['id']}/correct")
    assert page.error == "This claim cannot be corrected: its status is Passed." and page.buttons == {}
    assert (await browser.get("/claims/1/correct")).error == "Claim not found."


async def test_upload(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in("/upload/professional")
    assert (await browser.send(page, press="btnUpload")).error == "Select a file first."
    content = await make(box, "UP-1")
    refused = await browser.send(page, press="btnUpload", files={"fileUpload": ("claims.txt", content)})
    assert refused.error == "The name of the file must contain 837P."
    done = await browser.send(page, press="btnUpload", files={"fileUpload": ("A_OATEST_837P.txt", content)})
    assert done.title == "Upload Confirmation" and done.ids["mode"].startswith("Test file")
    assert bytes(box.house.file(done.ids["file-id"])["content"]) == content
    done = await browser.send(page, press="btnUpload", files={"fileUpload": ("A_837P.txt", content)})
    assert done.ids["mode"] == "Production file."
    await later(box, 14)
    assert [one["account"] for one in await box.actions["sent"]({})].count("UP-1") == 1


async def test_reports_and_remittances_are_those_of_sftp(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in("/reports/claims")
    row = page.rows[1]
    assert row[6] == "Processed"
    name = f"FS_HCFA_{row[0]}_IN_C.txt"
    assert (await browser.raw(f"/reports/claims/{row[0]}/download")).decode() == await text_of(box, name)
    assert (await browser.get("/reports/claims/1/download")).error == "This report is not available."
    page = await browser.get("/reports/era")
    assert "Daily EOB" not in page.text
    page = await browser.send(page, {"ddlMonth": "2", "ddlDay": "All", "ddlYear": "2026"}, "btnSubmit")
    assert page.ids["heading"] == "Daily EOB / ERA 835 Reports for 2/2026 - [Report Type = All]"
    assert page.rows[0] == ["Date", "Report Type", "File ID", "File Name", "EOB ID", "# Records", "View"]
    packed = await browser.raw(page.links["VIEW"])
    file_id = page.links["VIEW"].split("/")[3]
    [name] = [one for one in await box.actions["outbound"]({}) if one.startswith(f"{file_id}_ERA")]
    assert packed == box.shelf.content("outbound", name)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert any(one.endswith(".835") for one in archive.namelist())


async def test_enrollment(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await browser.sign_in("/enrollment")
    states = {row[4] for row in page.rows[1:]}
    assert states == {"Not needed", "Not started", "With payer", "Approved", "Refused", "Expired"}
    page = await browser.send(page, {"txtPayer": "LAKESHORE", "ddlTransaction": "837I"}, "btnSearch")
    assert [row[:5] for row in page.rows[1:]] == [["LAKESHORE MEDICAID", "SKLK0", "837I", "1234567893", "Not started"]]
    page = await browser.get(page.links["Enroll"])
    refused = await browser.send(page, {"txtContact": "Ines Tarrow"}, "btnSubmit")
    assert "Contact Email is required" in refused.error and "authorized" in refused.error
    given = {"txtContact": "Ines Tarrow", "txtEmail": "ines@mail.example", "chkSign": "on"}
    done = await browser.send(page, given, "btnSubmit")
    assert done.ids["message"] == "Enrollment sent."
    assert "cannot be sent now" in (await browser.send(page, given, "btnSubmit")).error
    assert len([one for one in box.ledger.told()["writes"] if one["operation"] == "enroll"]) == 1


async def test_the_payer_list_has_all_columns_and_its_oddities(browser: Browser) -> None:
    await browser.sign_in()
    rows = list(csv.reader(io.StringIO((await browser.raw("/payers/export.csv")).decode("utf-8-sig"))))
    assert rows[0][:3] == ["PAYER NAME", "PAYER ID", "TRANSACTION"] and len(rows[0]) == 10
    ids = {(row[0], row[2]): row[1] for row in rows[1:]}
    assert ids["BLUE HERON HEALTH PLAN", "Eligibility 270 / 271"] == "BLUEHERON-ELIG"
    assert ids["BLUE HERON HEALTH PLAN", "Claim Status 276 / 277"] == "BHSTAT"
    assert any("\n" in row[9] for row in rows) and [row[2] for row in rows].count(" undefined") == 1
    names = [row[0] for row in rows if row[2] == "Professional Claims 837P"]
    assert len(names) > len(set(names)) or len({row[1] for row in rows}) < len(rows)


# --- faults ----------------------------------------------------------------------------------------------------------


async def test_a_session_killed_before_a_write_changes_nothing(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await rejected(box, browser)
    await box.actions["faults"]({"spec": "kill_before*1@correct_claim"})
    after = await browser.send(page, {"txt1a": "BHH07926919"}, "btnUpdate")
    assert after.error == "Your session has ended. Log in again."
    assert [one["status"] for one in await box.actions["claims"]({}) if one["account"] == "FIX-1"] == ["Rejected"]


@pytest.mark.parametrize("fault", ["kill_after", "drop_after", "fail_after"])
async def test_a_write_may_be_done_though_nothing_says_so(box: OfficeAllySandbox, browser: Browser, fault: str) -> None:
    page = await rejected(box, browser)
    await box.actions["faults"]({"spec": f"{fault}*1@correct_claim"})
    try:
        await browser.send(page, {"txt1a": "BHH07926919"}, "btnUpdate")
    except aiohttp.ClientError:
        assert fault == "drop_after"
    assert [one["status"] for one in await box.actions["claims"]({}) if one["account"] == "FIX-1"] == ["Pending"]
    [write] = [one for one in box.ledger.told()["writes"] if one["operation"] == "correct_claim"]
    assert not write["delivered"]


async def test_pages_drift(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await rejected(box, browser)
    plain = await browser.get(page.url)
    await box.actions["faults"]({"spec": "relabel@correct_page"})
    other = await browser.get(page.url)
    assert not set(other.labels) & {"1a. Insured's I.D. Number", "Payer ID"} and "Apply" in other.text
    await box.actions["faults"]({"clear": True, "spec": "reid@correct_page"})
    other = await browser.get(page.url)
    assert not (set(plain.fields) & set(other.fields)) - {name for name in plain.fields if name.startswith("__")}
    done = await browser.send(other, {"ntxt1a": "BHH07926919"}, "nbtnUpdate")
    assert "was updated" in done.ids["message"]
    await box.actions["faults"]({"clear": True, "spec": "move@claims_page"})
    other = await browser.get("/claims/manage")
    assert "<summary>More</summary>" in other.text
    await box.actions["faults"]({"clear": True, "spec": "popup=Agree to the terms@claims_page"})
    assert 'aria-label="Notice"' in (await browser.get("/claims/manage")).text


async def test_a_page_before_the_page(box: OfficeAllySandbox, browser: Browser) -> None:
    await browser.sign_in()
    await box.actions["faults"]({"spec": "interstitial@claims_page"})
    page = await browser.get("/claims/manage")
    assert page.title == "Important Notice"
    assert (await browser.send(page, press="btnAccept")).title == "Manage Claims"


async def test_a_new_required_field(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await rejected(box, browser)
    await box.actions["faults"]({"spec": "require@correct_page"})
    refused = await browser.send(page, {"txt1a": "BHH07926919"}, "btnUpdate")
    assert refused.error == "Attachment Indicator is required"
    page = await browser.get(page.url)
    assert "Attachment Indicator" in page.labels
    done = await browser.send(page, {"txt1a": "BHH07926919", "txtNew": "N"}, "btnUpdate")
    assert "was updated" in done.ids["message"]


async def test_slow_pages_and_errors(box: OfficeAllySandbox, browser: Browser) -> None:
    await browser.sign_in()
    await box.actions["faults"]({"spec": "latency=0.2*1@claims_page,fail=503*1@reports_page,html*1@era_page"})
    assert (await browser.get("/claims/manage")).title == "Manage Claims"
    assert (await browser.get("/reports/claims")).title == "Runtime Error"
    assert (await browser.get("/reports/era")).title == "Scheduled Maintenance"


async def test_html_in_names_is_text(box: OfficeAllySandbox, browser: Browser) -> None:
    upload(box, await make(box, "HTML-1", changes={"last": "<B>X</B>", "member": "QQ1"}))
    await later(box, 14)
    page = await browser.sign_in("/claims/manage")
    assert "&lt;B&gt;X&lt;/B&gt;" in page.text and "<B>X" not in page.text
