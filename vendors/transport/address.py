"""Which addresses may be called at all."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from app.model.errors import BadInput


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this very machine, by name or number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked(base_url: str, *, allow_plain_http: bool, field: str = "base_url") -> str:
    """``base_url`` without a trailing slash, if it may be called. Raises BadInput in words.

    ``https://`` anywhere; ``http://`` only to this machine and only where the connection is a sandbox.
    """
    parts = urlsplit(base_url.strip())
    steps = ("Check the address; it starts with https://.",)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise BadInput(field, "This is not a web address.", "Nothing was sent.", steps)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadInput(field, "The address carries more than a place.", "Nothing was sent.", steps)
    if parts.scheme == "http" and not (allow_plain_http and is_loopback(parts.hostname)):
        raise BadInput(
            field,
            "This address starts with http://, so what is sent could be read on the way.",
            "Nothing was sent. Plain http is only for a sandbox on this machine.",
            steps,
        )
    try:
        _ = parts.port
    except ValueError:
        raise BadInput(field, "The port in this address is not a number.", "Nothing was sent.", steps) from None
    return base_url.strip().rstrip("/")
