"""What the inspector says of one job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.outbox import FINAL, Job, JobState, PersonReason
from ui import words
from ui.screens.plan_sheet import plan_panel
from ui.text import clean, moment_words
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.inspector import Inspector
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Facts, Ground, Well, column, row

Do = Callable[[str], None]


class _Thread(QWidget):
    """The line that joins the marks of a history."""

    def __init__(self, *, last: bool) -> None:
        super().__init__()
        self._last = last
        self.setFixedWidth(theme().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._last:
            painter = QPainter(self)
            painter.fillRect(self.width() // 2, 18, 1, self.height() - 16, theme().colour("line"))


def may_undo(job: Job) -> bool:
    """Still held: nothing has left."""
    return job.state is JobState.HELD


def may_retry(job: Job) -> bool:
    """Asks a person and offers no answers of its own."""
    return job.state is JobState.NEEDS_PERSON and not job.choices


def may_cancel(job: Job) -> bool:
    """Not on its way and not finished."""
    return job.state in {JobState.HELD, JobState.QUEUED, JobState.NEEDS_PERSON}


def show_job(
    inspector: Inspector,
    job: Job,
    *,
    system: str,
    names: dict[str, str],
    now: datetime,
    zone: str,
    do: Do,
) -> None:
    """Fill the inspector. ``do`` gets ``"undo"``, ``"retry"``, ``"cancel"``, ``"patient"`` or ``"answer:KEY"``."""
    table = words.jobs()
    state = table.states[job.state]
    inspector.begin()
    who = clean(names.get(job.actor_id, "")) or "somebody"
    told = f"{table.kinds[job.kind]} in {system}, asked by {who}, {moment_words(job.created_at, now, zone)}"
    inspector.show_head(table.kinds[job.kind], told, (state.label, state.family, state.icon))
    body = inspector.body
    body.addWidget(Label("What it changes", "small", "text-3"))
    body.addWidget(Label(clean(job.summary), "body", weight=500, wrap=True))
    if job.state is JobState.NEEDS_PERSON:
        body.addWidget(_question(job, do))
    elif job.state not in FINAL:
        body.addWidget(
            Well(clean(job.waiting_for) or state.means, state.icon, "amber" if state.family == "amber" else "")
        )
    if job.plan is not None:
        body.addWidget(plan_panel(job.plan))
    facts = Facts()
    facts.show_facts(_facts(job, now, zone))
    body.addWidget(facts)
    body.addWidget(Label("History", "small", "text-3"))
    body.addLayout(_history(job, names, now, zone))
    _footer(inspector, job, do)


def _facts(job: Job, now: datetime, zone: str) -> list[tuple[str, str]]:
    return [
        ("Mark", f"{job.short_code}, in the visit's notes there" if job.short_code else ""),
        ("Tries", str(job.attempts) if job.attempts else ""),
        ("Held until", moment_words(job.held_until, now, zone) if job.held_until and may_undo(job) else ""),
        ("Sense until", moment_words(job.expires_at, now, zone) if job.expires_at and job.state not in FINAL else ""),
        ("Waits for", "another change, listed above" if job.depends_on and job.state not in FINAL else ""),
    ]


def _question(job: Job, do: Do) -> Ground:
    box = Ground("amber.bg", radius=8)
    inner = QVBoxLayout(box)
    inner.setContentsMargins(14, 12, 14, 12)
    inner.setSpacing(8)
    reason = words.jobs().reasons[job.person_reason] if job.person_reason else "Daybook cannot decide this alone."
    head = row(IconView("alert", "amber.solid"))
    head.addWidget(Label(reason, "body-strong", wrap=True), 1)
    inner.addLayout(head)
    # What will be typed stands below, field by field.
    previewed = job.plan is not None and job.person_reason in {PersonReason.PREVIEW, PersonReason.CHANGED}
    for said in job.question.splitlines()[: 1 if previewed else None]:
        inner.addWidget(Label(clean(said), "body", "text", wrap=True))
    if job.choices:
        line = row(spacing=8)
        for number, choice in enumerate(job.choices):
            press = Button(clean(choice.label), "plain", keys=("Y", "N")[number] if number < 2 else "", size="small")
            press.clicked.connect(lambda _on=False, key=choice.key: do(f"answer:{key}"))
            line.addWidget(press)
        line.addStretch(1)
        inner.addLayout(line)
    return box


def _history(job: Job, names: dict[str, str], now: datetime, zone: str) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(0)
    events = list(reversed(job.history))
    for index, event in enumerate(events):
        shown = words.jobs().states[event.state]
        line = row(spacing=10)
        mark = _Thread(last=index == len(events) - 1)
        holder = QVBoxLayout(mark)
        holder.setContentsMargins(1, 2, 1, 0)
        holder.addWidget(
            IconView(shown.icon, f"{shown.family}.solid", 14, words=shown.label), 0, Qt.AlignmentFlag.AlignTop
        )
        holder.addStretch(1)
        line.addWidget(mark)
        who = clean(names.get(event.actor_id, ""))
        when = moment_words(event.at, now, zone)
        texts = column(
            Label(clean(event.words) or shown.label, "body", wrap=True),
            Label(f"{when}, {who}" if who else when, "caption", "text-3"),
            spacing=0,
            margins=(0, 0, 0, 10),
        )
        line.addLayout(texts, 1)
        box.addLayout(line)
    return box


def _footer(inspector: Inspector, job: Job, do: Do) -> None:
    buttons = []
    if may_undo(job):
        buttons.append(("Undo", "undo", "undo", "Z"))
    if may_retry(job):
        buttons.append(("Try again", "retry", "refresh", "E"))
    if may_cancel(job) and not may_undo(job):
        buttons.append(("Give up", "cancel", "x", "Del"))
    if job.patient_id:
        buttons.append(("Open patient", "patient", "user", ""))
    for text, what, icon, keys in buttons:
        press = Button(text, "plain", icon=icon, keys=keys)
        press.clicked.connect(lambda _on=False, what=what: do(what))
        inspector.footer.addWidget(press)
    inspector.footer.addStretch(1)
    if buttons:
        inspector.show_footer()
