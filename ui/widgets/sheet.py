"""Sheets: laid over the page on a scrim, with the focus kept inside until Esc or a button closes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimerEvent, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.focus import is_pressed_by_enter
from ui.widgets.label import IconView, Label
from ui.widgets.paint import rounded
from ui.widgets.panels import Scroll
from ui.widgets.shadow import draw_shadow

_LINGER_MS = 300
#: The right margin of what is inside: the scroll bar, when there is one, lies in it and moves nothing.
_MARGIN, _GUTTER, _BAR = 24, 14, 10


class Layer(QWidget):
    """Something laid over the page on the scrim: keeps Tab inside, tells how it was closed."""

    finished = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._answer: asyncio.Future[str] | None = None

    def close_with(self, key: str) -> None:
        """Close and tell ``key`` (empty for Esc)."""
        self.finished.emit(key)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(key)

    async def answer(self) -> str:
        """Wait until it is closed; the key it was closed with."""
        self._answer = asyncio.get_running_loop().create_future()
        return await self._answer

    def leave(self) -> None:
        """Go, a moment after it was closed."""
        self.startTimer(_LINGER_MS)

    def timerEvent(self, event: QTimerEvent) -> None:
        """The moment is over."""
        self.killTimer(event.timerId())
        self.deleteLater()

    def awaited(self) -> bool:
        """True while somebody waits for its answer."""
        return self._answer is not None and not self._answer.done()

    def wanted(self, room: QRect) -> QRect:
        """Where it lies inside ``room``."""
        raise NotImplementedError

    def first_focus(self) -> QWidget | None:
        """Where focus goes when it opens."""
        stops = self.stops()
        return stops[0] if stops else None

    def stops(self) -> list[QWidget]:
        """Everything Tab reaches in here, in order of reading."""
        found, at = [], self.nextInFocusChain()
        while at is not None and at is not self:
            if self.isAncestorOf(at) and at.isVisibleTo(self) and at.isEnabled() and at.focusProxy() is None:
                policy = at.focusPolicy()
                if policy & Qt.FocusPolicy.TabFocus:
                    found.append(at)
            at = at.nextInFocusChain()
        return found

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside."""
        stops = self.stops()
        if not stops:
            return True
        now = QApplication.focusWidget()
        index = stops.index(now) if now in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(index + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; nothing reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_with("")
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The raised ground."""
        rounded(QPainter(self), self.rect(), radius=12, fill="raised", line="line")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on its own ground stays here."""
        event.accept()


class Sheet(Layer):
    """A sheet with a title, a body and a footer. Fill ``body``; put buttons in with ``add_button``.

    ``finished`` tells the key of the button that closed it, empty for Esc. ``await sheet.answer()`` waits for that.
    The button added with ``confirm=True`` also answers Ctrl+Enter.
    """

    def __init__(self, title: str, words: str = "", *, width: int = 492) -> None:
        super().__init__(title)
        self._width = width
        self._confirm: Button | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 20, _MARGIN - _GUTTER, 20)
        outer.setSpacing(14)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        self.title = Label(title, "title", wrap=True)
        self.words = Label(words, "body", "text-2", wrap=True)
        texts.addWidget(self.title)
        texts.addWidget(self.words)
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        # The cross itself stands at the margin, not the edge of its button.
        self.head.setContentsMargins(0, 0, _GUTTER - 7, 0)
        self.head.addLayout(texts, 1)
        shut = IconButton("x", "Close")
        shut.clicked.connect(lambda: self.close_with(""))
        self._shut = shut
        self.head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(self.head)
        self.words.setVisible(bool(words))
        inside = QWidget()
        # What is left below the content goes to the stretch, never between its parts.
        self._filled = QVBoxLayout(inside)
        self._filled.setContentsMargins(0, 0, _GUTTER, 0)
        self._filled.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setSpacing(14)
        self._filled.addLayout(self.body)
        self._filled.addStretch(1)
        self._scroll = Scroll(inside, role="raised")
        # A short body would otherwise ask for more than it fills, and take it from the title.
        self._scroll.setMinimumHeight(1)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._make_room_for_bar)
        self._inside = inside
        outer.addWidget(self._scroll, 1)
        self.footer = QHBoxLayout()
        self.footer.setSpacing(8)
        self.footer.setContentsMargins(0, 0, _GUTTER, 0)
        self.note = QHBoxLayout()
        self.note.setSpacing(6)
        self.footer.addLayout(self.note, 1000)
        self.footer.addStretch(1)
        outer.addLayout(self.footer)

    def _make_room_for_bar(self, _least: int, most: int) -> None:
        self._filled.setContentsMargins(0, 0, _GUTTER - _BAR if most else _GUTTER, 0)

    def add_note(self, icon: str, words: str) -> None:
        """A few quiet words at the left of the footer; they wrap where the buttons need the room."""
        self.note.addWidget(IconView(icon, "text-3", 14))
        self.note.addWidget(Label(words, "small", "text-3", wrap=True), 1)

    def add_button(
        self,
        key: str,
        button: Button,
        *,
        confirm: bool = False,
        before: Callable[[], bool] | None = None,
    ) -> Button:
        """A footer button that closes with ``key``; ``before`` may keep the sheet open by returning False."""

        def press() -> None:
            if before is None or before():
                self.close_with(key)

        button.clicked.connect(press)
        self.footer.addWidget(button)
        if confirm:
            self._confirm = button
        return button

    def first_focus(self) -> QWidget | None:
        """Where focus goes when the sheet opens: the first field, else the confirming button."""
        stops = self.stops()
        inside = [stop for stop in stops if self._inside.isAncestorOf(stop)]
        return inside[0] if inside else self._confirm or (stops[-1] if stops else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Ctrl+Enter confirms; nothing reaches the page below."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_Escape:
            self.close_with("")
        elif enter and self._confirm is not None and self._confirm.isEnabled():
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control or not is_pressed_by_enter(QApplication.focusWidget()):
                self._confirm.click()
        event.accept()

    def wanted(self, room: QRect) -> QRect:
        """Where it lies inside ``room``: centred, as high as its content wants and the room allows."""
        look = theme()
        width = min(look.px(self._width), room.width() - 48)
        # Wrapped texts know their height only for a width.
        inner = width - 2 * _MARGIN + _GUTTER
        wants = self._filled.heightForWidth(inner) if self._filled.hasHeightForWidth() else -1
        # A scrolled content is never lower than its least size, which counts texts at their narrowest.
        least = self._inside.minimumSizeHint().height() if wants >= 0 else self._inside.sizeHint().height()
        wants = max(wants, least)
        chrome = 40 + 28
        head = self.head.heightForWidth(inner) if self.head.hasHeightForWidth() else self.head.sizeHint().height()
        foot = self.footer.heightForWidth(inner) if self.footer.hasHeightForWidth() else 0
        height = chrome + head + wants + max(foot, self.footer.sizeHint().height()) + 4
        height = min(height, room.height() - 48)
        top = room.top() + max(24, round((room.height() - height) * 0.42))
        return QRect(room.left() + (room.width() - width) // 2, top, width, height)


class SheetLayer(QWidget):
    """The scrim over a window with the sheets on it, the last on top. Hidden while there are none."""

    emptied = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheets: list[Layer] = []
        self._back: list[QWidget | None] = []
        self._away = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        parent.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def show_sheet(self, sheet: Layer) -> None:
        """Lay ``sheet`` on top and give it focus."""
        self._back.append(QApplication.focusWidget())
        self._sheets.append(sheet)
        sheet.setParent(self)
        sheet.finished.connect(lambda _key, gone=sheet: self._remove(gone))
        for below in self._sheets[:-1]:
            below.setEnabled(False)
        self._place()
        self.setVisible(not self._away)
        self.raise_()
        sheet.show()
        self._place()
        stop = sheet.first_focus()
        if not self._away:
            (stop or sheet).setFocus(Qt.FocusReason.PopupFocusReason)

    def top(self) -> Layer | None:
        """The sheet on top."""
        return self._sheets[-1] if self._sheets else None

    def awaited(self) -> int:
        """How many open sheets somebody waits for."""
        return sum(sheet.awaited() for sheet in self._sheets)

    def close_all(self) -> None:
        """Close every sheet as Esc would, the last first."""
        while self._sheets:
            self._sheets[-1].close_with("")

    def put_away(self) -> None:
        """Hide all behind the lock; a sheet that comes meanwhile waits there too, for ``come_back``."""
        self._away = True
        self.hide()

    def come_back(self) -> None:
        """Show again what the lock hid; focus goes where it was in the sheet on top."""
        self._away = False
        top = self.top()
        if top is not None:
            self.show()
            stops = (stop for stop in (top.focusWidget(), top.first_focus()) if stop is not None)
            next(stops, top).setFocus(Qt.FocusReason.PopupFocusReason)

    def refit(self) -> None:
        """A sheet's content changed its height."""
        self._place()

    def _remove(self, sheet: Layer) -> None:
        if sheet not in self._sheets:
            return
        index = self._sheets.index(sheet)
        self._sheets.pop(index)
        back = self._back.pop(index)
        inside = QApplication.focusWidget()
        if inside is not None and sheet.isAncestorOf(inside):
            # Hidden with focus inside, Qt would ask a sheet that is going where focus goes next, and can crash there.
            inside.clearFocus()
        sheet.hide()
        # Whoever awaits the answer reads the fields once the loop comes round to it; until then they must stand.
        sheet.leave()
        if self._sheets:
            self._sheets[-1].setEnabled(True)
        else:
            self.hide()
            self.emptied.emit()
        if back is not None and _alive(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        for sheet in self._sheets:
            sheet.setGeometry(sheet.wanted(self.rect()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Scrim and shadows."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("scrim"))
        for sheet in self._sheets:
            draw_shadow(painter, sheet.geometry())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The page below does not hear clicks; they do not close a sheet either."""
        event.accept()


def _alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget)
