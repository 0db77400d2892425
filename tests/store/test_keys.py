from __future__ import annotations

import os
from pathlib import Path

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest

from app.model.errors import BadInput, SetupError, StoreError
from app.store import keys, sealing
from app.store.keyring_file import FileKeyRing
from app.store.keyring_os import OsKeyRing
from app.store.keys import MemoryKeyRing

PASSPHRASE = "orbit lantern gravel mint"


def test_a_key_in_the_ring_comes_back_and_is_not_beside_the_store(tmp_path: Path) -> None:
    ring = MemoryKeyRing()
    path = tmp_path / "daybook.key"
    made = keys.make(path, ring)
    assert len(made.key) == 32
    assert keys.fetch(path, ring) == made
    beside = path.read_bytes()
    assert made.key not in beside
    assert made.key.hex().encode() not in beside.lower()
    assert made.key.hex() not in repr(made)
    assert not keys.needs_passphrase(path)
    assert ring.get(keys.master_name(made.store_id)) == made.key.hex()
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_without_a_ring_a_passphrase_wraps_the_key(tmp_path: Path) -> None:
    path = tmp_path / "daybook.key"
    made = keys.make(path, None, passphrase=PASSPHRASE)
    assert keys.needs_passphrase(path)
    assert made.key.hex() not in path.read_text()
    assert keys.fetch(path, None, passphrase=PASSPHRASE) == made
    assert keys.fetch(path, None, passphrase="  orbit lantern  gravel mint ") == made
    for wrong in ("orbit lantern gravel mink", ""):
        with pytest.raises(BadInput) as caught:
            keys.fetch(path, None, passphrase=wrong)
        assert caught.value.field == "passphrase"


def test_with_neither_it_refuses(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        keys.make(tmp_path / "daybook.key", None)
    with pytest.raises(BadInput):
        keys.make(tmp_path / "daybook.key", None, passphrase="short")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    ring = MemoryKeyRing()
    with pytest.raises(StoreError, match="could not be written"):
        keys.make(tmp_path / "no such folder" / "daybook.key", ring, store_id="s")
    assert ring.get(keys.master_name("s")) is None


def test_lost_and_exchanged_keys_are_told_apart(tmp_path: Path) -> None:
    ring, path = MemoryKeyRing(), tmp_path / "daybook.key"
    with pytest.raises(StoreError, match="missing"):
        keys.fetch(path, ring)
    made = keys.make(path, ring)
    with pytest.raises(SetupError):
        keys.fetch(path, None)
    ring.put(keys.master_name(made.store_id), "00" * 32)
    with pytest.raises(StoreError, match="does not belong"):
        keys.fetch(path, ring)
    ring.put(keys.master_name(made.store_id), "nonsense")
    with pytest.raises(StoreError, match="not in this computer's keyring"):
        keys.fetch(path, ring)
    path.write_bytes(b"{")
    with pytest.raises(StoreError, match="cannot be read"):
        keys.fetch(path, ring)


def test_what_a_windows_credential_holds() -> None:
    assert keys.fits("x" * 1250)
    assert not keys.fits("x" * 1251)
    assert not keys.fits("🩺" * 700)


def test_sealing_is_bound_to_its_context_and_bounded() -> None:
    sealed = sealing.seal(b"secret", PASSPHRASE, b"here")
    assert sealing.unseal(sealed, PASSPHRASE, b"here") == b"secret"
    assert sealing.seal(b"secret", PASSPHRASE, b"here").box != sealed.box
    with pytest.raises(BadInput):
        sealing.unseal(sealed, PASSPHRASE, b"there")
    greedy = sealing.Sealed(salt=sealed.salt, nonce=sealed.nonce, box=sealed.box, memory_kib=1 << 30)
    with pytest.raises(StoreError):
        sealing.unseal(greedy, PASSPHRASE, b"here")


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_a_keyring_that_keeps_nothing_is_refused(backend: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", backend)
    with pytest.raises(SetupError) as caught:
        OsKeyRing.find()
    assert caught.value.next_steps


def test_a_plain_text_keyring_is_refused_even_in_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    class PlaintextKeyring(keyring.backends.null.Keyring):
        backends = (keyring.backends.null.Keyring(),)

    monkeypatch.setattr(keyring, "get_keyring", PlaintextKeyring)
    with pytest.raises(SetupError):
        OsKeyRing.find()


def test_a_sealed_file_stands_in_for_a_keyring(tmp_path: Path) -> None:
    path = tmp_path / "daybook.head"
    ring = FileKeyRing(path, b"k" * 32)
    assert ring.get("a") is None
    ring.put("a", "Marigold")
    ring.put("b", "two")
    ring.remove("b")
    ring.remove("b")
    again = FileKeyRing(path, b"k" * 32)
    assert (again.get("a"), again.get("b")) == ("Marigold", None)
    assert b"Marigold" not in path.read_bytes()
    assert [item.name for item in tmp_path.iterdir()] == ["daybook.head"]
    with pytest.raises(SetupError):
        FileKeyRing(path, b"x" * 32).get("a")
    path.write_bytes(b"short")
    with pytest.raises(SetupError):
        again.put("a", "x")
    with pytest.raises(SetupError):
        FileKeyRing(tmp_path / "none" / "x", b"k" * 32).put("a", "x")


@pytest.mark.keyring
def test_the_real_keyring_keeps_replaces_and_forgets(tmp_path: Path) -> None:
    ring = OsKeyRing.find()
    path = tmp_path / "daybook.key"
    made = keys.make(path, ring)
    try:
        assert keys.fetch(path, OsKeyRing.find()) == made
        name = keys.secret_name(made.store_id, "c1", "api_key")
        assert ring.get(name) is None
        for value in ("one", "zwei ü 🩺", "x" * 1250):
            ring.put(name, value)
            assert ring.get(name) == value
        ring.remove(name)
        ring.remove(name)
        assert ring.get(name) is None
        assert ring.name
    finally:
        ring.remove(keys.master_name(made.store_id))
