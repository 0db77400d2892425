"""Change events on their way from commits to screens: gathered, merged, told on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import msgspec

from app.model.changes import Change, Kind

Listener = Callable[[tuple[Change, ...]], None]

#: More ids than this say no more than "look at all of this kind".
_MANY = 256


def merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """One change for each kind and connection; empty ids or days (all of them) swallow named ones."""
    seen: dict[tuple[Kind, str], Change] = {}
    for change in changes:
        place = (change.kind, change.connection_id)
        before = seen.get(place)
        if before is None:
            seen[place] = change
            continue
        ids = before.ids | change.ids if before.ids and change.ids else frozenset()
        days = before.days | change.days if before.days and change.days else frozenset()
        seen[place] = msgspec.structs.replace(before, ids=ids if len(ids) <= _MANY else frozenset(), days=days)
    return tuple(seen.values())


class ChangeFeed:
    """Tells the first change at once and those that follow within ``gather_seconds`` together."""

    def __init__(self, gather_seconds: float) -> None:
        self._gather = gather_seconds
        self._listeners: list[Listener] = []
        self._pending: list[Change] = []
        self._timer: asyncio.TimerHandle | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned function takes it away again."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def add(self, changes: tuple[Change, ...]) -> None:
        """On the loop: tell ``changes`` now, or with what else comes soon after an earlier telling."""
        self._pending += changes
        if self._timer is None:
            self._tell()
            self._timer = asyncio.get_running_loop().call_later(self._gather, self._settle)

    def flush(self) -> None:
        """Tell what is still held back and stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._tell()

    def _settle(self) -> None:
        self._timer = None
        if self._pending:
            self.add(())

    def _tell(self) -> None:
        if not self._pending:
            return
        told, self._pending = merged(self._pending), []
        for listener in tuple(self._listeners):
            listener(told)
