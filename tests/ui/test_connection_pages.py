"""The web pages of a connection: what changed, what was left, who was there."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.model.portal import Evidence, PortalUse, ScreenChange
from tests.ui import conftest
from tests.ui.conftest import Desk, seen
from tests.ui.office import press
from tests.ui.test_page_view import jpeg
from ui.screens.connections.portal_sheet import PortalSheet


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
