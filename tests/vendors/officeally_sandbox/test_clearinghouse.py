"""Points 6 to 9, 11 to 13, 26 and 30: what becomes of a file, and that nothing goes to a payer that should not."""

from __future__ import annotations

from typing import Any

import pytest

from app.x12.envelope import read
from app.x12.kinds import guide_for, kind_of
from app.x12.loops import Walk
from app.x12.problems import has_errors
from vendors.officeally.sandbox import OfficeAllySandbox
from vendors.officeally.sandbox.summaries import STATUS_COLUMNS, SUMMARY_COLUMNS

NAME = "DBK_837P_20260310_0943_000000900.txt"


async def make(box: OfficeAllySandbox, *accounts: str, **given: Any) -> bytes:
    return str((await box.actions["claim_file"]({"accounts": accounts, **given}))["text"]).encode("latin-1")


def upload(box: OfficeAllySandbox, content: bytes, name: str = NAME) -> str:
    return box.house.receive(content, name, box.house.clock.now(), "sftp")


async def later(box: OfficeAllySandbox, hours: float) -> None:
    await box.actions["clock"]({"advance_hours": hours})


async def new_reports(box: OfficeAllySandbox, since: set[str], part: str = "") -> list[str]:
    return [name for name in await box.actions["outbound"]({}) if name not in since and part in name]


async def text_of(box: OfficeAllySandbox, name: str) -> str:
    return str((await box.actions["outbound"]({"name": name}))["text"])


def checked(content: str) -> list[list[str]]:
    """Every segment of a document that must be without error by our own reading."""
    reader = read(content.encode("latin-1"))
    segments: list[list[str]] = []
    for transaction in reader:
        kind = kind_of(transaction)
        assert kind is not None
        walk = Walk(transaction, guide_for(kind, transaction.delimiters))
        for number, rows in transaction.rows():
            walk.feed(number, rows)
            segments += [row.split(transaction.delimiters.element) for row in rows]
        walk.finish()
        assert not has_errors(transaction.problems.done())
    assert not has_errors(reader.problems.done())
    return segments


# --- whole files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda text: text + text, "ONLY ONE ISA"),
        (lambda text: text.replace(b"330897513      *260310", b"330897514      *260310"), "ISA08 MUST BE"),
        (lambda text: text.replace(b"GE*1*900", b"GE*2*900"), "COUNTS OR CONTROL NUMBERS"),
        (lambda text: text.replace(b"*330897513*2026", b"*SOMEBODY*2026"), "GS03 MUST BE"),
        (lambda text: text.replace(b"005010X222A1", b"005010X223A2"), "CONTENT IS NOT 837P"),
        (lambda text: b"claim;patient;amount\n1;2;3\n", "NOT A VALID X12 FILE"),
        (lambda text: b"", "NOT A VALID X12 FILE"),
        (lambda text: text[: len(text) // 2], "COUNTS OR CONTROL NUMBERS"),
        (lambda text: text.replace(b"*ZZ*990000001 ", b"*14*990000001 "), "ISA05 OR ISA07"),
    ],
)
async def test_a_file_that_is_not_right_fails_as_a_whole(box: OfficeAllySandbox, change: Any, cause: str) -> None:
    since = set(await box.actions["outbound"]({}))
    number = upload(box, change(await make(box, "T-1", "T-2")))
    await later(box, 14)
    [report] = [name for name in await new_reports(box, since) if name.startswith("FS_")]
    assert report == f"FS_HCFA_{number}_ErrorReport.txt"
    assert cause in await text_of(box, report)
    assert [one for one in await box.actions["claims"]({}) if one["account"].startswith("T-")] == []
    assert box.house.file(number)["status"] == "Failed"
    assert any(number in note["words"] for note in await box.actions["mails"]({}) if note["kind"] == "mail")


async def test_two_groups_fail_and_five_thousand_sets_are_the_most(box: OfficeAllySandbox) -> None:
    one = (await make(box, "T-1")).decode()
    head, body, tail = one[: one.index("GS*")], one[one.index("GS*") : one.index("IEA*")], one[one.index("IEA*") :]
    number = upload(box, (head + body + body.replace("*900*", "*901*").replace("GE*1*900", "GE*1*901")
                          + tail.replace("IEA*1", "IEA*2")).encode())  # fmt: skip
    head, sets, tail = one[: one.index("ST*")], one[one.index("ST*") : one.index("GE*")], one[one.index("GE*") :]
    many = "".join(
        f"ST*837*{place:04d}*005010X222A1~BHT*0019*00*{place}*20260310*0943*CH~SE*3*{place:04d}~"
        for place in range(1, 5002)
    )
    too_many = upload(box, (head + many + tail.replace("GE*1*", "GE*5001*")).encode())
    assert sets
    await later(box, 14)
    assert box.house.file(number)["cause"] == "ONLY ONE GS PER FILE IS ALLOWED"
    assert box.house.file(too_many)["cause"] == "MORE THAN 5000 ST PER FILE"


async def test_syntax_is_refused_by_a_999_that_names_it(box: OfficeAllySandbox) -> None:
    since = set(await box.actions["outbound"]({}))
    number = upload(box, (await make(box, "T-1")).replace(b"SBR*P*18", b"SBR*P*XX"))
    await later(box, 14)
    [report] = await new_reports(box, since, "_999.999")
    segments = checked(await text_of(box, report))
    ids = [segment[0] for segment in segments]
    assert ["IK3", "SBR"] in [segment[:2] for segment in segments] and "IK4" in ids
    assert ["IK5", "R"] in [segment[:2] for segment in segments]
    assert box.house.file(number)["status"] == "Failed"


# --- claims ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"payer": "BLUEHERON-ELIG"}, 12),
        ({"payer": "99999"}, 12),
        ({"member": "XX1"}, 17),
        ({"diagnoses": ["999999"]}, 71),
        ({"from": "2024-01-01", "to": "2024-01-01"}, 52),
        ({"frequency": "7"}, 41),
        ({"plan": "medicaid", "payer": "SKLK0", "member": "LK00000001"}, 84),
    ],
)
async def test_claims_are_rejected_one_by_one(box: OfficeAllySandbox, changes: dict[str, Any], error: int) -> None:
    await box.actions["enrollment"]({"payer": "medicaid", "transaction": "837P", "status": "With payer"})
    since = set(await box.actions["outbound"]({}))
    content = await faulty(box, changes)
    number = upload(box, content)
    await later(box, 14)
    [report] = await new_reports(box, since, "FS_")
    lines = (await text_of(box, report)).splitlines()
    [line] = [one for one in lines if one.startswith("1)") and one[121:135].strip() == "T-1"]
    assert str(error) in line[153:].split()
    assert any(f"{error} - " in one for one in lines if "+---> " in one)
    [name] = await new_reports(box, since, "277ca")
    stcs = [segment for segment in checked(await text_of(box, name)) if segment[0] == "STC"]
    assert any(segment[1].replace(">", ":").startswith(("A7:", "A8:")) and segment[3] == "U" for segment in stcs)
    assert box.house.file(number)["rejected"] == 1
    assert [one for one in await box.actions["sent"]({}) if one["account"] == "T-1"] == []


async def faulty(box: OfficeAllySandbox, changes: dict[str, Any]) -> bytes:
    """A claim with a fault that the writer itself would refuse is made right first and spoiled afterwards."""
    if changes.get("frequency") == "7":
        return (await make(box, "T-1")).replace(b"11:B:1", b"11:B:7")
    if "diagnoses" in changes:
        return (await make(box, "T-1")).replace(b"ABK:J069", b"ABK:999999")
    return await make(box, "T-1", changes=changes)


async def test_sums_and_check_digits_are_checked_here_too(box: OfficeAllySandbox) -> None:
    wrong = (
        (await make(box, "T-1")).replace(b"CLM*T-1*445*", b"CLM*T-1*446*").replace(b"XX*1234567893", b"XX*1234567890")
    )
    upload(box, wrong)
    await later(box, 14)
    [claim] = [one for one in await box.actions["claims"]({}) if one["account"] == "T-1"]
    assert "63 - " in claim["reasons"] and "21 - " in claim["reasons"] and len(claim["id"]) == 10


async def test_an_accepted_claim_is_not_taken_twice(box: OfficeAllySandbox) -> None:
    content = await make(box, "T-1")
    upload(box, content)
    upload(box, content)
    await later(box, 14)
    assert len([one for one in await box.actions["sent"]({}) if one["account"] == "T-1"]) == 1
    assert sorted(one["status"] for one in await box.actions["claims"]({}) if one["account"] == "T-1") == [
        "Pending",
        "Rejected",
    ]


async def test_a_claim_without_enrollment_is_rejected_and_no_era_comes_without_one(box: OfficeAllySandbox) -> None:
    await box.actions["enrollment"]({"payer": "heron", "transaction": "835", "status": "With payer"})
    await box.actions["decide"]({"account": "T-1", "outcome": "paid"})
    upload(box, await make(box, "T-1"))
    since = set(await box.actions["outbound"]({}))
    await later(box, 24 * 60)
    assert [one["paid"] for one in await box.actions["claims"]({}) if one["account"] == "T-1"] != [None]
    names = await new_reports(box, since, "ERA")
    lines = [row[0] for row in box.database.execute("SELECT account FROM check_lines WHERE account = 'T-1'")]
    assert lines == [] and "paper" in {note["kind"] for note in await box.actions["mails"]({})}
    assert names  # Other payers' remittances still come.


async def test_columns_stand_where_they_stand_and_long_values_are_cut(box: OfficeAllySandbox) -> None:
    since = set(await box.actions["outbound"]({}))
    upload(box, await make(box, "ACCOUNT-1234567890", changes={"last": "FEATHERSTONEHAUGH-CHOLMONDELEY"}))
    await later(box, 14)
    [name] = await new_reports(box, since, "FS_")
    [line] = [one for one in (await text_of(box, name)).splitlines() if one.startswith("1)")]
    cells = {heading: line[start : start + length].strip() for heading, start, length in SUMMARY_COLUMNS}
    assert cells["ACCNT#"] == "ACCOUNT-123456" and cells["LAST,FIRST"] == "FEATHERSTONEHAUGH-CH"
    assert cells["FROM DOS"] == "03/09/2026" and cells["PAYER"] == "BHH01" and cells["PHYS.ID"] == "1234567893"
    await later(box, 24 * 7)
    [name] = [one for one in await new_reports(box, since, "EDI_STATUS_2")
              if "ACCOUNT-123456" in await text_of(box, one)]  # fmt: skip
    [line] = [one for one in (await text_of(box, name)).splitlines() if "ACCOUNT-123456" in one]
    cells = {heading: line[start : start + length].strip() for heading, start, length in STATUS_COLUMNS}
    assert cells["Status"] == "ACCEPTED" and cells["Amount"] == "445.00" and cells["Payer"] == "BHH01"
    assert cells["Claim ID"].isdigit() and len(cells["Claim ID"]) == 10


async def test_large_files_are_split_and_it_is_said(box: OfficeAllySandbox) -> None:
    await box.actions["switches"]({"split_over": 2})
    since = set(await box.actions["outbound"]({}))
    upload(box, await make(box, *(f"T-{number}" for number in range(5))))
    await later(box, 14)
    reports = await new_reports(box, since, "FS_")
    texts = [await text_of(box, one) for one in reports]
    assert len(reports) == 3 and sum("was split into" in one for one in texts) == 1
    assert sum(one.count("TOTAL CLAIMS: 2") for one in texts) == 2


async def test_duplicates_are_delivered_when_wanted(box: OfficeAllySandbox) -> None:
    await box.actions["switches"]({"duplicates": True})
    since = set(await box.actions["outbound"]({}))
    upload(box, await make(box, "T-1"))
    await later(box, 14)
    texts = [await text_of(box, one) for one in await new_reports(box, since)]
    assert len(texts) == 6 and len(set(texts)) == 3


# --- one claim's way -------------------------------------------------------------------------------------------------


async def test_the_way_of_a_file_with_one_good_and_one_bad_claim(box: OfficeAllySandbox) -> None:
    await box.actions["decide"]({"account": "GOOD-1", "outcome": "paid"})
    await box.actions["decide"]({"account": "LATE-1", "refuse": "SUBSCRIBER NOT FOUND"})
    good = (await make(box, "GOOD-1", "BAD-1", "LATE-1")).decode()
    head, _, tail = good.partition("HL*3*")
    spoiled = (head + "HL*3*" + tail.replace("MI*BHH07926919", "MI*QQ", 1)).encode()
    since = set(await box.actions["outbound"]({}))
    number = upload(box, spoiled)
    await later(box, 14)
    seen = await new_reports(box, since)
    assert sorted(seen) == sorted(
        [
            f"{number}_{NAME}_999.999",
            f"FS_HCFA_{number}_IN_C.txt",
            next(one for one in seen if one.startswith(f"LARKSPUR_{number}_HCFA_277ca_2026031")),
        ]
    )
    status = {one["account"]: one["status"] for one in await box.actions["claims"]({})}
    assert (status["GOOD-1"], status["BAD-1"], status["LATE-1"]) == ("Pending", "Rejected", "Pending")
    await later(box, 24 * 7)
    status = {one["account"]: one["status"] for one in await box.actions["claims"]({})}
    assert (status["GOOD-1"], status["LATE-1"]) == ("Passed", "Rejected by Payer")
    texts = [await text_of(box, one) for one in await new_reports(box, since, ".277")]
    told = [segment for text in texts for segment in checked(text)]
    traces = [segment[2] for segment in told if segment[0] == "TRN"]
    assert "GOOD-1" in traces and "LATE-1" in traces and "BAD-1" not in traces
    await later(box, 24 * 45)
    paid = {one["account"]: one["paid"] for one in await box.actions["claims"]({})}
    assert paid["GOOD-1"] and paid["LATE-1"] is None and paid["BAD-1"] is None
    sent = [one["account"] for one in await box.actions["sent"]({})]
    assert (sent.count("GOOD-1"), sent.count("BAD-1"), sent.count("LATE-1")) == (1, 0, 1)


async def test_the_past_holds_every_kind_of_report_and_reads_well(box: OfficeAllySandbox) -> None:
    names = [name for name in await box.actions["outbound"]({}) if not name.startswith(("47", "FS_HCFA_47"))]
    for part in ("_999.999", "FS_HCFA_", "277ca", "EDI_STATUS_2026", ".277", "ERA_STATUS"):
        assert any(part in name for name in names), part
    documents = [name for name in names if "277" in name or "999" in name]
    texts = [await text_of(box, name) for name in documents]
    for text in texts:
        checked(text)
    assert len({text[3] for text in texts}) > 1 and len({text.partition("*ZZ*")[2][:10] for text in texts}) > 1
    assert any("\n" in text for text in texts) and any("\n" not in text for text in texts)
    states = {one["status"] for one in await box.actions["claims"]({})}
    assert states == {"Passed", "Pending", "Rejected", "Rejected by Payer"}


async def test_a_clock_that_leaps_gives_what_a_clock_that_runs_gives() -> None:
    from datetime import UTC, datetime

    from vendors.officeally.sandbox import open_sandbox
    from vendors.sandboxkit.plan import Plan

    told = []
    for step in (24.0, 24.0 * 30):
        box = await open_sandbox(Plan(now=datetime(2026, 3, 10, 14, 43, tzinfo=UTC)))
        try:
            box.house.receive(await make(box, "T-1"), NAME, datetime(2026, 3, 10, 15, 0, tzinfo=UTC), "sftp")
            for _ in range(int(24 * 30 / step)):
                await later(box, step)
            told.append([name for name in await box.actions["outbound"]({}) if name >= "4812"])
        finally:
            await box.close()
    assert told[0] == told[1]
