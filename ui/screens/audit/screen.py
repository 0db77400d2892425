"""The Audit page."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.desk.audit import AuditFilter
from app.model.accounts import Account, AuditAction, AuditEntry, Permission
from app.model.changes import Change, Kind
from app.model.errors import BadInput
from app.model.people import PatientRow
from app.rules.names import initials, masked, shown
from app.store import accounts as accounts_store
from ui import words
from ui.models.paged_table import Column, PagedTableModel
from ui.screens.base import Screen, Shell
from ui.services import Services
from ui.text import clean, clock_time, count, field_date, local, moment_words
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.empty import Empty, show_rows_or
from ui.widgets.inspector import Inspector
from ui.widgets.label import Label
from ui.widgets.panels import MAIN, Facts, Well
from ui.widgets.table import Table

_PAGE = 200
_MOST_EXPORTED = 100_000
_SPANS = (("", "Any time"), ("1", "Today"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("365", "Last year"))
_WARNING = frozenset({AuditAction.FAILED_SIGN_IN, AuditAction.LOCKED_OUT, AuditAction.DENIED})


class AuditScreen(Screen):
    """Lines newest first, a page at a time."""

    name: ClassVar[str] = "audit"
    title: ClassVar[str] = "Audit log"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._patient_id = ""
        #: Who the patients in the lines read so far are.
        self._people: dict[str, PatientRow] = {}
        self._who = Combo("Who", icon="user", small=True)
        self._what = Combo("What", icon="filter", small=True)
        self._span = Combo("When", icon="calendar", small=True)
        self._what.add_choices([("", "Anything"), *((a.value, words.people().audit_actions[a]) for a in AuditAction)])
        self._span.add_choices(_SPANS)
        self._who.add_choices([("", "Anybody")])
        self._clear = Button("Clear", "quiet", icon="x")
        self._clear.clicked.connect(self.clear_filters)
        self._export = Button("Export", icon="save", keys="X")
        self._export.clicked.connect(self.export)
        for widget in (self._who, self._what, self._span, self._clear, self._export):
            self.toolbar.right.addWidget(widget)
        for combo in (self._who, self._what, self._span):
            combo.currentIndexChanged.connect(self._filtered)
        self._model: PagedTableModel[AuditEntry] = PagedTableModel(
            self._columns(), self._fetch, self.tasks, self._describe, self, page=_PAGE
        )
        self._table = Table(self._model, "Audit log")
        self._table.row_changed.connect(self._show_detail)
        self._model.loaded.connect(self._loaded)
        self._inspector = Inspector("About this line", 336)
        self._inspector.closed.connect(self._table.setFocus)
        self._empty = Empty()
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self._table, MAIN)
        line.addWidget(self._empty, MAIN)
        line.addWidget(self._inspector)
        self.body.addLayout(line, 1)
        self._empty.hide()
        self._inspector.hide()

    def _columns(self) -> tuple[Column[AuditEntry], ...]:
        table = words.people().audit_actions
        return (
            Column(title="When", text=self._when, sort=lambda entry: entry.sequence, role="text-2", width=118),
            Column(
                title="Who", text=lambda entry: clean(entry.actor_name) or "nobody signed in", weight=500, width=106
            ),
            Column(
                title="What",
                text=lambda entry: table[entry.action],
                mark=lambda entry: ("alert", "amber.solid") if entry.action in _WARNING else None,
                width=128,
            ),
            Column(title="Of what", text=lambda entry: clean(entry.subject)),
            Column(title="Patient", text=self._patient, width=132),
            Column(title="Workstation", text=lambda entry: clean(entry.workstation), role="text-2", width=92),
            Column(title="Line", text=lambda entry: f"{entry.sequence:,}", right=True, role="text-3", width=54),
        )

    # -- reading -------------------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Read names for the filter and the first page."""
        known: list[Account] = await self.services.store.read(accounts_store.listed)
        chosen = self._who.key()
        blocked = self._who.blockSignals(True)
        self._who.clear()
        self._who.add_choices([("", "Anybody"), *((account.account_id, clean(account.full_name)) for account in known)])
        self._who.blockSignals(blocked)
        self._who.set_key(chosen)
        self._export.setEnabled(Permission.EXPORT in self.shell.actor().permissions)
        self._model.reload()

    async def _fetch(self, last: AuditEntry | None) -> Sequence[AuditEntry]:
        before = last.sequence if last is not None else None
        actor, view = self.shell.actor(), self.services.desk.audit
        lines = await view.entries(actor, self.wanted(), _PAGE, before)
        wanted = {line.patient_id for line in lines if line.patient_id}
        self._people.update(await view.patients(actor, wanted - self._people.keys()))
        return lines

    def wanted(self) -> AuditFilter:
        """The filters as they stand."""
        what = self._what.key()
        return AuditFilter(
            actor_id=self._who.key() or None,
            patient_id=self._patient_id or None,
            action=AuditAction(what) if what else None,
            since=self._since(),
        )

    def _since(self) -> datetime | None:
        days = self._span.key()
        if not days:
            return None
        zone = ZoneInfo(self.services.practice.time_zone)
        today: date = local(self.services.clock.now(), zone).date()
        return datetime.combine(today - timedelta(days=int(days) - 1), time(0), zone)

    def _filtered(self) -> None:
        self._what.updateGeometry()
        self._model.reload()

    def clear_filters(self) -> None:
        """Show everything."""
        self._patient_id = ""
        for combo in (self._who, self._what, self._span):
            combo.set_key("")
        self._model.reload()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """New lines are shown while the list stands at its top."""
        at_top = self._table.currentIndex().row() <= 0
        if at_top and any(change.kind is Kind.AUDIT for change in changes):
            self._model.reload()

    def show_at(self, **where: object) -> None:
        """``patient_id`` shows one patient's lines."""
        self._patient_id = str(where.get("patient_id") or "")
        self.renew()

    def panes(self) -> Sequence[QWidget]:
        """Toolbar, table, inspector."""
        return (self.toolbar, self._table, self._inspector)

    def on_shown(self) -> None:
        """Keys work at once."""
        self._table.setFocus()

    # -- showing -------------------------------------------------------------------------------------------------

    def _loaded(self) -> None:
        rows = len(self._model.rows())
        more = "more than " if self._model.canFetchMore(self._table.rootIndex()) else ""
        kind = "line about one patient" if self._patient_id else "line"
        self.toolbar.say(f"{more}{count(rows, kind, kind.replace('line', 'lines'))}")
        show_rows_or(bool(rows), self._table, self._empty)
        self._inspector.setVisible(bool(rows))
        if not rows:
            self._empty.say(
                "No line fits these filters",
                "The log itself is never shortened.",
                icon="history",
                family="",
                button="Clear filters",
                on_button=self.clear_filters,
            )
        elif self._table.currentIndex().row() < 0:
            self._table.go_to(0)

    def _patient(self, entry: AuditEntry) -> str:
        """Initials and chart number while names are hidden; a removed patient has neither."""
        row = self._people.get(entry.patient_id)
        if row is None:
            return "not on file any more" if entry.patient_id else ""
        name = shown(row.full_name())
        if not self.shell.privacy():
            return name
        return " · ".join(filter(None, (initials(name), masked(row.chart_number))))

    def _when(self, entry: AuditEntry) -> str:
        return moment_words(entry.at, self.services.clock.now(), self.services.practice.time_zone)

    def _describe(self, entry: AuditEntry) -> str:
        what = words.people().audit_actions[entry.action]
        told = (clean(entry.actor_name), what, clean(entry.subject), self._patient(entry), self._when(entry))
        return ", ".join(filter(None, told))

    def _show_detail(self, entry: object) -> None:
        if not isinstance(entry, AuditEntry):
            return
        box = self._inspector
        box.begin()
        box.show_head(words.people().audit_actions[entry.action], clean(entry.subject))
        at = local(entry.at, self.services.practice.time_zone)
        facts = Facts()
        clock = clock_time(at.hour * 60 + at.minute)
        row = self._people.get(entry.patient_id)
        open_to_all = row is not None and not self.shell.privacy()
        chart = [("Chart", shown(row.chart_number, 40))] if row and row.chart_number and open_to_all else []
        facts.show_facts(
            [
                ("Who", clean(entry.actor_name)),
                *([("Patient", self._patient(entry)), *chart] if entry.patient_id else []),
                ("When", f"{field_date(at.date())}, {clock[:-3]}:{at.second:02d}{clock[-3:]}"),
                ("Practice", clean(entry.practice)),
                ("Workstation", clean(entry.workstation)),
                ("Line", f"{entry.sequence:,}"),
            ]
        )
        box.body.addWidget(facts)
        for title, text in (("Before", entry.before), ("After", entry.after)):
            if text:
                box.body.addWidget(Label(title, "small", "text-3"))
                box.body.addWidget(Label(clean(text), "mono", wrap=True))
        box.body.addWidget(Well(f"Chained to the line before. {entry.digest[:16]}…", "link"))
        if entry.patient_id:
            press = Button("Only this patient", icon="filter")
            press.clicked.connect(lambda: self.show_at(patient_id=entry.patient_id))
            box.footer.addWidget(press)
            if row is not None:
                there = Button("Open patient", icon="user")
                there.clicked.connect(lambda: self.shell.open("patients", patient_id=entry.patient_id))
                box.footer.addWidget(there)
            box.footer.addStretch(1)
            box.show_footer()

    # -- export --------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask where to, then write the lines that fit the filters as a table."""
        dialog = QFileDialog(self, "Export the audit log", "audit.csv", "Comma separated (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.tasks.start_once("export", self.export_to(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def export_to(self, path: Path) -> int:
        """Write what the filters show to ``path``; how many lines. Raises NotPermitted, or BadInput for a bad place."""
        actor, wanted = self.shell.actor(), self.wanted()
        await self.services.desk.audit.note(actor, AuditAction.EXPORT, "Audit log", self._patient_id)
        lines: list[AuditEntry] = []
        before: int | None = None
        while len(lines) < _MOST_EXPORTED:
            page = await self.services.desk.audit.entries(actor, wanted, 2000, before)
            lines += page
            if len(page) < 2000:
                break
            before = page[-1].sequence
        try:
            await asyncio.to_thread(_write, path, lines)
        except OSError as error:
            raise BadInput(
                "path", "The file could not be written.", error.strerror or "", ("Choose another place.",)
            ) from None
        self.shell.toast(f"{count(len(lines), 'line')} exported. The file is not encrypted.", icon="save")
        return len(lines)


def _write(path: Path, lines: Sequence[AuditEntry]) -> None:
    names = (
        "sequence",
        "at",
        "actor_name",
        "action",
        "subject",
        "patient_id",
        "workstation",
        "before",
        "after",
        "digest",
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for line in lines:
            values = msgspec.to_builtins(line)
            writer.writerow([_harmless(str(values[name])) for name in names])


def _harmless(text: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


SCREEN = AuditScreen
