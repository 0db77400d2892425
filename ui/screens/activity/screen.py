"""The Activity page: a table of jobs and an inspector that follows the current one."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.model.changes import Change, Kind
from app.model.clearing_views import ReportNotice
from app.model.connection import Connection
from app.model.outbox import Job, JobState
from app.rules.outbox_order import may_reorder
from app.store import accounts as accounts_store
from app.store import connections as connections_store
from app.store import providers as providers_store
from app.store.database import Reader
from ui.models.paged_table import Column, PagedTableModel
from ui.screens.activity import detail, notice
from ui.screens.activity.entries import Entry, asks, brief_of, key_of, moment_of, order_of, shown_of, summary_of
from ui.screens.base import Screen, Shell
from ui.services import Services
from ui.text import clean, count, moment_words
from ui.widgets.choices import Segmented
from ui.widgets.empty import Empty, Skeleton, show_rows_or
from ui.widgets.inspector import Inspector
from ui.widgets.panels import MAIN
from ui.widgets.table import Table

_LIMIT = 500


class ActivityScreen(Screen):
    """Every job and what reports gave to do, newest first; what needs a person stands above."""

    name: ClassVar[str] = "activity"
    title: ClassVar[str] = "Activity"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._connections: dict[str, Connection] = {}
        self._names: dict[str, str] = {}
        self._providers: dict[tuple[str, str], str] = {}
        self._wanted = ""
        self._which = Segmented((("all", "All"), ("open", "Open")), "Which changes")
        self._which.chosen.connect(lambda _key: self.renew())
        self.toolbar.right.addWidget(self._which)
        self._model: PagedTableModel[Entry] = PagedTableModel(
            self._columns(), self._no_more, self.tasks, self._describe, self
        )
        self._table = Table(self._model, "Changes asked of systems")
        self._table.row_changed.connect(self._show_detail)
        self._inspector = Inspector("About this change")
        self._inspector.closed.connect(self._table.setFocus)
        self._skeleton = Skeleton()
        self._empty = Empty()
        line = QHBoxLayout()
        line.setSpacing(0)
        for widget in (self._skeleton, self._empty, self._table):
            line.addWidget(widget, MAIN)
        line.addWidget(self._inspector)
        self.body.addLayout(line, 1)
        self._table.hide()
        self._empty.hide()
        self._inspector.hide()
        self._skeleton.start()

    def _columns(self) -> tuple[Column[Entry], ...]:
        return (
            Column(
                title="State",
                text=lambda entry: shown_of(entry).label,
                mark=lambda entry: (shown_of(entry).icon, f"{shown_of(entry).family}.solid"),
                width=158,
            ),
            Column(title="What", text=self._brief, weight=500),
            Column(title="System", text=self._system, tag=self._source, width=68),
            Column(title="Asked by", text=self._asked_by, role="text-2", width=118),
            Column(
                title="When",
                text=self._when,
                sort=lambda entry: int(moment_of(entry).timestamp()),
                role="text-2",
                width=130,
            ),
        )

    def _brief(self, entry: Entry) -> str:
        return brief_of(entry, self._system(entry), self._providers)

    async def _no_more(self, _last: Entry | None) -> Sequence[Entry]:
        return ()

    async def refresh(self) -> None:
        """Read jobs, systems and names."""
        only_open = self._which.key() == "open"
        actor = self.shell.actor()
        jobs = await self.services.desk.jobs.listed(actor, open_only=only_open, limit=_LIMIT)
        self._connections, self._names, self._providers = await self.services.store.read(_names)
        entries: list[Entry] = [*jobs, *await self.services.desk.reports.notices(actor)]
        entries.sort(key=order_of)
        kept = self._wanted or (key_of(self._table.row()) if self._table.row() else "")
        self._wanted = ""
        self._model.set_rows(entries)
        self._skeleton.stop()
        show_rows_or(bool(entries), self._table, self._empty)
        self._inspector.setVisible(bool(entries))
        asking = [entry for entry in entries if asks(entry)]
        what = "change" if all(isinstance(entry, Job) for entry in asking) else "thing"
        self.toolbar.say(f"{count(len(asking), what)} need{'s' if len(asking) == 1 else ''} you" if asking else "")
        if entries:
            self._table.go_to(max(0, self._model.find(lambda entry: key_of(entry) == kept)))
        else:
            self._say_empty(only_open)

    def _say_empty(self, only_open: bool) -> None:
        now = moment_words(self.services.clock.now(), self.services.clock.now(), self.services.practice.time_zone)
        if only_open:
            self._empty.say(
                "Nothing is under way",
                f"Every change was confirmed or given up. Checked at {now}.",
                button="Show all",
                on_button=self.toggle_open,
            )
        else:
            self._empty.say("Nothing was ever asked", "Bookings and changes appear here, with their whole history.")

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow the outbox."""
        if any(change.kind in {Kind.JOBS, Kind.CONNECTIONS, Kind.ACCOUNTS, Kind.REPORTS} for change in changes):
            self.renew()

    def show_at(self, **where: object) -> None:
        """``job_id`` or ``notice_id`` makes that one current, whatever its state."""
        self._wanted = str(where.get("job_id") or where.get("notice_id") or "")
        if self._wanted:
            self._which.set_key("all")
        self.renew()

    def panes(self) -> Sequence[QWidget]:
        """Toolbar, table, inspector."""
        return (self.toolbar, self._table, self._inspector)

    def on_shown(self) -> None:
        """Keys work at once."""
        self._table.setFocus()

    # -- cells -----------------------------------------------------------------------------------------------------

    def _source(self, entry: Entry) -> str:
        found = self._connections.get(entry.connection_id)
        return found.source if found else ""

    def _system(self, entry: Entry) -> str:
        found = self._connections.get(entry.connection_id)
        return clean(found.name) if found else "removed"

    def _asked_by(self, entry: Entry) -> str:
        return clean(self._names.get(entry.actor_id, "")) if isinstance(entry, Job) else "reports"

    def _when(self, entry: Entry) -> str:
        return moment_words(moment_of(entry), self.services.clock.now(), self.services.practice.time_zone)

    def _describe(self, entry: Entry) -> str:
        return f"{summary_of(entry)}, {shown_of(entry).label}, {self._system(entry)}, {self._when(entry)}"

    # -- the current job -------------------------------------------------------------------------------------------

    def current(self) -> Job | None:
        """The job the table stands on."""
        found = self._table.row()
        return found if isinstance(found, Job) else None

    def current_notice(self) -> ReportNotice | None:
        """The notice the table stands on."""
        found = self._table.row()
        return found if isinstance(found, ReportNotice) else None

    def _show_detail(self, _row: object) -> None:
        job, about = self.current(), self.current_notice()
        if about is not None:
            now, zone = self.services.clock.now(), self.services.practice.time_zone
            notice.show_notice(self._inspector, about, now=now, zone=zone, do=self._do_about_reports)
        if job is None:
            return
        detail.show_job(
            self._inspector,
            job,
            system=self._system(job),
            names=self._names,
            now=self.services.clock.now(),
            zone=self.services.practice.time_zone,
            do=self._do,
        )

    def asks(self) -> bool:
        """The current job waits for one of its answers."""
        job = self.current()
        return job is not None and job.state is JobState.NEEDS_PERSON and bool(job.choices)

    def may_undo(self) -> bool:
        """The current job is still held."""
        job = self.current()
        return job is not None and detail.may_undo(job)

    def may_retry(self) -> bool:
        """The current job may be tried again, or reports looked for."""
        job = self.current()
        return self.current_notice() is not None or (job is not None and detail.may_retry(job))

    def may_dismiss(self) -> bool:
        """The current notice may be taken away."""
        about = self.current_notice()
        return about is not None and about.can_dismiss

    def may_cancel(self) -> bool:
        """The current job may be given up."""
        job = self.current()
        return job is not None and detail.may_cancel(job)

    def may_reorder(self) -> bool:
        """The current job waits, and another one too."""
        job = self.current()
        waiting = [entry for entry in self._model.rows() if isinstance(entry, Job) and may_reorder(entry)]
        return job in waiting and len(waiting) > 1

    def first_answer(self) -> None:
        """Y."""
        self._answer(0)

    def second_answer(self) -> None:
        """N."""
        self._answer(1)

    def _answer(self, number: int) -> None:
        job = self.current()
        if job is not None and number < len(job.choices):
            self._do(f"answer:{job.choices[number].key}")

    def undo_job(self) -> None:
        """Z."""
        self._do("undo")

    def retry_job(self) -> None:
        """E."""
        if self.current_notice() is not None:
            self._do_about_reports("read")
        else:
            self._do("retry")

    def dismiss_notice(self) -> None:
        """D."""
        self._do_about_reports("dismiss")

    def cancel_job(self) -> None:
        """Del."""
        self._do("cancel")

    def send_first(self) -> None:
        """F."""
        self._do("first")

    def send_last(self) -> None:
        """L."""
        self._do("last")

    def toggle_open(self) -> None:
        """O."""
        self._which.set_key("all" if self._which.key() == "open" else "open")
        self.renew()

    def _do(self, what: str) -> None:
        job = self.current()
        if job is None:
            return
        jobs, actor = self.services.desk.jobs, self.shell.actor()
        if what == "patient":
            self.shell.open("patients", patient_id=job.patient_id)
            return
        if what.startswith("answer:"):
            self._start(job, jobs.answer(actor, job.job_id, what.removeprefix("answer:")), "Your answer is kept.")
        elif what == "undo":
            self._start(job, jobs.undo(actor, job.job_id), "Undone. Nothing was sent.")
        elif what == "retry":
            self._start(job, jobs.retry(actor, job.job_id), "It will be tried again.")
        elif what == "first":
            self._start(job, jobs.send_first(actor, job.job_id), "It leaves before the others.")
        elif what == "last":
            self._start(job, jobs.send_last(actor, job.job_id), "It leaves after the others.")
        elif what == "cancel":
            self._start(job, jobs.cancel(actor, job.job_id), "Given up. Nothing more will be sent.")

    def _do_about_reports(self, what: str) -> None:
        about = self.current_notice()
        if about is None or (what == "dismiss" and not about.can_dismiss):
            return
        reports, actor = self.services.desk.reports, self.shell.actor()

        async def go() -> None:
            if what == "dismiss":
                await reports.dismiss(actor, about.notice_id)
                self.shell.toast("Taken off the list.")
            else:
                await reports.refresh(actor, about.connection_id)
                self.shell.toast(f"{clean(about.system)} was asked for reports.", icon="refresh")
            await self.refresh()

        self.tasks.start_once(f"notice {about.notice_id}", go())

    def _start(self, job: Job, work: Coroutine[Any, Any, None], told: str) -> None:
        async def go() -> None:
            await work
            self.shell.toast(told)

        self.tasks.start_once(f"job {job.job_id}", go())


def _names(conn: Reader) -> tuple[dict[str, Connection], dict[str, str], dict[tuple[str, str], str]]:
    known = {connection.connection_id: connection for connection in connections_store.listed(conn)}
    doctors = {
        (row.connection_id, row.vendor_id): row.shown_name() for row in providers_store.listed(conn, active_only=False)
    }
    return known, {account.account_id: account.full_name for account in accounts_store.listed(conn)}, doctors


SCREEN = ActivityScreen
