"""What went wrong in the browser, as typed errors in words.

Playwright's own messages quote selectors and what was typed, so none of them gets further than this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from app.model.errors import AuthExpired, DaybookError, Drifted, NotFound, OutcomeUnknown, Unreachable, VendorError
from vendors.transport import failures

_NOBODY = ("REFUSED", "NAME_NOT_RESOLVED", "INTERNET_DISCONNECTED", "ADDRESS_UNREACHABLE", "CONNECTION_TIMED_OUT")


class HandedBack(Exception):
    """A person took over in the middle of this operation and has handed back. Never leaves this room."""


@contextmanager
def translated(title: str, operation: str) -> Iterator[None]:
    """Turn what Playwright raises into our errors; ours pass. What may have been written is not known here."""
    try:
        yield
    except (DaybookError, HandedBack):
        raise
    except TimeoutError:
        raise slow(title, operation) from None
    except Exception as error:
        if not is_browsers(error):
            raise
        raise _of_playwright(title, operation, error) from None


def is_browsers(error: BaseException) -> bool:
    """The browser's, or what drives it: nothing of ours."""
    return type(error).__module__.partition(".")[0] == "playwright"


def is_gone(error: Exception) -> bool:
    """Page, context or browser are no more."""
    text = str(error)
    is_closed = type(error).__name__ == "TargetClosedError"
    return is_closed or "has been closed" in text or "Connection closed" in text or "crashed" in text


def _of_playwright(title: str, operation: str, error: Exception) -> VendorError:
    name, text = type(error).__name__, str(error)
    if is_gone(error):
        return gone(title, operation)
    if name == "TimeoutError":
        return slow(title, operation)
    network = re.search(r"net::ERR_([A-Z_]+)", text)
    if network is None:
        return _nothing_came(f"The browser could not finish its work at {title}.", f"{operation}: {name}")
    if network[1].startswith(("CERT_", "SSL_")):
        return not_trusted(title)
    kind, network_first = network[1], "Check the network of this computer."
    if any(mark in kind for mark in _NOBODY):
        return _nothing_came(f"{title} could not be reached.", f"{operation}: Connect {kind}", network_first)
    return _nothing_came(f"{title} did not answer.", f"{operation}: {kind}", network_first)


def _nothing_came(happened: str, detail: str, *first: str) -> Unreachable:
    """A page was asked for and did not come, so nothing can have happened by it."""
    return Unreachable(
        happened,
        "Nothing was changed there. What you see is the last copy.",
        (*first, "Daybook tries again by itself."),
        detail=detail,
    )


def slow(title: str, operation: str) -> Unreachable:
    """The page did not come, or a control on it did not become usable, in time."""
    return _nothing_came(f"{title} did not answer in time.", f"{operation}: timeout")


def cut_off(title: str, operation: str) -> Unreachable:
    """A document ended before it was whole."""
    return _nothing_came(f"{title} sent only a part of the file, so it was not used.", f"{operation}: cut off")


def gone(title: str, operation: str) -> Unreachable:
    """The browser ended in the middle of a read, or before a write was sent. The next use starts another."""
    return _nothing_came(f"The browser ended while working at {title}.", f"{operation}: browser gone")


def trouble(title: str, operation: str) -> Unreachable:
    """The portal shows an error page of its own."""
    return _nothing_came(f"{title} has a problem of its own.", f"{operation}: error page")


#: Answers that never carry a page that is meant to be read.
NO_PAGE = frozenset({404, 410, 429})


def no_page(title: str, operation: str, status: int) -> VendorError:
    """The portal answered with an error in place of a page; what it may show with it is not that page changed."""
    if status in {404, 410}:
        return not_there(title, "page or record")
    if status == 401:
        return ended(title, operation)
    if status == 429 or status >= 500:
        return trouble(title, operation)
    return _nothing_came(f"{title} does not show this page now.", f"{operation}: HTTP {status}")


def blank(title: str, operation: str) -> Unreachable:
    """A page came with nothing on it: that is no changed page."""
    return _nothing_came(f"{title} sent an empty page.", f"{operation}: empty page")


def not_trusted(title: str) -> Unreachable:
    """The browser does not trust the portal's certificate. It asks this computer's authorities, not a connection's."""
    return Unreachable(
        f"Daybook could not verify that it talks to {title}.",
        "The certificate there is not trusted, so nothing was sent.",
        (
            "Check the date and time of this computer.",
            "If the office network inspects traffic, ask its administrator to add its certificate to those that this "
            "computer's browsers trust.",
        ),
        detail="TLS verification failed in the browser",
    )


def page_too_large(title: str, operation: str, largest: int) -> Drifted:
    """A page nobody could read was coming; it was not waited for."""
    return Drifted(
        f"The page that {title} sent is larger than {largest // (1024 * 1024)} MB.",
        "No page is that large, so Daybook stopped reading it. Nothing was typed there.",
        ("Try again later.", "If it stays, look at the page in a browser and tell support."),
        detail=f"{operation}: page too large",
    )


def elsewhere(title: str, operation: str, host: str) -> Drifted:
    """The portal sent the browser to an address that is not its own. The host is named, the rest may say too much."""
    return Drifted(
        f"{title} wanted to send Daybook to another address: {host}.",
        "That is not one of its own as far as Daybook knows, so nothing was typed or sent there.",
        ("Check the addresses of this connection.", f"Tell support if {host} belongs to {title}."),
        detail=f"{operation}: sent to another host",
    )


def ended(title: str, operation: str) -> AuthExpired:
    """The portal shows its log-in page: the session is over, the password is not in question."""
    return AuthExpired(
        f"The session with {title} has ended.",
        "Nothing was sent. The password is not in question.",
        ("Daybook signs in again.",),
        detail=f"{operation}: log-in page",
    )


def changed(title: str, page: str, missing: tuple[str, ...]) -> Drifted:
    """A page is not as we know it. ``missing`` names landmarks, never values."""
    return Drifted(
        f"{title}'s page “{page}” looks different from what Daybook knows.",
        "Daybook does not guess, so nothing was typed there. Writing on this page stops until somebody has looked.",
        ("Open the page and look.", "Do this step in the portal meanwhile.", "Tell support."),
        detail=f"{page}: {'; '.join(missing)}"[:300],
    )


def covered(title: str, page: str) -> Drifted:
    """An unknown window lies over the page; it is never clicked away."""
    return Drifted(
        f"{title} shows a message over its page “{page}” that Daybook does not know.",
        "It may ask for a decision, so Daybook does not click it away. Nothing was typed.",
        ("Open the page, read the message and answer it.", "Then test the connection again."),
        detail=f"{page}: unknown window",
    )


def stopped(title: str, page: str) -> Drifted:
    """A write meets a page that somebody must look at first."""
    return Drifted(
        f"Writing on {title}'s page “{page}” is stopped, because the page has changed.",
        "Nothing was sent. Reading goes on where the page still makes sense.",
        ("Do this step in the portal.", "Test the connection once the page is back to what it was."),
        detail=f"{page}: quarantine",
    )


def unknown(title: str, why: str) -> OutcomeUnknown:
    """A write was sent, or a person may have done it, and nothing clear came back."""
    return failures.outcome_unknown(title, why)


def not_there(title: str, what: str) -> NotFound:
    """The portal says that it has no such record; ``what`` is its kind (``patient``)."""
    return NotFound(
        f"{title} does not know this {what}.",
        "It may have been removed there.",
        ("Update from the system and look again.",),
        detail=f"portal: no such {what}",
    )
