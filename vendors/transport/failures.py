"""What went wrong on the way, as typed errors in words. Pure: exceptions and statuses in, errors out."""

from __future__ import annotations

import math
import socket
import ssl
from datetime import datetime
from email.utils import parsedate_to_datetime

from app.model.errors import (
    AuthExpired,
    Drifted,
    NotEntitled,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
    VendorError,
    VendorRejected,
)

#: Trouble of the vendor's own that often passes: worth another try for what is safe to repeat.
PASSING = frozenset({500, 502, 503, 504, 520, 521, 522, 523, 524})


def not_sent(title: str, error: BaseException) -> Unreachable:
    """Nothing left this machine: no network, no such name, nobody listening, or no trust."""
    causes = list(_chain(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(
            f"Daybook could not verify that it talks to {title}.",
            "The certificate there is not trusted, so nothing was sent.",
            (
                "Check the date and time of this computer.",
                "If the office network inspects traffic, ask its administrator for the certificate to add.",
            ),
            detail="TLS verification failed",
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        happened = f"The address of {title} was not found."
    else:
        happened = f"{title} could not be reached."
    return Unreachable(
        happened,
        "Nothing was sent.",
        ("Check the network of this computer.", "Daybook tries again by itself."),
        detail=type(error).__name__,
    )


def closed(title: str) -> Unreachable:
    """The connection was given back while this waited for its turn."""
    return Unreachable(f"The connection to {title} is closed.", "Nothing was sent.", ("Open it again.",))


def no_answer(title: str, error: BaseException) -> Unreachable:
    """A read was sent and not answered. Nothing can have happened by it."""
    return Unreachable(
        f"{title} did not answer.",
        "Nothing was changed there. What you see is the last copy.",
        ("Daybook tries again by itself.",),
        detail=type(error).__name__,
    )


def outcome_unknown(title: str, why: str) -> OutcomeUnknown:
    """A write was sent and has no clear answer; ``why`` is detail for support."""
    return OutcomeUnknown(
        f"{title} did not say whether it was done.",
        "It may have happened, so it is not sent again before Daybook has looked.",
        ("Daybook reads it back first.",),
        detail=why,
    )


def rate_limited(title: str, seconds: float) -> RateLimited:
    """The vendor wants a pause of ``seconds``."""
    wait = f"{round(seconds)} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    return RateLimited(
        f"{title} asked us to slow down.",
        "Nothing is lost.",
        (f"Daybook goes on in {wait}.",),
        retry_after=seconds,
    )


def for_status(title: str, status: int, *, operation: str, write: bool, said: str = "") -> VendorError:
    """An answer outside 2xx, 401 and 429 included. ``said`` is the vendor's reason, already scrubbed."""
    detail = f"{operation}: HTTP {status}"
    says = f"{title} says: “{said}”." if said else ""
    if status == 401:
        return AuthExpired(
            f"{title} no longer accepts this session.",
            says or "The sign-in has ended or was withdrawn.",
            ("Sign in again.",),
            detail=detail,
        )
    if status == 403:
        return NotEntitled(
            f"{title} does not let this account do that.",
            says or "The account is signed in, but this right is missing.",
            (f"Ask {title} or the practice's administrator for this right.",),
            detail=detail,
        )
    if status in {404, 410}:
        return NotFound(
            f"{title} does not know this record.",
            says or "It may have been removed there.",
            ("Update from the system and look again.",),
            detail=detail,
        )
    if status == 408 or status >= 500:
        if write:
            return outcome_unknown(title, detail)
        return Unreachable(
            f"{title} has a problem of its own.",
            "Nothing was changed there. What you see is the last copy.",
            ("Daybook tries again by itself.",),
            detail=detail,
        )
    if 400 <= status < 500:
        return VendorRejected(
            f"{title} did not accept this.",
            says or "It gave no reason.",
            ("Correct it and send it again.",),
            detail=detail,
        )
    if write:
        return outcome_unknown(title, detail)
    return Drifted(
        f"{title} answered from another place or in another way.",
        "Daybook does not follow, so nothing was used.",
        ("Check the address of this connection.",),
        detail=detail,
    )


def pause_seconds(retry_after: str, now: datetime, usual: float = 30.0) -> float:
    """``Retry-After`` as seconds: a number or a date, never below 0 or above a day; ``usual`` where it says nothing."""
    text = retry_after.strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
        except (TypeError, ValueError):
            return usual
    return usual if math.isnan(seconds) else min(max(seconds, 0.0), 86400.0)


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
