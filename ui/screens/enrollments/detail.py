"""What the inspector says of one enrollment, or of a payer's transactions together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.model.clearing_views import EnrollmentCell, EnrollmentRow
from app.model.enrollment import LIVE, Step
from ui.enrollment_words import enrollments
from ui.screens.enrollments.enroll import may_send
from ui.screens.enrollments.table import head_of, second_line, shown_state
from ui.text import clean, short_date
from ui.widgets.buttons import Button
from ui.widgets.inspector import Inspector
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Facts, Line, Well, column, row

#: ``"note"``, ``"letter"``, ``"payer"``.
Do = Callable[[str], None]


def show_cell(inspector: Inspector, about: EnrollmentRow, cell: EnrollmentCell, today: date, do: Do) -> None:
    """One provider, payer and transaction."""
    inspector.begin()
    shown = shown_state(cell)
    pill = (shown.label, shown.family or "grey", shown.icon)
    who = f"{clean(about.provider_name)}, NPI {clean(about.provider_npi)}".lstrip(", ")
    inspector.show_head(head_of(cell.transaction), f"{clean(about.payer_name)}, {who}", pill)
    body = inspector.body
    body.addWidget(Label(shown.means, "body", "text-2", wrap=True))
    if cell.blocked:
        body.addWidget(Well(clean(cell.blocked), "lock", "red" if cell.state is not None else ""))
    if cell.stuck_days:
        told = f"Nothing has moved for {cell.stuck_days} days. Ask again: L copies a letter with all the numbers."
        body.addWidget(Well(told, "clock", "amber"))
    if cell.words:
        body.addWidget(Label("What was said last", "small", "text-3"))
        body.addWidget(Label(clean(cell.words), "body", wrap=True))
    facts = Facts()
    facts.show_facts(
        [
            ("Whose turn", clean(cell.whose_turn)),
            ("Since", short_date(cell.since, today) if cell.since else ""),
            ("Payer id here", clean(cell.payer_id)),
            ("Told by", clean(about.system)),
        ]
    )
    body.addWidget(facts)
    for warning in cell.warnings:
        body.addWidget(Well(clean(warning), "alert", "amber"))
    body.addWidget(Label("History", "small", "text-3"))
    body.addLayout(_history(cell.history, today))
    buttons = [("Note a state", "note", "note", "N")]
    if may_send(cell):
        buttons.insert(0, ("Send form", "enroll", "send", "S"))
    elif cell.state is not None and cell.state not in LIVE:
        buttons.append(("Copy letter", "letter", "copy", "L"))
    _footer(inspector, buttons, do)


def show_row(inspector: Inspector, about: EnrollmentRow, today: date, do: Do) -> None:
    """All transactions of one provider with one payer: the id differs by transaction."""
    inspector.begin()
    who = f"{clean(about.provider_name)}, NPI {clean(about.provider_npi)}".lstrip(", ")
    inspector.show_head(clean(about.payer_name), who)
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for line, cell in enumerate(about.cells):
        shown = shown_state(cell)
        icon = IconView(shown.icon, f"{shown.family}.solid" if shown.family else "text-3", 14)
        grid.addWidget(icon, line, 0, Qt.AlignmentFlag.AlignTop)
        more = second_line(cell, today)[0]
        texts = column(
            Label(head_of(cell.transaction), "body", weight=500),
            Label(f"{shown.label}{', ' + more if more else ''}", "small", "text-2", wrap=True),
            spacing=0,
        )
        grid.addLayout(texts, line, 1)
        grid.addWidget(Label(clean(cell.payer_id), "mono", "text-2"), line, 2, Qt.AlignmentFlag.AlignTop)
    inspector.body.addWidget(holder)
    _footer(inspector, (("Open in the payer list", "payer", "list", "Y"),), do)


def _history(steps: Sequence[Step], today: date) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(8)
    if not steps:
        box.addWidget(Label("Nothing was written down before.", "body", "text-2"))
    for at, step in enumerate(reversed(steps)):
        if at:
            box.addWidget(Line("line-subtle"))
        shown = enrollments().states[step.state]
        line = row(spacing=10)
        line.addWidget(IconView(shown.icon, f"{shown.family}.solid", 14), 0, Qt.AlignmentFlag.AlignTop)
        texts = column(Label(shown.label, "body"), spacing=0)
        if step.words:
            texts.addWidget(Label(clean(step.words), "small", "text-2", wrap=True))
        texts.addWidget(Label(short_date(step.on, today), "caption", "text-3"))
        line.addLayout(texts, 1)
        box.addLayout(line)
    return box


def _footer(inspector: Inspector, buttons: Sequence[tuple[str, str, str, str]], do: Do) -> None:
    for text, what, icon, keys in buttons:
        press = Button(text, "plain", icon=icon, keys=keys)
        press.clicked.connect(lambda _on=False, what=what: do(what))
        inspector.footer.addWidget(press)
    inspector.footer.addStretch(1)
    inspector.show_footer()
