"""Where a connection's secrets live: small ones in the keyring, others sealed in the store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from app.store import keys, sealed
from app.store.keys import KeyRing
from app.store.store import Store

_SECRET = "secret:"  # noqa: S105 - a prefix, not a secret


class Vault:
    """The secrets of one connection, as its adapter asks for them.

    Only what its sign-in form asks for (``names``) goes to the keyring, so that removing the connection knows what to
    remove there; whatever else a vendor issues is sealed in the store and goes with the connection.
    """

    def __init__(
        self, store: Store, ring: KeyRing | None, store_id: str, connection_id: str, names: Iterable[str]
    ) -> None:
        self._names = frozenset(names)
        self._store = store
        self._ring = ring
        self._store_id = store_id
        self._connection_id = connection_id

    async def get(self, name: str) -> str | None:
        """The secret, or None where it was never given."""
        if self._ring is not None and name in self._names:
            kept = await asyncio.to_thread(self._ring.get, self._ring_name(name))
            if kept is not None:
                return kept
        held = await self._store.read(sealed.get, self._connection_id, _SECRET + name)
        return None if held is None else held.decode()

    async def put(self, name: str, value: str) -> None:
        """Keep a secret, in one place only."""
        if self._ring is not None and name in self._names and keys.fits(value):
            await asyncio.to_thread(self._ring.put, self._ring_name(name), value)
            await self._store.write(sealed.remove, self._connection_id, _SECRET + name)
            return
        await self._store.write(sealed.put, self._connection_id, _SECRET + name, value.encode())
        if self._ring is not None and name in self._names:
            await asyncio.to_thread(self._ring.remove, self._ring_name(name))

    async def forget(self) -> None:
        """Remove the secrets from the keyring; what is sealed goes with the connection."""
        if self._ring is not None:
            for name in self._names:
                await asyncio.to_thread(self._ring.remove, self._ring_name(name))

    def _ring_name(self, name: str) -> str:
        return keys.secret_name(self._store_id, self._connection_id, name)


class StateBox:
    """Larger state of one connection (browser sessions, certificates), sealed in the store."""

    def __init__(self, store: Store, connection_id: str) -> None:
        self._store = store
        self._connection_id = connection_id

    async def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None."""
        return await self._store.read(sealed.get, self._connection_id, name)

    async def put(self, name: str, value: bytes) -> None:
        """Keep ``value``; it survives restarts."""
        await self._store.write(sealed.put, self._connection_id, name, value)


class TrialVault:
    """Secrets from a form that is only being tried: nothing of it is kept anywhere."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = dict(secrets)

    async def get(self, name: str) -> str | None:
        """The secret as typed."""
        return self.secrets.get(name)

    async def put(self, name: str, value: str) -> None:
        """Remember a changed secret while the trial lasts."""
        self.secrets[name] = value


class TrialBox:
    """State of a trial; whoever keeps the connection may carry it over."""

    def __init__(self) -> None:
        self.state: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None."""
        return self.state.get(name)

    async def put(self, name: str, value: bytes) -> None:
        """Remember while the trial lasts."""
        self.state[name] = value
