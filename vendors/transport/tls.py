"""Trust: the machine's own authorities, the usual public ones, and at most one more that a practice names."""

from __future__ import annotations

import ssl

from app.model.errors import SetupError


def trust(additional_ca: str = "") -> ssl.SSLContext:
    """A verifying client context (TLS 1.2 or newer). Slow (tens of milliseconds): make it off the loop.

    ``additional_ca`` is PEM text. Raises SetupError when it is not a certificate.
    """
    import certifi

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certifi.where())
    if additional_ca:
        try:
            context.load_verify_locations(cadata=additional_ca)
        except (ssl.SSLError, ValueError):
            raise SetupError(
                "The additional certificate cannot be read.",
                "Without it Daybook cannot verify who it talks to, so nothing was sent.",
                ("Choose the certificate file again (PEM).",),
            ) from None
    return context


def trust_nobody() -> ssl.SSLContext:
    """For plain http to this machine: verifies, and knows no authority, so that it can never carry TLS by mistake."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
