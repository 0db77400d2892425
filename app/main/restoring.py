"""Putting a backup in the place of a store, and setting a store aside: what was there is never lost halfway.

A backup is unpacked and proven in a folder of its own while the old store still stands; only then the files change
places. What was set aside lies, whole, in a folder that ``daybook --data-dir`` opens, until somebody wipes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from app.main.home import STORE_NAME
from app.main.house import House, head_keeper, head_path_of, key_path_of
from app.model.errors import StoreError
from app.store import recovery
from app.store.keys import KeyRing, head_name, master_name, read_key_file, secret_name
from app.store.recovery import Restored

_FRESH = "restoring"
_ASIDE = "set-aside-"


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was opened, proven whole and unpacked in ``fresh``; its key is kept already."""

    fresh: Path
    restored: Restored


def prepare(folder: Path, ring: KeyRing | None, source: Path, passphrase: str) -> Prepared:
    """Open the backup ``source`` and unpack it beside the store of ``folder``, which is not touched.

    On a computer without a keyring the recovery passphrase opens the restored store from then on. Blocks for seconds.
    Raises StoreError or BadInput in words.
    """
    fresh = folder / _FRESH
    destroy(fresh, ring)
    fresh.mkdir(mode=0o700)
    start = "" if ring is not None else passphrase
    try:
        restored = recovery.restore(
            source, passphrase, fresh / STORE_NAME, key_path_of(fresh), ring, start_passphrase=start
        )
    except BaseException:
        destroy(fresh, ring)
        raise
    if ring is None:
        head_keeper(fresh, restored.keys, None).keep_now(restored.head)
    else:
        for name, value in restored.secrets.items():
            connection_id, _, field = name.partition("/")
            ring.put(secret_name(restored.keys.store_id, connection_id, field), value)
    return Prepared(fresh=fresh, restored=restored)


def put_in_place(prepared: Prepared, folder: Path, now: datetime) -> Path:
    """Let the unpacked backup and the closed store of ``folder`` change places. Returns where the old one lies now."""
    aside = set_aside(folder, now)
    try:
        for path in _files_of(prepared.fresh):
            path.replace(folder / path.name)
    except OSError as failure:
        for path in _files_of(aside):
            path.replace(folder / path.name)
        raise _not_moved(failure) from failure
    prepared.fresh.rmdir()
    return aside


def restore_now(house: House, prepared: Prepared, old_secrets: Sequence[tuple[str, str]] = ()) -> None:
    """Put a backup in the place of a closed house's store, which is destroyed with its key and ``old_secrets``
    (``upkeep.secret_fields``, asked while it was open). Raises StoreError in words, with the old store in place."""
    aside = put_in_place(prepared, house.folder, house.clock.now())
    if house.ring is not None:
        for secret in old_secrets:
            house.ring.remove(secret_name(house.keys.store_id, *secret))
    destroy(aside, house.ring)


def set_aside(folder: Path, now: datetime) -> Path:
    """Move the closed store of ``folder`` (its key file and journals with it) into a new folder there, named by the
    moment. Raises StoreError in words, with everything where it was."""
    stamp = f"{_ASIDE}{now:%Y%m%d-%H%M%S}"
    aside, further = folder / stamp, 2
    while aside.exists():
        aside, further = folder / f"{stamp}-{further}", further + 1
    moved: list[Path] = []
    try:
        aside.mkdir(mode=0o700)
        for path in _files_of(folder):
            moved.append(path.replace(aside / path.name))
    except OSError as failure:
        for path in moved:
            path.replace(folder / path.name)
        raise _not_moved(failure) from failure
    return aside


def destroy(aside: Path, ring: KeyRing | None) -> None:
    """Destroy what lies in a folder of this module's making: the key first, then the files."""
    if not aside.is_dir():
        return
    try:
        file = read_key_file(key_path_of(aside))
    except StoreError:
        file = None
    if file is not None and ring is not None:
        for name in (master_name(file.store_id), head_name(file.store_id)):
            ring.remove(name)
    for path in aside.iterdir():
        path.unlink()
    aside.rmdir()


def destroy_all_aside(folder: Path, ring: KeyRing | None) -> None:
    """Destroy every store that was ever set aside in ``folder``."""
    for aside in (*folder.glob(f"{_ASIDE}*"), folder / _FRESH):
        destroy(aside, ring)


def has_store(folder: Path) -> bool:
    """Whether anything of a store lies in ``folder``."""
    return bool(_files_of(folder))


def _files_of(folder: Path) -> tuple[Path, ...]:
    store = folder / STORE_NAME
    names = (*(store.with_name(store.name + end) for end in ("", "-wal", "-shm", "-journal")),)
    return tuple(path for path in (*names, key_path_of(folder), head_path_of(folder)) if path.exists())


def _not_moved(failure: OSError) -> StoreError:
    return StoreError(
        "The data files could not be moved.",
        "Another program holds them, or the disk does not let you write. Everything is where it was.",
        ("Close other programs that use the data folder, then try again.",),
        detail=f"{type(failure).__name__} {failure.errno}",
    )
