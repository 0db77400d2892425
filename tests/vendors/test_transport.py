"""The parts of the transport that need no vendor: words, decoding, tokens, budgets, trust."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.clock import FixedClock
from app.model.errors import AuthExpired, Drifted, OutcomeUnknown, SetupError, WrongCredentials
from vendors.contract import RateBudget
from vendors.transport import failures, scrub, tls
from vendors.transport.decode import json_value, shaped
from vendors.transport.tokens import Token, TokenKeeper

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


# --- words -----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_reasons_are_one_short_line(text: str, sent: list[str]) -> None:
    line = scrub.reason(text, sent)
    assert len(line) <= scrub.LONGEST
    assert "\n" not in line
    assert "\u202e" not in line


def test_reasons_lose_what_was_sent_whole_words_only() -> None:
    assert scrub.reason("Ann cannot see Annabel on Friday", ["Ann"]) == "… cannot see Annabel on Friday"
    assert scrub.reason("SSN 123-45-6789 is on file.") == "SSN … is on file"


@pytest.mark.parametrize("write", [False, True])
def test_every_status_has_words(write: bool) -> None:
    for status in range(300, 600):
        error = failures.for_status("OfficePro", status, operation="read", write=write)
        assert error.happened.startswith("OfficePro")
        assert error.means
        assert error.next_steps
        if write and (status >= 500 or status < 400):
            assert isinstance(error, OutcomeUnknown)


def test_401_is_never_a_wrong_password() -> None:
    assert isinstance(failures.for_status("OfficePro", 401, operation="read", write=False), AuthExpired)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("0", 0), ("-5", 0), ("1e9", 86400), ("", 30), ("soon", 30), ("nan", 30),
     (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90), ("Tue, 10 Mar 2020 00:00:00 GMT", 0)],
)  # fmt: skip
def test_retry_after(header: str, seconds: float) -> None:
    assert failures.pause_seconds(header, NOW) == seconds


def test_ways_of_not_being_sent() -> None:
    untrusted = ssl.SSLCertVerificationError("no")
    outer = ConnectionError("outer")
    outer.__cause__ = untrusted
    assert "verify" in failures.not_sent("OfficePro", outer).happened
    assert "address" in failures.not_sent("OfficePro", socket.gaierror("no")).happened
    assert "reached" in failures.not_sent("OfficePro", TimeoutError()).happened


# --- decoding --------------------------------------------------------------------------------------------------------


class Inner(msgspec.Struct):
    name: str
    count: int = 0


class Outer(msgspec.Struct):
    rows: list[Inner]


@pytest.mark.parametrize(
    ("value", "field"),
    [({"rows": [{"count": 1}]}, "data.rows[0].name"), ({}, "data.rows"), ({"rows": [{"name": 5}]}, "data.rows[0].name"),
     (None, "data"), ({"rows": [{"name": "Moss", "count": "Moss"}]}, "data.rows[0].count")],
)  # fmt: skip
def test_drift_is_named_by_its_field_never_by_its_content(value: object, field: str) -> None:
    with pytest.raises(Drifted) as caught:
        shaped(value, Outer, title="OfficePro", operation="read", where="data")
    assert f"“{field}”" in caught.value.happened
    assert "Moss" not in caught.value.happened + caught.value.detail


@given(st.binary(max_size=200))
async def test_any_bytes_are_json_or_drift(body: bytes) -> None:
    try:
        await json_value(body, title="OfficePro", operation="read")
    except Drifted as error:
        assert error.happened


async def test_deep_json_is_drift() -> None:
    with pytest.raises(Drifted):
        await json_value(b"[" * 200_000, title="OfficePro", operation="read")


async def test_half_a_character_does_not_cost_the_whole_answer() -> None:
    body = rb'{"LastName": "Moss \ud83d", "Notes": ["\ud83d\ude00", 1, null], "ok": "\\ud83d"}'
    found = await json_value(body, title="OfficePro", operation="read")
    assert found == {"LastName": "Moss \ufffd", "Notes": ["\U0001f600", 1, None], "ok": "\\ud83d"}
    for broken in (rb'["\ud83d", NaN]', rb'["\ud83d"', rb'["\ud8"]'):
        with pytest.raises(Drifted):
            await json_value(broken, title="OfficePro", operation="read")


async def test_large_json() -> None:
    body = msgspec.json.encode(["x" * 1000] * 1000)
    assert len(await json_value(body, title="OfficePro", operation="read")) == 1000


# --- tokens ----------------------------------------------------------------------------------------------------------


class Issuer:
    """Gives numbered tokens, slowly; refuses while told to."""

    def __init__(self) -> None:
        self.given = 0
        self.refuse = False

    async def __call__(self) -> Token:
        await asyncio.sleep(0.01)
        self.given += 1
        if self.refuse:
            raise WrongCredentials("No.")
        return Token(text=f"token-{self.given}", lifetime_s=3600.0)


async def test_a_cancelled_renewal_leaves_the_others_theirs(clock: FixedClock) -> None:
    issuer = Issuer()
    keeper = TokenKeeper(clock, issuer)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(keeper.current())
        others = [group.create_task(keeper.current()) for _ in range(5)]
        await asyncio.sleep(0.002)
        first.cancel()
    assert {task.result().text for task in others} == {"token-1"}


async def test_a_refusal_is_not_remembered_for_the_next_time(clock: FixedClock) -> None:
    issuer = Issuer()
    keeper = TokenKeeper(clock, issuer)
    issuer.refuse = True
    with pytest.raises(WrongCredentials):
        await keeper.current()
    issuer.refuse = False
    assert (await keeper.current()).text == "token-2"


async def test_a_token_refused_late_does_not_cost_the_new_one(clock: FixedClock) -> None:
    keeper = TokenKeeper(clock, Issuer())
    old = await keeper.current()
    new = await keeper.instead_of(old)
    assert (await keeper.instead_of(old)) is new


async def test_a_wall_clock_set_back_changes_nothing(clock: FixedClock) -> None:
    issuer = Issuer()
    keeper = TokenKeeper(clock, issuer)
    await keeper.current()
    clock.set_wall(NOW - timedelta(days=400))
    await keeper.current()
    assert issuer.given == 1


def test_a_token_does_not_show_itself() -> None:
    assert "secret" not in repr(Token(text="secret"))


# --- budgets and trust -----------------------------------------------------------------------------------------------


async def test_a_budget_forgets_with_time(clock: FixedClock) -> None:
    budget = RateBudget(clock, allowed=2, window_s=60.0, words="2 a minute")
    await budget.spend()
    await budget.spend()
    assert budget.visible().used == 2
    clock.advance(61)
    assert budget.visible().used == 0


async def test_a_pause_is_kept_until_it_is_over(clock: FixedClock) -> None:
    budget = RateBudget(clock, allowed=9, window_s=1.0)
    budget.slow_down(30)
    budget.slow_down(10)
    assert budget.paused_for() == 30
    clock.advance(31)
    assert budget.paused_for() == 0


@pytest.mark.parametrize(("allowed", "window"), [(0, 1.0), (1, 0.0)])
def test_budgets_that_allow_nothing(clock: FixedClock, allowed: int, window: float) -> None:
    with pytest.raises(ValueError, match="budget"):
        RateBudget(clock, allowed=allowed, window_s=window)


def test_trust_always_verifies() -> None:
    for context in (tls.trust(), tls.trust_nobody()):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
    assert tls.trust_nobody().get_ca_certs() == []


@pytest.mark.parametrize("pem", ["nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_an_authority_that_is_none(pem: str) -> None:
    with pytest.raises(SetupError):
        tls.trust(pem)
