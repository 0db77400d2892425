"""Points 1 to 5 and 10: two folders, nothing else, files taken once they stand still."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import asyncssh
import pytest

from vendors.officeally.sandbox import OfficeAllySandbox, open_sandbox
from vendors.officeally.sandbox.sandbox import SFTP_PASSWORD, SFTP_USER
from vendors.sandboxkit.plan import Plan

NAME = "DBK_837P_20260310_0943_000000900.txt"


async def claims_of(box: OfficeAllySandbox, *accounts: str, **changes: object) -> bytes:
    given = {"accounts": list(accounts), "changes": changes}
    return str((await box.actions["claim_file"](given))["text"]).encode()


async def names(client: asyncssh.SFTPClient, folder: str) -> set[str]:
    return {str(name) for name in await client.listdir(folder)} - {".", ".."}


async def put(client: asyncssh.SFTPClient, name: str, content: bytes) -> None:
    async with client.open(f"inbound/{name}", "wb") as file:
        await file.write(content)


async def test_two_folders_and_hundreds_of_old_reports(sftp: asyncssh.SFTPClient) -> None:
    assert await names(sftp, ".") == {"inbound", "outbound"}
    assert len(await names(sftp, "outbound")) >= 300
    name = sorted(await names(sftp, "outbound"))[0]
    async with sftp.open(f"outbound/{name}", "rb") as file:
        assert len(await file.read()) == (await sftp.stat(f"outbound/{name}")).size


@pytest.mark.parametrize("path", ["..", "../etc", "/etc", "inbound/a/b", "elsewhere"])
async def test_nothing_else_is_shown(sftp: asyncssh.SFTPClient, path: str) -> None:
    if path == "..":  # Above the root is the root.
        assert await names(sftp, path) == {"inbound", "outbound"}
        return
    with pytest.raises(asyncssh.SFTPError):
        await sftp.listdir(path)


async def test_outbound_is_not_written_and_folders_are_not_made(sftp: asyncssh.SFTPClient) -> None:
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        async with sftp.open("outbound/x.txt", "wb"):
            pass
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        await sftp.mkdir("inbound/new")
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        await sftp.rename("inbound/x", "outbound/x")


async def test_a_wrong_password_is_refused(box: OfficeAllySandbox) -> None:
    assert box.sftp is not None
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            "127.0.0.1", box.sftp.port, username=SFTP_USER, password="no", known_hosts=None, config=None
        )


async def test_the_host_key_holds_until_it_is_changed() -> None:
    async def key_of(sandbox: OfficeAllySandbox) -> str:
        assert sandbox.sftp is not None
        key = await asyncssh.get_server_host_key("127.0.0.1", sandbox.sftp.port, config=None)
        assert key is not None
        return key.get_fingerprint()

    seen = []
    for _ in range(2):
        box = await open_sandbox(Plan())
        seen.append(await key_of(box))
        if len(seen) == 2:
            await box.actions["host_key"]({})
            changed = await key_of(box)
            await box.actions["host_key"]({"number": 0})
            assert await key_of(box) == seen[0]
        await box.close()
    assert seen[0] == seen[1] != changed


async def test_a_file_is_taken_once_it_stands_still(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    content = await claims_of(box, "T-1")
    await put(sftp, NAME, content)
    assert NAME in await names(sftp, "inbound")
    await box.actions["clock"]({"advance_hours": 0.02})
    assert await names(sftp, "inbound") == set()
    files = await box.actions["files"]({})
    assert files[-1]["name"] == NAME and files[-1]["status"] == "Received" and len(files[-1]["id"]) == 9
    assert [entry["body"]["bytes"] for entry in box.ledger.told()["writes"]] == [len(content)]


async def test_a_file_that_is_being_written_is_not_taken(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    content = await claims_of(box, "T-1")
    async with sftp.open(f"inbound/{NAME}", "wb") as file:
        await file.write(content[:100])
        await box.actions["clock"]({"advance_hours": 1})
        assert [one for one in await box.actions["files"]({}) if one["name"] == NAME] == []
        await file.write(content[100:])
    await box.actions["clock"]({"advance_hours": 24})
    assert (await box.actions["files"]({}))[-1]["status"] == "Processed"


async def test_a_connection_that_ends_leaves_half_a_file(box: OfficeAllySandbox) -> None:
    assert box.sftp is not None
    content = await claims_of(box, "T-1")
    connection = await asyncssh.connect(
        "127.0.0.1", box.sftp.port, username=SFTP_USER, password=SFTP_PASSWORD, known_hosts=None, config=None
    )
    client = await connection.start_sftp_client()
    file = await client.open(f"inbound/{NAME}.part", "wb")
    await file.write(content[:200])
    connection.abort()
    await connection.wait_closed()
    async with asyncio.timeout(30):
        while not (written := box.ledger.told()["writes"]):
            await asyncio.sleep(0.01)
    [entry] = written
    assert (entry["body"]["bytes"], entry["body"]["whole"]) == (200, False)


@pytest.mark.parametrize("name", ["claims.txt", "DBK_20260310.txt", "DBK_OATEST_1.txt"])
async def test_names_without_the_keyword_are_left_lying(
    box: OfficeAllySandbox, sftp: asyncssh.SFTPClient, name: str
) -> None:
    await put(sftp, name, await claims_of(box, "T-1"))
    await box.actions["clock"]({"advance_hours": 48})
    assert await names(sftp, "inbound") == {name}
    assert [note["words"] for note in await box.actions["mails"]({}) if note["kind"] == "left lying"] == [name]


@pytest.mark.parametrize(
    ("name", "is_test"),
    [
        ("DBK_OATEST_837P_1.txt", True), ("837POATEST.txt", True), ("DBK_837P_1.txt", False),
        ("OA_TEST_837P.txt", False), ("TEST_837P.txt", False), ("oatest_837P.txt", False),
    ],
)  # fmt: skip
async def test_oatest_anywhere_in_the_name_is_a_test_and_nothing_else_is(
    box: OfficeAllySandbox, sftp: asyncssh.SFTPClient, name: str, is_test: bool
) -> None:
    await put(sftp, name, await claims_of(box, "T-1"))
    await box.actions["clock"]({"advance_hours": 14})
    assert bool((await box.actions["files"]({}))[-1]["is_test"]) is is_test
    sent = [one for one in await box.actions["sent"]({}) if one["account"] == "T-1"]
    assert len(sent) == (0 if is_test else 1)
    texts = [await reports_of(box, kind) for kind in ("FS_",)]
    assert ("TEST FILE" in texts[0]) is is_test


async def reports_of(box: OfficeAllySandbox, start: str) -> str:
    listed = [entry for entry in box.shelf.listed("outbound") if start in entry.name]
    newest = max(listed, key=lambda entry: entry.written)
    return str((await box.actions["outbound"]({"name": newest.name}))["text"])


async def test_a_switch_takes_any_case_for_a_test(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    await box.actions["switches"]({"any_case": True})
    await put(sftp, "oatest_837P.txt", await claims_of(box, "T-1"))
    await box.actions["clock"]({"advance_hours": 14})
    assert (await box.actions["files"]({}))[-1]["is_test"]


async def test_reports_come_only_to_those_who_asked(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    await box.actions["switches"]({"reports": []})
    before = await names(sftp, "outbound")
    await put(sftp, NAME, await claims_of(box, "T-1"))
    await box.actions["clock"]({"advance_hours": 14})
    new = await names(sftp, "outbound") - before
    assert len(new) == 1 and new.pop().startswith("FS_HCFA_")


@pytest.mark.parametrize("half_s", [600, 0.2])
async def test_a_half_written_report_grows_until_it_is_whole(
    box: OfficeAllySandbox, sftp: asyncssh.SFTPClient, half_s: float
) -> None:
    await box.actions["faults"]({"spec": f"half={half_s}*1@report"})
    before = await names(sftp, "outbound")
    await put(sftp, NAME, await claims_of(box, "T-1"))
    await box.actions["clock"]({"advance_hours": 3})
    [name] = await names(sftp, "outbound") - before

    async def size() -> int:
        found = (await sftp.stat(f"outbound/{name}")).size
        assert found is not None
        return found

    whole = len(box.shelf.content("outbound", name))
    if half_s > 1:
        assert 0 < await size() < await size() < whole
        return
    async with asyncio.timeout(30):
        while await size() < whole:
            await asyncio.sleep(0.02)
    assert await size() == whole


async def test_a_lost_answer_leaves_the_file_there(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    await box.actions["faults"]({"spec": "drop_after*1@sftp_put"})
    content = await claims_of(box, "T-1")
    with pytest.raises((asyncssh.SFTPError, asyncssh.Error, ConnectionError)):
        await put(sftp, NAME, content)
    [entry] = box.ledger.told()["writes"]
    assert entry["operation"] == "sftp_put" and not entry["delivered"] and entry["body"]["bytes"] == len(content)


async def test_a_full_disk_is_said(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    await box.actions["faults"]({"spec": "fail@sftp_write"})
    with pytest.raises(asyncssh.SFTPFailure, match="No space"):
        await put(sftp, NAME, b"x")


async def test_a_huge_report_is_made_while_it_is_read(box: OfficeAllySandbox, sftp: asyncssh.SFTPClient) -> None:
    name = (await box.actions["plant"]({"kind": "huge"}))["name"]
    assert (await sftp.stat(f"outbound/{name}")).size == 2 * 1024**3
    async with sftp.open(f"outbound/{name}", "rb") as file:
        await file.seek(2 * 1024**3 - 100)
        assert len(await file.read(1000)) == 100


@pytest.mark.skipif(shutil.which("sftp") is None or sys.platform == "win32", reason="no OpenSSH client on this machine")
async def test_openssh_s_own_client_works_with_it(box: OfficeAllySandbox, tmp_path: Path) -> None:
    assert box.sftp is not None
    (tmp_path / "claims.txt").write_bytes(await claims_of(box, "T-1"))
    (tmp_path / "ask").write_text(f"#!/bin/sh\necho '{SFTP_PASSWORD}'\n")
    (tmp_path / "ask").chmod(0o700)
    report = sorted(entry.name for entry in box.shelf.listed("outbound"))[0]
    batch = (
        f"cd inbound\nput {tmp_path}/claims.txt up.tmp\nrename up.tmp {NAME}\nls -l\ncd ../outbound\n"
        f"get {report} {tmp_path}/report.txt\n"
    )
    process = await asyncio.create_subprocess_exec(
        "sftp", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={tmp_path}/known",
        "-o", "PreferredAuthentications=password", "-P", str(box.sftp.port), f"{SFTP_USER}@127.0.0.1",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"SSH_ASKPASS": str(tmp_path / "ask"), "SSH_ASKPASS_REQUIRE": "force", "PATH": "/usr/bin:/bin",
             "HOME": str(tmp_path)},
    )  # fmt: skip
    out, problems = await asyncio.wait_for(process.communicate(batch.encode()), 30)
    assert process.returncode == 0, problems.decode()
    assert NAME in out.decode()
    assert (tmp_path / "report.txt").read_bytes() == box.shelf.content("outbound", report)
    await box.actions["clock"]({"advance_hours": 14})
    assert (await box.actions["claims"]({}))[-1]["account"] == "T-1"
