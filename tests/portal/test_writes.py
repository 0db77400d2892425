"""Writes: once, whatever breaks; the outcome is clear or said to be unclear."""

from __future__ import annotations

import asyncio

import pytest

from app.model.errors import AuthExpired, BadDocument, Drifted, OutcomeUnknown, Unreachable, VendorRejected
from tests.portal.conftest import MakeSession
from tests.portal.little import Little, People, Person
from tests.portal.processes import kill_browser
from vendors.portal import documents
from vendors.portal.documents import Fetched
from vendors.portal.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def rename(tab: Tab) -> str:
    return await (await Person.open(tab, "/people/7")).save("Marigold Ashgrove")


async def test_a_write_with_a_read_back(session: MakeSession, little: Little) -> None:
    assert await session().run("rename", rename, is_write=True) == "Saved."
    assert little.writes == [("7", "Marigold Ashgrove")]


@pytest.mark.parametrize("fault", ["drop_after", "send_on"])
async def test_an_answer_lost_after_the_write_never_doubles_it(
    session: MakeSession, little: Little, fault: str
) -> None:
    """Chromium alone would send the form again, on a fresh connection or to where the answer sends it on."""
    desk = session()
    await desk.sign_in()
    little.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        await desk.run("rename", rename, is_write=True)
    assert len(little.writes) == 1


async def test_a_write_that_is_given_up_on_its_way_is_not_sent_again(session: MakeSession, little: Little) -> None:
    """As when the program closes: nobody waits any more, and the browser must not send the form by itself."""
    desk = session()
    await desk.sign_in()
    little.faults.add("hold_after")
    writing = asyncio.ensure_future(desk.run("rename", rename, is_write=True))
    async with asyncio.timeout(30):
        while not little.writes:
            await asyncio.sleep(0.01)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    little.faults.clear()

    async def read_back(tab: Tab) -> str:
        return (await (await Person.open(tab, "/people/7")).read_form())["Name"].value

    assert await desk.run("read_back", read_back) == "Marigold Ashgrove"
    little.let_go.set()
    assert len(little.writes) == 1


@pytest.mark.parametrize(("fault", "written"), [("kill_before", 0), ("kill_after", 1)])
async def test_a_session_ended_in_the_middle(session: MakeSession, little: Little, fault: str, written: int) -> None:
    desk = session()
    await desk.sign_in()
    little.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        await desk.run("rename", rename, is_write=True)
    assert len(little.writes) == written
    little.faults.clear()

    async def read_back(tab: Tab) -> str:
        return (await (await Person.open(tab, "/people/7")).read_form())["Name"].value

    assert (await desk.run("read_back", read_back) == "Marigold Ashgrove") is bool(written)


async def test_a_session_ended_before_typing_sends_nothing(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.ended = True
    with pytest.raises(AuthExpired):
        await desk.run("rename", rename, is_write=True)
    assert little.writes == []


async def test_a_refusal_is_clear(session: MakeSession, little: Little) -> None:
    async def empty(tab: Tab) -> str:
        return await (await Person.open(tab, "/people/7")).save("")

    with pytest.raises(VendorRejected, match="A name is needed"):
        await session().run("rename", empty, is_write=True)


async def test_a_browser_killed_after_the_write(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()

    async def rename_and_die(tab: Tab) -> str:
        person = await Person.open(tab, "/people/7")
        await person.save("Marigold Ashgrove")
        kill_browser()
        return await person.notice()

    with pytest.raises(OutcomeUnknown):
        await desk.run("rename", rename_and_die, is_write=True)
    assert len(little.writes) == 1


async def test_a_renamed_field_stops_before_typing(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.faults.add("relabel_form")
    with pytest.raises(Drifted):
        await desk.run("rename", rename, is_write=True)
    assert little.writes == []


async def _download(tab: Tab) -> Fetched:
    people = await People.open(tab)
    press = people.page.get_by_role("button", name="Download")
    return await documents.fetch(tab, lambda: press.click(no_wait_after=True))


async def test_a_download_stays_in_memory(session: MakeSession, little: Little) -> None:
    fetched = await session().run("download", _download)
    assert (fetched.name, fetched.media_type, fetched.content) == ("report.zip", "application/zip", little.file)


async def test_a_download_that_breaks_off_is_not_taken_for_whole(session: MakeSession, little: Little) -> None:
    desk = session()
    little.faults.add("cut_file")
    with pytest.raises(Unreachable) as error:
        await desk.run("download", _download)
    assert "only a part" in error.value.happened
    little.faults.clear()
    assert (await desk.run("download", _download)).content == little.file


async def test_a_download_without_a_session(session: MakeSession, little: Little) -> None:
    async def late(tab: Tab) -> Fetched:
        people = await People.open(tab)
        little.ended = True
        press = people.page.get_by_role("button", name="Download")
        return await documents.fetch(tab, lambda: press.click(no_wait_after=True))

    desk = session()
    with pytest.raises(AuthExpired):
        await desk.run("download", late)


async def test_a_download_refused_by_status_signs_in_anew(session: MakeSession, little: Little) -> None:
    desk = session()
    little.faults.add("who_file")
    with pytest.raises(AuthExpired):
        await desk.run("download", _download)
    little.faults.clear()
    little.ended = True
    assert (await desk.run("download", _download)).content == little.file


async def test_a_download_without_end(session: MakeSession, little: Little) -> None:
    async def big(tab: Tab) -> Fetched:
        people = await People.open(tab)
        press = people.page.get_by_role("link", name="Big")
        return await documents.fetch(tab, lambda: press.click(no_wait_after=True), largest=1024 * 1024)

    desk = session()
    with pytest.raises(BadDocument) as error:
        await desk.run("download", big)
    assert "larger than 1 MB" in error.value.happened
    assert (await desk.run("download", _download)).content == little.file
