"""What the schedule page offers besides visits: going to a date, choosing columns, printing, opening from elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog

from app.model.booking import DayListPage
from app.model.views import DayView
from app.rules.dates import parse_date
from app.rules.words import as_of
from app.store import providers as provider_rows
from ui.grid.grid import ScheduleGrid
from ui.screens.base import Shell
from ui.screens.schedule.chooser import Chooser
from ui.screens.schedule.content import provider_label
from ui.screens.schedule.looks import Looks
from ui.screens.schedule.printing import paint_pages, save_pdf
from ui.screens.schedule.settings import arranged
from ui.screens.schedule.toolbar import ScheduleBar
from ui.services import Services
from ui.tasks import TaskOwner
from ui.widgets.fields import LineEdit
from ui.widgets.label import Label
from ui.widgets.popover import Popover


class PageParts(Looks):
    """Mixed into the schedule screen."""

    services: Services
    shell: Shell
    tasks: TaskOwner
    grid: ScheduleGrid
    bar: ScheduleBar
    day: date
    day_view: DayView | None

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def go_to(self, day: date) -> None:
        """Show a day."""
        raise NotImplementedError

    def in_week(self) -> bool:
        """Whether a week is shown."""
        raise NotImplementedError

    # -- dates -----------------------------------------------------------------------------------------------------

    def go_to_date(self) -> None:
        """Ctrl+D: a date as typed: t, t+3, m, 2w, 6m, 3/12."""
        popover = Popover("Go to a date", 260)
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
        popover.open_at(self.grid.window(), self._below_title())
        field.setFocus()

    def _below_title(self) -> QPoint:
        host = self.grid.parentWidget() or self.grid
        return host.mapTo(host.window(), QPoint(16, 8))

    # -- columns ---------------------------------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """V: whose columns, in which order, and named views."""
        self.tasks.start_once("columns", self._choose_columns())

    async def _choose_columns(self) -> None:
        listed = await self.services.store.read(provider_rows.listed)
        look = self.settings.look
        by_id = {each.provider_id: each for each in listed}
        ids = list(by_id)
        order = arranged(ids, look) + [each for each in ids if each in look.hidden]
        rows = [
            (key, provider_label(by_id[key]), by_id[key].source, key not in look.hidden) for key in dict.fromkeys(order)
        ]
        chooser = Chooser(rows, self.settings)
        chooser.arranged.connect(self.arrange)
        chooser.reset.connect(self.everybody)
        chooser.view_kept.connect(self.keep_view)
        chooser.view_chosen.connect(self.open_view)
        chooser.view_dropped.connect(self.drop_view)
        chooser.open_below(self.bar.columns, right=True)

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
        dialog = QFileDialog(self.grid.window(), "Save day list as PDF", f"day-list-{self.day.isoformat()}.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda path: self.tasks.start_once("pdf", self.save_day_list_as(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def save_day_list_as(self, path: Path) -> None:
        """Write the day list to ``path``."""
        pages = await self._pages("as PDF")
        if pages:
            await save_pdf(path, pages, self.services.practice.name, self._printed())
            self.shell.toast(f"Saved as {path.name}.", icon="save")

    async def _print(self) -> None:
        pages = await self._pages("printed")
        if not pages:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.grid.window())

        def go() -> None:
            paint_pages(printer, pages, self.services.practice.name, self._printed())

        dialog.accepted.connect(go)
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)
