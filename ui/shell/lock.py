"""The lock and the sign-in: opaque, without any patient's data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.model.accounts import Account
from app.model.clock import Clock
from app.model.errors import DaybookError
from app.rules.names import shown
from ui.services import Practice
from ui.text import local, long_date
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.label import BrandMark, IconView, Label
from ui.widgets.panels import Ground, clear, row
from ui.widgets.status import Avatar

#: So many names fit below the card in the least window.
_MOST_NAMES = 6


def _last_first(account: Account) -> float:
    return -account.last_sign_in.timestamp() if account.last_sign_in is not None else 0.0


class _Clock(Label):
    """The time, large and light."""

    def __init__(self, clock: Clock, zone: str) -> None:
        super().__init__("", "hero")
        self._clock, self._zone = clock, zone
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        self.tick()
        self._timer.start(5000)

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        now = local(self._clock.now(), self._zone)
        self.setText(f"{(now.hour - 1) % 12 + 1}:{now.minute:02d}")
        font = theme().font("hero", 300)
        font.setPixelSize(theme().px(58))
        self.setFont(font)
        self.setMinimumHeight(theme().px(70))


class LockScreen(QWidget):
    """Unlock as the same person, sign in as somebody, or switch. ``wanted`` gives (user name, passphrase)."""

    wanted = Signal(str, str)

    def __init__(self, clock: Clock, practice: Practice) -> None:
        super().__init__()
        self._practice = practice
        self._clock_source = clock
        self._account: Account | None = None
        self.setAccessibleName("Locked")
        grid = QGridLayout(self)
        grid.setContentsMargins(28, 24, 28, 22)
        self._top(grid)
        middle = QVBoxLayout()
        middle.setSpacing(4)
        self._clock = _Clock(clock, practice.time_zone)
        self._day = Label("", "heading", "text-2", weight=400)
        self._day.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle.addWidget(self._clock)
        middle.addWidget(self._day)
        middle.addSpacing(22)
        self._card = self._make_card()
        middle.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addSpacing(12)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        self._facts.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setFixedWidth(theme().px(372))
        holder.setLayout(self._facts)
        middle.addWidget(holder, 0, Qt.AlignmentFlag.AlignHCenter)
        grid.addLayout(middle, 1, 0, 1, 2, Qt.AlignmentFlag.AlignCenter)
        help_words = "Forgot the passphrase? An administrator can set a new one, or lift a lock-out."
        grid.addWidget(Label(help_words, "small", "text-2"), 2, 0, Qt.AlignmentFlag.AlignLeft)
        version = f"Version {practice.version}" if practice.version else ""
        grid.addWidget(Label(version, "small", "text-3"), 2, 1, Qt.AlignmentFlag.AlignRight)
        grid.setRowStretch(1, 1)

    def _top(self, grid: QGridLayout) -> None:
        grid.addLayout(row(BrandMark(22), Label("Daybook", "heading"), None), 0, 0)
        place = ", ".join(filter(None, (self._practice.name, self._practice.workstation)))
        grid.addLayout(row(None, IconView("building", "text-2"), Label(place, "body", "text-2")), 0, 1)

    def _make_card(self) -> Ground:
        card = Ground("surface", line="line", radius=12)
        card.setFixedWidth(theme().px(372))
        box = QVBoxLayout(card)
        box.setContentsMargins(28, 26, 28, 18)
        box.setSpacing(12)
        self._avatar = Avatar("", 44, solid=True)
        self._name = Label("", "heading", elide=True)
        self._why = Label("", "body", "text-2", wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._name)
        texts.addWidget(self._why)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar)
        head.addLayout(texts, 1)
        box.addLayout(head)
        self.user = TextField("User name")
        self.password = TextField("Passphrase", secret=True)
        box.addWidget(self.user)
        box.addWidget(self.password)
        self._button = Button("Unlock", "primary", icon="unlock", keys="Return", size="large")
        box.addWidget(self._button)
        self._switch = Button("Switch user", "link")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._switch)
        box.addLayout(foot)
        self._people = QWidget()
        self._names = QVBoxLayout(self._people)
        self._names.setContentsMargins(0, 0, 0, 0)
        self._names.setSpacing(2)
        box.addWidget(self._people)
        self._button.clicked.connect(self._try)
        self._switch.clicked.connect(lambda: self.show_person(None, ""))
        for field in (self.user, self.password):
            field.edit.returnPressed.connect(self._try)
        return card

    def show_colleagues(self, accounts: Sequence[Account]) -> None:
        """Who may come in here, last seen first: one press on a name, then the passphrase (FEATURES J4)."""
        clear(self._names)
        named = sorted(accounts, key=lambda each: (each.last_sign_in is None, _last_first(each), each.full_name))
        for account in named[:_MOST_NAMES]:
            press = Button(shown(account.full_name), "quiet", icon="user", size="small")
            press.clicked.connect(lambda _=False, account=account: self.show_person(account, "", chosen=True))
            self._names.addLayout(row(press, None))

    def show_person(self, account: Account | None, why: str, *, chosen: bool = False) -> None:
        """Ask ``account`` to unlock (where ``chosen`` from the names: to sign in), or (None) anybody to sign in."""
        self._account = account
        known = account is not None
        self._people.setVisible(not known)
        self.user.setVisible(not known)
        self._switch.setVisible(known)
        self._avatar.setVisible(known)
        self._avatar.show_initials(account.initials() if account else "")
        self._name.setText(account.full_name if account else "Sign in")
        locked = "Locked" if why in {"", "by key"} else f"Locked {why}"
        told = "Sign in with your passphrase, PIN or badge." if chosen else locked
        self._why.setText(told if known else "With your own user name and passphrase.")
        self._button.set_words("Unlock" if known and not chosen else "Sign in", "unlock")
        self.password.set_text("")
        self.password.say("", "")
        if self.isVisible():
            self.take_focus()

    def asked(self) -> Account | None:
        """Who is asked; None where anybody may sign in."""
        return self._account

    def show_facts(self, waiting: int, syncing_paused: bool) -> None:
        """What goes on behind the lock."""
        clear(self._facts)
        facts = [("lock", "Patient data on this computer stays encrypted while locked.")]
        if waiting:
            changes = "1 change is" if waiting == 1 else f"{waiting} changes are"
            facts.append(("outbox", f"{changes} waiting and will be sent after you unlock."))
        if syncing_paused:
            facts.append(("refresh", "Syncing is paused and resumes when you unlock."))
        for icon, words in facts:
            self._facts.addLayout(
                row(IconView(icon, "text-2", 14), Label(words, "small", "text-2", wrap=True), spacing=8)
            )

    def refused(self, error: DaybookError) -> None:
        """The answer was no; what was typed in the user name stays."""
        self.busy(False)
        self.password.set_text("")
        self.password.say("red", " ".join(filter(None, (error.happened, error.means, *error.next_steps[:1]))))
        self.password.edit.setFocus()

    def busy(self, on: bool) -> None:
        """The passphrase is being checked."""
        self._button.setEnabled(not on)

    def take_focus(self) -> None:
        """Put the cursor where typing goes on."""
        field = self.password if self._account is not None or self.user.text() else self.user
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        name = self._account.user_name if self._account else self.user.text()
        if not name:
            self.user.say("red", "Type your user name.")
            self.user.edit.setFocus()
            return
        if not self.password.raw():
            self.password.say("red", "Type your passphrase.")
            self.password.edit.setFocus()
            return
        self.user.say("", "")
        self.busy(True)
        self.wanted.emit(name, self.password.raw())

    def showEvent(self, event: QEvent) -> None:
        """The clock runs while it is seen."""
        today = local(self._clock_source.now(), self._practice.time_zone).date()
        self._day.setText(long_date(today))
        self._clock.start()

    def hideEvent(self, event: QEvent) -> None:
        """Nothing typed stays."""
        self._clock.stop()
        self.password.set_text("")
        self.busy(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys stay here."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Opaque."""
        QPainter(self).fillRect(self.rect(), theme().colour("frame"))
