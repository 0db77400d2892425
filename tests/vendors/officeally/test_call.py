"""``daybook call officeally …`` against a simulator in a process of its own: no browser where none is needed."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from app.main.call_command import run
from app.model.clock import SystemClock
from tests.vendors.test_kit import ask, end_of_input, start
from vendors.officeally.sandbox.payers import export
from vendors.officeally.sandbox.practice import BILLING_NPI
from vendors.portal.engine import Engine

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def office() -> Iterator[dict[str, Any]]:
    process, said = start("--now", "2026-03-10T09:43", "--vendor", "officeally")
    yield said["vendors"]["officeally"]
    assert end_of_input(process) == 0


@pytest.fixture
def call(office: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    given = office["credentials"]
    monkeypatch.setenv("OA_SFTP", f"{given['sftp_user']}:{given['sftp_password']}")
    monkeypatch.setenv("OA_RT_USER", given["realtime_user"])
    monkeypatch.setenv("OA_RT_PASSWORD", given["realtime_password"])
    monkeypatch.setenv("OA_SENDER", given["sender_id"])

    def one(operation: str, *flags: str, expect: int = 0, **arguments: str) -> Any:
        options = ["--base-url", f"sftp={office['base_urls']['sftp']}"]
        options += ["--base-url", f"realtime={office['base_urls']['realtime']}", "--tenant", office["tenant"]]
        for field, variable in (("sftp", "OA_SFTP"), ("realtime_user", "OA_RT_USER"),
                                ("realtime_password", "OA_RT_PASSWORD"), ("sender_id", "OA_SENDER")):  # fmt: skip
            options += ["--secret-env", f"{field}={variable}"]
        for name, value in arguments.items():
            options += ["--arg", f"{name}={value}"]
        status = run(["officeally", operation, *options, *flags])
        printed = capsys.readouterr().out
        assert status == expect, printed
        return json.loads(printed)

    return one


@pytest.mark.parametrize("flags", [(), ("--production",)])
def test_claims_go_out_as_a_test_unless_told(
    call: Call, office: dict[str, Any], tmp_path: Path, flags: tuple[str, ...]
) -> None:
    control = 950 + len(flags)
    made = ask(f"{office['control']}/claim_file", {"accounts": [f"DBK-{control}"], "control": control})
    path = tmp_path / "claims.txt"
    path.write_text(made["text"], "latin-1")
    told = call("send_claims", *flags, file=str(path))
    assert ("OATEST" in told["vendor_reference"]) is not bool(flags)
    ask(f"{office['control']}/clock", {"advance_hours": 13})
    sent = [one["account"] for one in ask(f"{office['control']}/sent", {})]
    assert sent.count(f"DBK-{control}") == len(flags)
    mine = [
        one
        for one in call("reports")
        if told["vendor_reference"] in {file.get("file_name") for file in one.get("files", [])}
    ]
    assert {"999", "file summary"} <= {one["kind"] for one in mine}


def test_payer_ids_are_checked_where_a_list_is_given(call: Call, office: dict[str, Any], tmp_path: Path) -> None:
    made = ask(f"{office['control']}/claim_file", {"accounts": ["DBK-970"], "control": 970})
    claims, payers = tmp_path / "claims.txt", tmp_path / "payers.csv"
    claims.write_text(made["text"], "latin-1")
    head, *rows = csv.reader(io.StringIO(export().decode()))

    def listed(*kept: list[str]) -> str:
        with payers.open("w", newline="") as file:
            csv.writer(file).writerows(kept)
        return str(payers)

    for content, words in (([], "This is not the payer list"), ([head], "no payer on this list")):
        error = call("send_claims", expect=1, file=str(claims), payers=listed(*content))["error"]
        assert words in error["happened"]
    listed(head, *(row for row in rows if "837P" not in row[2]))
    refused = call("send_claims", expect=1, file=str(claims), payers=str(payers))["error"]
    assert refused["code"] == "vendor_rejected"
    assert "is not on the list for 837P" in refused["means"]
    listed(head, *rows)
    sent = call("send_claims", file=str(claims), payers=str(payers))
    assert sent["words"].endswith("Every payer id is on the list that was given.")
    made = ask(f"{office['control']}/claim_file", {"accounts": ["DBK-971"], "control": 971})
    claims.write_text(made["text"], "latin-1")
    assert "Payer ids were not checked" in call("send_claims", file=str(claims))["words"]


def test_a_file_that_is_not_there(call: Call) -> None:
    assert call("send_claims", expect=1, file="no/such/file")["error"]["code"] == "bad_input"


def test_remittances_balance_or_say_why_not(call: Call) -> None:
    found = call("remittances")
    assert found
    assert all(one["payments"] or one["doubts"] for one in found)


def test_eligibility_and_claim_status(call: Call, office: dict[str, Any]) -> None:
    told = call(
        "eligibility", payer_id="BLUEHERON-ELIG", provider_npi=BILLING_NPI, provider_name="Larkspur",
        last_name="Nobody", birth_date="1980-01-02", member_id="BHH00000001", service_date="2026-03-10",
    )  # fmt: skip
    assert told["type"] == "271"
    told = call(
        "claim_status", payer_id="BHSTAT", payer_name="Blue Heron", provider_npi=BILLING_NPI,
        provider_name="Larkspur", last_name="Nobody", first_name="Known", member_id="BHH00000001",
        service_from="2026-03-02", charge="185.00",
    )  # fmt: skip
    assert told["type"] == "277"
    assert (
        call("claim_status", expect=1, payer_id="BHSTAT", provider_npi="1", charge="x")["error"]["code"] == "bad_input"
    )


def test_payers_from_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "payers.csv"
    path.write_bytes(export())
    found = call("payers", file=str(path), search="BHH01", transaction="270")
    assert found[0]["payer_id"] == "BLUEHERON-ELIG"
    assert call("payers", expect=1, file=str(path), transaction="999")["error"]["code"] == "bad_input"


@pytest.mark.parametrize("operation", ["patients", "enrollments"])
def test_web_pages_need_their_own_login(call: Call, operation: str) -> None:
    error = call(operation, expect=1)["error"]
    assert error["code"] == "not_entitled"
    assert "--secret-env" in " ".join(error["next_steps"])
    assert "Connections" not in str(error)


def test_an_application_whose_address_was_not_given(
    office: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OA_USER", "larkspur.plain")
    monkeypatch.setenv("OA_PASSWORD", "not asked for")
    options = ["--base-url", f"portal={office['base_urls']['portal']}", "--tenant", office["tenant"]]
    options += ["--secret-env", "portal_user=OA_USER", "--secret-env", "portal_password=OA_PASSWORD"]
    assert run(["officeally", "providers", *options]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["happened"]) == ("bad_input", "The address “pm” of Office Ally is missing.")


# --- web pages, in a real browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def one_browser() -> Iterator[asyncio.Runner]:
    """A loop for all calls of this module, and in it the one browser: a start takes longer than most calls."""
    with asyncio.Runner() as runner:
        ended = runner.run(_browser())
        yield runner
        runner.run(ended.aclose())


async def _browser() -> AsyncExitStack:
    stack = AsyncExitStack()
    await stack.enter_async_context(Engine.shared(SystemClock()).held())
    return stack


@pytest.fixture
def web(
    office: dict[str, Any], one_browser: asyncio.Runner, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Call:  # fmt: skip
    monkeypatch.setattr(asyncio, "run", one_browser.run)
    given = office["credentials"]
    monkeypatch.setenv("OA_USER", "larkspur.plain")
    monkeypatch.setenv("OA_PASSWORD", given["portal_password"])

    def one(operation: str, *flags: str, expect: int = 0, **arguments: str) -> Any:
        options = ["--tenant", office["tenant"], "--secret-env", "portal_user=OA_USER"]
        options += ["--secret-env", "portal_password=OA_PASSWORD"]
        for name in ("portal", "pm"):
            options += ["--base-url", f"{name}={office['base_urls'][name]}"]
        for name, value in arguments.items():
            options += ["--arg", f"{name}={value}"]
        status = run(["officeally", operation, *options, *flags])
        printed = capsys.readouterr().out
        assert status == expect, printed
        return json.loads(printed)

    return one


@pytest.mark.browser
def test_practice_mate_is_read(web: Call) -> None:
    providers = web("providers")
    assert [set(one) >= {"provider_id", "name"} for one in providers] == [True] * len(providers)
    who = providers[0]["provider_id"]
    assert web("provider", provider_id=who) == providers[0]
    visits = web("visits", provider_id=who, start="2026-03-10", end="2026-03-11")
    assert {one["date"] for one in visits} == {"2026-03-10", "2026-03-11"}
    assert {one["provider_id"] for one in visits} == {who}
    [marigold] = web("patients", search="fennimore marigold")
    assert (marigold["patient_id"], marigold["birth_date"]) == ("1001", "1984-03-14")
    [same] = web("search_patients", search="1001")
    assert same == marigold
    assert len(web("patients", limit="3")) == 3
    everybody = web("visits", provider_id="", start="2026-03-10", end="2026-03-10")
    assert {one["provider_id"] for one in everybody} == {one["provider_id"] for one in providers}
    [first, *_] = web("coverage", patient_id="1001")
    assert (first["rank"], first["payer_id"]) == (1, "BHH01")
    assert web("coverage", expect=1, patient_id="99")["error"]["code"] == "not_found"


@pytest.mark.browser
@pytest.mark.parametrize("page", ["xx", "0", "-1", "1.5", "²"])
def test_a_page_that_is_none_is_not_taken_for_the_first(web: Call, page: str) -> None:
    error = web("patients", expect=1, search="fennimore", page=page)["error"]
    assert error["code"] == "bad_input"
    assert "whole number" in error["happened"]


@pytest.mark.browser
def test_service_center_is_read(web: Call) -> None:
    states = {one["status_word"] for one in web("enrollments")}
    assert {"Approved", "Not started"} <= states
    found = web("payers", search="BHH01", transaction="270")
    assert found[0]["payer_id"] == "BLUEHERON-ELIG"


@pytest.mark.browser
def test_a_patient_is_written_once(web: Call, office: dict[str, Any]) -> None:
    ask(f"{office['control']}/reset", {})
    made = web("create_patient", first_name="Junia", last_name="Testwick", birth_date="1990-02-28", city="Larkspur")
    assert (made["city"], made["birth_date"]) == ("Larkspur", "1990-02-28")
    changed = web("update_patient", patient_id=made["patient_id"], phone="(312) 555-0161")
    assert (changed["phone"], changed["last_name"]) == ("(312) 555-0161", "Testwick")
    twin = {"first_name": "JUNIA", "last_name": "testwick", "birth_date": "1990-02-28"}
    assert web("create_patient", expect=1, **twin)["error"]["code"] == "vendor_rejected"
    ask(f"{office['control']}/faults", {"spec": "kill_after*1@save_patient"})
    lost = web("update_patient", expect=1, patient_id=made["patient_id"], phone="(312) 555-0162")["error"]
    assert lost["code"] == "outcome_unknown"
    assert lost["means"] == "It may have happened. It was not sent again."
    assert lost["next_steps"] == ["Look in the system whether it was done, before sending it again."]
    writes = [one for one in ask(f"{office['control']}/ledger")["writes"] if one["effect"]]
    assert [one["operation"] for one in writes] == ["save_patient"] * 3


@pytest.mark.browser
def test_errors_of_the_web_pages(web: Call, office: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    ask(f"{office['control']}/faults", {"spec": "relabel@patients_page"})
    assert web("patients", expect=1)["error"]["code"] == "drifted"
    ask(f"{office['control']}/faults", {"spec": "drop_before@patients_page", "clear": True})
    error = web("patients", expect=1)["error"]
    ask(f"{office['control']}/faults", {"clear": True})
    assert error["code"] == "unreachable"
    assert "by itself" not in str(error)
    assert "copy" not in str(error)
    assert "; ".join(error["next_steps"]).count("network") == 1
    monkeypatch.setenv("OA_PASSWORD", "wrong")
    assert web("patients", expect=1)["error"]["code"] == "wrong_credentials"
    monkeypatch.setenv("OA_USER", "larkspur.front")
    monkeypatch.setenv("OA_PASSWORD", office["credentials"]["portal_password"])
    assert web("patients", expect=1)["error"]["code"] == "needs_mfa"
    assert web("update_patient", expect=1, patient_id="1001", shoe_size="44")["error"]["code"] == "bad_input"


@pytest.mark.browser
def test_a_process_of_its_own_with_a_code(tmp_path: Path) -> None:
    """From the shell, on the machine's own clock, with the authenticator's code; nothing is left on disk."""
    process, said = start("--vendor", "officeally")
    told = said["vendors"]["officeally"]
    secrets = {name.upper(): told["credentials"][name] for name in ("portal_user", "portal_password", "portal_totp")}
    command = [sys.executable, "-m", "app.main", "call", "officeally", "patients", "--tenant", told["tenant"]]
    command += [part for name in ("portal", "pm") for part in ("--base-url", f"{name}={told['base_urls'][name]}")]
    command += [part for name in secrets for part in ("--secret-env", f"{name.lower()}={name}")]
    places = {name: str(tmp_path) for name in ("DAYBOOK_HOME", "TMPDIR", "TEMP", "TMP")}
    try:
        done = subprocess.run(
            [*command, "--arg", "search=fennimore"], env={**os.environ, **secrets, **places}, capture_output=True,
            timeout=120, check=False,
        )  # fmt: skip
    finally:
        assert end_of_input(process) == 0
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert {one["last_name"] for one in json.loads(done.stdout)} == {"Fennimore"}
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []
