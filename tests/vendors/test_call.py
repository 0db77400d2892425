"""``daybook call`` against a simulator in a process of its own, to the letter of the table of operations."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.main.call_command import OPERATIONS, run
from tests.vendors import certificates
from tests.vendors.stage import stage
from tests.vendors.test_kit import ask, end_of_input, start

Call = Callable[..., Any]

BOOKING = {
    "patient_id": "1001", "provider_id": "2", "visit_type": "Consult", "date": "2026-03-12", "time": "10:00:00",
    "duration": "30", "visit_complaint": "Follow-up", "visit_notes": "Booked via API", "provider_time": "10:00:00",
    "provider_duration": "30",
}  # fmt: skip


@pytest.fixture(scope="module")
def office() -> Iterator[dict[str, Any]]:
    process, said = start("--now", "2026-03-10T09:43")
    yield said["vendors"]["officepro"]
    assert end_of_input(process) == 0


@pytest.fixture
def call(office: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    ask(f"{office['control']}/reset", {})
    monkeypatch.setenv("OFFICE_KEY", office["credentials"]["api_key"])

    def one(operation: str, expect: int = 0, **arguments: str) -> Any:
        options = [f"{name}={value}" for name, value in arguments.items()]
        given = [part for option in options for part in ("--arg", option)]
        base = office["base_urls"]["api"]
        account = ["--base-url", base, "--tenant", office["tenant"], "--secret-env", "OFFICE_KEY"]
        status = run(["officepro", operation, *account, *given])
        printed = capsys.readouterr().out
        assert status == expect, printed
        return json.loads(printed)

    return one


def test_reads(call: Call) -> None:
    providers = call("providers")
    assert [provider["provider_id"] for provider in providers] == ["1", "2", "3", "4", "5", "6"]
    assert call("provider", provider_id="2") == providers[1]
    visits = call("visits", provider_id="2", start="2026-03-10", end="2026-03-10", visit_type="Follow-up")
    assert {visit["visit_type"] for visit in visits} == {"Follow-up"}
    assert visits[0] | {"visit_id": ""} == {
        "visit_id": "", "provider_id": "2", "date": "2026-03-10", "time": "08:30:00", "duration": 30,
        "visit_type": "Follow-up", "status": "booked", "patient_id": "",
    }  # fmt: skip
    slot = {"provider_id": "2", "date": "2026-03-12", "time": "10:00:00", "duration": 30}
    assert slot in call("open_slots", provider_id="2", date="2026-03-12", duration="30")
    asked = {**slot, "duration": "30"}
    assert call("check_slot", **asked) == {"available": True, **slot}
    assert call("next_slot", provider_id="2", duration="30", max_days="30") == {
        **slot, "date": "2026-03-10", "time": "11:00:00",
    }  # fmt: skip
    assert call("next_slot", provider_id="2", duration="700") is None
    assert len(call("visit_types", include_inactive="true")) == len(call("visit_types")) + 1


def test_a_booking_is_sent_once(call: Call, office: dict[str, Any]) -> None:
    booked = call("book_visit", **BOOKING)
    wanted = {**BOOKING, "duration": 30, "provider_duration": 30, "room_id": "102"}
    assert booked == {**wanted, "visit_id": booked["visit_id"]}
    taken = call("book_visit", expect=1, **BOOKING)["error"]
    assert set(taken) == {"code", "happened", "means", "next_steps"}
    assert taken["code"] == "slot_taken"
    assert len(ask(f"{office['control']}/ledger")["writes"]) == 2


def test_a_request_to_slow_down_says_what_is_true_of_a_single_call(call: Call, office: dict[str, Any]) -> None:
    ask(f"{office['control']}/faults", {"spec": "rate_limit=60@book_visit"})
    error = call("book_visit", expect=1, **BOOKING)["error"]
    assert (error["code"], error["means"], error["next_steps"]) == (
        "rate_limited", "Nothing was done.", ["Wait 60 seconds."],
    )  # fmt: skip


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "fail=500"])
def test_a_write_is_never_repeated(call: Call, office: dict[str, Any], fault: str) -> None:
    ask(f"{office['control']}/faults", {"spec": f"{fault}@book_visit"})
    assert call("book_visit", expect=1, **BOOKING)["error"]["code"] == "outcome_unknown"
    assert ask(f"{office['control']}/ledger")["requests"]["book_visit"] == 1


def test_patients(call: Call) -> None:
    [marigold] = call("search_patients", search="marigold fennimore", page="1", limit="5", prospect="false")
    assert (marigold["patient_id"], marigold["birth_date"]) == ("1001", "1984-03-14")
    assert all(patient["prospect"] for patient in call("search_patients", prospect="true", limit="5"))
    john = {"first_name": "John", "last_name": "Doe", "email": "john@example.com", "phone": "555-0123"}
    created = call("create_patient", **john, birth_date="1970-01-31", city="Larkspur Heights", LifeStage="Adult")
    assert john.items() <= created.items()
    assert created["extra"]["LifeStage"] == "Adult"
    changed = call("update_patient", patient_id=created["patient_id"], phone="555-0124", prospect="false")
    assert (changed["phone"], changed["email"], changed["prospect"]) == ("555-0124", "john@example.com", False)
    # The system's own names are as good.
    changed = call("update_patient", id=created["patient_id"], DOB="1970-02-01", MI="Q", Zip="60601")
    assert (changed["birth_date"], changed["middle_name"], changed["postal_code"]) == ("1970-02-01", "Q", "60601")


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("provider", {"provider_id": "77"}, "not_found"),
        ("provider", {}, "bad_input"),
        ("provider", {"provider_id": "1", "extra": "1"}, "bad_input"),
        ("providers", {"page": "2"}, "bad_input"),
        ("visits", {"provider_id": "1", "start": "today", "end": "2026-03-10"}, "bad_input"),
        ("check_slot", {"provider_id": "1", "date": "2026-03-10", "time": "noon", "duration": "30"}, "bad_input"),
        ("book_visit", {**BOOKING, "time": "09:00-05:00"}, "bad_input"),
        ("book_visit", {**BOOKING, "time": "09:00:00.5"}, "bad_input"),
        ("open_slots", {"provider_id": "1", "date": "2026-03-10", "duration": "long"}, "bad_input"),
        ("search_patients", {"prospect": "perhaps"}, "bad_input"),
        ("search_patients", {"page": "last"}, "bad_input"),
        ("create_patient", {"shoe_size": "44"}, "bad_input"),
        ("create_patient", {"first_name": "A", "FirstName": "B", "last_name": "C"}, "bad_input"),
        ("update_patient", {"patient_id": "1001", "shoe_size": "44"}, "bad_input"),
        ("cancel_visit", {"visit_id": "1"}, "bad_input"),
    ],
)
def test_errors_are_told_as_json(call: Call, operation: str, arguments: dict[str, str], code: str) -> None:
    error = call(operation, expect=1, **arguments)["error"]
    assert error["code"] == code
    assert error["happened"]


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)["error"]["code"]


def test_keys_and_names(
    office: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_KEY", "wrong")
    base = ["officepro", "providers", "--base-url", f"api={office['base_urls']['api']}/v1", "--tenant"]
    assert run([*base, "DemoOffice", "--secret-env", "api_key=OFFICE_KEY"]) == 1
    assert told(capsys) == "wrong_credentials"
    assert run([*base, "DemoOffice", "--secret-env", "NO_SUCH_VARIABLE"]) == 1
    assert told(capsys) == "wrong_credentials"
    monkeypatch.setenv("OFFICE_KEY", office["credentials"]["api_key"])
    assert run([*base, "DemoOffice", "--secret-env", "api_key=OFFICE_KEY"]) == 0
    capsys.readouterr()
    assert run([*base, "Elsewhere", "--secret-env", "OFFICE_KEY"]) == 1
    assert told(capsys) == "not_found"
    assert run([*base, "DemoOffice", "--secret-env", "password=OFFICE_KEY"]) == 1
    assert told(capsys) == "bad_input"
    assert run([*base, "DemoOffice", "--secret-env", "OFFICE_KEY", "--arg", "novalue"]) == 1
    assert told(capsys) == "bad_input"
    assert run(["nosuchvendor", *base[1:], "DemoOffice"]) == 1
    assert told(capsys) == "bad_input"


async def test_an_authority_of_the_system_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose authority this machine trusts needs no option: the system's own store is asked."""
    authority = certificates.make(tmp_path)
    (tmp_path / "ca.pem").write_text(authority.ca_pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    async with stage("officepro", tls=authority.server) as running, running.adapter() as adapter:
        assert await adapter.providers()


def test_every_operation_of_the_table_is_there() -> None:
    assert set(OPERATIONS) == {
        "providers", "provider", "visits", "check_slot", "open_slots", "next_slot", "visit_types", "book_visit",
        "search_patients", "create_patient", "update_patient", "patients", "eligibility", "claim_status", "send_claims",
        "reports", "remittances", "payers", "enrollments", "coverage",
    }  # fmt: skip


def test_words_of_other_languages_are_readable(
    call: Call, office: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = call("create_patient", first_name="Žofie", last_name="Łukasiewicz", phone="(312) 555-0171")
    account = ["--base-url", office["base_urls"]["api"], "--tenant", office["tenant"], "--secret-env", "OFFICE_KEY"]
    search = ["officepro", "search_patients", *account, "--arg", "search=Łukasiewicz"]
    assert run(search) == 0
    assert "Žofie" in capsys.readouterr().out
    # A terminal of the old days gets the same record, escaped.
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert run(search) == 0
    out.seek(0)
    (found,) = json.loads(out.read())
    assert (found["first_name"], found["patient_id"]) == ("Žofie", made["patient_id"])


def test_bytes_that_are_no_text_are_refused_before_anything_is_sent(call: Call) -> None:
    told = call("create_patient", expect=1, first_name="Ana", last_name="L\udcff")
    assert told["error"]["happened"] == "“last_name” is not text in UTF-8."
    assert told["error"]["code"] == "bad_input"


def test_an_argument_given_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--arg", "provider_id=1", "provider_id=2"]
    assert run(["officepro", "provider", "--base-url", "http://127.0.0.1:9", "--tenant", "DemoOffice", *given]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["happened"]) == ("bad_input", "“provider_id” is given twice.")
