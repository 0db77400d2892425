"""Pages: landmarks, drift, quarantine, windows over the page, evidence."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.model.errors import Drifted, VendorError
from tests.portal.conftest import NOW, MakeSession
from tests.portal.little import Little, People, Person
from tests.portal.test_session import look_up
from tests.vendors.stage import Memory
from vendors.portal import evidence
from vendors.portal.engine import Engine
from vendors.portal.forms import FormPage
from vendors.portal.landmarks import digest
from vendors.portal.quarantine import Quarantine, SealedKeeper
from vendors.portal.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_relabelled_page_is_drift(session: MakeSession, little: Little, engine: Engine) -> None:
    state = Memory()
    desk = session(state=state)
    await desk.sign_in()
    little.faults.add("relabel")
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up, secret=("fennimore 7",))
    assert error.value.detail == "People: button “Search”"
    change = engine.quarantine.changes("little")[0]
    assert (change.page, change.missing, change.address) == ("People", ("button “Search”",), "/people")
    assert engine.quarantine.blocks("little", "People", People.digest())
    assert not engine.quarantine.blocks("little", "Person", Person.digest())
    found = await evidence.kept(state, NOW)
    assert "button “Seek”" in found[0].outline
    assert "Fennimore" not in str(found[0].outline)
    assert found[0].picture.startswith(b"\xff\xd8")
    assert await evidence.kept(state, NOW + timedelta(days=15)) == ()
    assert state.held["portal-evidence"] == b"\x90"


async def test_quarantine_survives_a_restart(session: MakeSession, little: Little, engine: Engine) -> None:
    state = Memory()
    desk = session(state=state)
    await desk.sign_in()
    little.faults.add("relabel")
    with pytest.raises(Drifted):
        await desk.run("look_up", look_up)
    later = Quarantine()
    await later.attach("little", SealedKeeper(state))
    assert later.blocks("little", "People", People.digest())
    assert not later.blocks("little", "People", digest(()))
    await later.lift("little", "People")
    assert later.changes() == ()
    assert not await SealedKeeper(state).load()


async def test_a_known_window_is_closed(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.faults.add("guide")
    assert await desk.run("look_up", look_up)


async def test_an_unknown_window_is_never_clicked(session: MakeSession, little: Little, engine: Engine) -> None:
    desk = session()
    await desk.sign_in()
    little.faults |= {"popup", "guide"}
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up)
    assert error.value.detail == "People: unknown window"
    assert engine.quarantine.changes() == ()
    little.faults.clear()
    assert await desk.run("look_up", look_up)


async def test_a_question_of_the_page_is_declined_and_told(session: MakeSession, little: Little) -> None:
    desk = session()
    await desk.sign_in()
    little.faults.add("alert")
    with pytest.raises(Drifted) as error:
        await desk.run("look_up", look_up)
    assert "does not know" in error.value.happened


@pytest.mark.parametrize("place", ["page", "search"])
@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ((200, ""), "unreachable", "an empty page"),
        ((200, "<!doctype html><title>App</title><body><div id=app></div>"), "unreachable", "an empty page"),
        ((502, "<h1>Bad Gateway</h1>"), "unreachable", "a problem of its own"),
        ((429, "<h1>Slow down</h1>"), "unreachable", "a problem of its own"),
        ((403, "<h1>Blocked</h1>"), "unreachable", "does not show this page now"),
        ((401, "<h1>Who are you?</h1>"), "auth_expired", "has ended"),
    ],
)
async def test_what_is_no_page_is_not_a_changed_page(
    session: MakeSession, little: Little, engine: Engine, place: str, answer: tuple[int, str], code: str, words: str
) -> None:
    """A gateway's error or an empty answer passes; were it taken for a changed page, writing would stop for all."""
    desk = session()
    await desk.sign_in()
    little.instead, little.instead_of = answer, place
    with pytest.raises(VendorError) as error:
        await desk.run("look_up", look_up)
    assert error.value.code == code
    assert words in error.value.happened
    assert engine.quarantine.changes() == ()
    little.instead = None
    assert await desk.run("look_up", look_up)


async def test_html_in_a_name_is_text(session: MakeSession, little: Little) -> None:
    little.names["7"] = "<img src=x onerror=alert(1)>Fennimore 7"

    async def read(tab: Tab) -> str:
        person = await Person.open(tab, "/people/7")
        return (await person.read_form())["Name"].value

    desk = session()
    assert await desk.run("look_up", look_up) == [("7", "<img src=x onerror=alert(1)>Fennimore 7")]
    assert await desk.run("read", read) == "<img src=x onerror=alert(1)>Fennimore 7"


class PersonForm(FormPage):
    name, app, landmarks, known = "Person form", "desk", Person.landmarks, re.compile("Name")


async def test_an_unknown_field_beside_a_patients_name_is_told_without_it(
    session: MakeSession, little: Little, caplog: pytest.LogCaptureFixture
) -> None:
    little.extra = "<table><tr><td><label>Fennimore, Marigold<input type=checkbox></label></table><input id=new>"
    little.extra += "<label for=new>Fax</label>"

    async def read(tab: Tab) -> None:
        await (await PersonForm.open(tab, "/people/7")).fields()

    with pytest.raises(Drifted) as error:
        await session().run("read", read)
    assert error.value.detail == "Person form: an unknown field in a table; unknown field “Fax”"
    assert "screen changed" in caplog.text
    assert "Fennimore" not in caplog.text


async def test_a_table_that_lost_a_column(session: MakeSession, little: Little) -> None:
    async def read(tab: Tab) -> None:
        people = await People.open(tab)
        await people.read_table("#list", ("Id", "Phone"))

    with pytest.raises(Drifted) as error:
        await session().run("read", read)
    assert error.value.detail == "People: column “Phone”"


@pytest.mark.parametrize("place", ["#nolist", "body, table"])
async def test_a_table_that_is_elsewhere_is_drift_at_once(
    session: MakeSession, little: Little, engine: Engine, place: str
) -> None:
    """Waiting for it to come would end as an answer that did not come, and be tried again and again."""

    async def read(tab: Tab) -> None:
        people = await People.open(tab)
        await people.read_table(place, ("Id", "Name"))

    with pytest.raises(Drifted) as error:
        await session().run("read", read)
    assert error.value.detail == f"People: place “{place}”"
    assert [one.page for one in engine.quarantine.changes("little")] == ["People"]
