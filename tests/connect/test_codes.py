"""Sign-in codes: asked, refused, sent again, passed on, declined, run out; what waits goes on by itself."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.model.accounts import Account, AuditAction, Role
from app.model.connection import ConnectionState, Topic
from app.model.errors import BadInput, NeedsMfa, NotPermitted, WrongCredentials
from app.model.outbox import JobState, PersonReason
from app.model.portal import CodeAnswerInput, CodeRequest
from app.store import accounts, audit
from tests.connect.manual import PaperAdapter, PaperDesk
from tests.connect.workplace import actor, eventually
from vendors.contract import CodeAnswer, CodeQuestion, SessionInfo


async def sign_in_by_phone(adapter: PaperAdapter) -> SessionInfo:
    """As a portal does: a refused code is a new question, another way of sending too."""
    paper, context = adapter.paper, adapter.context
    paper.note("sign_in")
    method, refused = "sms", False
    while True:
        question = CodeQuestion(
            sent_to=f"Sent by {method}.",
            method=method,
            methods=("sms", "email"),
            can_resend=True,
            refused=refused,
            deadline_s=paper.patience,
        )
        answer = await context.ask_code(question)
        assert isinstance(answer, CodeAnswer)
        if answer.send_by:
            method, refused = answer.send_by, False
        elif answer.code == paper.code:
            return SessionInfo(words="Signed in.")
        else:
            refused = True


@pytest.fixture
def phone(desk: PaperDesk, monkeypatch: pytest.MonkeyPatch) -> PaperDesk:
    monkeypatch.setattr(PaperAdapter, "sign_in", sign_in_by_phone)
    desk.paper.code = "123456"
    for side in desk.connect._links.get(desk.connection.connection_id).session._sides.values():
        side.info = None
    return desk


async def asked(desk: PaperDesk) -> CodeRequest:
    async def stands() -> bool:
        return bool(desk.connect.connections.codes())

    await eventually(stands)
    [request] = desk.connect.connections.codes()
    return request


async def test_a_refused_code_is_a_new_question_and_the_right_one_lets_all_go_on(phone: PaperDesk) -> None:
    key, port = phone.connection.connection_id, phone.connect.connections
    job = phone.booking()
    await phone.connect.outbox.submit([job], [])
    first = await asked(phone)
    assert (first.system, first.practice, first.method, first.refused) == ("Paper", "Larkspur", "sms", False)
    assert first.deadline > first.asked_at
    assert job.summary in first.waiting
    second = phone.booking(day=13)
    await phone.connect.outbox.submit([second], [])
    waiting = await phone.until(second, JobState.NEEDS_PERSON)
    assert waiting.person_reason is PersonReason.MFA
    await port.give_code(key, CodeAnswerInput(code="000000"), actor())
    again = await asked(phone)
    assert again.refused
    assert again.request_id != first.request_id
    await port.give_code(key, CodeAnswerInput(send_by="email"), actor())
    by_mail = await asked(phone)
    assert (by_mail.method, by_mail.refused) == ("email", False)
    await port.give_code(key, CodeAnswerInput(code="123456"), actor())
    assert port.codes() == ()
    await phone.until(job, JobState.CONFIRMED)
    await phone.until(second, JobState.CONFIRMED)
    assert await phone.state() is ConnectionState.HEALTHY
    lines = [line.subject for line in await phone.store.read(audit.entries, action=AuditAction.ANSWERED, limit=9)]
    assert lines.count("Sign-in code given: Paper") == 2
    assert not any("123456" in line for line in lines)


async def test_a_question_is_for_whom_was_working_and_can_be_passed_on(phone: PaperDesk) -> None:
    for key, name in (("rosa", "Rosa Mallow"), ("ines", "Ines Tarrow")):
        account = Account(account_id=key, user_name=key, full_name=name, role=Role.BILLER)
        await phone.store.write(accounts.save, account, "$argon2id$x")
    await phone.connect.outbox.submit([phone.booking()], [])
    assert (await asked(phone)).for_name == "Rosa Mallow"
    key, port = phone.connection.connection_id, phone.connect.connections
    await port.pass_code(key, "ines", actor())
    assert (await asked(phone)).for_account_id == "ines"
    await port.pass_code(key, "", actor())
    assert (await asked(phone)).for_account_id == ""
    with pytest.raises(BadInput):
        await port.pass_code(key, "nobody", actor())


async def test_whoever_reads_again_is_asked_for_the_code(phone: PaperDesk) -> None:
    account = Account(account_id="ines", user_name="ines", full_name="Ines Tarrow", role=Role.BILLER)
    await phone.store.write(accounts.save, account, "$argon2id$x")
    ines = actor(account_id="ines")
    reading = asyncio.ensure_future(phone.connect.live.sync_now(phone.key, [Topic.PROVIDERS], ines))
    request = await asked(phone)
    assert (request.for_account_id, request.waiting) == ("ines", "Reading Paper again")
    await phone.connect.connections.decline_code(phone.key, ines)
    with pytest.raises(NeedsMfa):
        await reading


async def test_declined_or_too_late_is_needs_mfa_and_nothing_asks_again_by_itself(phone: PaperDesk) -> None:
    key, port = phone.connection.connection_id, phone.connect.connections
    reading = asyncio.ensure_future(phone.connect.live.sync_now(key, [Topic.PROVIDERS]))
    await asked(phone)
    await port.decline_code(key, actor())
    with pytest.raises(NeedsMfa):
        await reading
    assert await phone.state() is ConnectionState.NEEDS_CODE
    signed_in = phone.paper.asked.count("sign_in")
    with pytest.raises(NeedsMfa):
        await phone.connect.live.sync_now(key, [Topic.PROVIDERS])
    assert phone.paper.asked.count("sign_in") == signed_in
    with pytest.raises(BadInput):
        await port.decline_code(key, actor())
    phone.paper.patience = 0.05
    await port.give_code(key, CodeAnswerInput(send_by="email"), actor())

    async def stopped() -> bool:
        return not port.codes() and await phone.state() is ConnectionState.NEEDS_CODE

    await eventually(stopped)
    await port.give_code(key, CodeAnswerInput(code="123456"), actor())
    assert await phone.state() is ConnectionState.HEALTHY


async def test_a_code_nobody_accepts_is_told_and_roles_are_asked(desk: PaperDesk) -> None:
    desk.paper.code = "123456"
    key, port = desk.connection.connection_id, desk.connect.connections
    desk.connect._links.get(key).session._sides[""].info = None
    reading = asyncio.ensure_future(desk.connect.live.sync_now(key, [Topic.PROVIDERS]))
    await asked(desk)
    nobody = actor()
    with pytest.raises(NotPermitted):
        await port.give_code(key, CodeAnswerInput(code="1"), msgspec.structs.replace(nobody, permissions=frozenset()))
    with pytest.raises(WrongCredentials, match="did not accept this code"):
        await port.give_code(key, CodeAnswerInput(code="1"), nobody)
    with pytest.raises(NeedsMfa):
        await reading
