"""A portal's page in a widget: pictures in, mouse and keys out in the page's own pixels, and a way out by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QInputMethodEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.model.errors import Unreachable
from app.model.portal import KeyInput, MouseInput, ViewFrame
from tests.desk.conftest import system
from tests.ui.conftest import Desk, seen
from tests.ui.loop import until
from ui.screens.connections.take_over import TakeOverSheet
from ui.widgets.page_view import PageView, decoded


def jpeg(width: int = 1280, height: int = 800) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(Qt.GlobalColor.darkGreen))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"jpg")
    assert writer.write(image)
    return bytes(buffer.data().data())


@pytest.fixture
def place(qapp: QApplication) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(700, 500)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def page(place: QWidget) -> PageView:
    """640 × 400 on screen, 1280 × 800 in its own pixels."""
    made = PageView("The page of Office Ally", place)
    made.setGeometry(10, 10, 640, 400)
    place.show()
    place.activateWindow()
    made.show_picture(decoded(jpeg()), 1280, 800)
    made.setFocus()
    return made


def told(page: PageView) -> list[MouseInput | KeyInput]:
    kept: list[MouseInput | KeyInput] = []
    page.touched.connect(kept.append)
    return kept


def test_watching_sends_nothing(page: PageView) -> None:
    kept = told(page)
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(320, 200))
    QTest.keyClicks(page, "abc")
    assert kept == []
    assert "watched only" in page.accessibleName()


def test_a_click_reaches_the_point_under_it(page: PageView) -> None:
    page.set_taken(True)
    kept = told(page)
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(320, 100))
    pressed, released = (one for one in kept if isinstance(one, MouseInput) and one.kind != "move")
    assert (pressed.kind, pressed.button, pressed.x, pressed.y) == ("press", "left", 640, 200)
    assert (released.kind, released.clicks) == ("release", 1)


def test_the_page_keeps_its_shape_and_points_stay_inside(page: PageView) -> None:
    page.resize(640, 480)
    rect = page.page_rect()
    assert (rect.width(), rect.height(), rect.y()) == (640, 400, 40)
    above = page.on_page(QPointF(0, 0))
    below = page.on_page(QPointF(639, 479))
    assert above == QPointF(0, 0)
    assert below is not None and below.y() == 799


def test_a_double_click_counts_two(page: PageView) -> None:
    page.set_taken(True)
    kept = told(page)
    QTest.mouseDClick(page, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert [one.clicks for one in kept if isinstance(one, MouseInput) and one.kind == "press"][-1] == 2


def test_the_wheel_scrolls_the_way_pages_do(page: PageView) -> None:
    page.set_taken(True)
    kept = told(page)
    at = QPointF(100, 100)
    turned = QWheelEvent(
        at,
        page.mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page, turned)
    (wheel,) = kept
    assert isinstance(wheel, MouseInput)
    assert (wheel.kind, wheel.dy, wheel.x) == ("wheel", 100, 200)


def pressed(page: PageView, act: Callable[[], object]) -> list[KeyInput]:
    kept = told(page)
    act()
    return [one for one in kept if isinstance(one, KeyInput) and one.kind == "press"]


def test_letters_digits_and_signs_are_typed(page: PageView) -> None:
    page.set_taken(True)
    keys = pressed(page, lambda: QTest.keyClicks(page, "a7 @"))
    assert [key.text for key in keys] == ["a", "7", " ", "@"]
    assert [key.code for key in keys[:3]] == ["KeyA", "Digit7", "Space"]
    assert [key.windows_code for key in keys[:3]] == [65, 55, 32]


def test_a_sign_of_the_third_level_is_that_sign_and_no_shortcut(page: PageView) -> None:
    page.set_taken(True)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_E, held, "€")
    (key,) = pressed(page, lambda: QApplication.sendEvent(page, event))
    assert (key.text, key.modifiers) == ("€", 0)


def test_named_keys_have_their_names_and_tab_stays_in_the_page(page: PageView) -> None:
    page.set_taken(True)
    wanted = {
        Qt.Key.Key_Return: ("Enter", "\r"),
        Qt.Key.Key_Tab: ("Tab", ""),
        Qt.Key.Key_Escape: ("Escape", ""),
        Qt.Key.Key_Backspace: ("Backspace", ""),
        Qt.Key.Key_Left: ("ArrowLeft", ""),
        Qt.Key.Key_F4: ("F4", ""),
    }
    for key, (name, text) in wanted.items():
        found = pressed(page, partial(QTest.keyClick, page, key))
        assert [(one.key, one.text) for one in found] == [(name, text)]
    assert page.hasFocus()


def test_shift_tab_goes_back_in_the_page(page: PageView) -> None:
    page.set_taken(True)
    found = pressed(page, lambda: QTest.keyClick(page, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier))
    assert [(one.key, one.modifiers) for one in found] == [("Shift", 8), ("Tab", 8)]


def test_shortcuts_type_nothing(page: PageView) -> None:
    page.set_taken(True)
    *_, key = pressed(page, lambda: QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier))
    assert (key.text, key.code, key.windows_code) == ("", "KeyA", 65)
    assert key.modifiers in {2, 4}  # Ctrl, or Command on a Mac


def test_what_an_input_method_made_is_typed_sign_by_sign(page: PageView) -> None:
    page.set_taken(True)
    event = QInputMethodEvent()
    event.setCommitString("ñü")
    keys = pressed(page, lambda: QApplication.sendEvent(page, event))
    assert [key.text for key in keys] == ["ñ", "ü"]


def test_shift_escape_always_leads_out(page: PageView) -> None:
    page.set_taken(True)
    left: list[bool] = []
    page.left.connect(lambda: left.append(True))
    kept = told(page)
    QTest.keyClick(page, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert left == [True]
    assert not any(isinstance(one, KeyInput) and one.key == "Escape" and one.kind == "press" for one in kept)


def test_nothing_of_the_page_stays_once_it_is_not_seen(page: PageView) -> None:
    assert page.has_picture()
    page.hide()
    assert not page.has_picture()


def test_rubbish_is_no_picture(page: PageView) -> None:
    assert decoded(b"<html>").isNull()


# -- the sheet around it ---------------------------------------------------------------------------------------------


class View:
    """A page that sends one picture, then more when told; keeps what hands did."""

    def __init__(self) -> None:
        self.paused = False
        self.closed = False
        self.handed_back = 0
        self.done: list[MouseInput | KeyInput] = []
        self.fails: Unreachable | None = None
        self.over = asyncio.Event()

    @property
    def is_paused(self) -> bool:
        return self.paused

    async def frames(self) -> AsyncIterator[ViewFrame]:
        yield ViewFrame(jpeg=jpeg(), width=1280, height=800)
        await self.over.wait()
        if self.fails is not None:
            raise self.fails

    def pause(self) -> None:
        self.paused = True

    def hand_back(self) -> None:
        self.paused = False
        self.handed_back += 1

    async def send_mouse(self, mouse: MouseInput) -> None:
        await asyncio.sleep(0)
        self.done.append(mouse)

    async def send_key(self, key: KeyInput) -> None:
        await asyncio.sleep(0)
        self.done.append(key)

    async def close(self) -> None:
        self.closed = True


class Watched:
    """The sheet in the window, and its end."""

    def __init__(self, desk: Desk, *, doing: str = "") -> None:
        self.view, self.doing, self.desk = View(), doing, desk
        self.sheet = TakeOverSheet(system("c1"), self.view, lambda: self.doing)

    async def open(self) -> None:
        self.desk.window.show_sheet(self.sheet)
        self.desk.window.tasks.start(self.sheet.run(), "watch")
        await until(self.sheet.page.has_picture)


async def test_the_page_is_watched_taken_over_and_handed_back(desk: Desk) -> None:
    watched = Watched(desk, doing="Reading enrollments")
    await watched.open()
    sheet, view = watched.sheet, watched.view
    assert "Reading enrollments now." in seen(sheet)
    QTest.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
    assert (view.is_paused, sheet.page.hasFocus()) == (True, True)
    assert "You have the page. Reading enrollments waits until you hand it back." in seen(sheet)
    QTest.keyClicks(sheet.page, "Li")
    QTest.mouseClick(sheet.page, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    await until(lambda: any(isinstance(one, MouseInput) and one.kind == "release" for one in view.done))
    typed = [one.text for one in view.done if isinstance(one, KeyInput) and one.kind == "press"]
    assert typed == ["L", "i"]
    kinds = [one.kind for one in view.done if isinstance(one, MouseInput)]
    assert kinds[-2:] == ["press", "release"]
    QTest.keyClick(sheet.page, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.back.hasFocus()
    QTest.keyClick(sheet.back, Qt.Key.Key_Space)
    assert (view.is_paused, view.handed_back) == (False, 1)
    sheet.close_with("")
    await desk.settle()


async def test_escape_on_the_page_is_the_page_s_own(desk: Desk) -> None:
    watched = Watched(desk)
    await watched.open()
    watched.sheet.take_over()
    QTest.keyClick(watched.sheet.page, Qt.Key.Key_Escape)
    assert desk.window.sheets.top() is watched.sheet
    await until(lambda: any(isinstance(one, KeyInput) and one.key == "Escape" for one in watched.view.done))
    watched.sheet.close_with("")
    await desk.settle()


async def test_locking_takes_the_page_away_at_once(desk: Desk) -> None:
    watched = Watched(desk)
    await watched.open()
    watched.sheet.take_over()
    QTest.keySequence(watched.sheet.page, QKeySequence("Ctrl+L"))
    assert desk.session.is_locked()
    assert not watched.sheet.page.has_picture()
    await desk.settle()
    assert desk.window.sheets.top() is None


async def test_a_page_that_ends_is_told_in_words(desk: Desk) -> None:
    watched = Watched(desk)
    await watched.open()
    watched.view.fails = Unreachable("The browser was closed.", "Daybook starts it again by itself.")
    watched.view.over.set()
    await until(lambda: not watched.sheet.page.has_picture())
    assert "page was closed." in seen(watched.sheet)
    assert not watched.sheet.take.isEnabled()
    watched.sheet.close_with("")
    await desk.settle()
