from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.model.accounts import AuditAction, AuditDraft
from app.model.clock import FixedClock
from app.model.errors import BadInput, StoreError
from app.store import audit, connections, integrity, keys, patients, recovery, settings, visits
from app.store.audit_head import HeadKeeper
from app.store.keys import Keys, MemoryKeyRing
from app.store.store import Reader, Store
from app.store.tx import Tx

from .conftest import DAY, KEY, NOW, connection, person, visit

PASSPHRASE = "orbit lantern gravel mint"
KEYS = Keys(store_id="s1", key=KEY)


async def filled(store: Store) -> None:
    await store.write(patients.save, "c1", person("1", "Marigold", "Fenwick", notes="x" * 5000))
    await store.write(visits.save, "c1", visit("a", reason="Marigold's knee"))
    await store.write(Tx.audit, AuditDraft(action=AuditAction.VIEW, after="Marigold Fenwick"))


async def backed_up(store: Store, target: Path) -> recovery.BackupLabel:
    return await asyncio.to_thread(
        recovery.back_up, store.path, KEYS, target, PASSPHRASE, NOW, {"c1/api_key": "sandbox-secret"}
    )


async def test_a_backup_opens_on_another_machine(practice: Store, tmp_path: Path, clock: FixedClock) -> None:
    await filled(practice)
    target = tmp_path / "stick" / "larkspur.daybook-backup"
    target.parent.mkdir()
    writing = asyncio.create_task(practice.write(settings.put, "practice", "meanwhile", b"1"))
    label = await backed_up(practice, target)
    await writing
    assert (label.made_at, recovery.label(target)) == (NOW, label)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    raw = target.read_bytes()
    assert not [word for word in (b"Marigold", b"sandbox-secret", KEY, KEY.hex().encode()) if word in raw]

    other = tmp_path / "other machine"
    other.mkdir()
    ring = MemoryKeyRing()
    done = await asyncio.to_thread(
        recovery.restore, target, PASSPHRASE, other / "daybook.db", other / "daybook.key", ring
    )
    assert (done.secrets, done.made_at) == ({"c1/api_key": "sandbox-secret"}, NOW)
    assert "sandbox-secret" not in repr(done)
    assert sorted(path.name for path in other.iterdir()) == ["daybook.db", "daybook.key"]
    opened = keys.fetch(other / "daybook.key", ring)
    assert opened.store_id != KEYS.store_id
    again = await Store.open(other / "daybook.db", opened.key, clock=clock, create=False)
    assert [row.full_name() for row in await again.read(patients.search, "fen mar")] == ["Marigold Fenwick"]
    assert len(await again.read(visits.on_day, DAY)) == 1
    verdict = await again.read(audit.verify, HeadKeeper(ring, opened.store_id).load())
    assert verdict.whole
    assert await again.read(integrity.problems) == ()
    await again.close()


async def test_restore_with_a_start_passphrase_where_there_is_no_keyring(practice: Store, tmp_path: Path) -> None:
    target = tmp_path / "b"
    await backed_up(practice, target)
    path, key_path = tmp_path / "r.db", tmp_path / "r.key"
    recovery.restore(target, PASSPHRASE, path, key_path, None, start_passphrase="another long passphrase")
    assert keys.fetch(key_path, None, passphrase="another long passphrase").key == KEY


async def test_what_cannot_be_restored_leaves_nothing(practice: Store, tmp_path: Path) -> None:
    await filled(practice)
    target = tmp_path / "good"
    await backed_up(practice, target)
    raw = target.read_bytes()
    folder = tmp_path / "restored"
    folder.mkdir()

    def fails(content: bytes, passphrase: str = PASSPHRASE) -> StoreError | BadInput:
        backup = tmp_path / "bad"
        backup.write_bytes(content)
        with pytest.raises((StoreError, BadInput)) as caught:
            recovery.restore(backup, passphrase, folder / "daybook.db", folder / "daybook.key", MemoryKeyRing())
        assert list(folder.iterdir()) == []
        assert isinstance(caught.value, StoreError | BadInput)
        return caught.value

    assert isinstance(fails(raw, "orbit lantern gravel mink"), BadInput)
    flipped = bytearray(raw)
    flipped[10_000] ^= 1
    for content in (raw[:-1], raw[: len(raw) // 2], b"", raw[4096:], bytes(flipped), b"x" * 10_000):
        assert fails(content).happened == "This file is not a whole Daybook backup."
    with pytest.raises(StoreError):
        recovery.restore(tmp_path / "none", PASSPHRASE, folder / "daybook.db", folder / "daybook.key", None)


async def test_restore_never_overwrites_a_store(practice: Store, tmp_path: Path) -> None:
    target = tmp_path / "b"
    await backed_up(practice, target)
    before = practice.path.read_bytes()
    with pytest.raises(StoreError, match="There is a store here already"):
        recovery.restore(target, PASSPHRASE, practice.path, tmp_path / "k", MemoryKeyRing())
    assert practice.path.read_bytes() == before


async def test_a_backup_wants_a_passphrase_and_a_disk(practice: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        recovery.back_up(practice.path, KEYS, tmp_path / "b", "short", NOW)
    with pytest.raises(StoreError):
        recovery.back_up(practice.path, KEYS, tmp_path / "none" / "b", PASSPHRASE, NOW)
    assert not (tmp_path / "b").exists()


async def test_wiping_a_connection_leaves_no_trace_of_it_in_the_file(
    practice: Store, tmp_path: Path, clock: FixedClock
) -> None:
    await practice.write(connections.save, connection("c2"))
    await practice.write(patients.save, "c2", person("9", "Kept", "Person", connection_id="c2"))
    many = [person(str(n), "Marigold", f"Fenwick{n}", notes="x" * 500) for n in range(1000)]
    await practice.write(patients.save_all, "c1", many)
    older = practice.path.with_name("daybook.db.before-2")
    older.write_bytes(b"a copy set aside before a migration")
    await practice.write(connections.remove, "c1")
    await practice.maintain(recovery.scrub)
    assert not older.exists()
    assert (await practice.read(integrity.report)).patients == 1
    assert [row.full_name() for row in await practice.read(patients.search, "kep per")] == ["Kept Person"]

    def plain_copy(connection_: Reader) -> None:
        """The file's pages as they are once decrypted."""
        target = str(tmp_path / "plain.db").replace("'", "''")
        connection_.execute(f"ATTACH DATABASE '{target}' AS plain KEY ''")
        connection_.execute("SELECT sqlcipher_export('plain')")
        connection_.execute("DETACH DATABASE plain")

    free = await practice.maintain(lambda conn: conn.execute("PRAGMA freelist_count").fetchone()[0])
    assert free == 0
    assert practice.path.with_name("daybook.db-wal").stat().st_size == 0
    await practice.maintain(plain_copy)
    content = (tmp_path / "plain.db").read_bytes().lower()
    assert b"kept" in content
    assert b"marigold" not in content
    assert b"fenwick" not in content


async def test_wiping_all_destroys_the_key_and_every_file(tmp_path: Path, clock: FixedClock) -> None:
    ring, path, key_path = MemoryKeyRing(), tmp_path / "daybook.db", tmp_path / "daybook.key"
    made = keys.make(key_path, ring)
    store = await Store.open(path, made.key, clock=clock)
    secret = keys.secret_name(made.store_id, "c1", "api_key")
    ring.put(secret, "x")
    (tmp_path / "daybook.db.before-2").write_bytes(b"an older copy")
    (tmp_path / "other.txt").write_bytes(b"not ours")
    await store.close()
    recovery.wipe(path, key_path, made.store_id, ring, (secret,))
    assert [item.name for item in tmp_path.iterdir()] == ["other.txt"]
    assert [ring.get(name) for name in (secret, keys.master_name(made.store_id))] == [None, None]
