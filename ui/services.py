"""What the window is given: the store's read side, the clock, the use cases, the ports behind them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from app.model.accounts import Actor
from app.model.changes import Change
from app.model.clock import Clock
from app.model.connection import Environment
from app.store.database import Reader

if TYPE_CHECKING:
    from app.desk.accounts import Accounts
    from app.desk.desk import Desk
    from app.desk.ports import ConnectionsPort, LivePort

P = ParamSpec("P")
T = TypeVar("T")


class StoreReads(Protocol):
    """The store as screens see it: queries of ``app/store`` run on its reader threads, and changes are told."""

    async def read(self, fn: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(connection, …)`` in one snapshot on a reader thread."""
        ...

    def subscribe(self, listener: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Call ``listener`` on the loop after commits; returns what ends the subscription."""
        ...


class UpkeepPort(Protocol):
    """Looking after the local copy; the composition root implements it."""

    async def back_up(self, target: Path, passphrase: str, actor: Actor) -> None:
        """Write a backup wrapped by ``passphrase`` to ``target``. Raises StoreError in words."""
        ...

    async def restore(self, source: Path, passphrase: str, actor: Actor | None) -> None:
        """Put a backup in place of the local copy; ``actor`` is None where nobody has an account yet. Raises
        StoreError, BadInput, NotPermitted in words; the window starts again after it."""
        ...

    async def wipe(self, actor: Actor) -> None:
        """Destroy the key and the local copy."""
        ...

    async def set_recovery_passphrase(self, passphrase: str, actor: Actor) -> None:
        """Keep what a restore on another machine will ask for. Raises NotPermitted."""
        ...

    async def open_demo(self) -> None:
        """Start the sandbox practice and open the window on it instead."""
        ...


class Practice(msgspec.Struct, frozen=True, kw_only=True):
    """Whose window this is. ``time_zone`` is the main location's; ``workstation`` names this desk to the audit."""

    name: str
    location: str = ""
    time_zone: str = "America/Chicago"
    environment: Environment = Environment.PRODUCTION
    workstation: str = ""

    @property
    def version(self) -> str:
        """Daybook's version, as it was installed; empty where it was not."""
        # Here because it costs more to import than a screen, and only the lock screen says it.
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("daybook")
        except PackageNotFoundError:
            return ""

    def initials(self) -> str:
        """``"LF"`` for Larkspur Family Medicine."""
        words = [word for word in self.name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in words[:2]).upper() or "D"


class Services(msgspec.Struct, kw_only=True):
    """Everything a screen may use, made once by the composition root. Only ``practice`` changes: with the connections,
    so read it when it is needed and do not keep it."""

    store: StoreReads
    clock: Clock
    desk: Desk
    accounts: Accounts
    live: LivePort
    connections: ConnectionsPort
    upkeep: UpkeepPort
    practice: Practice
