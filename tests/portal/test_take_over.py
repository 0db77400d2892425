"""The take-over sheet on a real browser's page: clicks land where they look, keys arrive as they were meant."""

from __future__ import annotations

import asyncio
import os
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.model.clock import FixedClock
from tests.desk.conftest import system
from tests.portal.conftest import NOW, context
from tests.portal.little import Little, site
from tests.portal.test_session import look_up
from tests.qt import qt_loop
from ui.screens.connections.take_over import TakeOverSheet
from ui.widgets.sheet import SheetLayer
from vendors.portal.engine import Engine
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab
from vendors.sandboxkit.web import serve


class Hand:
    """A person at the sheet, and the page they look at."""

    def __init__(self, sheet: TakeOverSheet, page: Any) -> None:
        self.sheet, self.page = sheet, page

    async def until(self, wanted: str, script: str) -> None:
        async with asyncio.timeout(60):
            while await self.page.evaluate(script) != wanted:
                await asyncio.sleep(0.05)

    async def click(self, selector: str) -> None:
        box = await self.page.locator(selector).bounding_box()
        view = self.sheet.page
        rect = view.page_rect()
        size = await self.page.evaluate("[innerWidth, innerHeight]")
        x = rect.x() + (box["x"] + box["width"] / 2) * rect.width() / size[0]
        y = rect.y() + (box["y"] + box["height"] / 2) * rect.height() / size[1]
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


async def type_a_search(hand: Hand) -> None:
    value = "document.querySelector('[name=find]').value"
    async with asyncio.timeout(60):
        while not hand.sheet.page.has_picture():
            await asyncio.sleep(0.02)
    await hand.page.evaluate("document.querySelector('[name=find]').value = ''")
    QTest.keyClicks(hand.sheet.page, "lost")  # Only watched yet.
    hand.sheet.take_over()
    await hand.click("[name=find]")
    await hand.until("find", "document.activeElement.name || ''")
    QTest.keyClicks(hand.sheet.page, "Wren Ash@7?")
    await hand.until("Wren Ash@7?", value)
    QTest.keyClick(hand.sheet.page, Qt.Key.Key_Backspace)
    QTest.keyClick(hand.sheet.page, Qt.Key.Key_Home)
    QTest.keyClicks(hand.sheet.page, "X")
    await hand.until("XWren Ash@7", value)
    QTest.keyClick(hand.sheet.page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(hand.sheet.page, "fennimore 12")
    await hand.until("fennimore 12", value)
    QTest.keyClick(hand.sheet.page, Qt.Key.Key_Tab)
    await hand.until("BUTTON", "document.activeElement.tagName")
    QTest.keyClick(hand.sheet.page, Qt.Key.Key_Return)
    async with asyncio.timeout(60):
        while "find=fennimore+12" not in hand.page.url:
            await asyncio.sleep(0.05)


@pytest.mark.browser
def test_a_page_is_worked_on_by_hand_and_the_work_goes_on(qapp: QApplication) -> None:
    async def work() -> list[tuple[str, str]]:
        little = Little()
        served = await serve(little.app())
        desk = PortalSession(context(served.url), site(served.url), engine=Engine(FixedClock(NOW)))
        host = QWidget()
        host.resize(1100, 800)
        host.show()
        host.activateWindow()
        layer = SheetLayer(host)
        try:
            pages: list[Any] = []

            async def keep(tab: Tab) -> None:
                await look_up(tab)
                pages.append(tab.page)

            await desk.run("look_up", keep)
            view = await desk.view()
            sheet = TakeOverSheet(system("c1"), view, lambda: "Looking for somebody")
            layer.show_sheet(sheet)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(sheet.run())
                await type_a_search(Hand(sheet, pages[0]))
                waiting = group.create_task(desk.run("look_up", look_up))
                await asyncio.sleep(0.1)
                assert not waiting.done(), "the work waits while a person has the page"
                sheet.hand_back()
                found = await waiting
                layer.close_all()
                await running
            await view.close()
            return found
        finally:
            await desk.close()
            await served.close()
            host.close()
            host.deleteLater()

    with qt_loop(qapp) as loop:
        assert loop.run_until_complete(work()) == [("7", "Marigold Fennimore 7")]
