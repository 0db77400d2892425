"""What the schedule page offers besides visits: going to a date, choosing columns, printing, opening from elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from app.model.schedule import ProviderRow
from app.model.views import DayView
from app.rules.words import as_of
from app.store import providers as provider_rows
from ui.grid.cursor import Step
from ui.grid.grid import ScheduleGrid
from ui.screens.base import Shell
from ui.screens.schedule.content import provider_label
from ui.screens.schedule.looks import Looks
from ui.screens.schedule.settings import arranged
from ui.screens.schedule.toolbar import ScheduleBar
from ui.services import Services
from ui.tasks import TaskOwner
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from app.model.booking import DayListPage


class PageParts(Looks):
    """Mixed into the schedule screen."""

    services: Services
    shell: Shell
    tasks: TaskOwner
    grid: ScheduleGrid
    bar: ScheduleBar
    day: date
    day_view: DayView | None
    _book_for: str
    _wanted: tuple[str, str, int] | None

    def renew(self) -> None:
        """Read again."""
        raise NotImplementedError

    def show_side(self, panel: QWidget | None) -> None:
        """Put a panel beside the grid."""
        raise NotImplementedError

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def go_to(self, day: date) -> None:
        """Show a day."""
        raise NotImplementedError

    def in_week(self) -> bool:
        """Whether a week is shown."""
        raise NotImplementedError

    def show_at(self, **where: object) -> None:
        """From elsewhere: a day, on it a provider's visit or minute; the day or week ``view``; whom to book for."""
        day, provider_id = where.get("day"), where.get("provider_id")
        visit_id, minute, view = where.get("visit_id"), where.get("minute"), where.get("view")
        if view in ("day", "week") or (self.in_week() and where):
            self.settings = msgspec.structs.replace(self.settings, mode="week" if view == "week" else "day")
            self.show_side(None)
        self._book_for = str(where.get("book_for") or "")
        if isinstance(provider_id, str):
            key = visit_id if isinstance(visit_id, str) else ""
            self._wanted = (provider_id, key, minute if isinstance(minute, int) else -1)
        if isinstance(day, date):
            self.go_to(day)
        self.renew()

    # -- dates -----------------------------------------------------------------------------------------------------

    def go_to_date(self) -> None:
        """Ctrl+D: a date as typed: t, t+3, m, 2w, 6m, 3/12."""
        popover = Popover("Go to a date", 260)
        from app.rules.dates import parse_date
        from ui.widgets.fields import LineEdit

        field = LineEdit("Date")
        field.setPlaceholderText("3/12, t+3, m, 2w, 6m")
        said = Label("Enter goes there.", "small", "text-3", wrap=True)

        def typed(text: str) -> None:
            day = parse_date(text, self.today())
            said.setText(f"{day:%A}, {day:%B} {day.day}, {day.year}" if day else "Not a date yet.")

        def go() -> None:
            day = parse_date(field.text(), self.today())
            if day is not None:
                popover.shut()
                self.go_to(day)

        field.textEdited.connect(typed)
        field.returnPressed.connect(go)
        popover.body.addWidget(field)
        popover.body.addWidget(said)
        self.shell.show_popover(popover, self.bar.title())
        field.setFocus()

    # -- columns ---------------------------------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """V: whose columns, in which order, and named views; in the week view, whose week."""
        work = self._choose_provider() if self.in_week() else self._choose_columns()
        self.tasks.start_once("columns", work)

    async def _listed(self) -> list[ProviderRow]:
        """All providers in this person's order, hidden ones last."""
        found = {each.provider_id: each for each in await self.services.store.read(provider_rows.listed)}
        look = self.settings.look
        order = arranged(list(found), look) + [key for key in found if key in look.hidden]
        return [found[key] for key in order]

    async def _choose_provider(self) -> None:
        popover = Popover("Whose week", 240)
        popover.body.setSpacing(2)
        for each in await self._listed():
            chosen = each.provider_id == self.settings.week_provider
            press = Button(provider_label(each), "tint" if chosen else "quiet")
            press.clicked.connect(popover.shut)
            press.clicked.connect(lambda _=False, key=each.provider_id: self.show_week_of(key))
            popover.body.addWidget(press)
        self.shell.show_popover(popover, self.bar.columns, right=True)

    def show_week_of(self, provider_id: str) -> None:
        """Another provider's week."""
        self.settings = msgspec.structs.replace(self.settings, week_provider=provider_id)
        self.remember()
        self.renew()

    def next_provider(self) -> None:
        """]: the next provider's column, or week."""
        if not self.in_week():
            self.grid.walk(Step.RIGHT)
            return
        self.tasks.restart("provider", self._step_provider(1))

    def previous_provider(self) -> None:
        """[: the column, or week, of the provider before."""
        if not self.in_week():
            self.grid.walk(Step.LEFT)
            return
        self.tasks.restart("provider", self._step_provider(-1))

    async def _step_provider(self, by: int) -> None:
        ids = [each.provider_id for each in await self._listed()]
        if ids:
            now = self.settings.week_provider
            at = ids.index(now) if now in ids else -by
            self.show_week_of(ids[(at + by) % len(ids)])

    async def _choose_columns(self) -> None:
        hidden = self.settings.look.hidden
        rows = [
            (each.provider_id, provider_label(each), each.source, each.provider_id not in hidden)
            for each in await self._listed()
        ]
        from ui.screens.schedule.chooser import Chooser

        chooser = Chooser(rows, self.settings)
        chooser.arranged.connect(self.arrange)
        chooser.reset.connect(self.everybody)
        chooser.view_kept.connect(self.keep_view)
        chooser.view_chosen.connect(self.open_view)
        chooser.view_dropped.connect(self.drop_view)
        self.shell.show_popover(chooser, self.bar.columns, right=True)

    # -- paper -----------------------------------------------------------------------------------------------------

    def print_page(self) -> None:
        """Ctrl+P: the day list of the providers shown."""
        self.tasks.start_once("print", self._print())

    def save_day_list(self) -> None:
        """The same as PDF."""
        self.tasks.start_once("print", self._save())

    async def _pages(self, how: str) -> tuple[DayListPage, ...]:
        shown = None if self.in_week() else [column.key for column in self.grid.content.columns]
        pages = await self.services.desk.day_lists.pages(self.shell.actor(), self.day, shown, how=how)
        if not pages:
            self.shell.toast("There are no visits to list on this day.", icon="info")
        return pages

    def _printed(self) -> str:
        now = self.services.clock.now()
        return f"printed {as_of(now, now, self.services.practice.time_zone)} by {self.shell.actor().full_name}"

    async def _save(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self.grid.window(), "Save day list as PDF", f"day-list-{self.day.isoformat()}.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda path: self.tasks.start_once("pdf", self.save_day_list_as(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def save_day_list_as(self, path: Path) -> None:
        """Write the day list to ``path``."""
        from ui.screens.schedule.printing import save_pdf

        pages = await self._pages("as PDF")
        if pages:
            await save_pdf(path, pages, self.services.practice.name, self._printed())
            self.shell.toast(f"Saved as {path.name}.", icon="save")

    async def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        from PySide6.QtWidgets import QDialog

        pages = await self._pages("printed")
        if not pages:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.grid.window())

        def go() -> None:
            from ui.screens.schedule.printing import paint_pages

            paint_pages(printer, pages, self.services.practice.name, self._printed())

        dialog.accepted.connect(go)
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)
