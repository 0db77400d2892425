"""The engine on the loop the window runs on, and a picture of the page that Qt can paint; no screen is needed."""

from __future__ import annotations

import asyncio
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.model.clock import FixedClock
from tests.portal.conftest import NOW, context
from tests.portal.little import Little, site
from tests.portal.test_session import look_up
from tests.qt import qt_loop
from vendors.portal.engine import Engine
from vendors.portal.session import PortalSession
from vendors.sandboxkit.web import serve


@pytest.mark.browser
def test_look_up_and_watch_on_qt_s_loop(qapp: QApplication) -> None:
    async def work() -> tuple[list[tuple[str, str]], QImage]:
        little = Little()
        served = await serve(little.app())
        desk = PortalSession(context(served.url), site(served.url), engine=Engine(FixedClock(NOW)))
        try:
            found = await desk.run("look_up", look_up)
            view = await desk.view()
            async with asyncio.timeout(60):
                async for frame in view.frames():
                    picture = QImage.fromData(frame.jpeg)
                    break
            await view.close()
            return found, picture
        finally:
            await desk.close()
            await served.close()

    with qt_loop(qapp) as loop:
        found, picture = loop.run_until_complete(work())
    assert found == [("7", "Marigold Fennimore 7")]
    assert picture.width() > 600
    assert picture.height() > 400
