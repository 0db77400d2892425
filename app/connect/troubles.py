"""What an error says about a connection, in one state and in words. An ended session is never a wrong password."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.connection import ConnectionState
from app.model.errors import (
    AuthExpired,
    DaybookError,
    Drifted,
    Locked,
    NeedsMfa,
    NotEntitled,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
    WrongCredentials,
)

#: What a trouble concerns: one capability, one side of the system (by name), or all of it.
Mark = Capability | str | None


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a connection."""

    state: ConnectionState
    words: str

    @property
    def whole(self) -> bool:
        """It concerns the whole connection, not one capability."""
        return self.state not in {ConnectionState.DRIFTED, ConnectionState.NOT_ENTITLED}


#: Nothing more is asked in one of these until a person has acted: asking on could lock the account.
STOPS = frozenset(
    {ConnectionState.WRONG_CREDENTIALS, ConnectionState.LOCKED, ConnectionState.NEEDS_CODE, ConnectionState.PAUSED}
)

#: The one to show when several are true.
_GRAVITY = (
    ConnectionState.PAUSED,
    ConnectionState.LOCKED,
    ConnectionState.WRONG_CREDENTIALS,
    ConnectionState.NEEDS_CODE,
    ConnectionState.OFFLINE,
    ConnectionState.VENDOR_DOWN,
    ConnectionState.REAUTHENTICATING,
    ConnectionState.SLOWED,
    ConnectionState.DRIFTED,
    ConnectionState.NOT_ENTITLED,
    ConnectionState.EXPIRING,
)

_BY_ERROR: tuple[tuple[type[DaybookError], ConnectionState], ...] = (
    (WrongCredentials, ConnectionState.WRONG_CREDENTIALS),
    (NeedsMfa, ConnectionState.NEEDS_CODE),
    (Locked, ConnectionState.LOCKED),
    (AuthExpired, ConnectionState.REAUTHENTICATING),
    (RateLimited, ConnectionState.SLOWED),
    (Drifted, ConnectionState.DRIFTED),
    (NotEntitled, ConnectionState.NOT_ENTITLED),
    (OutcomeUnknown, ConnectionState.VENDOR_DOWN),
)


def trouble_of(error: DaybookError) -> Trouble | None:
    """What ``error`` says about the connection, or None where it says nothing (a refused booking, a wrong field)."""
    if isinstance(error, Unreachable):
        # The adapters name what failed: to connect at all, or to get an answer from somebody who is there.
        nobody = any(mark in error.detail for mark in ("Connect", "gaierror", "TLS"))
        return Trouble(state=ConnectionState.OFFLINE if nobody else ConnectionState.VENDOR_DOWN, words=sentence(error))
    for kind, state in _BY_ERROR:
        if isinstance(error, kind):
            return Trouble(state=state, words=sentence(error))
    return None


def sign_in_trouble(error: DaybookError) -> Trouble | None:
    """The same for an error of signing in, where a plain refusal means that the account is locked (contract)."""
    found = trouble_of(error)
    if found is None and error.code == "vendor_rejected":
        return Trouble(state=ConnectionState.LOCKED, words=sentence(error))
    if found is None and error.code == "not_found":
        return Trouble(state=ConnectionState.WRONG_CREDENTIALS, words=sentence(error))
    return found


def gravest(troubles: Iterable[Trouble]) -> Trouble | None:
    """The trouble to show first, its words followed by those of the others."""
    order = sorted(troubles, key=lambda trouble: _GRAVITY.index(trouble.state))
    if not order:
        return None
    words = dict.fromkeys(trouble.words for trouble in order)
    return Trouble(state=order[0].state, words=" ".join(words))


def sentence(error: DaybookError) -> str:
    """What happened and what it means."""
    return f"{error.happened} {error.means}".strip()


def offers_now(
    base: Iterable[CapabilityOffer], troubles: Mapping[Mark, Trouble], side_of: Callable[[Capability], str]
) -> tuple[CapabilityOffer, ...]:
    """What can be done at this moment: the account's entitlements, less what is waiting, paused or was refused."""
    return tuple(
        _offer_now(offer, troubles.get(None) or troubles.get(side_of(offer.capability)), troubles.get(offer.capability))
        for offer in base
    )


def _offer_now(offer: CapabilityOffer, whole: Trouble | None, own: Trouble | None) -> CapabilityOffer:
    if offer.standing not in {Standing.YES, Standing.PARTLY}:
        return offer
    if whole is not None and whole.state in STOPS:
        standing = Standing.PAUSED if whole.state is ConnectionState.PAUSED else Standing.WAITING
        return msgspec.structs.replace(offer, standing=standing, words=whole.words)
    if own is not None:
        refused = own.state is ConnectionState.NOT_ENTITLED
        return msgspec.structs.replace(
            offer, standing=Standing.NOT_LICENSED if refused else Standing.PAUSED, words=own.words
        )
    return offer
