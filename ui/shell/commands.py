"""What the window's own actions do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.model.connection import Connection
from ui.actions import everywhere
from ui.actions.action import Action, can_run, run
from ui.text import clean

if TYPE_CHECKING:
    from ui.shell.window import DaybookWindow

_PREVIEW_AFTER_S = 0.25


class Commands:
    """Methods named by ``ui.actions.everywhere``."""

    def __init__(self, window: DaybookWindow) -> None:
        self.window = window

    def open_palette(self) -> None:
        """Ctrl+K."""
        from ui.shell.palette import Palette
        from ui.shell.palette_preview import show_preview
        from ui.shell.palette_sources import PaletteSource, Reach

        palette = Palette()
        reach = Reach(
            lambda name, where: self.window.open(name, **where),
            self.run_action,
            self.window.copy,
            lambda text: self.window.open("patients", search_everywhere=text),
        )
        pairs = [("", action) for action in everywhere.ACTIONS]
        pairs += [(screen.name, action) for screen in self.window.screens() for action in screen.actions()]
        usable = [(name, action) for name, action in pairs if name or can_run(self, action)]
        source = PaletteSource(
            self.window.services,
            self.window.session,
            self.window.screens(),
            usable,
            self.window.feed.facts.sources,
            reach,
        )

        async def answer(text: str) -> None:
            found, count = await source.entries(text)
            palette.show_entries(found, count)

        async def preview(subject: object) -> None:
            # Only who is looked at for a moment is fetched, and then audited as seen.
            await asyncio.sleep(_PREVIEW_AFTER_S)
            await show_preview(palette.preview_box, subject, self.window)

        palette.typed.connect(lambda text: self.window.tasks.restart("palette", answer(text)))
        palette.previewed.connect(lambda subject: self.window.tasks.restart("palette preview", preview(subject)))
        palette.finished.connect(lambda _key: self.window.tasks.stop("palette"))
        palette.finished.connect(lambda _key: self.window.tasks.stop("palette preview"))
        self.window.show_sheet(palette)
        self.window.tasks.restart("palette", answer(""))

    def run_action(self, screen: str, action: Action) -> None:
        """Do an action of the window or of a screen, which is opened first."""
        if not screen:
            run(self, action)
            return
        self.window.open(screen)
        if not run(self.window.screen_at(screen), action):
            self.window.toast("That cannot be done right now.", icon="info")

    def open_practice_switcher(self) -> None:
        """Ctrl+O."""
        from ui.shell.popovers import PracticePopover

        popover = PracticePopover(
            self.window.services.practice,
            self.window.feed.facts.connections,
            self.window.services.clock.now(),
            act=self.act_on_connection,
            open_all=lambda: self.window.open("connections"),
            sync_all=self.sync_everything,
        )
        self.window.show_popover(popover, self.window.frame.header.practice)

    def open_person(self) -> None:
        """The user's disc."""
        choices = (
            ("Lock now", "lock", "Ctrl+L", self.lock),
            ("Switch user", "users", "", self.switch_user),
            ("Settings", "settings", "Ctrl+,", self.open_settings),
            ("Keyboard help", "keyboard", "?", self.open_keyboard_help),
        )
        from ui.shell.popovers import PersonPopover

        self.window.show_popover(PersonPopover(self.window.actor(), choices), self.window.frame.header.user, right=True)

    def open_connection(self, pill: object) -> None:
        """A connection's pill."""
        from ui.shell.header import ConnectionPill

        assert isinstance(pill, ConnectionPill)
        from ui.shell.popovers import ConnectionPopover

        popover = ConnectionPopover(
            pill.connection,
            self.window.services.clock.now(),
            self.window.services.practice.time_zone,
            self.act_on_connection,
            lambda: self.window.open("connections"),
        )
        self.window.show_popover(popover, pill, right=True)

    def act_on_connection(self, connection: Connection, act: str) -> None:
        """Do the one thing a connection's state asks for."""
        ids = connection.connection_id
        connections = self.window.services.connections
        if act == "code":
            self.ask_code(connection)
        elif act == "sync":
            self.window.tasks.start_once(f"sync {ids}", self._sync(connection))
        elif act == "check":
            self.window.tasks.start_once(f"check {ids}", self._check(connection))
        elif act == "resume":
            self.window.tasks.start_once(f"resume {ids}", connections.set_paused(ids, False, self.window.actor()))
        else:
            self.window.open("connections", connection_id=ids, act=act)

    async def _sync(self, connection: Connection) -> None:
        await self.window.services.live.sync_now(connection.connection_id, actor=self.window.actor())
        self.window.toast(f"{connection.name} was read again.", icon="refresh")

    async def _check(self, connection: Connection) -> None:
        report = await self.window.services.connections.check(connection.connection_id, self.window.actor())
        self.window.toast(f"{connection.name} answers. {report.session_words}".strip())

    def ask_code(self, connection: Connection) -> None:
        """The sheet for a sign-in code."""
        self.window.codes.open_for(connection)

    def open_tray(self) -> None:
        """Ctrl+J."""
        facts = self.window.feed.facts
        syncing = [connection.name for connection in facts.connections if connection.state.value == "reauthenticating"]
        from ui.shell.tray import Tray

        tray = Tray(
            facts.jobs,
            syncing,
            undo=self.undo_job,
            open_job=lambda job_id: self.window.open("activity", job_id=job_id),
            open_activity=lambda: self.window.open("activity"),
            codes=[clean(request.system) for request in self.window.codes.mine()],
            enter_code=self.window.codes.open_first,
        )
        self.window.show_popover(tray, self.window.frame.status)

    def undo_job(self, job_id: str) -> None:
        """Withdraw a held job."""

        async def undo() -> None:
            await self.window.services.desk.jobs.undo(self.window.actor(), job_id)
            self.window.toast("Undone. Nothing was sent.", icon="undo")

        self.window.tasks.start_once(f"undo {job_id}", undo())

    def undo_last(self) -> None:
        """Ctrl+Z."""
        if self.window.undoable is not None:
            _, undo = self.window.undoable
            self.window.undoable = None
            undo()

    def can_undo(self) -> bool:
        """Something can be taken back."""
        return self.window.undoable is not None

    def refresh_page(self) -> None:
        """Ctrl+R."""
        screen = self.window.current_screen()
        if screen is not None:
            screen.renew()

    def sync_everything(self) -> None:
        """Ctrl+Shift+R."""

        async def sync() -> None:
            await self.window.services.live.sync_now(actor=self.window.actor())
            self.window.toast("Every system was read again.", icon="refresh")

        self.window.toast("Reading every system again.", icon="refresh")
        self.window.tasks.start_once("sync all", sync())

    def can_print(self) -> bool:
        """The page has something to print."""
        screen = self.window.current_screen()
        return screen is not None and screen.printable()

    def print_page(self) -> None:
        """Ctrl+P."""
        screen = self.window.current_screen()
        if screen is not None:
            screen.print_page()

    def next_pane(self) -> None:
        """F6."""
        self._pane(1)

    def previous_pane(self) -> None:
        """Shift+F6."""
        self._pane(-1)

    def _pane(self, step: int) -> None:
        screen = self.window.current_screen()
        inner = list(screen.panes()) if screen is not None else []
        panes = [self.window.frame.header, self.window.frame.rail, *inner]
        focus = self.window.focus_widget()
        here = next((i for i, pane in reversed(list(enumerate(panes))) if focus and pane.isAncestorOf(focus)), None)
        if here is None:
            here = next((i for i, pane in enumerate(panes) if pane is focus), 1)
        for offset in range(1, len(panes) + 1):
            pane = panes[(here + step * offset) % len(panes)]
            stop = self.window.frame.rail.first_stop() if pane is self.window.frame.rail else first_stop(pane)
            if stop is not None:
                stop.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def toggle_menu(self) -> None:
        """Ctrl+B."""
        own = self.window.session.own
        changed = msgspec.structs.replace(own, menu_narrow=not own.menu_narrow)
        self.window.session.prefer(changed)

    def lock(self) -> None:
        """Ctrl+L."""
        self.window.session.lock()

    def switch_user(self) -> None:
        """Lock, and ask who comes."""
        self.window.session.lock("to switch users")
        self.window.gate.ask_anybody()

    def open_settings(self) -> None:
        """Ctrl+,."""
        self.window.open("settings")

    def find_in_page(self) -> None:
        """/."""
        screen = self.window.current_screen()
        if screen is not None:
            screen.find_in_page()

    def toggle_privacy(self) -> None:
        """Names as initials, for when somebody looks over the shoulder."""
        own = self.window.session.own
        self.window.session.prefer(msgspec.structs.replace(own, privacy=not own.privacy))
        self.window.toast("Names are shown." if own.privacy else "Names are hidden.", icon="eye")
        self.refresh_page()

    def open_keyboard_help(self) -> None:
        """?."""
        from ui.shell.help import KeyboardHelp, groups_of

        sheet = KeyboardHelp(groups_of(self.window.screens()), self.window.session.own.letter_keys)

        def letters(on: bool) -> None:
            changed = msgspec.structs.replace(self.window.session.own, letter_keys=on)
            self.window.session.prefer(changed)

        def print_keys() -> None:
            from ui.printing import print_keys as print_them

            print_them(self.window, groups_of(self.window.screens()))

        sheet.letters_changed.connect(letters)
        sheet.print_wanted.connect(print_keys)
        self.window.show_sheet(sheet)

    def close_window(self) -> None:
        """Ctrl+Q."""
        self.window.close()


def first_stop(pane: QWidget) -> QWidget | None:
    """The first thing in ``pane`` that takes focus."""
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isVisible():
        return pane
    for child in pane.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
            return child
    return None


def known_steps(window: DaybookWindow) -> dict[str, Callable[[], None]]:
    """Next steps of errors that the window can do itself, by how their words begin."""
    return {
        "open connections": lambda: window.open("connections"),
        "open activity": lambda: window.open("activity"),
        "open settings": lambda: window.open("settings"),
        "look at the job": lambda: window.open("activity"),
        "look in activity": lambda: window.open("activity"),
        "see activity": lambda: window.open("activity"),
        "enter code": window.codes.open_first,
        "enter the code": window.codes.open_first,
        "sign in again": lambda: window.open("connections"),
        "change the sign-in": lambda: window.open("connections"),
        "refresh": window.commands.refresh_page,
        "try again now": window.commands.refresh_page,
        "lock": window.commands.lock,
    }
