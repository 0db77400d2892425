"""A workplace connected to the clearinghouse's simulator: real store, real adapter, real browser, real SFTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from app.connect.outbox_worker import Patience
from app.desk.desk import Desk
from app.model.connection import Connection
from app.store.store import Store
from tests.connect.workplace import KEY, MovedClock, Workplace, actor
from tests.forms import form_of
from tests.vendors.officeally.web import WebDesk
from tests.vendors.stage import NOW
from vendors.contract.context import Timing

#: Enough for a browser on a busy machine.
PATIENT = Timing(connect_s=30.0, answer_s=60.0, whole_s=60.0, tries=2, back_off_s=0.05, patience_s=0.3)
#: Nobody sits it out here.
SETTLED = Patience(answer_s=60.0, margin_s=0.2)


@dataclass(kw_only=True)
class Clearinghouse(Workplace):
    """A workplace connected to the clearinghouse's simulator."""

    desk: WebDesk
    clock: MovedClock
    timing: Timing = PATIENT
    patience: Patience | None = SETTLED
    office: Desk = field(init=False)

    async def open(self) -> None:
        """Switch the workplace on; syncing rests until somebody asks."""
        self.make().connections.pause_all(True)
        await self.connect.start()
        self.office = Desk(
            self.store,
            self.clock,
            self.connect.live,
            self.connect.outbox,
            connections=self.connect.connections,
            portal=self.connect.portal,
            clearing=self.connect.clearing,
        )

    async def join(
        self, *, user: str = "larkspur.plain", without: tuple[str, ...] = (), only: tuple[str, ...] = (), **changes: Any
    ) -> Connection:
        """Connect the simulator as a person would; secrets that begin as ``without`` says are left out, and addresses
        that ``only`` does not name."""
        form = form_of(self.desk.sandbox, **changes)
        secrets = {**form.secrets, "portal_user": user}
        form = msgspec.structs.replace(
            form,
            secrets={name: value for name, value in secrets.items() if not name.startswith(without)},
            base_urls={name: url for name, url in form.base_urls.items() if not only or name in only},
        )
        self.connection = await self.connect.connections.add(form, actor())
        return self.connection

    async def effects(self, operation: str) -> int:
        """How often a write took effect, by the simulator's ledger."""
        return sum(bool(one["effect"]) for one in await self.desk.writes(operation))


@asynccontextmanager
async def workplace(desk: WebDesk, folder: Path, **changes: Any) -> AsyncIterator[Clearinghouse]:
    """Open, and closed in the end."""
    clock = MovedClock(NOW)
    store = await Store.open(folder / "daybook.db", KEY, clock=clock)
    place = Clearinghouse(desk=desk, store=store, clock=clock, **changes)
    await place.open()
    try:
        yield place
    finally:
        await place.connect.stop()
        await store.close()
