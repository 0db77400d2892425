"""Small secrets in a sealed file, for computers without a keyring, where a passphrase opens the store.

The file is sealed with a key derived from the store's own, so it tells nothing to who has not opened the store. It
holds the end of the audit chain apart from the store; who can put back an older copy of *both* files is not found out,
as a keyring would find out: that is the price of a computer without one.
"""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path

import msgspec

from app.model.errors import SetupError
from app.store.database import keep_out_of_others_sight

_NONCE_BYTES = 12
_PURPOSE = b"daybook sealed keyring"


class FileKeyRing:
    """A ``KeyRing`` in the file at ``path``, sealed with a key derived from the store's ``key``."""

    def __init__(self, path: Path, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        self._path = path
        self._box = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key))
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        """The secret of that name, or None. Raises SetupError for a file that does not open."""
        with self._lock:
            return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        """Keep a secret; on disk when this returns."""
        with self._lock:
            self._write(self._read() | {name: value})

    def remove(self, name: str) -> None:
        """Forget a secret."""
        with self._lock:
            kept = self._read()
            if kept.pop(name, None) is not None:
                self._write(kept)

    def _read(self) -> dict[str, str]:
        from cryptography.exceptions import InvalidTag

        try:
            raw = self._path.read_bytes()
            plain = self._box.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE)
            return msgspec.json.decode(plain, type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, InvalidTag, ValueError) as failure:
            raise _unusable(failure) from failure

    def _write(self, kept: dict[str, str]) -> None:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        partial = self._path.with_name(f"{self._path.name}.part")
        try:
            with partial.open("wb") as file:
                file.write(nonce + self._box.encrypt(nonce, msgspec.json.encode(kept), _PURPOSE))
                file.flush()
                os.fsync(file.fileno())
            keep_out_of_others_sight(partial)
            partial.replace(self._path)
        except OSError as failure:
            raise _unusable(failure) from failure


def _unusable(failure: Exception) -> SetupError:
    return SetupError(
        "The sealed file beside the store cannot be used.",
        "It holds the end of the audit log; without it a shortened log would not be noticed.",
        ("Check that the disk lets you write and has space.", "Run the check-up (daybook doctor)."),
        detail=type(failure).__name__,
    )
