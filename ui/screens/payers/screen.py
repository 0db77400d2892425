"""The Payer list page: search, a table with one id a transaction, and an inspector."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.model.changes import Change, Kind
from app.model.clearing_views import PayerListState, PayerRow
from app.model.errors import BadDocument
from app.model.payer_list import TRANSACTIONS
from ui.enrollment_words import enrollments
from ui.models.paged_table import Column, PagedTableModel
from ui.screens.base import Shell
from ui.screens.clearing import ClearingScreen
from ui.screens.payers import detail
from ui.screens.payers.whose import WhoseListSheet
from ui.services import Services
from ui.text import clean, count
from ui.theme import theme
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import SearchField
from ui.widgets.panels import Ground, Line, row
from ui.widgets.status import FreshnessBadge, age_of
from ui.widgets.table import Table

_LIMIT = 200
_STALE_DAYS = 30
#: A list that is larger than this is no payer list.
_LARGEST = 64 * 1024 * 1024
#: The transactions with a column of their own, and its width: some ids are words.
_SHOWN = {"837P": 150, "270": 164, "276": 118, "835": 118}


class PayersScreen(ClearingScreen):
    """Every payer of every connected clearinghouse."""

    name: ClassVar[str] = "payers"
    title: ClassVar[str] = "Payer list"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._states: tuple[PayerListState, ...] = ()
        self.setAcceptDrops(True)
        self._fill_toolbar()
        self._model: PagedTableModel[PayerRow] = PagedTableModel(
            self._columns(), self._no_more, self.tasks, self._describe, self
        )
        self._table = Table(self._model, "Payers with their ids")
        self._table.row_changed.connect(self._show_detail)
        self._lay_out(self._table, "About this payer")

    def _fill_toolbar(self) -> None:
        self._find = SearchField("Find a payer", "Name, id or another name")
        self._find.setMinimumWidth(theme().px(240))
        self._find.setMaximumWidth(theme().px(320))
        self._find.textChanged.connect(lambda _text: self.tasks.restart("find", self._search()))
        self._find.down.connect(self._to_table)
        self._transaction = Combo("Transaction", icon="filter", small=True)
        names = enrollments().transactions
        choices = [(one, f"{names[one]} {one}") for one in TRANSACTIONS]
        self._transaction.add_choices([("", "Every transaction"), *choices])
        self._transaction.currentIndexChanged.connect(lambda _at: self.tasks.restart("find", self._search()))
        self._filters = Ground("")
        self._filters.setLayout(row(self._find, self._transaction, None, margins=(16, 8, 12, 8)))
        self.body.addWidget(self._filters)
        self.body.addWidget(Line())
        self._age = FreshnessBadge()
        self._import = Button("Import a file", icon="inbox", keys="I")
        self._import.clicked.connect(self.choose_file)
        self._fetch = Button("Fetch", icon="refresh", keys="R")
        self._fetch.clicked.connect(self.fetch)
        for widget in (self._age, self._import, self._fetch):
            self.toolbar.right.addWidget(widget)

    def _columns(self) -> tuple[Column[PayerRow], ...]:
        def of(transaction: str) -> Column[PayerRow]:
            return Column(
                title=enrollments().transactions[transaction],
                text=lambda payer: detail.ids_of(payer, transaction) or "–",
                mark=lambda payer: detail.standing(payer, transaction)[1:] if transaction in payer.ids else None,
                width=_SHOWN[transaction],
            )

        return (
            Column(title="Payer", text=lambda payer: clean(payer.name), weight=500),
            *(of(transaction) for transaction in _SHOWN),
            Column(title="System", text=self._system, tag=self._tag, width=64),
        )

    async def _no_more(self, _last: PayerRow | None) -> Sequence[PayerRow]:
        return ()

    # -- reading -----------------------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Read how the lists stand, and what is looked for."""
        await self._read_clearinghouses()
        self._states = tuple(await self.services.desk.payers.state(self.shell.actor()))
        await self._search()

    async def _search(self) -> None:
        payers = self.services.desk.payers
        text, transaction = self._find.text().strip(), self._transaction.key()
        found = await payers.search(self.shell.actor(), text, transaction, limit=_LIMIT)
        now = self._table.row()
        kept = self._model.find(lambda payer: now is not None and payer.name == now.name)
        self._model.set_rows(found)
        self._show(len(found))
        if found:
            self._table.go_to(max(0, kept if not text else 0))

    def _show(self, found: int) -> None:
        now, zone = self.services.clock.now(), self.services.practice.time_zone
        self._show_list(bool(found))
        entries = sum(state.entries for state in self._states)
        told = f"{count(found, 'payer')} found{', the first of more' if found >= _LIMIT else ''}"
        self.toolbar.say(told if found and self._looks() else count(entries, "entry", "entries") if entries else "")
        times = [state.imported_at for state in self._states if state.imported_at is not None]
        oldest = min(times, default=None)
        stale = oldest is not None and (now - oldest).days >= _STALE_DAYS
        self._age.show_age(age_of(oldest, now, zone, stale=stale))
        self._age.setVisible(bool(times))
        for button in (self._import, self._fetch):
            button.setEnabled(self.may_change())
        self._show_doubts()
        if not found:
            self._say_empty(entries)

    def _looks(self) -> bool:
        return bool(self._find.text().strip() or self._transaction.key())

    def _show_doubts(self) -> None:
        doubted = next((state for state in self._states if state.doubts), None)
        if doubted is None:
            self.banner.take("doubts")
            return
        left_out = f"{count(len(doubted.doubts), 'row')} {'was' if len(doubted.doubts) == 1 else 'were'} left out"
        self.banner.put(
            Banner(
                key="doubts",
                family="amber",
                icon="alert",
                strong=f"{left_out} of {clean(doubted.system)}'s list.",
                words=clean(doubted.doubts[0]),
            )
        )

    def _say_empty(self, entries: int) -> None:
        if entries:
            self._empty.say(
                "No payer is called that",
                "Look for a part of the name, another name, or the id on the member's card.",
                icon="search",
                family="",
                button="Show all",
                on_button=self._show_all,
            )
        else:
            self._say_nothing_known(
                "No payer list is here yet",
                "Fetch it from {name}, or drop its export (a CSV file) on this page.",
                ("Fetch from {name}", "The payer list comes from the system that carries the claims."),
                self.fetch,
            )

    def _show_all(self) -> None:
        self._find.clear()
        self._transaction.set_key("")
        self.renew()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow the lists."""
        if any(change.kind in {Kind.PAYERS, Kind.CONNECTIONS} for change in changes):
            self.renew()

    def show_at(self, **where: object) -> None:
        """``text`` is looked for."""
        if where.get("text"):
            self._find.setText(str(where["text"]))
        self.renew()

    def panes(self) -> Sequence[QWidget]:
        """Toolbar, search, table, inspector."""
        return (self.toolbar, self._filters, self._table, self._inspector)

    def on_shown(self) -> None:
        """Typing searches at once."""
        self._find.setFocus()

    def _tag(self, payer: PayerRow) -> str:
        return self._tags.get(payer.connection_id, "")

    def _system(self, payer: PayerRow) -> str:
        return next((state.system for state in self._states if state.connection_id == payer.connection_id), "")

    def _describe(self, payer: PayerRow) -> str:
        ids = ", ".join(f"{one} {detail.ids_of(payer, one)}: {detail.standing(payer, one)[0]}" for one in payer.ids)
        return f"{clean(payer.name)}, {ids}"

    # -- the current payer -------------------------------------------------------------------------------------------

    def current(self) -> PayerRow | None:
        """The payer the table stands on."""
        found = self._table.row()
        return found if isinstance(found, PayerRow) else None

    def on_payer(self) -> bool:
        """A payer is current."""
        return self.current() is not None

    def _show_detail(self, _row: object) -> None:
        payer = self.current()
        if payer is not None:
            detail.show_payer(self._inspector, payer, self._system(payer), self._do)

    def _do(self, what: str) -> None:
        {"enrollments": self.open_enrollments, "copy": self.copy_id}[what]()

    def copy_id(self) -> None:
        """C: the id of the transaction that is looked at, else of claims."""
        payer = self.current()
        if payer is None:
            return
        wanted = (self._transaction.key(), *TRANSACTIONS)
        found = next((payer.ids[one][0] for one in wanted if payer.ids.get(one)), "")
        self.shell.copy(found, f"Payer id {clean(found)}")

    def open_enrollments(self) -> None:
        """E."""
        payer = self.current()
        if payer is not None:
            self.shell.open("enrollments", payer=payer.name)

    # -- another list ------------------------------------------------------------------------------------------------

    def fetch(self) -> None:
        """R."""
        if self.may_change():
            self.shell.toast("Fetching the payer list.", icon="refresh")
            self.tasks.start_once("another list", self._fetch_all())

    async def _fetch_all(self) -> None:
        for connection in self._clearinghouses:
            await self.services.desk.payers.fetch(self.shell.actor(), connection.connection_id)
        await self.refresh()
        entries = sum(state.entries for state in self._states)
        self.shell.toast(f"The payer list was fetched: {count(entries, 'entry', 'entries')}.")

    def choose_file(self) -> None:
        """I."""
        if not self.may_change():
            return
        dialog = QFileDialog(self, "Import a payer list", "", "Payer list (*.csv);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.import_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_file(self, path: str) -> None:
        """Take the list in ``path`` in place of a clearinghouse's; where there are several, whose is asked."""
        if self.may_change():
            self.tasks.start_once("another list", self._import_from(Path(path)))

    async def _import_from(self, path: Path) -> None:
        content = await asyncio.to_thread(_read, path)
        chosen = self._clearinghouses[0]
        if len(self._clearinghouses) > 1:
            sheet = WhoseListSheet(path.name, self._clearinghouses)
            self.shell.show_sheet(sheet)
            if await sheet.answer() != "import":
                return
            chosen = sheet.chosen()
        await self.services.desk.payers.import_file(self.shell.actor(), chosen.connection_id, content, path.name)
        await self.refresh()
        self.shell.toast(f"{clean(path.name)} is now {clean(chosen.name)}'s payer list.", icon="inbox")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped."""
        if self.may_change() and _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import it."""
        path = _dropped(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.import_file(path)


def _dropped(data: QMimeData) -> str:
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else ""


def _read(path: Path) -> bytes:
    """The file's content. Raises BadDocument in words."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadDocument(
                f"{path.name} is too large for a payer list.",
                "The list that was here stays.",
                ("Choose the clearinghouse's own export, a CSV file of a few megabytes.",),
            )
        return path.read_bytes()
    except OSError as error:
        raise BadDocument(
            f"{path.name} cannot be read.",
            "The list that was here stays.",
            ("Copy the file to this computer and choose it again.",),
            detail=type(error).__name__,
        ) from error


SCREEN = PayersScreen
