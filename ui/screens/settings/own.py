"""One's own settings: look, keys, lock and privacy, passphrase."""

from __future__ import annotations

from typing import Any

import msgspec

from app.desk.common import OLD_ENTRIES
from app.model.accounts import Permission
from app.model.errors import BadInput
from app.rules.old_entries import CHOICES, OldEntries
from ui.screens.settings.sections import Section
from ui.theme import ThemeChoice, theme
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo, Segmented, Toggle
from ui.widgets.fields import CheckKind, Message, TextField
from ui.widgets.label import Label
from ui.widgets.panels import row

_SIZES = (90, 100, 110, 125, 150)
_MINUTES = (1, 2, 5, 10, 15, 20, 30)


class Look(Section):
    """Theme, text size, density, motion."""

    title = "Look"

    def build(self) -> None:
        """All of them take effect at once."""
        look = self.shell.session.own.look
        mode = Segmented(
            ((ThemeChoice.SYSTEM, "System"), (ThemeChoice.LIGHT, "Light"), (ThemeChoice.DARK, "Dark")), "Theme"
        )
        mode.set_key(look.choice)
        mode.chosen.connect(lambda key: self._change(choice=ThemeChoice(key)))
        self.setting("Theme", "System follows what this computer shows, also through the day.", mode)
        size = Segmented([(str(percent), f"{percent} %") for percent in _SIZES], "Text size")
        size.set_key(str(look.text_percent) if look.text_percent in _SIZES else "100")
        size.chosen.connect(lambda key: self._change(text_percent=int(key)))
        self.setting("Text size", "Everything grows with it. The window's own scale follows this computer.", size)
        dense = Segmented((("regular", "Regular"), ("compact", "Compact")), "Density")
        dense.set_key(look.density)
        dense.chosen.connect(lambda key: self._change(density=key))
        self.setting("Density", "How high rows of lists are.", dense)
        still = Toggle("")
        still.setAccessibleName("Less motion")
        still.setChecked(look.reduced_motion)
        still.toggled.connect(lambda on: self._change(reduced_motion=on))
        self.setting("Less motion", "Nothing slides or turns. Followed by itself where the system asks for it.", still)

    def _change(self, **wishes: Any) -> None:
        own = self.shell.session.own
        changed = msgspec.structs.replace(own, look=msgspec.structs.replace(own.look, **wishes))
        self.shell.session.prefer(changed)


class Keys(Section):
    """Single letters, one-key changes."""

    title = "Keys"

    def build(self) -> None:
        """Two switches and the list."""
        own = self.shell.session.own
        letters = Toggle("")
        letters.setAccessibleName("Single-letter keys")
        letters.setChecked(own.letter_keys)
        letters.toggled.connect(lambda on: self._change(letter_keys=on))
        words = "N books, F finds a slot, G goes to a page. They never act while you type. Keys with Ctrl always work."
        self.setting("Single-letter keys", words, letters)
        quick = Toggle("")
        quick.setAccessibleName("One-key changes without asking")
        quick.setChecked(own.quick_keys)
        quick.toggled.connect(lambda on: self._change(quick_keys=on))
        words = (
            "A change made by one key waits 8 s with Undo instead of asking first, where a system takes such changes."
        )
        self.setting("One-key changes without asking", words, quick)
        every = Button("Show all keys", icon="keyboard", keys="?")
        every.clicked.connect(self.shell.open_keyboard_help)
        self.box.addLayout(row(every, None))

    def _change(self, **wishes: Any) -> None:
        self.shell.session.prefer(msgspec.structs.replace(self.shell.session.own, **wishes))


class Lock(Section):
    """The practice's limit, privacy mode."""

    title = "Lock and privacy"

    def build(self) -> None:
        """The limit is the practice's and only admins change it."""
        minutes = Combo("Minutes until Daybook locks")
        minutes.add_choices([(str(m), f"{m} minute{'s' if m > 1 else ''}") for m in _MINUTES])
        minutes.set_key(str(self.shell.session.practice.idle_minutes))
        minutes.setEnabled(Permission.MANAGE_ACCOUNTS in self.shell.actor().permissions)
        minutes.activated.connect(lambda _row: self._limit(int(minutes.key())))
        words = (
            "Of no key and no mouse. A warning comes 30 s ahead. This holds for everybody; an administrator sets it."
        )
        self.setting("Lock after", words, minutes)
        private = Toggle("")
        private.setAccessibleName("Privacy mode")
        private.setChecked(self.shell.session.own.privacy)
        private.toggled.connect(self._private)
        self.setting(
            "Privacy mode", "Names become initials, for a screen others can see. Ctrl+Shift+H switches it.", private
        )
        self._old = Combo("How old an entry anybody may change")
        self._old.add_choices([(str(days), f"{days} days" if days else "No limit") for days in CHOICES])
        self._old.setEnabled(Permission.MANAGE_ACCOUNTS in self.shell.actor().permissions)
        self._old.activated.connect(lambda _row: self.start("old entries", self._keep_old(int(self._old.key()))))
        words = "Whose visit it was, answers to waiting changes. Older than this, only managers change them."
        self.setting("Old entries", words, self._old)
        now = Button("Lock now", icon="lock", keys="Ctrl+L")
        now.clicked.connect(self._lock_now)
        self.box.addLayout(row(now, None))

    def refresh(self) -> None:
        """What the practice has chosen."""
        self.start("read old entries", self._read_old())

    async def _read_old(self) -> None:
        kept = await self.services.desk.preferences.practice(OLD_ENTRIES, OldEntries, OldEntries())
        self._old.set_key(str(kept.days))

    async def _keep_old(self, days: int) -> None:
        await self.services.desk.preferences.put_practice(self.shell.actor(), OLD_ENTRIES, OldEntries(days=days))

    def _lock_now(self) -> None:
        self.shell.session.lock()

    def _limit(self, minutes: int) -> None:
        practice = msgspec.structs.replace(self.shell.session.practice, idle_minutes=minutes)
        self.start("idle", self.shell.session.remember_practice(practice))

    def _private(self, on: bool) -> None:
        self.shell.session.prefer(msgspec.structs.replace(self.shell.session.own, privacy=on))


class OwnAccount(Section):
    """Change one's own passphrase; set the PIN or badge for coming back fast."""

    title = "Your passphrase"

    def build(self) -> None:
        """Current, new, new again; below it the PIN."""
        self._current = TextField("Current passphrase", secret=True, check=_needed)
        self._new = TextField("New passphrase", secret=True, check=self._check_new, hint="At least 8 characters.")
        self._again = TextField("New passphrase, again", secret=True, check=self._check_again)
        self._fields = (self._current, self._new, self._again)
        for field in self._fields:
            field.setMaximumWidth(theme().px(420))
            self.box.addWidget(field)
        self._message = Message()
        self.box.addWidget(self._message)
        save = Button("Change passphrase", "primary")
        save.clicked.connect(self._press)
        self._again.edit.returnPressed.connect(self._press)
        self.box.addLayout(row(save, None))
        self._build_code()

    def _build_code(self) -> None:
        self.box.addSpacing(12)
        self.box.addWidget(Label("PIN or badge", "heading"))
        words = (
            "For coming back or switching at a shared desk. It is good for 12 hours after your passphrase, on this"
            " computer, and no longer once Daybook was closed. A badge reader types for you."
        )
        self.box.addWidget(Label(words, "small", "text-2", wrap=True))
        self._proof = TextField("Your passphrase", secret=True, check=_needed)
        self._code = TextField("PIN or badge", secret=True, hint="6 to 100 characters.")
        for field in (self._proof, self._code):
            field.setMaximumWidth(theme().px(420))
            self.box.addWidget(field)
        self._code_message = Message()
        self.box.addWidget(self._code_message)
        keep, away = Button("Set PIN or badge"), Button("Take it away", "quiet")
        keep.clicked.connect(self._set_code)
        away.clicked.connect(lambda: self._give_code(""))
        # Readers end with Return.
        self._code.edit.returnPressed.connect(self._set_code)
        self.box.addLayout(row(keep, away, None))
        self._keep = keep

    def refresh(self) -> None:
        """Whether there is a PIN."""
        self.start("read short code", self._read_code())

    async def _read_code(self) -> None:
        there = await self.services.accounts.has_short_code(self.shell.actor())
        self._keep.setText("Set another PIN or badge" if there else "Set PIN or badge")

    def _set_code(self) -> None:
        if not self._code.raw():
            self._code.say("red", "This is needed.")
            self._code.edit.setFocus()
        else:
            self._give_code(self._code.raw())

    def _give_code(self, code: str) -> None:
        if self._proof.check_now():
            self.start("short code", self._save_code(code))
        else:
            self._proof.edit.setFocus()

    async def _save_code(self, code: str) -> None:
        try:
            await self.services.accounts.set_short_code(self.shell.actor(), code, self._proof.raw())
        except BadInput as error:
            (self._proof if error.field == "current" else self._code).say("red", error.happened)
            return
        self._proof.set_text("")
        self._code.set_text("")
        self._code_message.say("green", "It is good from now on." if code else "It is gone.")
        await self._read_code()

    def _press(self) -> None:
        wrong = [field for field in self._fields if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
        else:
            self.start("passphrase", self._save())

    async def _save(self) -> None:
        actor = self.shell.actor()
        try:
            await self.services.accounts.set_password(actor, actor.account_id, self._new.raw(), self._current.raw())
        except BadInput as error:
            (self._current if error.field == "current" else self._new).say("red", error.happened)
            return
        for field in self._fields:
            field.set_text("")
        self._message.say("green", "Changed. It holds from the next sign-in on.")

    def _check_new(self, _text: str) -> tuple[CheckKind, str]:
        return ("", "") if len(self._new.raw()) >= 8 else ("red", "At least 8 characters. A short sentence is good.")

    def _check_again(self, _text: str) -> tuple[CheckKind, str]:
        return ("", "") if self._again.raw() == self._new.raw() else ("red", "This is not the same as above.")


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")
