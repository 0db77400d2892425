"""Backup, restore, wipe and the demo, as the window asks for them. Implements ``ui.services.UpkeepPort``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.main.home import STORE_NAME
from app.main.house import House, head_keeper, head_path_of, key_path_of
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.errors import BadInput, NotPermitted
from app.store import connections, settings
from app.store.keys import head_name, master_name, must_be_long_enough, secret_name
from app.store.store import Reader, Tx

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_RECOVERY = "recovery-check"


class Outcome(StrEnum):
    """What the program does when its window has closed."""

    QUIT = "quit"
    AGAIN = "again"
    DEMO = "demo"
    RESTORE = "restore"
    WIPE = "wipe"


class Upkeep:
    """``leave`` closes the window with an outcome; the program then acts with the store closed, and opens again."""

    def __init__(self, house: House, leave: Callable[[Outcome], None]) -> None:
        self._house = house
        self._leave = leave
        #: What a restore was asked for, for the program to act on once the store is closed.
        self.restore_from: tuple[Path, str] | None = None

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()

    async def set_recovery_passphrase(self, passphrase: str) -> None:
        """Keep enough to recognise the passphrase again, so that no backup is made with a mistyped one."""
        must_be_long_enough(passphrase)
        kept = await asyncio.to_thread(self._hasher.hash, passphrase)
        await self._house.store.write(settings.put, settings.PRACTICE, _RECOVERY, kept.encode())

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

    async def restore(self, source: Path, passphrase: str) -> None:
        """Prove that ``source`` is a backup, then close the window; the program puts it in place and opens again."""
        from app.store import recovery

        await asyncio.to_thread(recovery.label, source)
        self.restore_from = (source, passphrase)
        self._leave(Outcome.RESTORE)

    async def wipe(self, actor: Actor) -> None:
        """Close the window; the program destroys the key and the local copy."""
        await self._must(actor, Permission.WIPE, "wipe this computer's copy")
        self._leave(Outcome.WIPE)

    async def open_demo(self) -> None:
        """Close the window and open it on the sandbox practice."""
        self._leave(Outcome.DEMO)

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


def restore_now(house: House, source: Path, passphrase: str, old_secrets: Sequence[tuple[str, str]] = ()) -> None:
    """Put a backup in the place of a closed house's store. The old store is set aside until the new one stands; then
    its key and ``old_secrets`` (``secret_fields``, asked while it was open) leave the keyring.

    On a computer without a keyring the recovery passphrase opens the restored store from then on. Blocks for seconds.
    Raises StoreError or BadInput in words, with the old store back in place.
    """
    from app.store import recovery

    path, key_path = house.folder / STORE_NAME, key_path_of(house.folder)
    aside = {old: old.with_name(f"{old.name}.before-restore") for old in (path, key_path)}
    for old, kept in aside.items():
        old.replace(kept)
    start = "" if house.ring is not None else passphrase
    try:
        restored = recovery.restore(source, passphrase, path, key_path, house.ring, start_passphrase=start)
    except BaseException:
        for old, kept in aside.items():
            old.unlink(missing_ok=True)
            kept.replace(old)
        raise
    if house.ring is None:
        head_path_of(house.folder).unlink(missing_ok=True)
        head_keeper(house.folder, restored.keys, None).keep_now(restored.head)
    else:
        for name, value in restored.secrets.items():
            connection_id, _, field = name.partition("/")
            house.ring.put(secret_name(restored.keys.store_id, connection_id, field), value)
        gone = house.keys.store_id
        for name in (master_name(gone), head_name(gone), *(secret_name(gone, *secret) for secret in old_secrets)):
            house.ring.remove(name)
    for kept in aside.values():
        kept.unlink(missing_ok=True)


def wipe_now(house: House, secrets: list[tuple[str, str]]) -> None:
    """Destroy a closed house: keys first, then files."""
    from app.store import recovery

    names = tuple(secret_name(house.keys.store_id, connection_id, field) for connection_id, field in secrets)
    recovery.wipe(house.folder / STORE_NAME, key_path_of(house.folder), house.keys.store_id, house.ring, names)
    head_path_of(house.folder).unlink(missing_ok=True)


async def secret_fields(house: House) -> list[tuple[str, str]]:
    """Which secrets a wipe must take along; asked while the store is still open."""
    return await house.store.read(_secret_fields)
