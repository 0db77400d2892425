"""Errors that carry the way on.

``DaybookError``
├── ``VendorError``       something a vendor system said or failed to say
│   ├── ``NeedsMfa``        a sign-in code is wanted; a person must give it
│   ├── ``AuthExpired``     the session ended and could not be renewed by itself
│   ├── ``WrongCredentials`` the key, user or password is not accepted
│   ├── ``NotEntitled``     signed in, but this account may not do that
│   ├── ``RateLimited``     the vendor asked us to slow down (``retry_after``)
│   ├── ``SlotTaken``       the time is not free (any more)
│   ├── ``NotFound``        the record does not exist there
│   ├── ``VendorRejected``  understood and refused, with the vendor's reason
│   ├── ``Drifted``         an answer or page is not shaped as we know it
│   ├── ``Unreachable``     nothing was sent, or nothing was answered and nothing can have happened
│   └── ``OutcomeUnknown``  a write may or may not have happened
├── ``BadDocument``       a file or message that cannot be used
├── ``NotPermitted``      this person's role does not allow it
├── ``BadInput``          a field of a form is wrong (``field``)
├── ``Locked``            signed out, locked, or locked out for a while
├── ``StoreError``        the local copy: wrong key, damaged, too new, full disk
└── ``SetupError``        this machine lacks something (keyring, browser, display)

Each has a stable ``code`` and three texts for people: what ``happened``, what it ``means``, ``next_steps``.
No text may hold a patient's data: these reach logs.
"""

from __future__ import annotations

from typing import ClassVar


class DaybookError(Exception):
    """Base of all errors that reach people."""

    code: ClassVar[str] = "daybook"

    def __init__(
        self,
        happened: str,
        means: str = "",
        next_steps: tuple[str, ...] = (),
        *,
        retry_after: float | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(happened)
        self.happened = happened
        self.means = means
        self.next_steps = next_steps
        #: Seconds to wait before trying again, where that is known.
        self.retry_after = retry_after
        #: Technical detail for support, free of patient data.
        self.detail = detail

    def as_dict(self) -> dict[str, object]:
        """The shape ``daybook call`` prints."""
        return {
            "code": self.code,
            "happened": self.happened,
            "means": self.means,
            "next_steps": list(self.next_steps),
        }


class VendorError(DaybookError):
    """Something a vendor system said or failed to say."""

    code = "vendor"


class NeedsMfa(VendorError):
    """A sign-in code is wanted; a person must give it."""

    code = "needs_mfa"


class AuthExpired(VendorError):
    """The session ended and could not be renewed by itself."""

    code = "auth_expired"


class WrongCredentials(VendorError):
    """The key, user or password is not accepted."""

    code = "wrong_credentials"


class NotEntitled(VendorError):
    """Signed in, but this account may not do that."""

    code = "not_entitled"


class RateLimited(VendorError):
    """The vendor asked us to slow down."""

    code = "rate_limited"


class SlotTaken(VendorError):
    """The time is not free, or not any more."""

    code = "slot_taken"


class NotFound(VendorError):
    """The record does not exist there."""

    code = "not_found"


class VendorRejected(VendorError):
    """Understood and refused, with the vendor's reason."""

    code = "vendor_rejected"


class Drifted(VendorError):
    """An answer or page is not shaped as we know it."""

    code = "drifted"


class Unreachable(VendorError):
    """Nothing was sent, or nothing was answered and nothing can have happened."""

    code = "unreachable"


class OutcomeUnknown(VendorError):
    """A write was sent and no clear answer came: it may or may not have happened."""

    code = "outcome_unknown"


class BadDocument(DaybookError):
    """A file or message that cannot be used."""

    code = "bad_document"


class NotPermitted(DaybookError):
    """This person's role does not allow it."""

    code = "not_permitted"


class BadInput(DaybookError):
    """A field of a form is wrong; ``field`` is its name in the value being made."""

    code = "bad_input"

    def __init__(self, field: str, happened: str, means: str = "", next_steps: tuple[str, ...] = ()) -> None:
        super().__init__(happened, means, next_steps)
        self.field = field


class Locked(DaybookError):
    """Signed out, locked, or locked out for a while (``retry_after``)."""

    code = "locked"


class StoreError(DaybookError):
    """The local copy: wrong key, damaged, too new, full disk."""

    code = "store"


class SetupError(DaybookError):
    """This machine lacks something: a keyring, a browser, a display."""

    code = "setup"
