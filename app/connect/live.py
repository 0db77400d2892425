"""Live questions of the desk, answered by the vendors now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime

from app.connect.codes import on_behalf_of
from app.connect.fetch_people import keep_found, read_coverage
from app.connect.fetch_schedule import keep_days
from app.connect.links import Links
from app.connect.offering import finds_slots, searches_patients
from app.model.accounts import Actor
from app.model.capabilities import Capability, CapabilityOffer
from app.model.clock import Clock
from app.model.connection import Topic
from app.model.coverage import CoverageRecord
from app.model.errors import DaybookError
from app.model.people import Patient
from app.model.schedule import Slot, SlotCheck
from app.model.sourced import Sourced
from app.store import patients
from app.store.store import Store
from app.store.tx import Tx


class LiveOnLinks:
    """Implements ``app.desk.ports.LivePort``."""

    def __init__(self, store: Store, clock: Clock, links: Links) -> None:
        self._store = store
        self._clock = clock
        self._links = links

    async def check_slot(self, connection_id: str, slot: Slot) -> SlotCheck:
        """Ask the vendor itself whether ``slot`` is free at this moment."""
        session = self._links.get(connection_id).session
        return await session.call(Capability.FIND_OPEN_SLOTS, lambda adapter: finds_slots(adapter).check_slot(slot))

    async def open_slots(self, connection_id: str, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        """All free times of ``minutes`` on ``day``; this length is kept fresh from now on."""
        link = self._links.get(connection_id)
        link.sync.slots.want(minutes)
        return await link.session.call(
            Capability.FIND_OPEN_SLOTS,
            lambda adapter: finds_slots(adapter).open_slots(provider_vendor_id, day, minutes),
        )

    async def read_slots(self, connection_id: str, provider_vendor_id: str, days: Sequence[date], minutes: int) -> None:
        """Ask for the free times of ``days`` and keep the answers in the store, besides what syncing keeps."""
        link = self._links.get(connection_id)

        async def ask(day: date) -> tuple[date, list[Slot], datetime]:
            as_of = self._clock.now()
            found = await link.session.call(
                Capability.FIND_OPEN_SLOTS,
                lambda adapter: finds_slots(adapter).open_slots(provider_vendor_id, day, minutes),
            )
            return day, found, as_of

        told = [await ask(day) for day in days]
        await self._store.write(keep_days, connection_id, provider_vendor_id, minutes, told)

    async def next_slot(
        self, connection_id: str, provider_vendor_id: str, minutes: int, max_days: int | None = None
    ) -> Slot | None:
        """The vendor's own answer to "when is the next free time?", or None within ``max_days``."""
        link = self._links.get(connection_id)
        link.sync.slots.want(minutes)
        return await link.session.call(
            Capability.FIND_OPEN_SLOTS,
            lambda adapter: finds_slots(adapter).next_slot(provider_vendor_id, minutes, max_days),
        )

    async def search_patients(
        self, connection_id: str, text: str, actor: Actor | None = None
    ) -> list[Sourced[Patient]]:
        """Look in the vendor's own records; what is found is kept in the store, with local ids."""
        session = self._links.get(connection_id).session
        with _for(actor, f"Searching patients in {session.title}"):
            page = await session.call(
                Capability.SEARCH_PATIENTS, lambda adapter: searches_patients(adapter).search_patients(text)
            )
        return await self._store.write(_keep, connection_id, page.items, session.manifest.limits.thin_lists)

    async def coverage(self, connection_id: str, patient_vendor_id: str, actor: Actor) -> list[Sourced[CoverageRecord]]:
        """The insurance policies on a patient's record, primary first; kept in the store."""
        link = self._links.get(connection_id)
        with _for(actor, f"Reading insurance in {link.session.title}"):
            return await read_coverage(link.source, patient_vendor_id)

    def offers(self, connection_id: str) -> tuple[CapabilityOffer, ...]:
        """What this connection can be asked to do at this moment, in words where it cannot."""
        return self._links.get(connection_id).session.offers()

    async def sync_now(
        self, connection_id: str | None = None, topics: Sequence[Topic] = (), actor: Actor | None = None
    ) -> None:
        """Read again now; None means every connection, no topics means all. Raises the first failure, in words."""
        failure: DaybookError | None = None
        chosen = [self._links.get(connection_id)] if connection_id else list(self._links.by_id.values())
        for link in chosen:
            link.session.ask_again()
            try:
                with _for(actor, f"Reading {link.session.title} again"):
                    await link.sync.read_now(tuple(topics))
            except DaybookError as error:
                failure = failure or error
        if failure is not None:
            raise failure

    def watch(self, topic: Topic, days: Sequence[date] = ()) -> Callable[[], None]:
        """Somebody is looking at ``topic`` (and ``days``): keep it fresh until the returned function is called."""
        return self._links.watches.watch(topic, days)


def _for(actor: Actor | None, waiting: str) -> AbstractContextManager[None]:
    """Whoever asks is asked first for a code that it needs."""
    return on_behalf_of(actor.account_id, waiting, actor.full_name) if actor is not None else nullcontext()


def _keep(tx: Tx, connection_id: str, found: tuple[Sourced[Patient], ...], thin: bool) -> list[Sourced[Patient]]:
    keep_found(tx, connection_id, found, thin)
    kept = []
    for item in found:
        row = patients.by_vendor(tx.connection, connection_id, item.vendor_id)
        if row is not None and (whole := patients.get(tx.connection, row.local_id)) is not None:
            kept.append(whole)
    return kept
