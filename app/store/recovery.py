"""Backup, restore on another computer, and wiping.

A backup is one file: a consistent copy of the encrypted store, and behind it a trailer in which the data key (with
the copy's checksum and, if given, the small secrets of the keyring) is sealed by the recovery passphrase. A dead
computer takes its keyring along, but not the backups.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from app.model.errors import StoreError
from app.store import audit, integrity
from app.store.audit_head import AuditHead, HeadKeeper
from app.store.database import DatabaseFailure, Reader, connect, failure_in_words, keep_out_of_others_sight
from app.store.keys import KeyRing, Keys, head_name, make, master_name, must_be_long_enough
from app.store.migrations import VERSION, copy_aside
from app.store.sealing import Sealed, seal, unseal

_MAGIC = b"DAYBOOK-BACKUP-1"
_TAIL = struct.Struct("<I16s")  # length of the trailer's JSON, magic
_LONGEST_TRAILER = 4_000_000
_CHUNK = 1 << 20


class _Trailer(msgspec.Struct, frozen=True, kw_only=True):
    store_id: str
    made_at: datetime
    version: int
    sealed: Sealed

    def context(self) -> bytes:
        return f"{self.store_id}|{self.made_at.isoformat()}|{self.version}".encode()


class _Contents(msgspec.Struct, frozen=True, kw_only=True):
    key: bytes
    sha256: str
    secrets: dict[str, str]


class BackupLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says about itself without the passphrase."""

    made_at: datetime
    version: int
    bytes_used: int


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A restored store: its new keys, when the backup was made, the small secrets that came with it.

    ``head`` is the end of its audit chain: already in the keyring, if one was given; else the caller's to keep.
    """

    keys: Keys
    made_at: datetime
    secrets: dict[str, str]
    head: AuditHead

    def __repr__(self) -> str:
        return f"Restored(keys={self.keys!r}, made_at={self.made_at!r})"


def back_up(
    path: Path, keys: Keys, target: Path, passphrase: str, made_at: datetime, secrets: Mapping[str, str] | None = None
) -> BackupLabel:
    """Write a backup of the store at ``path`` to ``target`` while work goes on. Blocks for seconds: in a thread.

    ``secrets`` are small secrets to take along, by any name the caller finds them again under. Raises BadInput for a
    weak passphrase, StoreError for a full or missing disk; an older file at ``target`` is replaced only at the end.
    """
    must_be_long_enough(passphrase)
    partial = target.with_name(f"{target.name}.part")
    try:
        connection = connect(path, keys.key, writer=False)
        try:
            connection.execute("PRAGMA query_only = OFF")  # VACUUM INTO counts as writing
            copy_aside(connection, partial)
        finally:
            connection.close()
        contents = _Contents(key=keys.key, sha256=_digest(partial), secrets=dict(secrets or {}))
        trailer = _Trailer(
            store_id=keys.store_id, made_at=made_at, version=VERSION, sealed=Sealed(salt=b"", nonce=b"", box=b"")
        )
        sealed = seal(msgspec.json.encode(contents), passphrase, trailer.context())
        text = msgspec.json.encode(msgspec.structs.replace(trailer, sealed=sealed))
        with partial.open("ab") as file:
            file.write(text + _TAIL.pack(len(text), _MAGIC))
        partial.replace(target)
    except DatabaseFailure as failure:
        raise failure_in_words(failure) from failure
    except OSError as failure:
        raise _disk_words(failure) from failure
    finally:
        partial.unlink(missing_ok=True)
    return label(target)


def label(backup: Path) -> BackupLabel:
    """What the backup says about itself. Raises StoreError for a file that is none, or not whole."""
    try:
        with backup.open("rb") as file:
            trailer, size = _trailer(file)
    except OSError as failure:
        raise _disk_words(failure) from failure
    return BackupLabel(made_at=trailer.made_at, version=trailer.version, bytes_used=size)


def restore(
    backup: Path, passphrase: str, path: Path, key_path: Path, ring: KeyRing | None, *, start_passphrase: str = ""
) -> Restored:
    """Put the store of ``backup`` at ``path``, where no store may be yet, and keep its key here.

    The key goes into ``ring``, or is wrapped by ``start_passphrase`` where there is none. The audit chain's end is
    kept anew. Everything is proven before it is put in place. Blocks for seconds: in a thread.
    """
    if path.exists() or key_path.exists():
        raise StoreError(
            "There is a store here already.",
            "Restoring would overwrite it, so nothing was done.",
            ("Choose an empty data folder.", "Or wipe this store first (Settings, Backup)."),
        )
    partial = path.with_name(f"{path.name}.part")
    try:
        with backup.open("rb") as file:
            trailer, size = _trailer(file)
            contents = _open_contents(trailer, passphrase)
            if _copy(file, partial, size) != contents.sha256:
                raise _not_whole()
        head = _prove(partial, contents.key)
        keys = make(key_path, ring, passphrase=start_passphrase, key=contents.key)
        if ring is not None:
            HeadKeeper(ring, keys.store_id).keep_now(head)
        partial.replace(path)
    except OSError as failure:
        raise _disk_words(failure) from failure
    finally:
        for left in _companions(partial):
            left.unlink(missing_ok=True)
    return Restored(keys=keys, made_at=trailer.made_at, secrets=contents.secrets, head=head)


def _open_contents(trailer: _Trailer, passphrase: str) -> _Contents:
    if trailer.version > VERSION:
        raise StoreError(
            "This backup was made by a newer Daybook.",
            "This version does not know everything that is in it, so nothing was restored.",
            ("Install the newest Daybook on this computer and restore again.",),
            detail=f"backup version {trailer.version}, program version {VERSION}",
        )
    return msgspec.json.decode(unseal(trailer.sealed, passphrase, trailer.context()), type=_Contents)


def _prove(path: Path, key: bytes) -> AuditHead:
    """Open the copy, check it whole, and give the end of its audit chain."""
    connection = connect(path, key, writer=True)
    try:
        found = integrity.problems(connection)
        verdict = audit.verify(connection, audit.head(connection))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    if found or not verdict.whole:
        raise _not_whole("; ".join((*found, verdict.words)))
    keep_out_of_others_sight(path)
    return verdict.head


def _trailer(file: IO[bytes]) -> tuple[_Trailer, int]:
    """The trailer and the size of the copy before it."""
    end = file.seek(0, 2)
    if end < _TAIL.size:
        raise _not_whole()
    file.seek(end - _TAIL.size)
    length, magic = _TAIL.unpack(file.read(_TAIL.size))
    size = end - _TAIL.size - length
    if magic != _MAGIC or length > _LONGEST_TRAILER or size < 0:
        raise _not_whole()
    file.seek(size)
    try:
        return msgspec.json.decode(file.read(length), type=_Trailer), size
    except msgspec.DecodeError:
        raise _not_whole() from None


def _copy(file: IO[bytes], target: Path, size: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    with target.open("wb") as out:
        left = size
        while left and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_whole(detail: str = "") -> StoreError:
    return StoreError(
        "This file is not a whole Daybook backup.",
        "It was cut, changed, or is something else. Nothing was restored.",
        ("Copy the file again from where it was saved.", "Or use an earlier backup."),
        detail=detail,
    )


def _disk_words(failure: OSError) -> StoreError:
    return StoreError(
        "The backup could not be read or written.",
        "The disk is full, not connected, or does not let you write there.",
        ("Check the disk and its free space.", "Try again, or choose another place."),
        detail=type(failure).__name__ if failure.errno is None else f"{type(failure).__name__} {failure.errno}",
    )


# -- wiping --------------------------------------------------------------------------------------------------------


def scrub(connection: Reader) -> None:
    """After ``connections.remove``: rewrite the file so that no free page, log or older copy keeps what was removed.

    Run through ``store.maintain``; it takes seconds for a large store, during which other writes wait. Backups that
    were written elsewhere still hold what was removed.
    """
    connection.execute("INSERT INTO patient_index (patient_index) VALUES ('optimize')")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for copy in _older_copies(Path(connection.execute("PRAGMA database_list").fetchone()[2])):
        copy.unlink()


def wipe(path: Path, key_path: Path, store_id: str, ring: KeyRing | None, secret_names: tuple[str, ...] = ()) -> None:
    """Destroy the key and every secret first (what is left of the file is noise then), and the files after.

    Call after the store was closed. Backups live elsewhere and stay.
    """
    if ring is not None:
        for name in (master_name(store_id), head_name(store_id), *secret_names):
            ring.remove(name)
    key_path.unlink(missing_ok=True)
    for left in (*_companions(path), *_older_copies(path)):
        left.unlink(missing_ok=True)


def _older_copies(path: Path) -> tuple[Path, ...]:
    """What was set aside before migrations."""
    return tuple(path.parent.glob(f"{path.name}.before-*"))


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal"))
