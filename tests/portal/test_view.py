"""Watching and taking over, without a second sign-in."""

from __future__ import annotations

import asyncio
import struct

import pytest

from app.model.errors import OutcomeUnknown
from app.model.portal import KeyInput, MouseInput, PortalView
from tests.portal.conftest import MakeSession
from tests.portal.little import Little, People, Person
from tests.portal.test_session import look_up
from vendors.portal.tab import Tab
from vendors.portal.view import BrowserView

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def _click(view: BrowserView, tab: Tab, selector: str) -> None:
    box = await tab.page.locator(selector).first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await view.send_mouse(MouseInput(kind="press", x=x, y=y, button="left"))
    await view.send_mouse(MouseInput(kind="release", x=x, y=y, button="left"))


async def _type(view: BrowserView, text: str) -> None:
    for mark in text:
        await view.send_key(KeyInput(kind="press", key=mark, text=mark))
        await view.send_key(KeyInput(kind="release", key=mark))


async def test_pictures_come(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    view = await desk.view()
    assert isinstance(view, PortalView)
    async with asyncio.timeout(30):
        async for frame in view.frames():
            assert frame.jpeg.startswith(b"\xff\xd8")
            assert (frame.width, frame.height) == (1280, 900)
            # The picture itself is as large: hands are where they seem to be.
            height, width = struct.unpack(">HH", frame.jpeg.partition(b"\xff\xc0")[2][3:7])
            assert (width, height) == (1280, 900)
            break
    assert desk.is_busy
    await view.close()
    assert not desk.is_busy


async def test_the_window_is_large_only_while_somebody_watches(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()

    async def width(tab: Tab) -> tuple[int, int]:
        cdp = await tab.page.context.new_cdp_session(tab.page)
        held = await cdp.send("Browser.getWindowForTarget")
        return held["bounds"]["width"], await tab.page.evaluate("innerWidth")

    assert await desk.run("look", width) == (120, 1280)
    first, second = await desk.view(), await desk.view()
    await first.close()
    assert await desk.run("look", width) == (1280, 1280)
    await second.close()
    assert await desk.run("look", width) == (120, 1280)


async def test_a_person_finishes_by_hand_and_hands_back(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    view = await desk.view()
    begun = 0

    async def slow_look_up(tab: Tab) -> list[tuple[str, str]]:
        nonlocal begun
        begun += 1
        people = await People.open(tab)
        if begun == 1:
            view.pause()
            asyncio.get_running_loop().call_later(0.05, taken.set)
        return await people.find("fennimore 7")

    taken = asyncio.Event()
    looking = asyncio.create_task(desk.run("look_up", slow_look_up))
    await taken.wait()
    tab = desk._tab
    assert tab is not None
    await _click(view, tab, "input[name=find]")
    await _type(view, "by hand")
    assert await tab.page.get_by_label("Find").input_value() == "by hand"
    assert not looking.done()
    view.hand_back()
    assert await looking == [("7", "Marigold Fennimore 7")]
    assert begun == 2
    assert len(little.logins) == 1
    await view.close()


async def test_a_write_that_a_person_took_over_is_read_back(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    view = await desk.view()
    taken = asyncio.Event()

    async def rename(tab: Tab) -> str:
        person = await Person.open(tab, "/people/7")
        view.pause()
        asyncio.get_running_loop().call_later(0.05, taken.set)
        return await person.save("Marigold Ashgrove")

    writing = asyncio.create_task(desk.run("rename", rename, is_write=True))
    await taken.wait()
    assert desk._tab is not None
    await _click(view, desk._tab, "button")
    await view.close()
    with pytest.raises(OutcomeUnknown):
        await writing
    assert little.writes in ([], [("7", "Marigold Fennimore 7")])


async def test_hands_off_unless_taken_over(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.run("look_up", look_up)
    view = await desk.view()
    assert desk._tab is not None
    await _click(view, desk._tab, "input[name=find]")
    await _type(view, "x")
    assert await desk._tab.page.get_by_label("Find").input_value() == "fennimore 7"
    await view.close()
