"""What the inspector says of one payer: its id for each transaction and what to know before using it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.model.clearing_views import PayerRow
from app.model.payer_list import TRANSACTIONS
from ui.enrollment_words import enrollments
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.inspector import Inspector
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Well, column

Do = Callable[[str], None]


def show_payer(inspector: Inspector, payer: PayerRow, system: str, do: Do) -> None:
    """Fill the inspector. ``do`` gets ``"enrollments"`` or ``"copy"``."""
    inspector.begin()
    inspector.show_head(clean(payer.name), f"In the list of {clean(system)}")
    if len(set(payer.ids.values())) > 1:
        inspector.body.addWidget(Well("Its id differs by transaction: the right one stands beside each.", "info"))
    inspector.body.addWidget(_ids(payer))
    if payer.aliases:
        inspector.body.addWidget(Label("Also known as", "small", "text-3"))
        for name in payer.aliases:
            inspector.body.addWidget(Label(clean(name), "body", wrap=True))
    if payer.note:
        inspector.body.addWidget(Label("The clearinghouse says", "small", "text-3"))
        for line in payer.note.splitlines():
            inspector.body.addWidget(Label(clean(line), "body", wrap=True))
    for text, what, icon, keys in (("Enrollments", "enrollments", "list", "E"), ("Copy id", "copy", "copy", "C")):
        press = Button(text, icon=icon, keys=keys)
        press.clicked.connect(lambda _on=False, what=what: do(what))
        inspector.footer.addWidget(press)
    inspector.footer.addStretch(1)
    inspector.show_footer()


def ids_of(payer: PayerRow, transaction: str) -> str:
    """The payer's ids for a transaction; usually it is one."""
    return clean(", ".join(payer.ids.get(transaction, ())))


def standing(payer: PayerRow, transaction: str) -> tuple[str, str, str]:
    """How a transaction stands with a payer: words, icon, colour role."""
    if transaction not in payer.ids:
        return "Not in the list", "minus", "text-3"
    if transaction in payer.unavailable:
        return "Not offered", "slash-circle", "text-3"
    if transaction in payer.enrollment_needed:
        return "Enrollment needed first", "flag", "amber.solid"
    if transaction in payer.costs_fee:
        return "Costs a fee", "dollar", "amber.solid"
    return "Ready to use", "check", "green.solid"


def _ids(payer: PayerRow) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(10)
    grid.setColumnStretch(1, 1)
    names = enrollments().transactions
    shown = [one for one in TRANSACTIONS if one in payer.ids]
    for line, transaction in enumerate(shown):
        told, icon, role = standing(payer, transaction)
        fee = ", costs a fee" if transaction in payer.costs_fee and "fee" not in told else ""
        name = Label(f"{names.get(transaction, '')} {transaction}".strip(), "body", weight=500)
        words = Label(f"{told}{fee}", "small", "text-2", wrap=True)
        grid.addLayout(column(2, IconView(icon, role, 14, words=told), None, spacing=0), line, 0)
        grid.addLayout(column(name, words, spacing=1), line, 1)
        grid.addWidget(Label(ids_of(payer, transaction), "mono"), line, 2, Qt.AlignmentFlag.AlignTop)
    return holder
