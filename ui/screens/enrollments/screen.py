"""The Enrollments page: the grid, and an inspector that follows the current cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from app.model.accounts import Permission
from app.model.changes import Change, Kind
from app.model.clearing_views import EnrollmentCell, EnrollmentFilter, EnrollmentGrid, EnrollmentRow
from app.model.enrollment import LIVE, Turn
from ui.screens.base import Shell
from ui.screens.clearing import ClearingScreen
from ui.screens.enrollments import detail
from ui.screens.enrollments.enroll import SENDABLE, enroll, may_send
from ui.screens.enrollments.letter import letter_of
from ui.screens.enrollments.note_sheet import NoteSheet
from ui.screens.enrollments.table import EnrollmentTable
from ui.services import Services
from ui.text import clean, count, local
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo, Segmented
from ui.widgets.fields import SearchField
from ui.widgets.panels import Ground, Line, row
from ui.widgets.status import FreshnessBadge, age_of

_WHICH = (
    ("all", "All"),
    (Turn.US.value, "We must act"),
    (Turn.CLEARINGHOUSE.value, "At the clearinghouse"),
    (Turn.PAYER.value, "At the payer"),
    ("stuck", "Stuck"),
)
_STALE_DAYS = 7


class EnrollmentsScreen(ClearingScreen):
    """Provider × payer × transaction."""

    name: ClassVar[str] = "enrollments"
    title: ClassVar[str] = "Enrollments"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._grid = EnrollmentGrid(transactions=(), rows=())
        self._wanted: tuple[str, str, str] | None = None
        self._fill_toolbar()
        self._table = EnrollmentTable()
        self._table.moved.connect(self._show_detail)
        self._lay_out(self._table, "About this enrollment", 44)

    def _fill_toolbar(self) -> None:
        self._find = SearchField("Find a payer", "Payer or id")
        self._find.setMinimumWidth(150)
        self._find.setMaximumWidth(theme().px(220))
        self._find.textChanged.connect(lambda _text: self.tasks.restart("find", self.refresh()))
        self._find.down.connect(self._to_table)
        self._provider = Combo("Provider", icon="user", small=True)
        self._provider.add_choices([("", "Every provider")])
        self._provider.currentIndexChanged.connect(lambda _at: self.renew())
        self._which = Segmented(_WHICH, "Which enrollments")
        self._which.chosen.connect(lambda _key: self.renew())
        self._filters = Ground("")
        self._filters.setLayout(row(self._find, self._provider, self._which, None, margins=(16, 8, 12, 8)))
        self.body.addWidget(self._filters)
        self.body.addWidget(Line())
        self._age = FreshnessBadge()
        self._again = Button("Ask again", icon="refresh", keys="R")
        self._again.clicked.connect(self.ask_again)
        for widget in (self._age, self._again):
            self.toolbar.right.addWidget(widget)

    # -- reading -----------------------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Read the grid, as the filter wants it."""
        actor, enrollments = self.shell.actor(), self.services.desk.enrollments
        await self._read_clearinghouses()
        whole = await enrollments.grid(actor, EnrollmentFilter())
        chosen = self._filter()
        self._grid = whole if chosen == EnrollmentFilter() else await enrollments.grid(actor, chosen)
        self._show_providers(whole)
        self._show(whole)

    def _filter(self) -> EnrollmentFilter:
        which = self._which.key()
        return EnrollmentFilter(
            provider_npi=self._provider.key(),
            payer=self._find.text().strip(),
            turn=None if which in {"all", "stuck"} else Turn(which),
            stuck_only=which == "stuck",
        )

    def _show_providers(self, whole: EnrollmentGrid) -> None:
        names = {row.provider_npi: clean(row.provider_name) or row.provider_npi for row in whole.rows}
        wanted = [("", "Every provider"), *sorted(names.items(), key=lambda pair: pair[1])]
        listed = [(self._provider.itemData(at), self._provider.itemText(at)) for at in range(self._provider.count())]
        if listed == wanted:
            return
        kept = self._provider.key()
        blocked = self._provider.blockSignals(True)
        self._provider.clear()
        self._provider.add_choices(wanted)
        self._provider.blockSignals(blocked)
        self._provider.set_key(kept)

    def _show(self, whole: EnrollmentGrid) -> None:
        now, zone = self.services.clock.now(), self.services.practice.time_zone
        some = bool(self._grid.rows)
        self._show_list(some)
        ours = f"{count(whole.ours, 'enrollment')} need{'s' if whole.ours == 1 else ''} you" if whole.ours else ""
        stuck = f"{whole.stuck} stuck" if whole.stuck else ""
        self.toolbar.say(", ".join(filter(None, (ours, stuck))))
        self._again.setEnabled(self.may_change())
        oldest = min(whole.as_of.values(), default=None)
        stale = oldest is not None and (now - oldest).days >= _STALE_DAYS
        self._age.show_age(age_of(oldest, now, zone, stale=stale))
        self._age.setVisible(bool(whole.rows))
        if some:
            self._table.show_rows(self._grid.rows, self._grid.transactions, local(now, zone).date(), self._tags)
            if self._wanted is not None and self._table.go_to(*self._wanted):
                self._table.setFocus()
            self._wanted = None
        else:
            self._say_empty(whole)

    def _say_empty(self, whole: EnrollmentGrid) -> None:
        if whole.rows:
            told = "Nothing is stuck." if self._which.key() == "stuck" else "No enrollment is like that."
            hidden = "The filter hides all the others."
            self._empty.say(told, hidden, icon="search", family="", button="Show all", on_button=self._show_all)
        else:
            self._say_nothing_known(
                "No enrollment is known yet",
                "{name} tells which provider may use what with which payer.",
                ("Ask {name}", "Enrollments come from the system that carries the claims."),
                self.ask_again,
            )

    def _show_all(self) -> None:
        self._find.clear()
        self._provider.set_key("")
        self._which.set_key("all")
        self.renew()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow enrollments and connections."""
        if any(change.kind in {Kind.ENROLLMENTS, Kind.CONNECTIONS, Kind.PAYERS} for change in changes):
            self.renew()

    def show_at(self, **where: object) -> None:
        """``provider_npi``, ``payer_id`` and ``transaction`` make that cell current; ``payer`` is looked for."""
        wanted = tuple(str(where.get(key) or "") for key in ("provider_npi", "payer_id", "transaction"))
        self._wanted = (wanted[0], wanted[1], wanted[2]) if all(wanted) else None
        self._show_all()
        self._find.setText(str(where.get("payer") or ""))

    def panes(self) -> Sequence[QWidget]:
        """Toolbar, filters, grid, inspector."""
        return (self.toolbar, self._filters, self._table, self._inspector)

    def on_shown(self) -> None:
        """Keys work at once."""
        self._table.setFocus()

    def needs_room(self) -> bool:
        """Six transactions stand beside the inspector."""
        return True

    # -- the current cell --------------------------------------------------------------------------------------------

    def current_row(self) -> EnrollmentRow | None:
        """The payer the table stands on."""
        return self._table.grid.row_of(self._table.currentIndex())

    def current_cell(self) -> EnrollmentCell | None:
        """The transaction the table stands on."""
        return self._table.grid.cell_of(self._table.currentIndex())

    def _show_detail(self) -> None:
        about, cell = self.current_row(), self.current_cell()
        if about is None:
            return
        today = local(self.services.clock.now(), self.services.practice.time_zone).date()
        if cell is None:
            detail.show_row(self._inspector, about, today, self._do)
        else:
            detail.show_cell(self._inspector, about, cell, today, self._do)

    def _do(self, what: str) -> None:
        acts = {
            "note": self.note_state,
            "letter": self.copy_letter,
            "payer": self.open_payer,
            "enroll": self.send_enrollment,
        }
        acts[what]()

    # -- doing -------------------------------------------------------------------------------------------------------

    def go_where_we_must_act(self) -> None:
        """The first cell where the practice must act, or the first that is stuck."""
        self._table.go_first(lambda cell: cell.stuck_days > 0 or cell.state in SENDABLE)

    def on_row(self) -> bool:
        """A payer is current."""
        return self.current_row() is not None

    def on_cell(self) -> bool:
        """A transaction is current."""
        return self.current_cell() is not None

    def has_letter(self) -> bool:
        """A transaction is current that may not be used yet."""
        cell = self.current_cell()
        return cell is not None and cell.state is not None and cell.state not in LIVE

    def toggle_ours(self) -> None:
        """U."""
        self._which.set_key("all" if self._which.key() == Turn.US else Turn.US)
        self.renew()

    def ask_again(self) -> None:
        """R: every clearinghouse, one after the other."""
        if not self.may_change():
            return

        async def go() -> None:
            self._again.setEnabled(False)
            try:
                for connection in self._clearinghouses:
                    await self.services.desk.enrollments.refresh(self.shell.actor(), connection.connection_id)
            finally:
                self._again.setEnabled(True)
            await self.refresh()
            self.shell.toast("Every enrollment was asked for again.", icon="refresh")

        self.shell.toast("Asking for every enrollment.", icon="refresh")
        self.tasks.start_once("ask", go())

    def note_state(self) -> None:
        """N."""
        about, cell = self.current_row(), self.current_cell()
        if about is not None and cell is not None:
            self.tasks.start_once("note", self._note(about, cell))

    async def _note(self, about: EnrollmentRow, cell: EnrollmentCell) -> None:
        actor = self.shell.actor()
        sheet = NoteSheet(about, cell, actor.full_name)
        self.shell.show_sheet(sheet)
        if await sheet.answer() != "save":
            return
        await self.services.desk.enrollments.set_state(
            actor,
            about.connection_id,
            about.provider_npi,
            cell.payer_id,
            cell.transaction,
            sheet.state,
            sheet.words_typed,
            sheet.reason,
        )
        self.shell.toast("The state is noted.")

    def may_send(self) -> bool:
        """A transaction is current whose form can be sent."""
        return Permission.WORK_CLAIMS in self.shell.actor().permissions and may_send(self.current_cell())

    def send_enrollment(self) -> None:
        """S."""
        about, cell = self.current_row(), self.current_cell()
        if about is not None and cell is not None and self.may_send():
            source = self._tags.get(about.connection_id, "")
            self.tasks.start_once("enroll", enroll(self.services, self.shell, about, cell, source))

    def copy_letter(self) -> None:
        """L."""
        about, cell = self.current_row(), self.current_cell()
        if about is None or cell is None or not self.has_letter():
            return
        now, practice = self.services.clock.now(), self.services.practice
        today = local(now, practice.time_zone).date()
        self.shell.copy(letter_of(about, cell, practice.name, self.shell.actor().full_name, today), "Letter to a payer")

    def open_payer(self) -> None:
        """Y."""
        about = self.current_row()
        if about is not None:
            self.shell.open("payers", text=about.payer_name)


SCREEN = EnrollmentsScreen
