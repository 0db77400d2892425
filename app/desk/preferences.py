"""What each person likes: column order, named views, hidden cancelled visits, privacy mode (A1, A8, A25, A30, J14)."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from app.desk.common import UseCase
from app.model.accounts import Actor
from app.store import settings

T = TypeVar("T")


class Preferences(UseCase):
    """Small values kept per account; nobody else's can be reached."""

    async def get(self, actor: Actor, key: str, kind: type[T], default: T) -> T:
        """The value kept under ``key``, or ``default`` where there is none or it no longer fits ``kind``."""
        found = await self._store.read(settings.get, actor.account_id, key)
        if found is None:
            return default
        try:
            return msgspec.json.decode(found, type=kind)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return default

    async def put(self, actor: Actor, key: str, value: object) -> None:
        """Keep ``value`` (anything msgspec can write) under ``key``."""
        await self._store.write(settings.put, actor.account_id, key, msgspec.json.encode(value))
