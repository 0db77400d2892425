"""Opening the store of this computer with the person's help: its passphrase, and what helps where it does not open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.main import restoring
from app.main.house import House, key_path_of
from app.model.accounts import Actor, AuditAction, AuditDraft
from app.model.clock import Clock
from app.model.errors import BadInput, DaybookError, StoreError
from app.store.keys import KeyRing, needs_passphrase
from app.store.store import Tx

DAMAGED = StoreError(
    "Part of the data file is damaged.",
    "Some of what it holds cannot be read any more. What was sent to the vendors' systems is safe there.",
    ("Restore the latest backup.", "Run the check-up (daybook doctor) and keep its report for support."),
)


class Opening:
    """Opens the house in ``folder``, once or again and again. ``words`` is what the next window must say."""

    def __init__(self, folder: Path, clock: Clock, find_ring: Callable[[], Awaitable[KeyRing | None]]) -> None:
        self.folder = folder
        self.ring: KeyRing | None = None
        self._find_ring = find_ring
        self._clock = clock
        self._passphrase, self._wrong = "", ""
        self._drafts: list[AuditDraft] = []
        self.words = ""
        #: The person knows that the file is damaged and wants to see what can still be read.
        self.damage_is_known = False

    async def house(self, trouble: DaybookError | None = None) -> House | None:
        """An open house, or None when the person gives up. ``trouble`` is why the one before had to be closed."""
        while True:
            if trouble is not None and not await self._helped(trouble):
                return None
            try:
                # Again after trouble, too: a keyring that did not run or was locked may be there by now.
                self.ring = self.ring or await self._find_ring()
                if not await self._has_passphrase():
                    return None
                return await self._opened()
            except DaybookError as error:
                trouble = error
            finally:
                self._passphrase = ""

    async def _opened(self) -> House:
        house = await House.open(self.folder, self._clock, self.ring, passphrase=self._passphrase)
        try:
            while self._drafts:
                await house.store.write(_remember, self._drafts[0])
                self._drafts.pop(0)
        except BaseException:
            await house.close()
            raise
        return house

    def remember(self, action: AuditAction, subject: str, actor: Actor | None = None) -> None:
        """Have it written into the audit log of the house that opens next."""
        who = AuditDraft(action=action, subject=subject)
        if actor is not None:
            who = AuditDraft(
                action=action,
                subject=subject,
                actor_id=actor.account_id,
                actor_name=actor.full_name,
                workstation=actor.workstation,
            )
        self._drafts.append(who)

    def opens_with(self, passphrase: str) -> None:
        """Where there is no keyring, the next start is opened by this passphrase and asks for none."""
        self._passphrase = passphrase if self.ring is None else ""

    async def _has_passphrase(self) -> bool:
        """Ask for the passphrase where one is needed and not known yet; False when the person gives up."""
        from ui.shell.start import ask_passphrase

        key_path = key_path_of(self.folder)
        new = not key_path.exists()
        needed = self.ring is None if new else needs_passphrase(key_path)
        if needed and not self._passphrase:
            given = await ask_passphrase(new=new, wrong=self._wrong)
            self._wrong = ""
            self._passphrase = given or ""
            return given is not None
        return True

    async def _helped(self, trouble: DaybookError) -> bool:
        from ui.shell.start import Remedy, explain

        if isinstance(trouble, BadInput):
            self._wrong = trouble.happened
            return True
        # A full disk or a second program is no reason to give the store up.
        backup_helps = any("backup" in step.lower() for step in trouble.next_steps)
        can_restore = backup_helps and restoring.has_store(self.folder)
        again = "Open it all the same" if trouble is DAMAGED else "Try again"
        remedy = await explain(trouble, self._restore if can_restore else None, again=again)
        if remedy is Remedy.SET_ASIDE:
            await self._set_aside()
        self.damage_is_known = remedy is Remedy.AGAIN and trouble is DAMAGED
        return remedy is not None

    async def _restore(self, source: Path, passphrase: str) -> None:
        prepared = await asyncio.to_thread(restoring.prepare, self.folder, self.ring, source, passphrase)
        aside = await asyncio.to_thread(restoring.put_in_place, prepared, self.folder, self._clock.now())
        made_at = prepared.restored.made_at
        self.remember(AuditAction.RESTORE, f"Restored from the backup of {made_at:%B %d, %Y}; kept aside: {aside.name}")
        self.opens_with(passphrase)
        self.words = f"The backup of {made_at:%B} {made_at.day} is back in place. The file before it is kept aside."

    async def _set_aside(self) -> None:
        try:
            aside = await asyncio.to_thread(restoring.set_aside, self.folder, self._clock.now())
        except StoreError as error:
            self.words = f"{error.happened} {error.means}"
            return
        self.remember(AuditAction.RESTORE, f"Began new; the file that did not open is kept aside: {aside.name}")


def _remember(tx: Tx, draft: AuditDraft) -> None:
    tx.audit(draft)
