"""Watching a portal's page and taking it over: a sheet around the page, and what carries pictures and input."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.connection import Connection
from app.model.errors import DaybookError
from app.model.portal import KeyInput, MouseInput, PortalView
from ui.text import clean
from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.label import IconView, Label
from ui.widgets.page_view import PageView, decoded
from ui.widgets.panels import Ground, Line
from ui.widgets.sheet import Layer
from ui.widgets.status import SourceBox

#: Seconds between two looks at what the work is doing.
_LOOK_S = 0.4

#: What is being done on the page, in words; empty where nothing runs.
Doing = Callable[[], str]


class TakeOverSheet(Layer):
    """The page with its buttons. Closing it, by whatever way, hands the page back."""

    def __init__(self, connection: Connection, view: PortalView, doing: Doing) -> None:
        super().__init__(f"{connection.name}'s page")
        self._name = clean(connection.name)
        self._view = view
        self._doing = doing
        self._over = False
        self._input: asyncio.Queue[MouseInput | KeyInput] = asyncio.Queue()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addLayout(self._head(connection))
        outer.addWidget(Line())
        self._state = _State()
        outer.addWidget(self._state)
        outer.addWidget(Line())
        self.page = PageView(f"The page of {self._name}")
        self.page.drop_picture(f"Waiting for the first picture of {self._name}'s page.")
        self.page.touched.connect(self._touched)
        self.page.left.connect(self._out_of_page)
        outer.addWidget(self.page, 1)
        outer.addWidget(Line())
        outer.addLayout(self._foot())
        self._settle()

    def _head(self, connection: Connection) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 14, 12)
        head.setSpacing(12)
        head.addWidget(SourceBox(connection.source))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Label(f"{self._name}'s page", "heading", elide=True))
        texts.addWidget(Label(f"Signed in for {clean(connection.practice)}", "small", "text-2", elide=True))
        head.addLayout(texts, 1)
        shut = IconButton("x", "Close")
        shut.clicked.connect(lambda: self.close_with(""))
        head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(IconView("keyboard", "text-3", 14))
        self._hint = Label("", "small", "text-3", elide=True)
        foot.addWidget(self._hint, 1)
        self.take = Button("Take over", icon="pause")
        self.take.clicked.connect(self.take_over)
        self.back = Button("Hand back", "primary", icon="play")
        self.back.clicked.connect(self.hand_back)
        done = Button("Close", keys="Esc")
        done.clicked.connect(lambda: self.close_with(""))
        for button in (self.take, self.back, done):
            foot.addWidget(button)
        return foot

    def wanted(self, room: QRect) -> QRect:
        """As large as the window allows: it is somebody else's page that must be read."""
        width, height = min(theme().px(1320), room.width() - 48), min(theme().px(1000), room.height() - 48)
        left = room.left() + (room.width() - width) // 2
        return QRect(left, room.top() + (room.height() - height) // 2, width, height)

    def first_focus(self) -> QWidget:
        """The button that matters."""
        return self.back if self._view.is_paused else self.take

    # -- hands -------------------------------------------------------------------------------------------------------

    def take_over(self) -> None:
        """The work stops before its next act; mouse and keys go to the page."""
        self._view.pause()
        self._settle()
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def hand_back(self) -> None:
        """The work goes on."""
        self._view.hand_back()
        self._settle()
        self.take.setFocus(Qt.FocusReason.OtherFocusReason)

    def _out_of_page(self) -> None:
        self.back.setFocus(Qt.FocusReason.TabFocusReason)

    def _touched(self, what: MouseInput | KeyInput) -> None:
        self._input.put_nowait(what)

    def _settle(self) -> None:
        taken = self._view.is_paused
        self.page.set_taken(taken)
        self.take.setVisible(not taken)
        self.back.setVisible(taken)
        keys = "Shift+Esc takes the keyboard out of the page." if taken else "Watching changes nothing."
        self._hint.setText(keys)
        self._tell_state()

    def _tell_state(self) -> None:
        doing = self._doing()
        if self._over:
            self._state.say("grey", "cloud-off", f"{self._name}'s page was closed.", "It opens again by itself.")
        elif self._view.is_paused:
            what = doing or "What comes next"
            waits = f"{what} waits until you hand it back."
            self._state.say("amber", "pause", "You have the page.", waits)
        elif doing:
            self._state.say("blue", "progress", f"{doing} now.", "Take over to stop it before its next step.")
        else:
            self._state.say("", "dot", "Nothing is being done on this page.", "")

    def hideEvent(self, event: QHideEvent) -> None:
        """The window was locked: the page goes back at once, and is asked for anew afterwards."""
        super().hideEvent(event)
        if not event.spontaneous() and self.awaited():
            self.close_with("")

    # -- carrying ----------------------------------------------------------------------------------------------------

    async def run(self) -> str:
        """Show pictures and pass on input until the sheet is closed; the view stays its owner's to close."""
        async with asyncio.TaskGroup() as group:
            carried = [group.create_task(work) for work in (self._pictures(), self._hands(), self._watch_work())]
            told = await self.answer()
            for task in carried:
                task.cancel()
        return told

    async def _pictures(self) -> None:
        try:
            async for frame in self._view.frames():
                # Decoding takes as long as a frame of ours, so it is done elsewhere.
                picture = await asyncio.to_thread(decoded, frame.jpeg)
                if not picture.isNull() and self.page.isVisible():
                    self.page.show_picture(picture, frame.width, frame.height)
        except DaybookError as error:
            self._end(f"{error.happened} {error.means}".strip())
            return
        self._end("There is no page to show.")

    def _end(self, words: str) -> None:
        self._over = True
        self.take.setEnabled(False)
        self.page.drop_picture(words)
        self._tell_state()

    async def _hands(self) -> None:
        while True:
            what = await self._input.get()
            while isinstance(what, MouseInput) and what.kind == "move" and not self._input.empty():
                # Where the mouse was meanwhile does not matter; what was pressed does.
                following = self._input.get_nowait()
                if not (isinstance(following, MouseInput) and following.kind == "move"):
                    await self._view.send_mouse(what)
                what = following
            if isinstance(what, MouseInput):
                await self._view.send_mouse(what)
            else:
                await self._view.send_key(what)

    async def _watch_work(self) -> None:
        while True:
            self._tell_state()
            await asyncio.sleep(_LOOK_S)


class _State(Ground):
    """One line: whose the page is and what is done on it."""

    def __init__(self) -> None:
        super().__init__("")
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 7, 20, 7)
        line.setSpacing(8)
        self._icon = IconView("dot", "text-3", 14)
        self._strong = Label("", "body-strong")
        self._words = Label("", "body", "text-2", elide=True)
        for part in (self._icon, self._strong):
            line.addWidget(part)
        line.addWidget(self._words, 1)
        self._said = ("", "", "", "")

    def say(self, family: str, icon: str, strong: str, words: str) -> None:
        """Another state; the same again costs nothing."""
        if self._said == (family, icon, strong, words):
            return
        self._said = (family, icon, strong, words)
        self.set_role(f"{family}.bg" if family else "")
        self._icon.set_icon(icon, f"{family}.solid" if family else "text-3")
        self._strong.setText(strong)
        self._words.setText(words)
        self.setAccessibleName(f"{strong} {words}".strip())
