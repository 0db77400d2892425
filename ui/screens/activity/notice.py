"""What the inspector says of a notice about reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.model.clearing_views import ReportNotice
from ui.screens.activity.entries import shown_of
from ui.text import clean, moment_words
from ui.widgets.buttons import Button
from ui.widgets.inspector import Inspector
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Facts, Ground, row

#: Claims named one by one.
_NAMED = 12


def show_notice(
    inspector: Inspector, notice: ReportNotice, *, now: datetime, zone: str, do: Callable[[str], None]
) -> None:
    """Fill the inspector. ``do`` gets ``"dismiss"`` or ``"read"``."""
    inspector.begin()
    shown = shown_of(notice)
    told = f"{clean(notice.system)}, since {moment_words(notice.since, now, zone)}"
    inspector.show_head("About your claims", told, (shown.label, shown.family, shown.icon))
    body = inspector.body
    body.addWidget(Label(clean(notice.happened), "body", weight=500, wrap=True))
    if notice.means:
        body.addWidget(Label(clean(notice.means), "body", "text-2", wrap=True))
    if notice.next_steps:
        body.addWidget(_steps(notice))
    facts = Facts()
    facts.show_facts(
        [("File", clean(notice.file_name)), ("Claims", clean(_named(notice.accounts)))],
    )
    body.addWidget(facts)
    if not notice.can_dismiss:
        body.addWidget(Label("It goes away by itself as soon as the report is here.", "small", "text-3", wrap=True))
    buttons = [("Look for reports now", "read", "refresh", "E")]
    if notice.can_dismiss:
        buttons.append(("I have dealt with it", "dismiss", "check", "D"))
    for text, what, icon, keys in buttons:
        press = Button(text, "plain", icon=icon, keys=keys)
        press.clicked.connect(lambda _on=False, what=what: do(what))
        inspector.footer.addWidget(press)
    inspector.footer.addStretch(1)
    inspector.show_footer()


def _steps(notice: ReportNotice) -> Ground:
    box = Ground("amber.bg", radius=8)
    inner = QVBoxLayout(box)
    inner.setContentsMargins(14, 12, 14, 12)
    inner.setSpacing(6)
    inner.addWidget(Label("What to do next", "body-strong"))
    for step in notice.next_steps:
        line = row(spacing=8)
        line.addWidget(IconView("arrow-r", "amber.solid", 14), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(clean(step), "body", "text", wrap=True), 1)
        inner.addLayout(line)
    return box


def _named(accounts: tuple[str, ...]) -> str:
    """The first of them; the notice itself says how many there are."""
    return ", ".join(accounts[:_NAMED]) + (" and others" if len(accounts) > _NAMED else "")
