"""Screen-change quarantine: a page that changed for one connection is not written on by any."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

import msgspec

from app.model.portal import ScreenChange

log = logging.getLogger("daybook.vendors")


class ChangeKeeper(Protocol):
    """Where screen changes survive a restart."""

    async def load(self) -> tuple[ScreenChange, ...]:
        """What was kept."""
        ...

    async def save(self, changes: tuple[ScreenChange, ...]) -> None:
        """Keep exactly these."""
        ...


class SealedKeeper:
    """Keeps the changes of one vendor in a connection's sealed state, so that they need no wiring to survive."""

    def __init__(self, state: SealedBytes) -> None:
        self._state = state

    async def load(self) -> tuple[ScreenChange, ...]:
        """What was kept; nothing where it cannot be read any more."""
        held = await self._state.get("screen-changes")
        if not held:
            return ()
        try:
            return msgspec.json.decode(held, type=tuple[ScreenChange, ...])
        except msgspec.DecodeError:
            return ()

    async def save(self, changes: tuple[ScreenChange, ...]) -> None:
        """Keep exactly these."""
        await self._state.put("screen-changes", msgspec.json.encode(changes))


class SealedBytes(Protocol):
    """The part of ``VendorContext.state`` used here."""

    async def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None."""
        ...

    async def put(self, name: str, value: bytes) -> None:
        """Keep ``value``."""
        ...


class Quarantine:
    """The changes seen, by vendor and page. One per program: all connections ask the same one."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], ScreenChange] = {}
        self._keepers: dict[str, list[ChangeKeeper]] = {}

    async def attach(self, vendor: str, keeper: ChangeKeeper) -> Callable[[], None]:
        """Take over what ``keeper`` has of ``vendor``, and let it keep what comes. Returns the way to detach it."""
        for change in await keeper.load():
            if change.vendor == vendor:
                self._changes.setdefault((vendor, change.page), change)
        keepers = self._keepers.setdefault(vendor, [])
        keepers.append(keeper)

        def detach() -> None:
            if keeper in keepers:
                keepers.remove(keeper)

        return detach

    def changes(self, vendor: str = "") -> tuple[ScreenChange, ...]:
        """What is known to have changed, at one vendor or all."""
        return tuple(change for change in self._changes.values() if vendor in ("", change.vendor))

    def blocks(self, vendor: str, page: str, landmarks: str) -> bool:
        """Whether writing on ``page`` is stopped. A note about other ``landmarks`` than ours is out of date."""
        change = self._changes.get((vendor, page))
        return change is not None and change.landmarks == landmarks

    async def note(self, change: ScreenChange) -> None:
        """Stop writes on this page for every connection of the vendor."""
        known = self._changes.get((change.vendor, change.page))
        if known is not None and (known.landmarks, known.missing) == (change.landmarks, change.missing):
            return
        self._changes[change.vendor, change.page] = change
        log.warning("%s: screen changed, page %s: %s", change.vendor, change.page, "; ".join(change.missing)[:200])
        await self._keep(change.vendor)

    async def lift(self, vendor: str, page: str) -> None:
        """Somebody has looked, or the page is seen to be as it was: writing may go on."""
        if self._changes.pop((vendor, page), None) is not None:
            log.warning("%s: page %s may be written on again", vendor, page)
            await self._keep(vendor)

    async def _keep(self, vendor: str) -> None:
        mine = self.changes(vendor)
        for keeper in tuple(self._keepers.get(vendor, ())):
            await keeper.save(mine)
