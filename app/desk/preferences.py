"""What each person likes: column order, named views, hidden cancelled visits, privacy mode (A1, A8, A25, A30, J14)."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from app.desk.common import UseCase, draft
from app.model.accounts import Actor, AuditAction, Permission
from app.store import settings
from app.store.store import Tx

T = TypeVar("T")


class Preferences(UseCase):
    """Small values kept per account; nobody else's can be reached."""

    async def get(self, actor: Actor, key: str, kind: type[T], default: T) -> T:
        """The value kept under ``key``, or ``default`` where there is none or it no longer fits ``kind``."""
        return _decoded(await self._store.read(settings.get, actor.account_id, key), kind, default)

    async def put(self, actor: Actor, key: str, value: object) -> None:
        """Keep ``value`` (anything msgspec can write) under ``key``."""
        await self._store.write(settings.put, actor.account_id, key, msgspec.json.encode(value))

    async def practice(self, key: str, kind: type[T], default: T) -> T:
        """A setting of the whole practice; nobody needs to be signed in to have it in force."""
        return _decoded(await self._store.read(settings.get, settings.PRACTICE, key), kind, default)

    async def put_practice(self, actor: Actor, key: str, value: object) -> None:
        """Keep a setting of the whole practice. Raises NotPermitted for those who do not look after accounts."""
        await self._allow(actor, Permission.MANAGE_ACCOUNTS, "change a setting of the practice")
        await self._store.write(_put_practice, actor, key, msgspec.json.encode(value))


def _decoded(found: bytes | None, kind: type[T], default: T) -> T:
    if found is None:
        return default
    try:
        return msgspec.json.decode(found, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return default


def _put_practice(tx: Tx, actor: Actor, key: str, value: bytes) -> None:
    before = settings.get(tx.connection, settings.PRACTICE, key)
    settings.put(tx, settings.PRACTICE, key, value)
    words = (before or b"").decode(), value.decode()
    tx.audit(draft(actor, AuditAction.SETTING, f"Practice setting {key}", before=words[0], after=words[1]))
