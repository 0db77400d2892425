"""Promises jobs one after the other and says each number once its commit was answered, until it is killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from app.model.accounts import AuditAction, AuditDraft
from app.model.clock import SystemClock
from app.store import outbox, patients
from app.store.store import Store
from app.store.tx import Tx

from .conftest import job, person


def promise(tx: Tx, number: int) -> None:
    people = [person(f"{number}-{n}", f"First{n}", f"Last{number}", phone=f"555{number:07d}") for n in range(10)]
    patients.save_all(tx, "c1", people)
    outbox.add(tx, job(f"j{number}"))
    tx.audit(AuditDraft(action=AuditAction.CREATE, subject=f"j{number}"))


async def main(path: Path, key: bytes) -> None:
    store = await Store.open(path, key, clock=SystemClock(), create=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    number = 0
    while True:
        number += 1
        await store.write(promise, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
