"""How one connection is doing: its troubles, what can be done meanwhile, and the words people read of both."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from app.connect.sides import side_of
from app.connect.troubles import Mark, Trouble, gravest, offers_now
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.connection import Connection, ConnectionState
from vendors.contract import Manifest, RateBudget

log = logging.getLogger("daybook.connect")

_LOST = frozenset({ConnectionState.OFFLINE, ConnectionState.VENDOR_DOWN})


class Noter(Protocol):
    """Keeps how a connection is doing."""

    async def __call__(self, state: ConnectionState, words: str, **fields: object) -> None:
        """Keep ``state`` and ``words``, and any other field of the connection."""
        ...


class Condition:
    """``troubles`` are what is wrong now, each under what it concerns; ``show`` keeps what people read of them."""

    def __init__(self, connection: Connection, manifest: Manifest, budget: RateBudget, note: Noter) -> None:
        self.troubles: dict[Mark, Trouble] = {}
        self._manifest = manifest
        self._budget = budget
        self._note = note
        self._name = f"{manifest.title} ({connection.connection_id[-6:]})"
        self._base = connection.offers or manifest.offers
        self._shown: tuple[ConnectionState, str] | None = None
        self._lost = False

    def found(self, offers: Iterable[CapabilityOffer]) -> None:
        """A test has just told what the account can do: that holds from now on, and no trouble of before does."""
        self._base = tuple(offers)
        self.troubles.clear()

    def licensed(self, capability: Capability) -> bool:
        """Whether this account has the capability at all, as the last test found; trouble of the moment aside."""
        standing = {offer.capability: offer.standing for offer in self._base}
        return standing.get(capability, Standing.NOT_OFFERED) in {Standing.YES, Standing.PARTLY}

    def offers(self) -> tuple[CapabilityOffer, ...]:
        """What can be done at this moment, in words where it cannot."""
        return offers_now(self._base, self.troubles, lambda capability: side_of(self._manifest, capability))

    async def passing(self, state: ConnectionState, words: str) -> None:
        """Keep a state that is over soon, whatever else is wrong."""
        await self._keep(state, words, {})

    async def show(self, fields: Mapping[str, object] | None = None) -> None:
        """Keep the gravest trouble, or that there is none."""
        worst = gravest(self.troubles.values())
        if worst is None:
            await self._keep(ConnectionState.HEALTHY, "", fields or {})
        else:
            await self._keep(worst.state, worst.words, fields or {})

    async def _keep(self, state: ConnectionState, words: str, fields: Mapping[str, object]) -> None:
        """Nothing need be kept where all is as last time and no ``fields`` came."""
        if not fields and (state, words) == self._shown:
            return
        self._shown = (state, words)
        self._log(state)
        await self._note(state, words, budget=self._budget.visible(), **fields)

    def _log(self, state: ConnectionState) -> None:
        if state in _LOST and not self._lost:
            self._lost = True
            log.warning("%s: lost, %s", self._name, state.value)
        elif state is ConnectionState.HEALTHY and self._lost:
            self._lost = False
            log.warning("%s: back", self._name)
