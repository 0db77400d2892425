"""Find a slot: ranked from the store over many providers, rechecked live only where it is shown (A9, A10, A12, A13)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from app.desk.common import UseCase, askable, can, offer
from app.desk.picture import Snapshot
from app.desk.ports import LivePort
from app.desk.search import DAYS_LISTED, Unread, search, unread
from app.model.accounts import Actor, Permission
from app.model.capabilities import Capability
from app.model.clock import Clock
from app.model.errors import DaybookError
from app.model.rules import Reason, ReasonCode
from app.model.schedule import ProviderRow, Slot
from app.model.views import FoundSlot, SlotResults, SlotSearch, Verdict
from app.rules import why
from app.rules.slots import Asked, Place, mask_of, starts_for
from app.rules.timezones import minute_of, time_of
from app.rules.words import clock_time, count
from app.store import providers
from app.store.providers import VisitTypeRow
from app.store.store import Reader, Store

#: Live questions asked at the same time, over all systems; each system's own budget rules besides.
_AT_ONCE = 6
#: Provider-days rechecked for one set of results: what fits on a screen.
_SHOWN = 24


class Finding(UseCase):
    """Searching free times."""

    def __init__(self, store: Store, clock: Clock, live: LivePort) -> None:
        super().__init__(store, clock)
        self._live = live

    async def find(self, actor: Actor, wanted: SlotSearch) -> SlotResults:
        """Free times that fit, from the local copy: answers at once, also offline. Raises NotPermitted."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "find a slot")
        return await self._store.read(search, wanted, self._clock.now())

    async def recheck(self, actor: Actor, found: Sequence[FoundSlot]) -> tuple[FoundSlot, ...]:
        """The same times in the same order with the vendor's own verdict; one that cannot be asked says so.

        Times of one provider's day are asked together.
        """
        await self._allow(actor, Permission.VIEW_SCHEDULE, "find a slot")
        return await self.verdicts(found)

    async def recheck_results(self, actor: Actor, results: SlotResults) -> SlotResults:
        """Results with the verdicts of the three best and of the first provider-days listed, as many as are seen.

        Where the list is not full and the range reaches past what was read, the systems are asked about the nearest of
        those days first; each rechecking goes on where the last one ended.
        """
        await self._allow(actor, Permission.VIEW_SCHEDULE, "find a slot")
        if results.unread_from is not None and len(results.days) < DAYS_LISTED:
            results = await self._further(results.search)
        shown: dict[tuple[str, date], list[FoundSlot]] = {}
        listed = [slot for day in results.days for row in day.rows if not row.words for slot in row.times]
        for slot in [match.slot for match in results.best] + listed:
            key = (slot.provider_id, slot.day)
            if key in shown or len(shown) < _SHOWN:
                shown.setdefault(key, []).append(slot)
        asked = list(dict.fromkeys(slot for slots in shown.values() for slot in slots))
        verdicts = dict(zip(asked, await self.verdicts(asked), strict=True))
        best = tuple(
            msgspec.structs.replace(match, slot=verdicts.get(match.slot, match.slot)) for match in results.best
        )
        days = tuple(
            msgspec.structs.replace(
                day,
                rows=tuple(
                    msgspec.structs.replace(row, times=tuple(verdicts.get(slot, slot) for slot in row.times))
                    for row in day.rows
                ),
            )
            for day in results.days
        )
        said = [words for words in (_checked(verdicts.values()), results.checked_words) if words]
        return msgspec.structs.replace(results, best=best, days=days, checked_words=", ".join(said))

    async def _further(self, wanted: SlotSearch) -> SlotResults:
        """The same search once the systems told of the nearest days not read so far."""
        missing = await self._store.read(unread, wanted, self._clock.now())
        if len(missing) > _SHOWN:
            # Too many to ask about each: the systems' own answer to "when next?" leaps over what is full.
            named = await self._named_next(missing)
            missing = sorted(missing, key=lambda each: each not in named)[:_SHOWN]
        days: dict[tuple[str, str, int], list[date]] = {}
        for each in missing:
            days.setdefault((each.connection_id, each.provider_vendor_id, each.minutes), []).append(each.day)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(connection_id: str, provider_vendor_id: str, minutes: int, asked: list[date]) -> None:
            # What a system does not tell stays unread, and the results say so.
            async with gate:
                with contextlib.suppress(DaybookError):
                    await self._live.read_slots(connection_id, provider_vendor_id, asked, minutes)

        async with asyncio.TaskGroup() as group:
            for (connection_id, provider_vendor_id, minutes), asked in days.items():
                group.create_task(ask(connection_id, provider_vendor_id, minutes, asked))
        return await self._store.read(search, wanted, self._clock.now())

    async def _named_next(self, missing: Sequence[Unread]) -> frozenset[Unread]:
        """Of days never read, those that the systems name as the next with a free time: a question a provider."""
        last = max(each.day for each in missing)
        providers = {(each.connection_id, each.provider_vendor_id, each.minutes) for each in missing}
        ahead = (last - await self._day(self._clock.now())).days + 1
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(connection_id: str, provider_vendor_id: str, minutes: int) -> Unread | None:
            async with gate:
                with contextlib.suppress(DaybookError):
                    slot = await self._live.next_slot(connection_id, provider_vendor_id, minutes, ahead)
                    if slot is not None:
                        return Unread(
                            connection_id=connection_id,
                            provider_vendor_id=provider_vendor_id,
                            day=slot.day,
                            minutes=minutes,
                        )
            return None

        answers = await asyncio.gather(*(ask(*each) for each in sorted(providers)[:_SHOWN]))
        return frozenset(each for each in answers if each is not None)

    async def why_not(
        self, actor: Actor, provider_id: str, day: date, start_minute: int, minutes: int, visit_type: str = ""
    ) -> tuple[Reason, ...]:
        """Everything that speaks against this time, in words; empty when it is offered (FEATURES A12)."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "why a time is not offered")
        asked = Asked(minutes=minutes, visit_type=visit_type)
        return await self._store.read(_why_not, provider_id, day, start_minute, asked, self._clock.now())

    async def verdicts(self, found: Sequence[FoundSlot]) -> tuple[FoundSlot, ...]:
        """``recheck`` for use cases that have asked for permission themselves."""
        groups: dict[tuple[str, str, date, int], list[FoundSlot]] = {}
        for slot in found:
            groups.setdefault((slot.connection_id, slot.provider_vendor_id, slot.day, slot.minutes), []).append(slot)
        gate = asyncio.Semaphore(_AT_ONCE)
        answers: dict[FoundSlot, FoundSlot] = {}

        async def ask(slots: list[FoundSlot]) -> None:
            async with gate:
                answers.update(zip(slots, await self._ask(slots), strict=True))

        async with asyncio.TaskGroup() as group:
            for slots in groups.values():
                group.create_task(ask(slots))
        return tuple(answers[slot] for slot in found)

    async def told_now(self, slot: FoundSlot) -> frozenset[int] | None:
        """The start minutes the vendor offers now on the slot's provider-day and for its length; None where it does
        not answer."""
        try:
            told = await self._live.open_slots(slot.connection_id, slot.provider_vendor_id, slot.day, slot.minutes)
        except DaybookError:
            return None
        return frozenset(minute_of(each.start) for each in told if each.day == slot.day)

    async def _ask(self, slots: list[FoundSlot]) -> list[FoundSlot]:
        """The verdicts on times of one provider's day: one question, whatever their number."""
        first = slots[0]
        try:
            if len(slots) == 1:
                check = await self._live.check_slot(first.connection_id, slot_of(first))
                free = {first.start_minute} if check.available else set()
            else:
                told = await self._live.open_slots(
                    first.connection_id, first.provider_vendor_id, first.day, first.minutes
                )
                free = {minute_of(each.start) for each in told if each.day == first.day}
        except DaybookError as failed:
            words = f"Not checked. {failed.happened}"
            return [msgspec.structs.replace(slot, verdict=Verdict.FAILED, words=words) for slot in slots]
        now = self._clock.now()
        return [_judged(slot, slot.start_minute in free, now) for slot in slots]


def _judged(slot: FoundSlot, free: bool, now: datetime) -> FoundSlot:
    if free:
        return msgspec.structs.replace(slot, verdict=Verdict.FREE, checked_at=now, words="")
    words = f"{clock_time(slot.start_minute)} was just taken."
    return msgspec.structs.replace(slot, verdict=Verdict.TAKEN, checked_at=now, words=words)


def slot_of(found: FoundSlot) -> Slot:
    """The vendor's slot behind a found time."""
    return Slot(
        day=found.day,
        start=time_of(found.start_minute),
        minutes=found.minutes,
        provider_vendor_id=found.provider_vendor_id,
    )


def _checked(verdicts: Iterable[FoundSlot]) -> str:
    """``"2 systems checked live"``, and how many did not answer."""
    answered = {slot.connection_id for slot in verdicts if slot.verdict in {Verdict.FREE, Verdict.TAKEN}}
    failed = {slot.connection_id for slot in verdicts if slot.verdict is Verdict.FAILED} - answered
    said = [f"{count(len(answered), 'system')} checked live"] if answered else []
    said += [f"{count(len(failed), 'system')} did not answer"] if failed else []
    return ", ".join(said)


# ---------------------------------------------------------------- why not


def _why_not(conn: Reader, provider_id: str, day: date, start: int, asked: Asked, now: datetime) -> tuple[Reason, ...]:
    provider = providers.get(conn, provider_id)
    if provider is None:
        return (Reason(code=ReasonCode.NOT_READ, words="This provider is not listed any more."),)
    snapshot = Snapshot.read(conn, day, day, None, now)
    lists = listed_for(providers.visit_types(conn), provider, asked.visit_type)
    asked = msgspec.structs.replace(asked, vendor_lists_provider=lists)
    return reasons_for(snapshot, provider, day, start, asked)


def reasons_for(snapshot: Snapshot, provider: ProviderRow, day: date, start: int, asked: Asked) -> tuple[Reason, ...]:
    """Local reasons against a time, else the system's silence; empty when the system offers it."""
    connection = snapshot.connection(provider)
    booking = offer(connection, Capability.BOOK_VISIT)
    if not can(connection, Capability.BOOK_VISIT):
        words = booking.words or f"{connection.name} takes no bookings from here."
        return (Reason(code=ReasonCode.CANNOT_BOOK, words=words),)
    known = snapshot.rules.get(provider.provider_id)
    place: Place = snapshot.place(provider)
    candidate = why.Candidate(day=day, start=start, asked=asked)
    busy = snapshot.busy(provider.provider_id, day)
    local = why.reasons(candidate, provider, known, place, busy, snapshot.in_rooms(day))
    if local:
        return local
    told = snapshot.open_days.get((provider.provider_id, day), [])
    if starts_for([(each.minutes, mask_of(each.starts)) for each in told], asked.minutes) >> start & 1:
        return ()
    if not told:
        words = f"{connection.name}'s free times of this day have not been read yet."
        silent = Reason(code=ReasonCode.NOT_READ, words=words, firm=False)
    else:
        silent = why.vendor_silent(connection.name)
    missing = why.setup_missing(known, provider)
    state = () if askable(connection) else (_not_askable(connection.name, connection.state_words),)
    return (silent, *state, *((missing,) if missing else ()))


def _not_askable(name: str, words: str) -> Reason:
    return Reason(
        code=ReasonCode.NOT_READ,
        words=f"{name} cannot be asked just now. {words}".strip(),
        firm=False,
    )


def listed_for(types: Iterable[VisitTypeRow], provider: ProviderRow, visit_type: str) -> bool:
    """Whether the provider's system lists them for this type; True where it says nothing of it."""
    for row in types:
        if row.connection_id == provider.connection_id and row.visit_type.name == visit_type:
            ids = row.visit_type.provider_vendor_ids
            return not ids or provider.vendor_id in ids
    return True
