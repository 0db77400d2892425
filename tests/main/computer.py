"""A computer with Daybook on it: its data folder, its keyring, the house opened there; and how it is set up."""

from __future__ import annotations

from pathlib import Path

from app.main.house import House
from app.main.upkeep import Outcome, Upkeep
from app.model.accounts import Actor
from app.model.clock import Clock, ShiftedClock
from app.model.connection import Topic
from app.store.keys import KeyRing
from tests.conftest import MORNING
from tests.forms import form_of
from vendors.officepro.sandbox.sandbox import OfficeProSandbox

START = "copper willow anthem frost"
PASSWORD = "a quiet morning"


class Computer:
    """One computer: its data folder and its keyring, or the passphrase that stands in for one."""

    def __init__(self, folder: Path, ring: KeyRing | None, passphrase: str = START, clock: Clock | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.ring = folder, ring
        self.passphrase = "" if ring is not None else passphrase
        self.clock = clock or ShiftedClock(MORNING)
        self.outcomes: list[Outcome] = []

    async def open(self) -> tuple[House, Upkeep]:
        house = await House.open(self.folder, self.clock, self.ring, passphrase=self.passphrase)
        await house.start()
        return house, Upkeep(house, self.outcomes.append)

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


async def set_up(house: House, sandbox: OfficeProSandbox) -> Actor:
    admin = await house.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    connection = await house.connect.connections.add(form_of(sandbox), admin)
    await house.connect.live.sync_now(connection.connection_id, [Topic.PROVIDERS])
    await house.connect.live.search_patients(connection.connection_id, "fennimore")
    return admin
