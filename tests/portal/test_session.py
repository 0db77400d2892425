"""Sessions: signing in, reading, isolation, queue, a browser that dies."""

from __future__ import annotations

import asyncio
import hmac
from pathlib import Path

import pyotp
import pytest

from app.model.errors import (
    AuthExpired,
    BadInput,
    Drifted,
    NeedsMfa,
    SetupError,
    Unreachable,
    VendorRejected,
    WrongCredentials,
)
from tests.portal.conftest import NOW, MakeSession
from tests.portal.little import PASSWORD, SEED, Little, People
from tests.portal.processes import browser_processes, commands_below, kill_browser
from tests.vendors import certificates
from tests.vendors.stage import Memory
from vendors.contract import CodeQuestion
from vendors.portal import browsers
from vendors.portal.engine import Engine
from vendors.portal.session import LOADS_PER_TAB, PortalSession
from vendors.portal.tab import Tab
from vendors.sandboxkit.web import serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def look_up(tab: Tab) -> list[tuple[str, str]]:
    people = await People.open(tab)
    return await people.find("fennimore 7")


async def test_a_look_up(session: MakeSession, little: Little) -> None:
    desk = session()
    info = await desk.sign_in()
    assert await desk.run("look_up", look_up, who="Rosa") == [("7", "Marigold Fennimore 7")]
    assert info.words.startswith("Signed in. This computer is trusted for")
    assert [(use.who, use.operation) for use in desk.uses()][-1] == ("Rosa", "look_up")
    assert little.logins == [PASSWORD]


async def test_the_kept_session_needs_no_password(session: MakeSession, little: Little) -> None:
    state = Memory()
    first = session(state=state)
    await first.sign_in()
    await first.close()
    await session(state=state).run("look_up", look_up)
    assert len(little.logins) == 1
    assert PASSWORD.encode() not in state.held["portal-browser"]


async def test_the_kept_session_of_another_practice_is_not_used(session: MakeSession, little: Little) -> None:
    state = Memory()
    first = session(state=state)
    await first.sign_in()
    await first.close()
    await session(state=state, connection_id="connection-2").run("look_up", look_up)
    assert len(little.logins) == 2


async def test_an_ended_session_is_no_wrong_password(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.ended = True
    with pytest.raises(AuthExpired) as error:
        await desk.run("look_up", look_up)
    assert "password is not in question" in error.value.means
    await desk.sign_in()
    assert await desk.run("look_up", look_up)


async def test_a_wrong_password_is_tried_once(session: MakeSession, little: Little) -> None:
    state = Memory()
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            await session(state=state, secrets={"portal_password": "wrong"}).sign_in()
    assert little.logins == ["wrong"]
    await session(state=state).sign_in()
    assert little.logins == ["wrong", PASSWORD]


async def test_a_locked_account_is_left_alone(session: MakeSession, little: Little) -> None:
    little.locked = True
    state = Memory()
    with pytest.raises(VendorRejected) as error:
        await session(state=state).sign_in()
    assert error.value.retry_after == 900
    with pytest.raises(VendorRejected):
        await session(state=state).sign_in()
    assert len(little.logins) == 1


async def test_a_password_of_special_characters_arrives_as_it_is(session: MakeSession, little: Little) -> None:
    odd = "a\"b'c<d>&e%f+g=h;i\\j{k}l|m~n`o^p$q#r@s!t?u/v:w,x.y (z)*[0]_-é"
    with pytest.raises(WrongCredentials):
        await session(secrets={"portal_password": odd}).sign_in()
    assert little.logins == [odd]


async def test_a_code_from_the_seed(session: MakeSession, little: Little) -> None:
    little.mfa, little.good_code = True, pyotp.TOTP(SEED).at(NOW)
    await session(secrets={"portal_totp": "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"}).sign_in()
    assert little.codes == [little.good_code]


async def test_a_short_seed_as_many_portals_issue_it(session: MakeSession, little: Little) -> None:
    """16 letters are 80 bits: RFC 6238's own numbers for its secret's first half, by a second implementation."""
    seed = "GEZD GNBV GY3T QOJQ"
    counter = int(NOW.timestamp()) // 30
    mac = hmac.new(b"1234567890", counter.to_bytes(8, "big"), "sha1").digest()
    place = mac[-1] & 15
    code = (int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF) % 10**6
    little.mfa, little.good_code = True, f"{code:06d}"
    await session(secrets={"portal_totp": seed.lower()}).sign_in()
    assert little.codes == [little.good_code]


@pytest.mark.parametrize("seed", ["not 1 a seed!", "GEZDGNBV", "=", "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ"])
async def test_a_seed_that_is_none(session: MakeSession, little: Little, seed: str) -> None:
    little.mfa = True
    with pytest.raises(BadInput) as error:
        await session(secrets={"portal_totp": seed}).sign_in()
    assert error.value.field == "portal_totp"
    assert little.codes == []


async def test_a_code_from_a_person_on_a_new_device_only(session: MakeSession, little: Little) -> None:
    little.mfa = True
    asked: list[CodeQuestion] = []

    async def ask(question: CodeQuestion) -> str:
        asked.append(question)
        return "123 456" if question.refused else "000000"

    state = Memory()
    first = session(state=state, ask_code=ask)
    await first.sign_in()
    assert [question.refused for question in asked] == [False, True]
    assert asked[0].sent_to == "Sent to (***) ***-0147."
    await first.close()
    little.ended = True
    await session(state=state).sign_in()
    assert len(asked) == 2
    assert len(little.logins) == 2


async def test_nobody_to_give_a_code(session: MakeSession, little: Little) -> None:
    little.mfa = True
    with pytest.raises(NeedsMfa):
        await session().sign_in()
    assert little.codes == []


async def test_codes_are_not_guessed_for_ever(session: MakeSession, little: Little) -> None:
    little.mfa = True

    async def wrong(question: CodeQuestion) -> str:
        return "999999"

    with pytest.raises(NeedsMfa):
        await session(ask_code=wrong).sign_in()
    assert len(little.codes) == 3


async def test_another_practice_s_account_is_refused(session: MakeSession) -> None:
    strange = session(tenant="Harbor Light Clinic")
    with pytest.raises(WrongCredentials) as error:
        await strange.sign_in()
    assert "another account" in error.value.happened
    assert strange.engine.quarantine.changes("little") == ()


async def test_contexts_are_apart(session: MakeSession, little: Little) -> None:
    one, two = session(), session(connection_id="connection-2", secrets={"portal_user": "other"})
    await one.sign_in()
    with pytest.raises(WrongCredentials):
        await two.sign_in()
    # Another login's uses are no business of this one.
    assert [use.operation for use in two.uses()] == ["sign_in"]


async def test_one_login_is_used_by_one_at_a_time(session: MakeSession, little: Little) -> None:
    one, two = session(), session(person="rosa")
    at_once, most = 0, 0

    async def work(tab: Tab) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await look_up(tab)
        at_once -= 1

    await asyncio.gather(*(desk.run("look_up", work) for desk in (one, two, one, two)))
    assert most == 1
    assert [use.who for use in one.uses()[-4:]] == ["", "rosa", "", "rosa"]
    assert one.uses() == two.uses()


async def test_a_page_that_is_down(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.faults.add("down")
    with pytest.raises(Unreachable):
        await desk.run("look_up", look_up)


async def test_an_authority_nobody_knows(session: MakeSession, little: Little, tmp_path: Path) -> None:
    from tests.portal.little import Home
    from vendors.portal.site import App

    served = await serve(little.app(), tls=certificates.make(tmp_path).server)
    try:
        with pytest.raises(Unreachable) as error:
            await session(site_changes={"apps": {"desk": App(served.url, Home)}}).sign_in()
    finally:
        await served.close()
    assert "could not verify" in error.value.happened
    assert little.logins == []


async def test_a_portal_that_is_not_there(session: MakeSession, little: Little) -> None:
    from tests.portal.little import Home
    from vendors.portal.site import App

    desk = session(site_changes={"apps": {"desk": App("http://127.0.0.1:9", Home)}})
    with pytest.raises(Unreachable) as error:
        await desk.sign_in()
    assert "127.0.0.1" not in str(error.value.as_dict())


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the browser's process by ps")
async def test_a_killed_browser_is_replaced(session: MakeSession, engine: Engine, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    before = engine.generation
    assert browser_processes()

    async def kill(tab: Tab) -> None:
        kill_browser()
        await look_up(tab)

    with pytest.raises(Unreachable):
        await desk.run("look_up", kill)
    assert await desk.run("look_up", look_up)
    assert engine.generation == before + 1
    assert len(little.logins) == 1


@pytest.mark.skipif(not Path("/proc").exists(), reason="lists processes by ps")
async def test_no_process_for_parts_of_a_window_nobody_sees(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.run("look_up", look_up)
    commands = [line for pid in browser_processes() for line in commands_below(pid) if "--type=renderer" in line]
    assert commands
    assert not [line for line in commands if "--top-chrome-webui" in line]


async def test_idle_contexts_are_closed_and_come_back(engine: Engine, session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    engine._idle_s = 0.0
    try:
        await engine._tidy()
    finally:
        engine._idle_s = 600.0
    assert not desk.is_open
    assert await desk.run("look_up", look_up)
    assert len(little.logins) == 1


async def test_a_worn_tab_is_replaced_and_the_session_stays(session: MakeSession, little: Little) -> None:
    desk = session()

    async def which(tab: Tab) -> Tab:
        await look_up(tab)
        return tab

    first = await desk.run("look_up", which)
    assert await desk.run("look_up", which) is first
    view = await desk.view()
    first.loads = LOADS_PER_TAB
    assert await desk.run("look_up", which) is first
    await view.close()
    assert await desk.run("look_up", which) is not first
    assert first.page.is_closed()
    assert len(little.logins) == 1


async def test_no_more_contexts_than_allowed(engine: Engine, session: MakeSession, little: Little) -> None:
    desks = [session(connection_id=f"connection-{n}", state=Memory()) for n in range(3)]
    engine._most = 2
    try:
        for desk in desks:
            await desk.sign_in()
    finally:
        engine._most = 6
    assert [desk.is_open for desk in desks] == [False, True, True]


async def test_no_browser_at_all(monkeypatch: pytest.MonkeyPatch, little: Little) -> None:
    from app.model.clock import FixedClock
    from tests.portal.conftest import context
    from tests.portal.little import site

    monkeypatch.setattr(browsers, "_candidates", lambda: iter(()))
    lonely = Engine(FixedClock(NOW))
    desk = PortalSession(context(little.url), site(little.url), engine=lonely)
    with pytest.raises(SetupError) as error:
        await desk.sign_in()
    assert "Edge, Chrome or Chromium" in error.value.means
    await desk.close()


async def test_drift_in_sign_in_is_told(session: MakeSession, little: Little) -> None:
    little.extra = "<script>document.querySelector('h1').textContent = 'Welcome'</script>"
    with pytest.raises(Drifted):
        await session().sign_in()
