"""The tray: what runs and what waits, with the one thing each allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt

from app.model.outbox import Job, JobState
from ui import words
from ui.text import clean
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.empty import Empty
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Line, column, row
from ui.widgets.popover import Popover

_MOST = 6


class Tray(Popover):
    """Open jobs, newest first."""

    def __init__(
        self,
        jobs: Sequence[Job],
        syncing: Sequence[str],
        *,
        undo: Callable[[str], None],
        open_job: Callable[[str], None],
        open_activity: Callable[[], None],
        codes: Sequence[str] = (),
        enter_code: Callable[[], None] | None = None,
    ) -> None:
        super().__init__("Running jobs", 400)
        self.body.addLayout(row(Label("Running jobs", "body-strong"), None, self._all(open_activity)))
        for name in codes:
            self._add_code(name, enter_code)
        for name in syncing:
            self.body.addLayout(
                row(IconView("refresh", "blue.solid"), Label(f"Reading {name}", "body", "text-2"), None)
            )
        if not jobs and not syncing and not codes:
            empty = Empty()
            empty.say("Nothing is running", "No change waits to be sent.")
            empty.setMinimumHeight(theme().px(140))
            self.body.addWidget(empty)
        for job in jobs[:_MOST]:
            self.body.addWidget(Line("line-subtle"))
            self._add(job, undo, open_job)
        if len(jobs) > _MOST:
            self.body.addWidget(Label(f"{len(jobs) - _MOST} more in Activity", "small", "text-3"))

    def _all(self, open_activity: Callable[[], None]) -> Button:
        link = Button("Open Activity", "link")
        link.clicked.connect(self.shut)
        link.clicked.connect(open_activity)
        return link

    def _add_code(self, name: str, enter_code: Callable[[], None] | None) -> None:
        line = row(IconView("key", "amber.solid"), Label(f"{name} asks for a sign-in code", wrap=True), spacing=10)
        line.setStretch(1, 1)
        press = Button("Enter code", size="small")
        press.clicked.connect(self.shut)
        if enter_code is not None:
            press.clicked.connect(enter_code)
        line.addWidget(press)
        self.body.addLayout(line)

    def _add(self, job: Job, undo: Callable[[str], None], open_job: Callable[[str], None]) -> None:
        state = words.jobs().states[job.state]
        summary = Label(clean(job.summary), "body", wrap=True)
        detail = Label(clean(job.waiting_for) or state.means, "small", "text-2", wrap=True)
        line = row(spacing=10)
        line.addWidget(IconView(state.icon, f"{state.family}.solid", words=state.label), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(summary, detail, spacing=1), 1)
        if job.state is JobState.HELD:
            press = Button("Undo", size="small", icon="undo")
            press.clicked.connect(lambda: undo(job.job_id))
        else:
            press = Button("Answer" if job.state is JobState.NEEDS_PERSON else "View", size="small")
            press.clicked.connect(lambda: open_job(job.job_id))
        press.clicked.connect(self.shut)
        line.addWidget(press, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
