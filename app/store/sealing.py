"""Sealing a secret with a passphrase: argon2id makes the key, AES-256-GCM seals and proves."""

from __future__ import annotations

import secrets
import unicodedata

import msgspec

from app.model.errors import BadInput, StoreError

# RFC 9106, section 4, the second recommended choice: 64 MiB, three passes, four lanes.
_MEMORY_KIB = 65_536
_PASSES = 3
_LANES = 4
#: What a file may ask of this computer at most.
_MOST_MEMORY_KIB = 1_048_576
_MOST_PASSES = 16
_MOST_LANES = 16


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed secret with what is needed to open it, the passphrase apart."""

    salt: bytes
    nonce: bytes
    box: bytes
    memory_kib: int = _MEMORY_KIB
    passes: int = _PASSES
    lanes: int = _LANES


def seal(secret: bytes, passphrase: str, context: bytes) -> Sealed:
    """Seal ``secret``; it opens only with the same ``passphrase`` and ``context``. Takes about 100 ms."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    empty = Sealed(salt=secrets.token_bytes(16), nonce=secrets.token_bytes(12), box=b"")
    box = AESGCM(_derived(empty, passphrase)).encrypt(empty.nonce, secret, context)
    return msgspec.structs.replace(empty, box=box)


def unseal(sealed: Sealed, passphrase: str, context: bytes) -> bytes:
    """The secret. Raises BadInput where the passphrase (or the file it came in) does not fit."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_derived(sealed, passphrase)).decrypt(sealed.nonce, sealed.box, context)
    except (InvalidTag, ValueError):
        raise BadInput(
            "passphrase",
            "The passphrase does not fit.",
            "Nothing was opened.",
            ("Check capitals and spaces and enter it again.",),
        ) from None


def _derived(sealed: Sealed, passphrase: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    asked_too_much = (
        not 8 <= sealed.memory_kib <= _MOST_MEMORY_KIB
        or not 1 <= sealed.passes <= _MOST_PASSES
        or not 1 <= sealed.lanes <= _MOST_LANES
    )
    if asked_too_much:
        raise StoreError(
            "The file's sealing is not one that Daybook makes.",
            "It may be damaged or made up. Nothing was opened.",
            ("Use another backup.",),
        )
    # The same passphrase from another keyboard may come composed differently.
    secret = unicodedata.normalize("NFKC", " ".join(passphrase.split())).encode()
    return hash_secret_raw(
        secret,
        sealed.salt,
        time_cost=sealed.passes,
        memory_cost=sealed.memory_kib,
        parallelism=sealed.lanes,
        hash_len=32,
        type=Type.ID,
    )
