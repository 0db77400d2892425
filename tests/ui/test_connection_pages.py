"""Connections: what their web pages tell, the words of the capability table, the form that connects."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app.model.capabilities import Capability
from app.model.portal import Evidence, PortalUse, ScreenChange
from app.model.systems import FieldGroup, SystemField
from app.store import connections
from tests.desk.conftest import OFFERS, system
from tests.ui import conftest
from tests.ui.conftest import Desk, seen
from tests.ui.hands import put
from tests.ui.office import press
from tests.ui.test_page_view import jpeg
from ui.connect_form import ConnectFields
from ui.screens.connections.portal_sheet import PortalSheet
from ui.services import Practice


@pytest.fixture
def driven(monkeypatch: pytest.MonkeyPatch) -> None:
    form = msgspec.structs.replace(conftest.FORM, portal=True)
    monkeypatch.setattr(conftest, "FORM", form)


async def open_pages(desk: Desk) -> PortalSheet:
    now = desk.practice.clock.now()
    desk.portal.changes = [
        ScreenChange(
            vendor="officepro", page="Edit Patient", missing=("button “Save”",), seen_at=now, connection_id="c1",
            landmarks="x",
        )
    ]  # fmt: skip
    desk.portal.left = [
        Evidence(
            page="Edit Patient", operation="save_patient", happened="The page changed.", taken_at=now,
            outline=("h1", "label “Last Name”"), picture=jpeg(320, 200),
        )
    ]  # fmt: skip
    desk.portal.used = [
        PortalUse(who="Desmond Ferro", operation="enrollments", started_at=now, ended_at=now + timedelta(seconds=7)),
        PortalUse(who="", operation="sign_in", started_at=now),
    ]
    screen = await desk.open("connections")
    assert screen.has_pages()
    screen.open_pages()
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, PortalSheet)
    return sheet


async def test_stopped_pages_evidence_and_uses_are_told(desk: Desk, driven: None) -> None:
    sheet = await open_pages(desk)
    words = seen(sheet)
    assert "Writing is stopped on 1 page" in words and "button “Save”" in words
    assert "The page changed." in words
    assert "Desmond Ferro: reading enrollments" in words and "7 s" in words
    assert "Daybook by itself: signing in" in words and "still at it" in words
    press(desk, "Show")
    await desk.settle()
    assert "label “Last Name”" in seen(sheet)
    sheet.close_with("")


async def test_whoever_has_looked_lets_writing_go_on(desk: Desk, driven: None) -> None:
    sheet = await open_pages(desk)
    press(desk, "I have looked: let writing go on")
    await desk.settle()
    assert desk.portal.lifted == ["Edit Patient"]
    assert "Writing goes on everywhere" in seen(sheet)
    sheet.close_with("")


async def test_a_page_that_cannot_be_watched_is_told_in_words(desk: Desk, driven: None) -> None:
    await desk.open("connections")
    desk.window.act_on_connection(desk.window.feed.facts.connections[0], "watch")
    await desk.settle()
    assert "This system has no page to watch." in desk.texts()
    desk.window.sheets.close_all()
    desk.window.toasts.clear()


async def test_a_system_without_web_pages_offers_none(desk: Desk) -> None:
    screen = await desk.open("connections")
    assert not screen.has_pages() and not screen.may_watch()


async def test_words_of_the_table_are_wrapped_not_cut(desk: Desk) -> None:
    long = "Shows times, lengths and types of visits, but no patient and no status. " * 4
    offers = [
        msgspec.structs.replace(offer, words=long) if offer.capability is Capability.READ_SCHEDULE else offer
        for offer in OFFERS
    ]
    await desk.practice.store.write(connections.save, system("c1", offers=tuple(offers)))
    screen = await desk.open("connections")
    table = screen._table
    high = {table.rowHeight(at) for at in range(table.capabilities.rowCount())}
    assert len(high) > 1 and max(high) > 3 * min(high) / 2
    assert table.height() == sum(table.rowHeight(at) for at in range(table.capabilities.rowCount())) + 1


def test_fields_stand_under_the_part_of_the_system_they_belong_to(place: QWidget) -> None:
    form = msgspec.structs.replace(
        conftest.FORM,
        fields=(
            SystemField(name="pages", label="User of the pages", group="web"),
            SystemField(name="api_key", label="API key", secret=True),
            SystemField(name="files", label="User for files", group="files"),
        ),
        groups=(
            FieldGroup(name="files", title="Files", help="Claims travel as files."),
            FieldGroup(name="web", title="Web pages"),
            FieldGroup(name="none", title="Nothing in here"),
        ),
    )
    put(place, ConnectFields(form, Practice(name="Larkspur", location="Main Street")))
    shown = [label for label in place.findChildren(QLabel) if label.isVisible()]
    shown.sort(key=lambda label: label.mapTo(place, label.rect().topLeft()).y())
    wanted = ["Address of the API", "Practice pass", "API key", "Files", "Claims travel as files.", "User for files"]
    wanted += ["Web pages", "User of the pages"]
    assert [label.text() for label in shown if label.text() in {*wanted, "Nothing in here"}] == wanted


def test_an_address_not_needed_may_be_empty_and_stays_so(place: QWidget) -> None:
    addresses = (
        SystemField(name="api", label="Address of the API", default="https://api.example"),
        SystemField(name="pm", label="Charts", required=False, default="https://pm.example"),
    )
    form = msgspec.structs.replace(conftest.FORM, addresses=addresses)
    new = ConnectFields(form, Practice(name="Larkspur", location="Main Street"))
    put(place, new)
    assert (new._addresses["api"].text(), new._addresses["pm"].text()) == ("https://api.example", "https://pm.example")
    kept = system("c1", base_urls={"pm": ""})
    old = ConnectFields(form, Practice(name="Larkspur", location="Main Street"), kept)
    put(place, old)
    assert (old._addresses["api"].text(), old._addresses["pm"].text()) == ("https://api.example", "")
    assert old._check_address_if_any("") == ("", "")
    assert old._check_address_if_any("pm.example")[0] == "red"
