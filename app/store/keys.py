"""The store's key: a random 256-bit key in the computer's keyring, or wrapped by a passphrase. Never in the clear.

Beside the store lies a small key file that says which of the two it is. It holds the store's id, a check value (so
that a wrong key is told apart from a damaged store) and, for a passphrase, the wrapped key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Protocol

import msgspec

from app.model.errors import BadInput, SetupError, StoreError
from app.model.ids import new_id
from app.store.database import keep_out_of_others_sight
from app.store.sealing import Sealed, seal, unseal

KEY_BYTES = 32
#: A Windows credential holds 2,560 bytes, written in UTF-16.
_LONGEST = 1_250
#: Shorter passphrases can be guessed by who has the file.
SHORTEST_PASSPHRASE = 12


class KeyRing(Protocol):
    """Where small secrets are kept. Calls may block for 150 ms and more: use ``asyncio.to_thread``."""

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""
        ...

    def put(self, name: str, value: str) -> None:
        """Keep a secret, replacing the one before; check with ``fits`` first."""
        ...

    def remove(self, name: str) -> None:
        """Forget a secret."""
        ...


class MemoryKeyRing:
    """A keyring that lasts as long as the process: for demo, shots, bench and tests."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""
        return self._secrets.get(name)

    def put(self, name: str, value: str) -> None:
        """Keep a secret."""
        self._secrets[name] = value

    def remove(self, name: str) -> None:
        """Forget a secret."""
        self._secrets.pop(name, None)


def fits(value: str) -> bool:
    """Whether every system's keyring can hold ``value``; what is larger goes to ``sealed``."""
    return len(value.encode("utf-16-le")) <= 2 * _LONGEST


def master_name(store_id: str) -> str:
    """The keyring's name for a store's key."""
    return f"daybook:{store_id}:master"


def head_name(store_id: str) -> str:
    """The keyring's name for the end of a store's audit chain."""
    return f"daybook:{store_id}:audit-head"


def secret_name(store_id: str, connection_id: str, name: str) -> str:
    """The keyring's name for a secret of a connection."""
    return f"daybook:{store_id}:secret:{connection_id}:{name}"


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """An opened key: the store's id and its 32 raw bytes."""

    store_id: str
    key: bytes

    def __repr__(self) -> str:
        return f"Keys(store_id={self.store_id!r})"


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside the store: its id, the check value and, for a passphrase, the wrapped key."""

    store_id: str
    check: str
    wrapped: Sealed | None = None
    version: int = 1


def read_key_file(path: Path) -> KeyFile | None:
    """The key file at ``path``, or None where there is none. Raises StoreError for one that cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as failure:
        raise StoreError(
            "The key file beside the store cannot be read.",
            "Without it Daybook does not know which key opens the data. Nothing was changed.",
            ("Restore the latest backup.", "Run the check-up (daybook doctor)."),
            detail=type(failure).__name__,
        ) from failure


def make(path: Path, ring: KeyRing | None, *, passphrase: str = "", key: bytes = b"", store_id: str = "") -> Keys:
    """Make a store's key (or take ``key``, when restoring), keep it, and write the key file at ``path``.

    Kept in ``ring``; with no ring, wrapped by ``passphrase``; with neither, SetupError: there is no third way.
    Raises StoreError, with nothing kept, where the file cannot be written.
    """
    keys = Keys(store_id=store_id or new_id(), key=key or secrets.token_bytes(KEY_BYTES))
    wrapped = None
    if ring is not None:
        ring.put(master_name(keys.store_id), keys.key.hex())
    elif passphrase:
        must_be_long_enough(passphrase)
        wrapped = seal(keys.key, passphrase, keys.store_id.encode())
    else:
        raise SetupError(
            "There is nowhere safe to keep the key to the data.",
            "Daybook stores nothing unencrypted, so it cannot go on.",
            ("Set up a keyring on this computer.", "Or choose a passphrase that is asked for at each start."),
        )
    file = KeyFile(store_id=keys.store_id, check=_check(keys), wrapped=wrapped)
    try:
        _write(path, file)
    except OSError as failure:
        if ring is not None:
            ring.remove(master_name(keys.store_id))
        raise StoreError(
            "The key file beside the store could not be written.",
            "The disk is full, or does not let you write there. Nothing was stored.",
            ("Check the disk and its free space, then try again.",),
            detail=f"{type(failure).__name__} {failure.errno}",
        ) from failure
    return keys


def fetch(path: Path, ring: KeyRing | None, *, passphrase: str = "") -> Keys:
    """The key of the store whose key file is at ``path``.

    Raises StoreError (no key file, key gone, key of another store), SetupError (no keyring), BadInput (passphrase).
    """
    file = read_key_file(path)
    if file is None:
        raise StoreError(
            "The key file beside the store is missing.",
            "Without it Daybook does not know which key opens the data. Nothing was changed.",
            ("Put the file back if it was moved.", "Or restore the latest backup."),
        )
    keys = Keys(store_id=file.store_id, key=_unwrap(file, passphrase) if file.wrapped else _from_ring(file, ring))
    if not hmac.compare_digest(file.check, _check(keys)):
        raise StoreError(
            "The key does not belong to this store.",
            "The keyring or the data folder was exchanged. Nothing was changed.",
            ("Check that the data folder is the right one.", "Or restore the latest backup."),
        )
    return keys


def needs_passphrase(path: Path) -> bool:
    """Whether the store at this key file is opened by a passphrase."""
    file = read_key_file(path)
    return file is not None and file.wrapped is not None


def must_be_long_enough(passphrase: str) -> None:
    """Raise BadInput for a passphrase that could be guessed."""
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise BadInput(
            "passphrase",
            f"The passphrase is shorter than {SHORTEST_PASSPHRASE} characters.",
            "Somebody who has the file could guess it.",
            ("Use four or more words that do not belong together.",),
        )


def _write(path: Path, file: KeyFile) -> None:
    partial = path.with_name(f"{path.name}.part")
    try:
        partial.write_bytes(msgspec.json.encode(file))
        keep_out_of_others_sight(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _unwrap(file: KeyFile, passphrase: str) -> bytes:
    if not passphrase:
        raise BadInput("passphrase", "This store opens with a passphrase.", "", ("Enter the passphrase.",))
    assert file.wrapped is not None
    return unseal(file.wrapped, passphrase, file.store_id.encode())


def _from_ring(file: KeyFile, ring: KeyRing | None) -> bytes:
    if ring is None:
        raise SetupError(
            "The key to the data is in this computer's keyring, and there is none now.",
            "The data are safe but cannot be opened.",
            ("Start Daybook in the desktop session it was set up in.", "Or restore the latest backup."),
        )
    kept = ring.get(master_name(file.store_id))
    try:
        key = bytes.fromhex(kept or "")
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(
            "The key to the data is not in this computer's keyring.",
            "The keyring was emptied, or this is another user or computer. The data cannot be opened without the key.",
            ("Sign in to the computer as the user who set Daybook up.", "Or restore the latest backup."),
        )
    return key


def _check(keys: Keys) -> str:
    # Of a random 256-bit key this gives nothing away.
    return hmac.new(keys.key, b"daybook key check:" + keys.store_id.encode(), hashlib.sha256).hexdigest()[:16]
