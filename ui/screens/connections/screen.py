"""The Connections page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.model.accounts import Permission
from app.model.changes import Change, Kind
from app.model.connection import Connection, ConnectionState
from app.store import connections as connections_store
from app.store import outbox as outbox_store
from app.store.database import Reader
from ui import words
from ui.screens.base import Screen, Shell
from ui.screens.connections import sheets
from ui.screens.connections.banner import KEY, sign_in_banner, wants_code
from ui.screens.connections.column import ConnectionColumn
from ui.screens.connections.portal import PortalPages
from ui.screens.connections.table import CapabilityTable
from ui.services import Services
from ui.text import clean
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.empty import Empty
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Line, Scroll, clear, row

_FIRST, _LEAST, _MOST, _WORDS = 191, 196, 300, 280
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class ConnectionsScreen(Screen):
    """Columns per connection above the capability table."""

    name: ClassVar[str] = "connections"
    title: ClassVar[str] = "Connections"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._connections: tuple[Connection, ...] = ()
        self._jobs: Counter[str] = Counter()
        self._asked: frozenset[str] = frozenset()
        self._columns: list[ConnectionColumn] = []
        self._current = 0
        self._beside: QWidget | None = None
        self._portal = PortalPages(services, shell, self.tasks)
        self.toolbar.say(services.practice.name)
        activity = Button("Activity log", "quiet", icon="history")
        activity.clicked.connect(lambda: shell.open("activity"))
        everything = Button("Sync everything", icon="refresh", keys="Ctrl+Shift+R")
        everything.clicked.connect(self.sync_everything)
        self._connect = Button("Connect a system", "primary", icon="plus")
        self._connect.clicked.connect(self.connect_system)
        for button in (activity, everything, self._connect):
            self.toolbar.right.addWidget(button)
        inside = QWidget()
        self._page = QVBoxLayout(inside)
        self._page.setContentsMargins(0, 0, 0, 0)
        self._page.setSpacing(0)
        self._heads = QHBoxLayout()
        self._heads.setSpacing(0)
        self._page.addLayout(self._heads)
        self._page.addWidget(Line())
        self._table = CapabilityTable()
        self._page.addWidget(self._table)
        self._page.addStretch(1)
        self._inside = inside
        self._scroll = Scroll(inside, sideways=True)
        self.body.addWidget(self._scroll, 1)
        self._told = Label("", "small", "text-2", elide=True)
        self._told.setContentsMargins(16, 6, 16, 6)
        self._told.hide()
        self._table.told.connect(self._tell)
        self.body.addWidget(self._told)
        self._empty = Empty()
        self._empty.hide()
        self.body.addWidget(self._empty, 1)

    # -- reading -------------------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Read connections and how many jobs wait for each."""
        self._connections, self._jobs = await self.services.store.read(_read)
        asked = self.services.desk.portals.codes(self.shell.actor())
        self._asked = frozenset(request.connection_id for request in asked)
        self._connect.setEnabled(self.may_manage())
        self._show()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow connections, jobs and questions for codes."""
        if any(change.kind in {Kind.CONNECTIONS, Kind.JOBS, Kind.CODES} for change in changes):
            self.renew()

    def show_at(self, **where: object) -> None:
        """``connection_id`` makes it current; ``act`` does what its state asks for."""
        wanted, act = where.get("connection_id"), where.get("act")

        async def go() -> None:
            await self.refresh()
            for index, connection in enumerate(self._connections):
                if connection.connection_id == wanted:
                    self._make_current(index)
                    if isinstance(act, str) and act:
                        self._act(connection, act)

        self.tasks.restart("show at", go())

    def main_part(self) -> QWidget | None:
        """The table of what each system offers, the button where none is connected."""
        return self._table if self._empty.isHidden() else self._connect

    def panes(self) -> Sequence[QWidget]:
        """Toolbar, columns, table."""
        return (self.toolbar, *self._columns, self._table)

    # -- showing -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        some = bool(self._connections)
        self._scroll.setVisible(some)
        self._empty.setVisible(not some)
        if not some:
            self._empty.say(
                "No system is connected",
                "Daybook fills itself from the systems your practice already uses.",
                icon="plug",
                family="",
                button="Connect a system",
                button_icon="plus",
                on_button=self.connect_system,
            )
            self.banner.take("state")
            return
        self._current = min(self._current, len(self._connections) - 1)
        self._fill_heads()
        self._lay_out()
        self._show_banner()

    def _fill_heads(self) -> None:
        now, zone = self.services.clock.now(), self.services.practice.time_zone
        pairs = list(zip(self._columns, self._connections, strict=False))
        if len(self._columns) == len(self._connections) and all(column.fits(found) for column, found in pairs):
            for column, found in pairs:
                column.renew(found, now, zone)
            return
        clear(self._heads)
        self._columns = []
        self._heads.addWidget(self._summary())
        for connection in self._connections:
            column = ConnectionColumn(connection, now, zone)
            column.acted.connect(self._act)
            column.menu_wanted.connect(self._open_menu)
            self._columns.append(column)
            self._heads.addWidget(column)
        self._beside = self._words_beside()
        self._heads.addWidget(self._beside, 1)

    def _summary(self) -> QWidget:
        made = QWidget()
        made.setFixedWidth(theme().px(_FIRST))
        box = QVBoxLayout(made)
        box.setContentsMargins(14, 16, 12, 12)
        box.setSpacing(7)
        number = len(self._connections)
        spelled = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
        box.addWidget(Label(f"{spelled} system{'s' if number != 1 else ''}", "body-strong"))
        told = "Daybook signs in with your own accounts and shows only what those accounts may see."
        box.addWidget(Label(told, "small", "text-2", wrap=True))
        box.addStretch(1)
        states = Counter(connection.state for connection in self._connections)
        for state, how_many in states.items():
            shown = words.connection_states()[state]
            line = row(IconView(shown.icon, f"{shown.family}.solid", 14), spacing=8)
            line.addWidget(Label(f"{how_many} {shown.label.lower() if not shown.label.isupper() else shown.label}"))
            line.addStretch(1)
            box.addLayout(line)
        return made

    def _words_beside(self) -> QWidget:
        """Where there is room: what the words below are about, and what the system also has."""
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(15, 16, 16, 14)
        box.setSpacing(6)
        connection = self._connections[self._current]
        box.addWidget(Label(f"What {clean(connection.name)} offers, in words", "body-strong", wrap=True))
        told = "The table below tells, for each part, how far it goes and what to do where it does not."
        box.addWidget(Label(told, "small", "text-2", wrap=True))
        box.addStretch(1)
        system = next((s for s in self.services.connections.systems() if s.vendor == connection.vendor), None)
        if system is not None and system.further:
            box.addWidget(Label("It also has, not used by Daybook yet", "caption", "text-3"))
            parts = ", ".join(clean(part.partition(":")[0]) for part in system.further)
            box.addWidget(Label(parts, "small", "text-2", wrap=True))
        return made

    def _lay_out(self) -> None:
        number = len(self._connections)
        if not number:
            return
        look = theme()
        first, room = look.px(_FIRST), self._scroll.viewport().width()
        with_words = room - first - look.px(_LEAST) * number >= look.px(_WORDS)
        shared = room - first - (look.px(_WORDS) if with_words else 0)
        width = max(look.px(_LEAST), min(shared // number, look.px(_MOST)))
        rest = room - first - width * number
        for column in self._columns:
            column.setFixedWidth(width)
        for part in self._beside.findChildren(Label) if self._beside is not None else ():
            part.setVisible(with_words)
        if self._table.capabilities.differs(self._connections, with_words, self._current):
            self._table.capabilities.put(self._connections, with_words, self._current)
        widths = [first, *([width] * number), *([rest] if with_words else [])]
        self._table.lay_out(widths)
        self._inside.setMinimumWidth(first + width * number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._lay_out()

    def _show_banner(self) -> None:
        self.banner.take(KEY)
        found = sign_in_banner(self._connections, self._asked, self._jobs, self._act)
        if found is not None:
            self.banner.put(found)

    def _tell(self, told: str) -> None:
        self._told.setText(told)
        self._told.setVisible(bool(told) and self._table.hasFocus())

    # -- doing ---------------------------------------------------------------------------------------------------

    def may_manage(self) -> bool:
        """Whether this person looks after connections."""
        return Permission.MANAGE_CONNECTIONS in self.shell.actor().permissions

    def any(self) -> bool:
        """There is a connection."""
        return bool(self._connections)

    def code_wanted(self) -> bool:
        """A connection waits for a code."""
        return any(wants_code(connection, self._asked) for connection in self._connections)

    def sync_everything(self) -> None:
        """Read all again."""
        self.shell.toast("Reading every system again.", icon="refresh")
        self.tasks.start_once("sync all", self.services.live.sync_now(actor=self.shell.actor()))

    def connect_system(self) -> None:
        """Choose a system, fill its form."""

        async def go() -> None:
            systems = self.services.connections.systems()
            chooser = sheets.ChooseSystem(systems)
            self.shell.show_sheet(chooser)
            chosen = await chooser.answer()
            system = next((system for system in systems if system.vendor == chosen), None)
            if system is not None:
                await self.fill_form(system.vendor, None)

        self.tasks.start_once("connect", go())

    async def fill_form(self, vendor: str, existing: Connection | None) -> None:
        """Ask for what a system wants, to connect it or to change how ``existing`` signs in."""
        system = next(system for system in self.services.connections.systems() if system.vendor == vendor)
        actor, port = self.shell.actor(), self.services.connections

        def start(work: Coroutine[Any, Any, None]) -> None:
            self.tasks.start_once("form", work)

        sheet = sheets.ConnectSheet(
            system,
            self.services.practice,
            existing,
            start,
            lambda form: port.test(form, actor),
            lambda form: port.add(form, actor),
        )
        self.shell.show_sheet(sheet)
        if await sheet.answer() == "saved":
            name = existing.name if existing else system.title
            self.shell.toast(f"{name} is connected. Reading begins now.", icon="plug")
        self.tasks.stop("form")

    def enter_code(self) -> None:
        """For the first connection that waits for one."""
        found = next((c for c in self._connections if wants_code(c, self._asked)), None)
        if found is not None:
            self._act(found, "code")

    def test_current(self) -> None:
        """Test the current connection."""
        self._act(self._connections[self._current], "check")

    def sync_current(self) -> None:
        """Read the current connection again."""
        self._act(self._connections[self._current], "sync")

    def has_pages(self) -> bool:
        """The current connection is reached through web pages."""
        return bool(self._connections) and self._portal.has_pages(self._connections[self._current])

    def may_watch(self) -> bool:
        """The same, and this person may watch it."""
        return self.has_pages() and self._portal.may_watch()

    def watch_page(self) -> None:
        """W."""
        self._act(self._connections[self._current], "watch")

    def open_pages(self) -> None:
        """P."""
        self._act(self._connections[self._current], "pages")

    def next_system(self) -> None:
        """The connection to the right."""
        self._make_current((self._current + 1) % len(self._connections))

    def previous_system(self) -> None:
        """The connection to the left."""
        self._make_current((self._current - 1) % len(self._connections))

    def _make_current(self, index: int) -> None:
        self._current = index
        self._lay_out()
        self._scroll.ensureWidgetVisible(self._columns[index])
        self.shell.say(self._columns[index].accessibleName())

    def _act(self, connection: Connection, act: str) -> None:
        drifted = act == "details" and connection.state is ConnectionState.DRIFTED
        if act == "watch":
            self._portal.watch(connection)
        elif act == "pages" or (drifted and self._portal.has_pages(connection)):
            self._portal.open(connection)
        elif act == "details":
            now, zone = self.services.clock.now(), self.services.practice.time_zone
            self.shell.show_sheet(sheets.details_sheet(connection, now, zone))
        elif act == "change":
            self.tasks.start_once("connect", self.fill_form(connection.vendor, connection))
        else:
            self.shell.act_on_connection(connection, act)

    def open_menu(self) -> None:
        """The menu of the current connection."""
        column = self._columns[self._current]
        self._open_menu(column.connection, column)

    def _open_menu(self, connection: Connection, anchor: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paused = connection.state is ConnectionState.PAUSED
        pages = (
            ("Web pages and who used them", lambda: self._act(connection, "pages"), True),
            ("Watch its page", lambda: self._act(connection, "watch"), self._portal.may_watch()),
        )
        entries = (
            ("Details and ages", lambda: self._act(connection, "details"), True),
            *(pages if self._portal.has_pages(connection) else ()),
            ("Test again", lambda: self._act(connection, "check"), True),
            ("Change the sign-in", lambda: self._act(connection, "change"), self.may_manage()),
            ("Go on" if paused else "Pause", lambda: self._pause(connection, not paused), self.may_manage()),
            ("Remove…", lambda: self.tasks.start_once("remove", self._remove(connection)), self.may_manage()),
        )
        for text, act, allowed in entries:
            entry = QAction(text, menu)
            entry.setEnabled(allowed)
            entry.triggered.connect(act)
            menu.addAction(entry)
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))

    def _pause(self, connection: Connection, paused: bool) -> None:
        port = self.services.connections
        self.tasks.start_once("pause", port.set_paused(connection.connection_id, paused, self.shell.actor()))

    async def _remove(self, connection: Connection) -> None:
        actor = self.shell.actor()
        sheet = sheets.remove_sheet(connection, self._jobs[connection.connection_id], actor.full_name)
        self.shell.show_sheet(sheet)
        if await sheet.answer() == "write":
            await self.services.connections.remove(connection.connection_id, actor)
            self.shell.toast(f"{clean(connection.name)} was removed and its data wiped.", icon="check-solid")


def _read(conn: Reader) -> tuple[tuple[Connection, ...], Counter[str]]:
    jobs = outbox_store.listed(conn, open_only=True, limit=500)
    return tuple(connections_store.listed(conn)), Counter(job.connection_id for job in jobs)


SCREEN = ConnectionsScreen
