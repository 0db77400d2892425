"""After the button: how the booking stands, followed until the vendor has confirmed it. Nothing is promised before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.booking import BookingStatus
from app.model.outbox import JobState
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Ground, clear, column, row
from ui.widgets.status import Spinner

_UNDER_WAY = frozenset({JobState.HELD, JobState.QUEUED, JobState.SENDING, JobState.UNKNOWN})


class Progress(QWidget):
    """``answered`` (choice key), ``undo_wanted``, ``again_wanted`` (back to the form), ``done`` (close)."""

    answered = Signal(str)
    undo_wanted = Signal()
    again_wanted = Signal()
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self._shown: BookingStatus | None = None

    def shown(self) -> BookingStatus | None:
        """The status people see."""
        return self._shown

    def show_status(self, status: BookingStatus) -> None:
        """Where it stands now."""
        if status == self._shown:
            return
        self._shown = status
        clear(self._box)
        if status.confirmed:
            self._confirmed(status)
        elif status.state is JobState.CANCELLED:
            self._given_up(status)
        elif status.state is JobState.NEEDS_PERSON:
            self._asks(status)
        else:
            self._waits(status)
        self.setAccessibleName(status.words)

    def _card(self, family: str, shape: QWidget, title: str, words: str) -> None:
        card = Ground(f"{family}.bg", radius=8)
        texts = column(
            Label(title, "heading", f"{family}.fg", wrap=True), Label(words, "body", "text-2", wrap=True), spacing=3
        )
        line = row(shape, texts, spacing=12, margins=(14, 12, 14, 12))
        line.setStretch(1, 1)
        card.setLayout(line)
        self._box.addWidget(card)

    def _confirmed(self, status: BookingStatus) -> None:
        self._card("green", IconView("check-solid", "green.solid", 22), "Booked", status.words.removeprefix("Booked: "))
        facts = (f"Room {status.room}." if status.room else "", f"Visit {status.visit_vendor_id}.")
        if status.visit_vendor_id:
            self._box.addWidget(Label(" ".join(fact for fact in facts if fact), "body", "text-2", wrap=True))
        finish = Button("Done", "primary", keys="Return")
        finish.clicked.connect(self.done)
        again = Button("Book another for this patient")
        again.clicked.connect(self.again_wanted)
        self._box.addLayout(row(finish, again, None))
        finish.setFocus()

    def _waits(self, status: BookingStatus) -> None:
        first, _, rest = status.words.partition(" Do not")
        self._card("amber", Spinner(20), first, f"Do not{rest}" if rest else "")
        if status.waiting_for:
            self._box.addWidget(Label(f"Waits for: {status.waiting_for}", "small", "text-2", wrap=True))
        if status.may_undo:
            undo = Button("Undo", icon="undo")
            undo.clicked.connect(self.undo_wanted)
            self._box.addLayout(row(undo, None))
        self._box.addWidget(
            Label(
                "You can close this. The booking goes on, and Activity shows how it stands.",
                "small",
                "text-3",
                wrap=True,
            )
        )

    def _asks(self, status: BookingStatus) -> None:
        first, _, rest = status.words.partition(" Do not")
        self._card("amber", IconView("alert", "amber.solid", 20), first, f"Do not{rest}" if rest else "")
        if status.question:
            self._box.addWidget(Label(status.question, "body", wrap=True))
        for choice in status.choices:
            press = Button(choice.label)
            press.clicked.connect(lambda _=False, key=choice.key: self.answered.emit(key))
            self._box.addWidget(press)
        if not status.choices:
            back = Button("Change the booking", icon="arrow-l")
            back.clicked.connect(self.again_wanted)
            self._box.addLayout(row(back, None))

    def _given_up(self, status: BookingStatus) -> None:
        self._card(
            "grey", IconView("x-ring", "grey.solid", 20), "Not booked", status.words.removeprefix("Not booked. ")
        )
        back = Button("Back to the booking", "primary", icon="arrow-l")
        back.clicked.connect(self.again_wanted)
        close = Button("Close")
        close.clicked.connect(self.done)
        self._box.addLayout(row(back, close, None))
