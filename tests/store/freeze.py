"""Writes the frozen store of this release: ``python -m tests.store.freeze``. Run once a release, never again for it.

Every later version must open it (``test_migrations.py``).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.model.accounts import Account, AuditAction, AuditDraft, Role
from app.model.clock import FixedClock
from app.model.coverage import CoverageRecord
from app.model.money import Money
from app.model.outbox import JobState
from app.model.schedule import Location, Provider
from app.store import accounts, connections, coverage, outbox, patients, providers, settings, visit_links, visits
from app.store.migrations import STEPS
from app.store.store import Store
from app.store.tx import Tx

from .conftest import DAY, KEY, NOW, connection, job, person, told, visit

FOLDER = Path(__file__).parent / "frozen"


async def freeze(path: Path) -> None:
    store = await Store.open(path, KEY, clock=FixedClock(NOW))
    await store.write(connections.save, connection())
    await store.write(connections.save_location, Location(location_id="main", name="Main", time_zone="America/Chicago"))
    await store.write(providers.save_all, "c1", [told(Provider(name="Dr. Oakenfield"), "1")])
    jane = await store.write(patients.save, "c1", person("1", "Jane", "Smith", phone="555-123-4567"))
    policy = CoverageRecord(rank=1, payer_name="Harborlight PPO", member_id="HL-77", copay=Money.parse("25.00"))
    await store.write(coverage.keep, "c1", "1", [told(policy, "1/1")], NOW)
    await store.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a")], NOW)
    await store.write(visit_links.link, "c1", "a", jane, "a1", "booked here")
    await store.write(outbox.add, job("j1", JobState.UNKNOWN, evidence=b"[1]"))
    rosa = Account(account_id="a1", user_name="rosa", full_name="Rosa Mallow", role=Role.FRONT_DESK)
    await store.write(accounts.save, rosa, "$argon2id$frozen")
    await store.write(settings.put, "practice", "theme", b'"dark"')
    await store.write(Tx.audit, AuditDraft(action=AuditAction.VIEW, actor_id="a1", patient_id=jane))
    await store.maintain(lambda conn: conn.execute("VACUUM"))
    await store.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(freeze(FOLDER / f"{STEPS[-1][0]}.db"))
