"""Backup, wipe and restore on another computer, through the whole program: real files, real keys, a real vendor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.main import restoring, upkeep
from app.main.house import House
from app.main.upkeep import Outcome
from app.model.accounts import AuditAction, Role
from app.model.connection import Topic
from app.model.errors import BadInput, NotPermitted, StoreError
from app.store import audit, connections, patients
from app.store.keyring_os import OsKeyRing
from app.store.keys import KeyRing, MemoryKeyRing, master_name, secret_name
from tests.conftest import MORNING
from tests.main.computer import PASSWORD, Computer, set_up
from vendors.officepro.sandbox import open_sandbox
from vendors.officepro.sandbox.sandbox import OfficeProSandbox
from vendors.sandboxkit.plan import Plan

RECOVERY = "orbit lantern gravel mint"


@pytest.fixture
async def sandbox() -> AsyncIterator[OfficeProSandbox]:
    made = await open_sandbox(Plan(now=MORNING))
    yield made
    await made.close()


def ring_of(kind: str) -> KeyRing | None:
    if kind == "none":
        return None
    if kind == "system":
        assert os.environ.get("DAYBOOK_TEST_KEYRING"), "run through tests/with-keyring.sh"
        return OsKeyRing.find()
    return MemoryKeyRing()


async def names(house: House) -> list[str]:
    return [row.full_name() for row in await house.store.read(patients.search, "fennimore mari")]


@pytest.mark.parametrize("kind", ["memory", "none", "system"])
async def test_backup_wipe_and_restore_on_another_computer(
    tmp_path: Path, sandbox: OfficeProSandbox, kind: str
) -> None:
    first = Computer(tmp_path / "first", ring_of(kind))
    house, keeper = await first.open()
    admin = await set_up(house, sandbox)
    known = await names(house)
    assert known
    await keeper.set_recovery_passphrase(RECOVERY, admin)
    target = tmp_path / "larkspur.daybook-backup"
    with pytest.raises(BadInput, match="not the recovery passphrase"):
        await keeper.back_up(target, RECOVERY + "s", admin)
    await keeper.back_up(target, RECOVERY, admin)
    assert b"Fennimore" not in target.read_bytes()

    await keeper.wipe(admin)
    assert first.outcomes == [Outcome.WIPE]
    secrets = await upkeep.secret_fields(house)
    assert secrets
    old = house.keys.store_id
    await house.close()
    await asyncio.to_thread(upkeep.wipe_now, house, secrets)
    assert first.files() <= {"daybook.log"}
    if first.ring is not None:
        assert first.ring.get(master_name(old)) is None
        assert [first.ring.get(secret_name(old, *secret)) for secret in secrets] == [None] * len(secrets)

    other = Computer(tmp_path / "other", ring_of("memory" if kind == "system" else kind))
    fresh, keeper = await other.open()
    with pytest.raises(BadInput):
        await keeper.restore(target, "another passphrase altogether", None)
    assert other.outcomes == []
    await keeper.restore(target, RECOVERY, None)
    assert other.outcomes == [Outcome.RESTORE]
    assert keeper.restored is not None
    await fresh.close()
    await asyncio.to_thread(restoring.restore_now, fresh, keeper.restored[0])
    # Where there is no keyring the recovery passphrase opens the restored store from now on.
    other.passphrase = RECOVERY if other.ring is None else ""
    again, _ = await other.open()
    assert await names(again) == known
    (connection,) = await again.store.read(connections.listed)
    vault = again.connect.connections._links.vault(connection)
    assert await vault.get("api_key") == sandbox.announcement()["credentials"]["api_key"]
    await again.connect.live.sync_now(connection.connection_id, [Topic.PROVIDERS])
    verdict = await again.prove_audit()
    assert verdict.whole, verdict.words
    assert await again.store.read(audit.entries, action=AuditAction.CREATE)
    assert (await again.accounts.sign_in("rosa", PASSWORD)).full_name == "Rosa Mallow"
    await again.close()
    assert not [name for name in other.files() if "restor" in name or "aside" in name or name.endswith(".part")]


async def test_a_restore_over_a_store_takes_the_old_secrets_along(tmp_path: Path, sandbox: OfficeProSandbox) -> None:
    ring = MemoryKeyRing()
    here = Computer(tmp_path / "here", ring)
    house, keeper = await here.open()
    admin = await set_up(house, sandbox)
    target = tmp_path / "backup"
    await keeper.back_up(target, RECOVERY, admin)
    secrets, old = await upkeep.secret_fields(house), house.keys.store_id
    await keeper.restore(target, RECOVERY, admin)
    assert keeper.restored is not None
    await house.close()
    await asyncio.to_thread(restoring.restore_now, house, keeper.restored[0], secrets)
    assert [name for name in ring._secrets if old in name] == []
    again, _ = await here.open()
    assert await names(again)
    await again.close()


async def test_a_backup_that_does_not_open_leaves_the_old_store_as_it_was(
    tmp_path: Path, sandbox: OfficeProSandbox
) -> None:
    here = Computer(tmp_path / "here", MemoryKeyRing())
    house, keeper = await here.open()
    admin = await set_up(house, sandbox)
    known, before = await names(house), here.files()
    target = tmp_path / "backup"
    await keeper.back_up(target, RECOVERY, admin)
    cut = tmp_path / "cut"
    cut.write_bytes(target.read_bytes()[:-100])
    with pytest.raises(StoreError, match="not a whole Daybook backup"):
        await keeper.restore(cut, RECOVERY, admin)
    with pytest.raises(BadInput):
        await keeper.restore(target, "another passphrase altogether", admin)
    with pytest.raises(NotPermitted):
        await keeper.restore(target, RECOVERY, None)
    assert (here.outcomes, keeper.restored) == ([], None)
    await house.close()
    again, _ = await here.open()
    assert await names(again) == known
    assert (await again.prove_audit()).whole
    await again.close()
    assert here.files() <= before


async def test_who_may_not_back_up_or_wipe_is_refused_and_remembered(tmp_path: Path) -> None:
    here = Computer(tmp_path / "here", MemoryKeyRing())
    house, keeper = await here.open()
    admin = await house.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    await house.accounts.create(admin, "Desmond Ferro", "desmond", Role.FRONT_DESK, PASSWORD)
    desmond = await house.accounts.sign_in("desmond", PASSWORD)
    with pytest.raises(NotPermitted):
        await keeper.back_up(tmp_path / "backup", RECOVERY, desmond)
    with pytest.raises(NotPermitted):
        await keeper.wipe(desmond)
    with pytest.raises(NotPermitted):
        await keeper.set_recovery_passphrase(RECOVERY, desmond)
    await keeper.set_recovery_passphrase(RECOVERY, admin)
    [line, *_] = await house.store.read(audit.entries, action=AuditAction.CHANGE)
    assert (line.actor_id, line.subject) == (admin.account_id, "Recovery passphrase set")
    denied = await house.store.read(audit.entries, action=AuditAction.DENIED)
    assert [line.actor_id for line in denied] == [desmond.account_id] * 3
    assert here.outcomes == []
    await house.close()
