"""``daybook call officeally …`` against a simulator in a process of its own: no browser where none is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.main.call_command import run
from tests.vendors.test_kit import ask, end_of_input, start
from vendors.officeally.sandbox.payers import export
from vendors.officeally.sandbox.practice import BILLING_NPI

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
    assert call(operation, expect=1)["error"]["code"] == "not_entitled"
