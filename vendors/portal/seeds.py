"""Codes from an authenticator's seed."""

from __future__ import annotations

import base64

import pyotp

#: What portals hand out as 16 letters; with less a code could be guessed.
_LEAST = 10


class Seed(pyotp.TOTP):
    """A seed as the portal shows it: base32, blanks and case as they come. Raises ValueError for what is none.

    pyotp wants 112 bits at least. Many portals issue 80 (RFC 4226's examples and the first authenticator apps did), and
    a practice cannot choose, so those are taken too.
    """

    def byte_secret(self) -> bytes:
        """The seed's bytes."""
        text = "".join(self.secret.split()).rstrip("=")
        decoded = base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)
        if len(decoded) < _LEAST:
            raise ValueError("a seed has 80 bits at least")
        return decoded
