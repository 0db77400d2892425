"""Bearer tokens as OfficePro gives them: JWTs, signed by the simulator alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Any


class Tokens:
    """Issues and checks tokens of one tenant. ``lifetime_s`` can be shortened to see renewals."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self.lifetime_s = 24 * 3600

    def issue(self, tenant: str, scopes: tuple[str, ...], now: datetime) -> str:
        """A signed token with its scopes and its end."""
        seconds = int(now.timestamp())
        claims = {
            "sub": tenant,
            "scope": " ".join(scopes),
            "iat": seconds,
            "exp": seconds + self.lifetime_s,
            "jti": secrets.token_hex(8),
        }
        head = _packed({"alg": "HS256", "typ": "JWT"}) + "." + _packed(claims)
        return f"{head}.{self._signature(head)}"

    def scopes(self, token: str, tenant: str, now: datetime) -> frozenset[str] | None:
        """What a token allows, or None where it is not ours, not this tenant's, or over."""
        head, _, signature = token.rpartition(".")
        if not (token.isascii() and hmac.compare_digest(signature, self._signature(head))):
            return None
        claims = json.loads(base64.urlsafe_b64decode(head.partition(".")[2] + "=="))
        if claims["sub"] != tenant or claims["exp"] <= now.timestamp():
            return None
        return frozenset(claims["scope"].split())

    def expire_all(self) -> None:
        """Every token given so far is worth nothing from now on."""
        self._secret = secrets.token_bytes(32)

    def said_lifetime(self) -> str:
        """``expiresIn`` as the document writes it: ``"24h"``."""
        return f"{self.lifetime_s // 3600}h" if self.lifetime_s % 3600 == 0 else f"{self.lifetime_s}s"

    def _signature(self, head: str) -> str:
        return _text(hmac.new(self._secret, head.encode(), hashlib.sha256).digest())


def _packed(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
