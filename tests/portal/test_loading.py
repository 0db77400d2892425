"""Pages that are too large, and portals that send the browser elsewhere: said at once, and nothing typed there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from app.model.errors import Drifted
from tests.portal.conftest import MakeSession
from tests.portal.little import PASSWORD, Little
from tests.portal.test_session import look_up
from vendors.portal import loading
from vendors.portal.site import Site
from vendors.sandboxkit.web import serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class Foreign:
    """Somebody else's server, under another name of this machine: the portal's log-in page, and what reached it."""

    def __init__(self, little: Little) -> None:
        self._little = little
        self.url = ""
        self.got: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.got.append(f"{request.method} {await request.text()}")
        return await self._little.login_page(request)


@pytest_asyncio.fixture(loop_scope="module")
async def foreign(little: Little) -> AsyncIterator[Foreign]:
    made = Foreign(little)
    app = web.Application()
    app.router.add_route("*", "/login", made.answer)
    served = await serve(app)
    made.url = served.url.replace("127.0.0.1", "localhost") + "/login"
    yield made
    await served.close()


async def test_a_page_without_end_is_not_waited_for(
    session: MakeSession, little: Little, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "UNWEIGHED_S", 0.05)
    monkeypatch.setattr(loading, "LARGEST", 2 * 1024 * 1024)
    desk = session()
    await desk.sign_in()
    little.faults.add("endless")
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up)
    assert "larger than 2 MB" in error.value.happened
    assert error.value.next_steps
    little.faults.clear()
    assert await desk.run("look_up", look_up)
    assert len(little.logins) == 1


async def test_another_address_is_named_and_not_typed_on(
    session: MakeSession, little: Little, foreign: Foreign
) -> None:
    desk = session()
    await desk.sign_in()
    little.elsewhere = foreign.url
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up)
    assert "another address: localhost." in error.value.happened
    assert foreign.got == ["GET "]
    little.elsewhere = ""
    assert await desk.run("look_up", look_up)


async def test_another_address_where_nobody_is(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.elsewhere = "http://localhost:9/"
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up)
    assert "another address: localhost." in error.value.happened
    little.elsewhere = ""
    assert await desk.run("look_up", look_up)


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_a_password_is_never_sent_on(session: MakeSession, little: Little, foreign: Foreign, status: int) -> None:
    little.login_elsewhere = (status, foreign.url)
    desk = session()
    with pytest.raises(Drifted):
        await desk.sign_in()
    await asyncio.sleep(0)
    assert little.logins == [PASSWORD]
    assert not any(PASSWORD in got for got in foreign.got)


async def test_a_log_in_page_elsewhere_gets_no_password(session: MakeSession, little: Little, foreign: Foreign) -> None:
    desk = session()
    await desk.sign_in()
    little.ended = True
    little.elsewhere = foreign.url
    with pytest.raises(Drifted):
        await desk.run("look_up", look_up)
    assert foreign.got in ([], ["GET "])


@pytest.mark.parametrize(
    ("own", "url", "foreign"),
    [
        ("https://www.vendor.example", "https://www.vendor.example/x", ""),
        ("https://www.vendor.example", "https://auth.vendor.example/u/login", ""),
        ("https://vendor.example", "https://pm.vendor.example", ""),
        ("https://pm.vendor.example", "https://vendor.example.evil.example/", "vendor.example.evil.example"),
        ("https://pm.vendor.example", "https://notvendor.example/", "notvendor.example"),
        ("https://pm.vendor.co.uk", "https://evil.co.uk/", "evil.co.uk"),
        ("https://pm.vendor.co.uk", "https://www.vendor.co.uk/", ""),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000/x", ""),
        ("http://127.0.0.1:8000", "http://10.0.0.1/x", "10.0.0.1"),
        ("https://pm.vendor.example", "https://login.idp.example/", ""),
        ("https://pm.vendor.example", "https://other.idp.example/", "other.idp.example"),
        ("https://pm.vendor.example", "about:blank", ""),
        ("https://pm.vendor.example", "chrome-error://chromewebdata/", ""),
    ],
)
async def test_whose_address_it_is(own: str, url: str, foreign: str) -> None:
    from tests.portal.little import site

    made: Site = site(own, sign_in_hosts=("login.idp.example",))
    assert made.foreign(url) == foreign
