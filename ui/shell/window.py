"""The window: holds frame, lock and first run, and is the shell that screens speak to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from app.model.accounts import Actor, AuditAction
from app.model.changes import Change
from app.model.connection import Connection
from app.model.errors import Locked
from ui.actions import everywhere
from ui.notices import notice_of
from ui.screens.base import Screen
from ui.screens.registry import SCREENS, ScreenSpec, spec
from ui.services import Services
from ui.shell import commands
from ui.shell.banners import lock_warning, show_practice
from ui.shell.codes import Codes
from ui.shell.feed import FrameFacts, FrameFeed, outbox_words, sync_words
from ui.shell.frame import Frame
from ui.shell.gate import Gate
from ui.shell.idle import IdleWatch
from ui.shell.key_bindings import GoChooser, KeyBindings
from ui.shell.notice_sheet import notice_sheet
from ui.shell.saying import announce
from ui.shell.screens import OpenScreens
from ui.shell.session import Session
from ui.shell.system_lock import SystemLock
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.focus import FocusRing
from ui.widgets.popover import Popover
from ui.widgets.sheet import Layer, SheetLayer
from ui.widgets.toast import ToastHost

TITLE = "Daybook"
_AUTO_NARROW = 1500


class DaybookWindow(QWidget):
    """One window of the program. ``closed`` after it has let go of everything."""

    closed = Signal()

    def __init__(self, services: Services, session: Session, ring: FocusRing) -> None:
        super().__init__()
        self.services = services
        self.session = session
        self._ring = ring
        self.tasks = TaskOwner("window", self.notice)
        self.commands = commands.Commands(self)
        self.undoable: tuple[str, Callable[[], None]] | None = None
        self._menu_narrow = False
        self.setWindowTitle(TITLE)
        self.setMinimumSize(QSize(640, 480))
        self.resize(1440, 900)
        self.stack = QStackedWidget(self)
        self.frame = Frame(self.stack)
        self._screens = OpenScreens(self._make, self.frame.page.stack)
        self.gate = Gate(services, session, self.tasks)
        self.stack.addWidget(self.gate)
        self.stack.addWidget(self.frame)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.stack)
        self.sheets = SheetLayer(self)
        self.toasts = ToastHost(self, above=28)
        self.keys = KeyBindings(self)
        self.idle = IdleWatch(services.clock, self)
        self.feed = FrameFeed(services, self.tasks, self._show_facts)
        self.codes = Codes(self)
        self._sync_clock = QTimer(self)
        self._sync_clock.setInterval(30_000)
        self._system_lock = SystemLock(self)
        self._system_lock.locked.connect(lambda: session.lock("with the computer"))
        self._unsubscribe = services.store.subscribe(self._on_changes)
        self._wire()

    # -- building ------------------------------------------------------------------------------------------------

    def screens(self) -> tuple[ScreenSpec, ...]:
        """The screens this person may see; all of them before anybody signed in."""
        person = self.session.person()
        return tuple(
            screen for screen in SCREENS if screen.wants is None or person is None or screen.wants in person.permissions
        )

    def _wire(self) -> None:
        header, rail = self.frame.header, self.frame.rail
        header.search_pressed.connect(self.commands.open_palette)
        header.lock_pressed.connect(self.commands.lock)
        header.practice_pressed.connect(self.commands.open_practice_switcher)
        header.user_pressed.connect(self.commands.open_person)
        header.connection_pressed.connect(self.commands.open_connection)
        show_practice(self.frame, self.services.practice)
        rail.asked.connect(self._rail_asked)
        self.frame.page.stack.rearranged.connect(self._settle_room)
        self.frame.status.outbox_pressed.connect(self.commands.open_tray)
        self.keys.bind_window(everywhere.ACTIONS, self.commands, everywhere.ALWAYS)
        self.keys.add_fixed("G", self._ask_where)
        self.session.opened.connect(self._opened)
        self.session.locking.connect(self._screens.keep_drafts)
        self.session.locked.connect(self._locked)
        self.session.preferences_changed.connect(self._preferences_changed)
        self.idle.expired.connect(lambda: self.session.lock(self._idle_words()))
        self.idle.warned.connect(lambda left: self.frame.banner.put(lock_warning(left, self.idle.touch)))
        self.idle.calmed.connect(lambda: self.frame.banner.take("idle"))
        self.sheets.emptied.connect(self._settle_keys)
        self.sheets.emptied.connect(self._screens.take_focus)
        self._sync_clock.timeout.connect(lambda: self._show_facts(self.feed.facts))
        self.keys.set_open(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Hear of every key and click on this window: for the lock, and to know whether focus came by keyboard."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        if self.session.is_locked():
            self.gate.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice activity; let everything through."""
        kind = event.type()
        if kind in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}:
            self._ring.by_keyboard = True
            self.idle.touch()
        elif kind in {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self._ring.by_keyboard = False
            self.idle.touch()
        elif kind in {QEvent.Type.MouseMove, QEvent.Type.Wheel}:
            self.idle.touch()
        return False

    # -- what screens ask (ui.screens.base.Shell) ------------------------------------------------------------------

    def actor(self) -> Actor:
        """Who is signed in. Raises Locked."""
        return self.session.actor()

    def privacy(self) -> bool:
        """Names as initials only."""
        return self.session.privacy

    def open(self, name: str, **where: object) -> None:
        """Bring screen ``name`` to the front."""
        if self.session.is_locked():
            return
        screen, came = self._screens.bring(name)
        self.frame.rail.mark(name)
        self._settle_narrow()
        self._settle_keys()
        self.setWindowTitle(f"{screen.page_title()} – {TITLE}")
        self._screens.show(screen, where, came=came)
        if self.sheets.top() is None:
            self._screens.take_focus()

    def toast(
        self, words: str, *, icon: str = "check-solid", action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """One line at the bottom right."""
        if not self.session.is_locked():
            self.toasts.show_toast(words, icon, action, on_action)
            self.say(words)

    def notice(self, error: BaseException, steps: Mapping[str, Callable[[], None]] | None = None) -> None:
        """An error in words. While locked it waits for nobody: what asked is asked again after unlocking."""
        if isinstance(error, Locked) and self.session.is_locked():
            return
        known: dict[str, Callable[[], None]] = {**commands.known_steps(self), **(steps or {})}
        notice = notice_of(error, known)
        self.say(f"{notice.happened} {notice.means}", assertive=notice.decides)
        if not notice.decides:
            self.toast(f"{notice.happened} {notice.means}".strip(), icon="alert")
            return
        self.show_sheet(notice_sheet(notice, self.copy))

    def show_sheet(self, sheet: Layer) -> None:
        """Lay a sheet over the page."""
        self.keys.set_open(False)
        self.sheets.show_sheet(sheet)

    def show_popover(self, popover: Popover, anchor: QWidget, *, right: bool = False) -> None:
        """Open a popover beside ``anchor``; keys rest until it closes."""
        self.keys.set_open(False)
        popover.closed.connect(self._settle_keys)
        popover.open_below(anchor, right=right)

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Undo in the toast and on Ctrl+Z."""
        self.undoable = (words, undo)
        self.toast(words, action="Undo", on_action=self.commands.undo_last)

    def say(self, words: str, *, assertive: bool = False) -> None:
        """Tell a screen reader."""
        announce(self, words, assertive=assertive)

    def act_on_connection(self, connection: Connection, act: str) -> None:
        """Do what a connection's state asks for."""
        self.commands.act_on_connection(connection, act)

    def copy(self, text: str, what: str = "Text", patient_id: str = "") -> None:
        """Put ``text`` on the clipboard; it is taken off again after 60 s, where it is still there."""
        self.tasks.start(self.services.desk.audit.note(self.actor(), AuditAction.COPY, what, patient_id))
        board = QGuiApplication.clipboard()
        board.setText(text)
        QTimer.singleShot(60_000, self, lambda: board.clear() if board.text() == text else None)
        self.toast(f"Copied: {what[:1].lower()}{what[1:]}. It leaves the clipboard after 60 s.", icon="copy")

    def open_keyboard_help(self) -> None:
        """Show every key."""
        self.commands.open_keyboard_help()

    # -- inside ------------------------------------------------------------------------------------------------------

    def current_screen(self) -> Screen | None:
        """The screen in front."""
        return self._screens.front()

    def screen_at(self, name: str) -> Screen:
        """The screen ``name``, made if it was never opened."""
        return self._screens.at(name)

    def _make(self, name: str) -> Screen:
        screen = spec(name).load()(self.services, self)
        screen.room_changed.connect(self._settle_narrow)
        return screen

    def _on_changes(self, changes: tuple[Change, ...]) -> None:
        if self.session.is_locked():
            self._screens.all_stale()
            return
        self.feed.on_changes(changes)
        self.session.heed(changes)
        self.codes.on_changes(changes)
        self._screens.on_changes(changes)

    def _show_facts(self, facts: FrameFacts) -> None:
        frame, now = self.frame, self.services.clock.now()
        show_practice(frame, facts.practice)
        frame.header.show_connections(facts.connections)
        frame.header.show_sync(sync_words(facts.connections, now, self.services.practice.time_zone))
        frame.status.show_outbox(*outbox_words(facts.jobs))
        frame.rail.set_count("connections", facts.waiting_connections(), "amber")
        frame.rail.set_count("activity", facts.asking(self.session.person()), "amber")

    def _opened(self, same: bool) -> None:
        actor = self.session.actor()
        if not same:
            self._screens.forget()
            self.undoable = None
            self.sheets.close_all()
            self.frame.rail.show_screens(self.screens())
        parts = actor.full_name.split()
        initials = (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else actor.full_name[:2].upper()
        self.frame.header.user.show_person(actor.full_name, initials)
        self._preferences_changed()
        self.gate.shut()
        self.stack.setCurrentWidget(self.frame)
        self.sheets.come_back()
        self.idle.start()
        self._system_lock.listen_soon(self)
        self._sync_clock.start()
        # The page reads first: it is what the person waits for.
        self.open(self._screens.now or "schedule")
        self.feed.renew()
        self.codes.renew(soon=same)

    def _locked(self, why: str) -> None:
        current = self.current_screen()
        if current is not None:
            current.on_hidden()
        QToolTip.hideText()
        for other in QApplication.topLevelWidgets():
            # Dialogs, menus and cards that stand outside the window show as much as it does.
            if not isinstance(other, DaybookWindow) and other.isVisible():
                other.close()
        self.close_popovers()
        self._go.hide()
        self.toasts.clear()
        self.sheets.put_away()
        self.frame.banner.take("idle")
        self.keys.set_open(False)
        self.idle.stop()
        self._sync_clock.stop()
        self.setWindowTitle(TITLE)
        waiting = len(self.feed.facts.jobs)
        self.stack.setCurrentWidget(self.gate)
        self.gate.lock(waiting)
        self.gate.open()

    def _preferences_changed(self) -> None:
        own = self.session.own
        self.keys.set_letters(own.letter_keys)
        self._menu_narrow = own.menu_narrow
        self.idle.set_minutes(self.session.practice.idle_minutes)
        self._settle_narrow()

    def _settle_narrow(self) -> None:
        screen = self.current_screen()
        by_itself = screen is not None and screen.needs_room() and self.width() < _AUTO_NARROW
        # Larger text needs the room sooner.
        narrow = self._menu_narrow or by_itself or self.width() < theme().px(1180)
        self.frame.set_narrow(narrow or (screen is not None and self.frame.cramped(screen, self.width())))

    def _settle_room(self) -> None:
        # Another day's name is longer: the page may now need the room beside a menu that stands wide.
        if not self.frame.rail.narrow:
            self._settle_narrow()

    def _settle_keys(self) -> None:
        screen = self.current_screen()
        if screen is not None:
            actions = spec(self._screens.now).actions()
            self.keys.bind_page(actions, screen)
            hints = [(action.keys_words, action.status) for action in actions if action.status]
            hints += [(note.keys, note.status) for note in spec(self._screens.now).notes() if note.status]
            self.frame.status.show_keys(hints)
        free = not self.session.is_locked() and self.sheets.top() is None
        self.keys.set_open(free and all(popover.isHidden() for popover in self._popovers()))

    def _rail_asked(self, name: str) -> None:
        if name == "help":
            self.commands.open_keyboard_help()
        else:
            self.open(name)

    @cached_property
    def _go(self) -> GoChooser:
        """What G opens."""
        made = GoChooser(self)
        made.chosen.connect(self.open)
        made.left.connect(self._settle_keys)
        return made

    def _ask_where(self) -> None:
        self.keys.set_open(False)
        self._go.ask(self.screens())

    def _idle_words(self) -> str:
        minutes = self.session.practice.idle_minutes
        return f"after {minutes} minute{'s' if minutes > 1 else ''} without activity"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The menu follows the width."""
        super().resizeEvent(event)
        self._settle_narrow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep drafts, let go of tasks; the program ends the loop."""
        if not self.session.is_locked():
            self._screens.keep_drafts()
        super().closeEvent(event)
        self.closed.emit()

    async def close_tasks(self) -> None:
        """End every task of this window and its screens, and hear no more changes."""
        self._unsubscribe()
        self.idle.stop()
        self._system_lock.stop()
        self._sync_clock.stop()
        owners: Sequence[TaskOwner] = [self.tasks, *self._screens.tasks()]
        for owner in owners:
            await owner.close()

    def screen_tasks(self) -> list[TaskOwner]:
        """The owners of the screens' tasks."""
        return self._screens.tasks()

    def close_popovers(self) -> None:
        """Close whatever popover is open."""
        for popover in self._popovers():
            popover.shut()

    def _popovers(self) -> list[Popover]:
        return self.findChildren(Popover, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def palette_line(self, text: str) -> None:
        """Type ``text`` into the open palette."""
        from ui.shell.palette import Palette

        top = self.sheets.top()
        if isinstance(top, Palette):
            top.line.setText(text)

    def focus_widget(self) -> QWidget | None:
        """What has focus in this window."""
        widget = QApplication.focusWidget()
        return widget if widget is not None and self.isAncestorOf(widget) else None
