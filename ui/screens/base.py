"""What every screen is: a page with a toolbar, one banner, a body, tasks of its own, and the shell to speak to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.model.accounts import Actor
from app.model.changes import Change
from app.model.connection import Connection
from ui.services import Services
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.banner import BannerSlot
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.label import Label
from ui.widgets.panels import Ground, Line
from ui.widgets.popover import Popover
from ui.widgets.sheet import Layer


class Shell(Protocol):
    """What a screen may ask of the window around it."""

    def actor(self) -> Actor:
        """Who is signed in. Raises Locked when nobody is."""
        ...

    def open(self, name: str, **where: object) -> None:
        """Go to screen ``name``; ``where`` reaches its ``show_at``."""
        ...

    def toast(
        self, words: str, *, icon: str = "check-solid", action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """One line at the bottom right for 8 s, with at most one action."""
        ...

    def notice(self, error: BaseException, steps: Mapping[str, Callable[[], None]] | None = None) -> None:
        """Show an error in words; its next steps become buttons where ``steps`` knows them."""
        ...

    def show_sheet(self, sheet: Layer) -> None:
        """Lay a sheet over the page; Esc closes it and focus returns."""
        ...

    def show_popover(self, popover: Popover, anchor: QWidget, *, right: bool = False) -> None:
        """Open a popover below ``anchor``; the page's keys rest until it closes."""
        ...

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done, with Undo in the toast and on Ctrl+Z."""
        ...

    def act_on_connection(self, connection: Connection, act: str) -> None:
        """Do what a connection's state asks for: ``"sync"``, ``"check"``, ``"code"``, ``"resume"``."""
        ...

    def copy(self, text: str, what: str = "Text", patient_id: str = "") -> None:
        """Put ``text`` on the clipboard for 60 s; the audit log remembers ``what`` it was, and about whom."""
        ...

    def privacy(self) -> bool:
        """True while names are to be shown as initials only."""
        ...

    def say(self, words: str, *, assertive: bool = False) -> None:
        """Tell a screen reader."""
        ...


class Toolbar(Ground):
    """The page's head: title and what it says beside it at the left, actions at the right. 52 px."""

    def __init__(self, title: str) -> None:
        super().__init__("")
        self.title = Label(title, "title")
        self.subtitle = Label("", "body", "text-3")
        #: What may lose its words where room is short, in this order.
        self.folding: tuple[Button | Combo, ...] = ()
        self.left = QHBoxLayout()
        self.left.setSpacing(8)
        self.right = QHBoxLayout()
        self.right.setSpacing(8)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(self.title)
        line.addWidget(self.subtitle, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(self.left)
        line.addStretch(1)
        line.addLayout(self.right)
        self.setMinimumHeight(theme().px(52))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setMinimumHeight(theme().px(52))

    def event(self, event: QEvent) -> bool:
        """Fold and unfold before the parts are laid out."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._fold()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """With every button folded that can be."""
        hint = super().minimumSizeHint()
        return QSize(hint.width() - sum(button.spared() for button in self.folding), hint.height())

    def _fold(self) -> None:
        """Buttons in ``folding`` lose their words, the first one first, as many as the width asks for."""
        before = [button.folded for button in self.folding]
        short = self.minimumSizeHint().width() + sum(each.spared(as_whole=True) for each in self.folding) - self.width()
        for button in self.folding:
            button.set_folded(short > 0)
            short -= button.spared(as_whole=True)
        if before != [button.folded for button in self.folding]:
            # Qt would do so only later, and measure the old and the new together meanwhile.
            self.right.invalidate()
            self.left.invalidate()

    def say(self, subtitle: str) -> None:
        """Set the words beside the title."""
        self.subtitle.setText(subtitle)


class Screen(QWidget):
    """A page. Subclasses set ``name`` and ``title``, build ``self.body`` in ``__init__`` and fill it in ``refresh``.

    ``refresh`` reads the store and paints; it is awaited by the shell on the first visit, on Ctrl+R and where
    ``on_changes`` asked for it. Nothing in here may wait on the loop.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    with_toolbar: ClassVar[bool] = True
    #: Modules of the parts made later; they are imported off the loop once the first window stands.
    further: ClassVar[tuple[str, ...]] = ()
    #: ``needs_room`` may have changed.
    room_changed = Signal()

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__()
        self.services = services
        self.shell = shell
        self.tasks = TaskOwner(self.name, self.shell.notice)
        self.setAccessibleName(self.title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if self.with_toolbar:
            self.toolbar = Toolbar(self.title)
            outer.addWidget(self.toolbar)
            outer.addWidget(Line())
        self.banner = BannerSlot()
        outer.addWidget(self.banner)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        outer.addLayout(self.body, 1)

    async def refresh(self) -> None:
        """Read what is shown and show it."""

    def on_changes(self, changes: Sequence[Change]) -> None:
        """The store changed while this screen is visible (or since it was): ask for what is needed."""

    def on_shown(self) -> None:
        """The screen came to the front; watches begin here."""

    def on_hidden(self) -> None:
        """The screen left the front, or the window was locked; watches end here."""

    def show_at(self, **where: object) -> None:
        """Go to what another screen, the palette or a notice points at."""

    def panes(self) -> Sequence[QWidget]:
        """The parts F6 walks through, in reading order."""
        return (self,)

    def main_part(self) -> QWidget | None:
        """What has focus when the screen comes to the front, unless something in it has focus already."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that no part wanted leaves a field for the main part: letters are keys again."""
        part = self.main_part()
        if event.key() == Qt.Key.Key_Escape and part is not None and isinstance(QApplication.focusWidget(), QLineEdit):
            part.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        super().keyPressEvent(event)

    def find_in_page(self) -> None:
        """``/``: put focus where the list is searched."""

    def printable(self) -> bool:
        """Whether Ctrl+P has something to print."""
        return False

    def print_page(self) -> None:
        """Ctrl+P."""

    def ahead(self) -> Sequence[Callable[[], object]]:
        """What makes the parts that the first look does not need; each is called once, in a turn of its own."""
        return ()

    def needs_room(self) -> bool:
        """Whether a third pane stands beside the others: the menu then collapses by itself below 1500 px."""
        return False

    def page_title(self) -> str:
        """What the window's title may say: never a person's name."""
        return self.title

    def keep_drafts(self) -> None:
        """The window locks or closes: keep what is half typed."""

    def renew(self) -> None:
        """Run ``refresh`` as a task; a second call joins the first."""
        self.tasks.start_once("refresh", self.refresh())

    async def close_tasks(self) -> None:
        """End every task of this screen."""
        await self.tasks.close()
