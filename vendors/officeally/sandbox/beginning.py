"""What there is when a simulator begins: the practice and its past. Made once for a moment, however often it begins."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from vendors.officeally.sandbox import history, practice, schema
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.paying import Paying
from vendors.officeally.sandbox.shelf import Shelf
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.ledger import Ledger
from vendors.sandboxkit.plan import ZONE, Scale


class Beginning(NamedTuple):
    """The database as SQLite would write it to a file, and where the clearinghouse's dice stand."""

    database: bytes
    dice: Dice


@lru_cache(maxsize=2)
def beginning(now: datetime, seed: int, scale: Scale) -> Beginning:
    """Practice, old reports, the files of the last weeks up to ``now``; an empty ledger."""
    with closing(schema.connect()) as database:
        schema.make(database)
        Ledger(database)
        house = Clearinghouse(database, Shelf(database), SandboxClock(now), seed)
        practice.generate(database, now.astimezone(ZONE).date(), seed, scale)
        history.live_through(house, Paying(house), now, seed)
        return Beginning(database.serialize(), house.dice)
