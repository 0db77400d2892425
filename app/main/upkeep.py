"""Backup, restore, wipe and the demo, as the window asks for them. Implements ``ui.services.UpkeepPort``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.main.home import STORE_NAME
from app.main.house import House, head_path_of, key_path_of
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.errors import BadInput, NotPermitted
from app.store import accounts, connections, settings
from app.store.keys import must_be_long_enough, secret_name
from app.store.store import Reader, Tx

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from app.main.restoring import Prepared

_RECOVERY = "recovery-check"


class Outcome(StrEnum):
    """What the program does when its window has closed."""

    QUIT = "quit"
    DEMO = "demo"
    RESTORE = "restore"
    #: Part of the store cannot be read: the start window says what can be done.
    DAMAGED = "damaged"
    WIPE = "wipe"


class Upkeep:
    """``leave`` closes the window with an outcome; the program then acts with the store closed, and opens again."""

    def __init__(self, house: House, leave: Callable[[Outcome], None]) -> None:
        self._house = house
        self._leave = leave
        #: A backup that stands ready, for the program to put in place once the store is closed; and its passphrase.
        self.restored: tuple[Prepared, str] | None = None

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    async def set_recovery_passphrase(self, passphrase: str, actor: Actor) -> None:
        """Keep enough to recognise the passphrase again, so that no backup is made with a mistyped one."""
        await self._must(actor, Permission.BACK_UP, "set the recovery passphrase")
        must_be_long_enough(passphrase)
        kept = await asyncio.to_thread(self._hasher.hash, passphrase)
        await self._house.store.write(_keep_recovery, actor, kept.encode())

    async def back_up(self, target: Path, passphrase: str, actor: Actor) -> None:
        """Write a backup wrapped by ``passphrase`` to ``target``. Raises StoreError, BadInput, NotPermitted."""
        await self._must(actor, Permission.BACK_UP, "back up")
        kept = await self._house.store.read(settings.get, settings.PRACTICE, _RECOVERY)
        if kept is not None and not await asyncio.to_thread(self._recognises, kept.decode(), passphrase):
            raise BadInput(
                "passphrase",
                "This is not the recovery passphrase of this practice.",
                "A backup wrapped by another one might never be opened again.",
                ("Enter the recovery passphrase that was chosen when Daybook was set up.",),
            )
        from app.store import recovery

        house = self._house
        await asyncio.to_thread(
            recovery.back_up,
            house.folder / STORE_NAME,
            house.keys,
            target,
            passphrase,
            house.clock.now(),
            await self._secrets(),
        )
        await house.store.write(_remember, actor, AuditAction.BACK_UP, "Backup written")

    async def restore(self, source: Path, passphrase: str, actor: Actor | None) -> None:
        """Open, prove and unpack a backup, then close the window; the program puts it in place and opens again.

        ``actor`` is None where nobody has an account yet. Raises StoreError, BadInput, NotPermitted; the window and
        the store stay as they are then.
        """
        if actor is not None:
            await self._must(actor, Permission.BACK_UP, "restore a backup")
        elif await self._house.store.read(accounts.listed):
            raise NotPermitted("Nobody is signed in.", "Nothing was done.", ("Sign in, then restore in Settings.",))
        from app.main import restoring

        house = self._house
        ready = await asyncio.to_thread(restoring.prepare, house.folder, house.ring, source, passphrase)
        self.restored = (ready, passphrase)
        self._leave(Outcome.RESTORE)

    async def wipe(self, actor: Actor) -> None:
        """Close the window; the program destroys the key and the local copy."""
        await self._must(actor, Permission.WIPE, "wipe this computer's copy")
        self._leave(Outcome.WIPE)

    async def open_demo(self) -> None:
        """Close the window and open it on the sandbox practice."""
        self._leave(Outcome.DEMO)

    def mend(self) -> None:
        """Close the window and ask what to do with a damaged store."""
        self._leave(Outcome.DAMAGED)

    def _recognises(self, kept: str, passphrase: str) -> bool:
        from argon2.exceptions import VerificationError

        try:
            return self._hasher.verify(kept, passphrase)
        except VerificationError:
            return False

    async def _must(self, actor: Actor, permission: Permission, words: str) -> None:
        if permission in actor.permissions:
            return
        await self._house.store.write(_remember, actor, AuditAction.DENIED, f"Tried to {words}")
        raise NotPermitted(
            f"Your role may not {words}.", "Nothing was done.", ("Ask an administrator of your practice.",)
        )

    async def _secrets(self) -> dict[str, str]:
        """Every small secret of every connection, by ``connection id/field``."""
        ring = self._house.ring
        if ring is None:
            return {}
        found: dict[str, str] = {}
        for connection_id, field in await self._house.store.read(_secret_fields):
            value = await asyncio.to_thread(ring.get, secret_name(self._house.keys.store_id, connection_id, field))
            if value is not None:
                found[f"{connection_id}/{field}"] = value
        return found


def _secret_fields(conn: Reader) -> list[tuple[str, str]]:
    from vendors import load

    return [
        (connection.connection_id, field.name)
        for connection in connections.listed(conn)
        for field in load.manifest(connection.vendor).sign_in
    ]


def _keep_recovery(tx: Tx, actor: Actor, kept: bytes) -> None:
    settings.put(tx, settings.PRACTICE, _RECOVERY, kept)
    _remember(tx, actor, AuditAction.CHANGE, "Recovery passphrase set")


def _remember(tx: Tx, actor: Actor, action: AuditAction, subject: str) -> None:
    tx.audit(
        AuditDraft(
            action=action,
            actor_id=actor.account_id,
            actor_name=actor.full_name,
            subject=subject,
            workstation=actor.workstation,
        )
    )


def wipe_now(house: House, secrets: list[tuple[str, str]]) -> None:
    """Destroy a closed house, and what was ever set aside there: keys first, then files."""
    from app.main import restoring
    from app.store import recovery

    names = tuple(secret_name(house.keys.store_id, connection_id, field) for connection_id, field in secrets)
    recovery.wipe(house.folder / STORE_NAME, key_path_of(house.folder), house.keys.store_id, house.ring, names)
    head_path_of(house.folder).unlink(missing_ok=True)
    restoring.destroy_all_aside(house.folder, house.ring)


async def secret_fields(house: House) -> list[tuple[str, str]]:
    """Which secrets a wipe must take along; asked while the store is still open."""
    return await house.store.read(_secret_fields)
