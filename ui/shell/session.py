"""Who sits here: signed in, locked, switched. One session for all windows of the program."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.model.accounts import Actor
from app.model.changes import Change, Kind
from app.model.errors import Locked
from ui import preferences
from ui.preferences import PracticePreferences, Preferences
from ui.services import Services
from ui.tasks import ErrorListener, TaskOwner
from ui.theme import apply, current_settings


class Session(QObject):
    """The signed-in person and the lock. Windows follow its signals.

    ``opened(same)`` comes after signing in or unlocking; ``same`` is False when it is another person than before, or
    one who may do other things now: pages must not show what was open before. ``locking`` is the last moment in which
    the person may still act: drafts are kept then. ``locked(why)`` comes before anything else may be seen.
    """

    opened = Signal(bool)
    locking = Signal()
    locked = Signal(str)
    preferences_changed = Signal()

    def __init__(self, services: Services, on_error: ErrorListener) -> None:
        super().__init__()
        self.services = services
        #: The audit line of a lock is written after everything is hidden; nobody waits for it.
        self.tasks = TaskOwner("session", on_error)
        self.own = Preferences()
        self.practice = PracticePreferences()
        self._actor: Actor | None = None
        self._locked = True
        self._resting = False
        self.why = ""

    def actor(self) -> Actor:
        """Who is signed in and at work. Raises Locked."""
        if self._actor is None or self._locked:
            raise Locked("Daybook is locked.", "Nothing was changed.", ("Unlock it to go on.",))
        return self._actor

    def person(self) -> Actor | None:
        """Whose session it is, also while locked; None when nobody has signed in."""
        return self._actor

    @property
    def privacy(self) -> bool:
        """Names as initials only."""
        return self.own.privacy

    def is_locked(self) -> bool:
        """True while nothing may be seen."""
        return self._locked

    async def begin(self, actor: Actor) -> None:
        """Go on as ``actor``, who has just proven who they are."""
        before = self._actor
        same = before is not None and (before.account_id, before.permissions) == (actor.account_id, actor.permissions)
        self._actor = actor
        kept = self.services.desk.preferences
        # One after the other: at the start one reader is ready, and opening a second takes longer than both reads.
        own = await kept.get(actor, preferences.KEY, Preferences, Preferences())
        practice = await kept.practice(preferences.PRACTICE_KEY, PracticePreferences, PracticePreferences())
        self.own, self.practice = own, practice
        if self.own.look != current_settings():
            apply(self.own.look)
        self._locked = False
        self.why = ""
        if self._resting:
            self._resting = False
            self.services.connections.pause_all(False)
        self.opened.emit(same)

    async def sign_in(self, user_name: str, password: str) -> None:
        """Sign in as somebody. Raises Locked or BadInput in words."""
        accounts = self.services.accounts
        if self._actor is not None:
            await self.begin(await accounts.switch(self._actor, user_name, password))
        else:
            await self.begin(await accounts.sign_in(user_name, password, self.services.practice.workstation))

    async def unlock(self, password: str) -> None:
        """The same person again."""
        assert self._actor is not None
        await self.begin(await self.services.accounts.unlock(self._actor, password))

    def lock(self, why: str = "by key") -> None:
        """Hide everything at once; syncing rests, the outbox is kept. ``why`` goes on after "Locked"."""
        if self._locked:
            return
        self.locking.emit()
        self._locked = True
        self.why = why
        self._resting = True
        self.services.connections.pause_all(True)
        self.locked.emit(why)
        if self._actor is not None:
            self.tasks.start(self.services.accounts.lock(self._actor, why))

    def heed(self, changes: Sequence[Change]) -> None:
        """What was changed about the person's own account, perhaps by somebody else, holds at once."""
        person = self._actor
        if person is not None and not self._locked:
            about = [each.ids for each in changes if each.kind is Kind.ACCOUNTS]
            if any(not ids or person.account_id in ids for ids in about):
                self.tasks.restart("account", self._heed_account(person))

    async def _heed_account(self, before: Actor) -> None:
        now = await self.services.accounts.standing(before)
        if now == before or self._actor is not before or self._locked:
            return
        if now is None:
            self.lock("because this account was closed")
        elif now.permissions != before.permissions:
            # What stands in the window may not be seen any more; half-typed forms are kept as drafts.
            self.lock("because your permissions were changed")
        else:
            self._actor = now
            self.opened.emit(True)

    def prefer(self, own: Preferences) -> None:
        """Put the person's own settings in force at once, and keep them."""
        changed_look = own.look != self.own.look
        self.own = own
        if changed_look:
            apply(own.look)
        self.preferences_changed.emit()
        self.tasks.start(self.services.desk.preferences.put(self.actor(), preferences.KEY, own))

    async def remember_practice(self, practice: PracticePreferences) -> None:
        """Keep the practice's settings. Raises NotPermitted in words."""
        await self.services.desk.preferences.put_practice(self.actor(), preferences.PRACTICE_KEY, practice)
        self.practice = practice
        self.preferences_changed.emit()
