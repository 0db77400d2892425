"""Reading schedules: visits of a moving window and open slots, what is looked at first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from app.connect.offering import finds_slots, reads_schedule
from app.connect.refresh import Reading
from app.connect.source import Source
from app.connect.tasks import in_parallel
from app.connect.watching import Watches
from app.model.capabilities import Capability
from app.model.connection import Topic
from app.model.errors import Drifted, NotEntitled, NotFound, VendorRejected
from app.model.schedule import ProviderRow, Slot, Visit, VisitType
from app.model.sourced import Sourced
from app.rules.slots import lengths_used
from app.store import providers, rules, slots, visits
from app.store.database import Reader
from app.store.tx import Tx

#: Open slots are kept for two weeks (what a search looks through unless told otherwise), and for the days looked at.
SLOT_DAYS = 14
#: The whole window is read again after this long (seconds): while somebody looks, and while nobody does.
WHOLE_WATCHED = 600.0
WHOLE_IDLE = 1800.0

#: Errors that concern one provider's schedule; the others are still read.
_ONE = (NotEntitled, NotFound, Drifted, VendorRejected)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days of some providers to ask for in one request."""

    providers: tuple[ProviderRow, ...]
    start: date
    end: date


class Recent:
    """Days that were just read: leafing through days reads each new one, and not all the others again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at: dict[date, float] = {}

    def due(self, days: Iterable[date]) -> list[date]:
        """Those of ``days`` that were not read within half the vendor's shortest time between polls."""
        since = self._source.clock.monotonic() - self._source.session.manifest.limits.poll_floor_s / 2
        self._at = {day: at for day, at in self._at.items() if at > since}
        return sorted(set(days) - self._at.keys())

    def read(self, days: Iterable[date]) -> None:
        """These were read now."""
        now = self._source.clock.monotonic()
        self._at |= dict.fromkeys(days, now)

    def forget(self) -> None:
        """Something else is asked for from now on: everything is due."""
        self._at.clear()


class VisitsFetch:
    """Today and the days looked at every time; the whole window when it is due."""

    def __init__(self, source: Source, watches: Watches) -> None:
        self._source = source
        self._watches = watches
        self._whole_at: float | None = None
        self._recent = Recent(source)

    async def __call__(self, whole: bool) -> Reading:
        """Read what is due, or the ``whole`` window. Schedules that the vendor hides are named in the reading."""
        rows = await self._source.providers()
        near = runs(self._recent.due({self._source.today(), *self._watches.days(Topic.VISITS)}))
        now = self._source.clock.monotonic()
        patience = WHOLE_WATCHED if self._watches.watched(Topic.VISITS) else WHOLE_IDLE
        whole = whole or self._whole_at is None or now - self._whole_at >= patience
        groups = [tuple(rows)] if self._source.session.manifest.limits.whole_days else [(row,) for row in rows]
        spans = [
            Span(providers=group, start=start, end=end)
            for start, end in (near + self._window() if whole else near)
            for group in groups
            if group
        ]
        hid: dict[str, str] = {}
        await in_parallel(self._source.width(), [partial(self._read, span, hid) for span in spans])
        self._recent.read(day for start, end in near for day in days_of(start, end))
        if whole:
            self._whole_at = now if rows else None
        return Reading(whole=whole and bool(rows) and not hid, hid=_hidden(hid, len(rows), "schedules"))

    def _window(self) -> list[tuple[date, date]]:
        """The window in requests of the vendor's size, from today on first, then the past."""
        today = self._source.today()
        limits = self._source.session.manifest.limits
        length, behind = limits.window_days, limits.days_back
        ahead = [
            (today + timedelta(days=at), today + timedelta(days=min(at + length - 1, limits.days_ahead)))
            for at in range(0, limits.days_ahead + 1, length)
        ]
        back = [
            (today - timedelta(days=behind - at), today - timedelta(days=max(behind - at - length + 1, 1)))
            for at in range(0, behind, length)
        ]
        return ahead + back

    async def _read(self, span: Span, hid: dict[str, str]) -> None:
        try:
            await self._read_days(tuple(row.vendor_id for row in span.providers), span.start, span.end)
        except _ONE as error:
            if len(span.providers) == 1:
                hid[span.providers[0].name] = error.happened
                return
            # What is wrong with one provider's days hides no other's.
            for row in span.providers:
                await self._read(msgspec.structs.replace(span, providers=(row,)), hid)

    async def read_span(self, provider_vendor_id: str, start: date, end: date) -> None:
        """Read a provider's days and replace them in the store; again, if a booking of ours landed meanwhile."""
        await self._read_days((provider_vendor_id,), start, end)

    async def _read_days(self, vendor_ids: tuple[str, ...], start: date, end: date) -> None:
        source, asked = self._source, vendor_ids[0] if len(vendor_ids) == 1 else ""
        while True:
            landed, as_of = source.landed, source.clock.now()
            found: list[Sourced[Visit]] = await source.read(
                Capability.READ_SCHEDULE,
                lambda adapter: reads_schedule(adapter).visits(asked, start, end),
            )
            if source.landed == landed:
                break
        await source.store.write(_keep_visits, source.connection_id, vendor_ids, start, end, found, as_of)


class SlotsFetch:
    """Open slots of the coming days: for each provider the lengths of local rules, of visit types and those that
    people ask for."""

    def __init__(self, source: Source, watches: Watches) -> None:
        self._source = source
        self._watches = watches
        self._asked: dict[int, None] = {}
        self._whole_at: float | None = None
        self._whole_for: dict[str, frozenset[int]] = {}
        self._recent = Recent(source)

    def want(self, minutes: int) -> None:
        """Somebody asked for this length: keep it from now on, the last four."""
        if minutes not in self._asked:
            self._recent.forget()
        self._asked.pop(minutes, None)
        self._asked[minutes] = None
        while len(self._asked) > 4:
            del self._asked[next(iter(self._asked))]

    async def __call__(self, whole: bool) -> Reading:
        """Read the days looked at; all coming days when they are due, when ``whole`` is asked, or when the practice
        began to work with other lengths."""
        source = self._source
        rows, today = await source.providers(), source.today()
        lengths = await source.store.read(_lengths, source.connection_id, rows, tuple(self._asked))
        watched = [day for day in self._watches.days(Topic.OPEN_SLOTS) if day >= today]
        looked = self._recent.due(watched)
        now = source.clock.monotonic()
        patience = WHOLE_WATCHED if watched else WHOLE_IDLE
        whole = whole or self._whole_at is None or now - self._whole_at >= patience or self._lacks(lengths)
        chunks = [[day] for day in looked]
        if whole:
            await source.store.write(slots.forget_before, today)
            chunks.append([day for ahead in range(SLOT_DAYS) if (day := today + timedelta(days=ahead)) not in looked])
        hid: dict[str, str] = {}
        works = [
            partial(self._read, row, days, minutes, hid)
            for days in chunks
            for row in rows
            for minutes in lengths[row.provider_id]
        ]
        await in_parallel(source.width(), works)
        self._recent.read(looked)
        if whole:
            self._whole_at = now if rows else None
            self._whole_for = {provider: frozenset(each) for provider, each in lengths.items()}
        return Reading(whole=whole and bool(rows) and not hid, hid=_hidden(hid, len(rows), "lists of open times"))

    def _lacks(self, lengths: dict[str, tuple[int, ...]]) -> bool:
        return any(set(each) - self._whole_for.get(provider, frozenset()) for provider, each in lengths.items())

    async def _read(self, row: ProviderRow, days: list[date], minutes: int, hid: dict[str, str]) -> None:
        try:
            await self.read_days(row.vendor_id, days, minutes)
        except _ONE as error:
            hid[row.name] = error.happened

    async def read_days(self, provider_vendor_id: str, days: Iterable[date], minutes: int) -> None:
        """Ask for each day and keep the answers in one go."""
        found = []
        for day in days:
            as_of = self._source.clock.now()
            found.append((day, await self.ask(provider_vendor_id, day, minutes), as_of))
        await self._source.store.write(keep_days, self._source.connection_id, provider_vendor_id, minutes, found)

    async def ask(self, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        """The vendor's own answer for one day."""
        return await self._source.read(
            Capability.FIND_OPEN_SLOTS,
            lambda adapter: finds_slots(adapter).open_slots(provider_vendor_id, day, minutes),
        )


def _keep_visits(
    tx: Tx,
    connection_id: str,
    vendor_ids: tuple[str, ...],
    start: date,
    end: date,
    found: list[Sourced[Visit]],
    as_of: datetime,
) -> None:
    """Replace each provider's days by what was told of them."""
    for vendor_id in vendor_ids:
        own = [one for one in found if one.value.provider_vendor_id == vendor_id] if len(vendor_ids) > 1 else found
        visits.replace_window(tx, connection_id, vendor_id, start, end, own, as_of)


def _lengths(
    conn: Reader, connection_id: str, rows: list[ProviderRow], asked: tuple[int, ...]
) -> dict[str, tuple[int, ...]]:
    """The lengths (minutes) each provider's open times are read for, by provider id."""
    known = rules.all(conn)
    types = [row.visit_type for row in providers.visit_types(conn) if row.connection_id == connection_id]
    found = {}
    for row in rows:
        own = [known[row.provider_id]] if row.provider_id in known else []
        done = [each for each in types if each.active and _does(row, each)]
        found[row.provider_id] = lengths_used(own, done, *asked)
    return found


def _does(row: ProviderRow, kind: VisitType) -> bool:
    return not kind.provider_vendor_ids or row.vendor_id in kind.provider_vendor_ids


def keep_days(
    tx: Tx,
    connection_id: str,
    provider_vendor_id: str,
    minutes: int,
    found: list[tuple[date, list[Slot], datetime]],
) -> None:
    """Keep what the vendor told of a provider's days, each with when it was told."""
    for day, free, as_of in found:
        slots.replace_day(tx, connection_id, provider_vendor_id, day, minutes, free, as_of)


def days_of(start: date, end: date) -> list[date]:
    """Every day from ``start`` to ``end``, both included."""
    return [start + timedelta(days=at) for at in range((end - start).days + 1)]


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as unbroken runs, first and last day each: ``3, 4, 5, 9`` → ``(3, 5), (9, 9)``."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _hidden(hid: dict[str, str], among: int, what: str) -> tuple[str, ...]:
    if not hid:
        return ()
    reasons = "; ".join(f"{name}: {why}" for name, why in sorted(hid.items()))
    return (f"{len(hid)} of {among} {what} could not be read. {reasons}",)
