"""The sheet for sign-in codes: the cells for one, how long there is, other ways to get a code, and whom to pass it to.
Several systems may ask at once; what was typed for each is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, QTimerEvent, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.model.accounts import Account
from app.model.portal import CodeRequest
from ui.shell.code_cells import DIGITS, CodeCells
from ui.text import clean, moment_words
from ui.widgets.buttons import Button
from ui.widgets.choices import Checkbox, Radio
from ui.widgets.fields import Message
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Ground, Line, Well, clear, row
from ui.widgets.sheet import Sheet
from ui.widgets.status import SourceBox, Spinner

#: Seconds left from which on the time is said in amber.
_SOON = 30

_WAYS = {"sms": "Text message", "email": "Email", "totp": "Authenticator app"}
_ASK = {"sms": "Get a text message", "email": "Get an email", "totp": "Use the authenticator"}


class Ways(Ground):
    """The ways a code can come by; the one that is on was asked for. ``chosen`` tells another one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("surface", line="line", radius=8)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(1, 1, 1, 1)
        self._box.setSpacing(0)
        self._group = QButtonGroup(self)
        self._methods: tuple[str, ...] = ()

    def show_ways(self, request: CodeRequest) -> None:
        """List the ways of ``request``; hidden where there is no choice."""
        methods = request.methods or ((request.method,) if request.method else ())
        for button in self._group.buttons():
            self._group.removeButton(button)
        clear(self._box)
        self._methods = methods
        for index, method in enumerate(methods):
            if index:
                self._box.addWidget(Line())
            radio = Radio(_WAYS.get(method, clean(method)))
            radio.setChecked(method == request.method)
            radio.toggled.connect(lambda on, method=method: self.chosen.emit(method) if on else None)
            self._group.addButton(radio, index)
            aside = _place_of(request.sent_to) if method == request.method else ""
            self._box.addLayout(row(radio, None, Label(aside, "small", "text-2"), margins=(12, 6, 12, 6)))
        self.setVisible(len(methods) > 1)

    def buttons(self) -> list[QAbstractButton]:
        """One for each way, from top to bottom."""
        return self._group.buttons()

    def method(self) -> str:
        """The way that is on."""
        at = self._group.checkedId()
        return self._methods[at] if 0 <= at < len(self._methods) else ""


def _place_of(sent_to: str) -> str:
    """The number or address that a system has masked, out of its sentence; empty where there is none."""
    found = re.search(r"\S*[*•].*$", clean(sent_to))
    return found.group().rstrip(".") if found else ""


class CodeSheet(Sheet):
    """Asks for codes. ``given`` tells a connection, six digits and whether this computer shall be trusted; ``sent_by``
    a connection and the way a new code is to come by, ``passed`` a connection and whose it is now, ``again`` a
    connection that is to ask anew; ``declined`` a connection that is to wait. The owner answers with ``show_requests``
    and closes it when nothing is asked any more.
    """

    given = Signal(str, str, bool)
    sent_by = Signal(str, str)
    passed = Signal(str, str)
    again = Signal(str)
    declined = Signal(str)

    def __init__(
        self, name: str, connection_id: str, now: Callable[[], datetime], zone: tzinfo | str, sources: Mapping[str, str]
    ) -> None:
        super().__init__(f"{name} asks for a code", " ")
        self._now, self._zone, self._sources = now, zone, sources
        self._requests: dict[str, CodeRequest] = {}
        self._current, self._name = connection_id, name
        self._colleagues: tuple[Account, ...] = ()
        self._typed: dict[str, str] = {}
        self._timer = 0
        self._busy = False
        self._fill_head()
        self._fill_body()
        self.add_note("lock", "The code is used once and not kept.")
        self._later = self.add_button("later", Button("Later"), before=self._decline)
        self._go = self.add_button("", Button("Continue", "primary", keys="Return"), confirm=True, before=self._press)
        self._wait_for_request()

    # -- building ----------------------------------------------------------------------------------------------------

    def _fill_head(self) -> None:
        self._box = SourceBox(self._sources.get(self._current, ""))
        self.head.insertWidget(0, self._box, 0, Qt.AlignmentFlag.AlignTop)

    def _fill_body(self) -> None:
        self._others = QHBoxLayout()
        self._others.setSpacing(6)
        self.body.addLayout(self._others)
        self.cells = CodeCells()
        self.cells.full.connect(self._settle)
        self.body.addLayout(row(None, self.cells, None))
        self._turning = Spinner(16)
        self._asking = QWidget()
        self._asking.setLayout(row(None, self._turning, Label("Asking for a code", "body", "text-2"), None))
        self.body.addWidget(self._asking)
        self._left_icon = IconView("clock", "text-3", 14)
        self._left = Label("", "small", "text-3")
        self._resend = Button("Send a new code", "link")
        self._resend.clicked.connect(lambda: self._send_by(self._method()))
        self._time = QWidget()
        self._time.setLayout(row(None, self._left_icon, self._left, self._resend, None, spacing=6))
        self.body.addWidget(self._time)
        self._message = Message()
        self.body.addWidget(self._message)
        self.trust = Checkbox("Trust this computer, so that it asks less often")
        self.trust.setChecked(True)
        self.ways = Ways()
        self.ways.chosen.connect(self._settle)
        self.body.addWidget(self.ways)
        self.body.addLayout(row(self.trust, None))
        self._waiting = Well("", "hold")
        self.body.addWidget(self._waiting)
        self._pass_to = Button("Pass to", size="small", icon="user", menu=True)
        self._pass_to.clicked.connect(self._open_colleagues)
        self._pass = QWidget()
        self._pass.setLayout(row(Label("Does somebody else get it?", "small", "text-2"), None, self._pass_to))
        self.body.addWidget(self._pass)

    def first_focus(self) -> QWidget:
        """The cells; the button that asks where there is nothing to type yet."""
        return self.cells if self._current in self._requests else self._later

    # -- what is asked -----------------------------------------------------------------------------------------------

    def current(self) -> str:
        """The connection the cells are for."""
        return self._current

    def show_requests(
        self, requests: Sequence[CodeRequest], colleagues: Sequence[Account] = (), current: str = ""
    ) -> None:
        """What is asked now. The one shown (or ``current``) stays in front where it is still asked; a refused code
        stays to correct."""
        before = self._requests.get(self._current)
        self._requests = {request.connection_id: request for request in requests}
        self._colleagues = tuple(colleagues)
        if current and current != self._current:
            self.show_connection(current)
            return
        now = self._requests.get(self._current)
        if now is None:
            self._gone(before)
            return
        if before is None or before.request_id != now.request_id:
            self._busy = False
            if not now.refused:
                # Where another code was sent, the digits of the old one are of no use.
                self.cells.setText(self._typed.pop(self._current, "") if before is None else "")
            self._show(now)
        else:
            self._show_others()
            self._settle()

    def show_connection(self, connection_id: str) -> None:
        """Bring another connection's question to the front."""
        self._typed[self._current] = self.cells.code()
        self._current = connection_id
        self._busy = False
        self.cells.setText(self._typed.get(connection_id, ""))
        self.trust.setChecked(True)
        self._show(self._requests[connection_id])

    def refused(self, words: str) -> None:
        """It did not go through; what was typed stays to be corrected."""
        self._busy = False
        self._say(words)
        self._settle()

    def _show(self, request: CodeRequest) -> None:
        self._name = clean(request.system)
        self.setAccessibleName(f"{self._name} asks for a code")
        self.title.setText(f"{self._name} asks for a code")
        asked = moment_words(request.asked_at, self._now(), self._zone)
        whose = f", asked of {clean(request.for_name)}" if request.for_name else ""
        where = clean(request.sent_to) or clean(request.words)
        self.words.setText(f"{where}\n{clean(request.practice)}, {asked}{whose}")
        self._box.show_source(self._sources.get(request.connection_id, ""))
        self._asking.hide()
        self.cells.show()
        self._time.show()
        self.trust.setVisible(request.can_trust)
        self.ways.show_ways(request)
        self._order_stops()
        self._waiting.words.setText(f"Waiting for this: {clean(request.waiting).rstrip('.')}. It continues by itself.")
        self._waiting.setVisible(bool(request.waiting))
        self._show_others()
        self._message.say("", "")
        if request.refused:
            self._say(clean(request.words))
        else:
            self.cells.setFocus()
        self._settle()

    def _order_stops(self) -> None:
        """Tab follows the eye; ways are made anew with each question."""
        stops = (self.cells, self._resend, *self.ways.buttons(), self.trust, self._pass_to, self._later, self._go)
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def _say(self, words: str) -> None:
        self._message.say("red", words)
        self.cells.setFocus()
        self.cells.selectAll()

    def _gone(self, before: CodeRequest | None) -> None:
        self._show_others()
        if before is None:
            self._settle()
        elif not self._busy:
            # Nobody here answered it: its time ran out, or somebody else did.
            for part in (self.ways, self._time, self.trust):
                part.hide()
            self._message.say("amber", f"{self._name} waits for no code any more. Ask again to get a new one.")
            self._settle()

    def _wait_for_request(self) -> None:
        for part in (self.cells, self._time, self.trust, self.ways, self._waiting, self._pass):
            part.hide()
        self.words.setText("The code comes the way that system is set up.")
        self._asking.show()
        self._settle()

    def _show_others(self) -> None:
        clear(self._others)
        if len(self._requests) < 2:
            return
        for request in self._requests.values():
            chip = Button(clean(request.system), size="small")
            chip.setCheckable(True)
            chip.setChecked(request.connection_id == self._current)
            chip.clicked.connect(lambda _on=False, which=request.connection_id: self.show_connection(which))
            self._others.addWidget(chip)
        self._others.addStretch(1)

    # -- hands -------------------------------------------------------------------------------------------------------

    def _method(self) -> str:
        request = self._requests.get(self._current)
        return request.method if request is not None else ""

    def _wants_other_way(self) -> bool:
        return bool(self.ways.method()) and self.ways.method() != self._method()

    def _settle(self, _news: object = None) -> None:
        """Buttons follow what can be done."""
        request = self._requests.get(self._current)
        self._pass.setVisible(request is not None and bool(self._colleagues))
        self._resend.setVisible(request is not None and request.can_resend and request.method != "totp")
        if request is None:
            self._go.set_words("Ask again")
            self._go.setEnabled(not self._busy and self._asking.isHidden())
        elif self._wants_other_way():
            self._go.set_words(_ASK.get(self.ways.method(), "Ask this way"))
            self._go.setEnabled(not self._busy)
        else:
            self._go.set_words("Continue")
            self._go.setEnabled(not self._busy and len(self.cells.code()) == DIGITS)
        self._tell_time()
        self.updateGeometry()

    def _press(self) -> bool:
        self._busy = True
        self._go.setEnabled(False)
        if self._current not in self._requests:
            self._message.say("", "")
            self._wait_for_request()
            self.again.emit(self._current)
        elif self._wants_other_way():
            self._send_by(self.ways.method())
        else:
            self.given.emit(self._current, self.cells.code(), self.trust.isChecked())
        return False

    def _send_by(self, method: str) -> None:
        self._message.say("", "Asking for a new code")
        self.sent_by.emit(self._current, method)

    def _decline(self) -> bool:
        if self._current in self._requests:
            self.declined.emit(self._current)
        return True

    def _open_colleagues(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for account in self._colleagues:
            entry = QAction(clean(account.full_name), menu)
            entry.triggered.connect(lambda _on=False, who=account.account_id: self.passed.emit(self._current, who))
            menu.addAction(entry)
        menu.popup(self._pass_to.mapToGlobal(QPoint(0, self._pass_to.height() + 2)))

    # -- time --------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The time is counted only while it is seen."""
        super().showEvent(event)
        self._timer = self._timer or self.startTimer(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting."""
        super().hideEvent(event)
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        """A second later."""
        if event.timerId() == self._timer:
            self._tell_time()
        else:
            super().timerEvent(event)

    def _tell_time(self) -> None:
        request = self._requests.get(self._current)
        if request is None:
            return
        seconds = max(0, round((request.deadline - self._now()).total_seconds()))
        family = "amber" if seconds <= _SOON else ""
        told = f"Expires in {seconds // 60}:{seconds % 60:02d}" if seconds else "The time for this code is over"
        self._left.setText(told + ("  ·" if not self._resend.isHidden() else ""))
        self._left.set_role(f"{family}.fg" if family else "text-3")
        self._left_icon.set_icon("clock", f"{family}.solid" if family else "text-3")
