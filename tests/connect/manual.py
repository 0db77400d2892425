"""Time that is moved instead of slept, and a vendor made of paper that says what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import FixedClock
from app.model.schedule import BookedVisit, BookingRequest, Provider, Visit
from app.model.sourced import Sourced
from vendors.contract import (
    Adapter,
    AddressField,
    CodeQuestion,
    FormField,
    Limits,
    Manifest,
    SessionInfo,
    VendorContext,
)


class ManualTiming:
    """Waits until ``advance`` has moved the clock far enough."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self._waits: list[tuple[float, asyncio.Event]] = []

    async def wait(self, alarm: asyncio.Event, seconds: float | None) -> None:
        over = asyncio.Event()
        entry = (self._clock.monotonic() + seconds if seconds is not None else float("inf"), over)
        self._waits.append(entry)
        tasks = [asyncio.ensure_future(alarm.wait()), asyncio.ensure_future(over.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waits.remove(entry)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def jitter(self, seconds: float) -> float:
        return seconds

    def move(self, seconds: float) -> None:
        self._clock.advance(seconds)
        for until, over in self._waits:
            if until <= self._clock.monotonic():
                over.set()


MANIFEST = Manifest(
    name="paper",
    title="Paper",
    source="PA",
    addresses=(AddressField(name="api", label="Address"),),
    tenant_label="Account",
    sign_in=(FormField(name="key", label="Key", secret=True),),
    offers=tuple(
        CapabilityOffer(capability=capability, standing=Standing.YES)
        for capability in (Capability.READ_PROVIDERS, Capability.READ_SCHEDULE, Capability.BOOK_VISIT)
    ),
    limits=Limits(requests=100_000, window_s=60.0, words="plenty", poll_floor_s=30.0),
)


@dataclass
class Paper:
    """The vendor's side: what is on paper, what it says next, what it was asked."""

    visits: dict[str, BookingRequest] = field(default_factory=dict)
    #: Errors to raise, by operation, first come first served.
    errors: dict[str, list[BaseException]] = field(default_factory=dict)
    #: Called after a booking was written down, before the answer.
    after_booking: Callable[[], Awaitable[None]] | None = None
    asked: list[str] = field(default_factory=list)
    code: str = ""
    expires_at: Any = None
    manifest_: Manifest = MANIFEST

    def names(self) -> tuple[str, ...]:
        return ("paper",)

    def manifest(self, name: str) -> Manifest:
        return self.manifest_

    def factory(self, name: str) -> Callable[[VendorContext], Adapter]:
        return lambda context: PaperAdapter(context, self)

    def note(self, operation: str) -> None:
        self.asked.append(operation)
        waiting = self.errors.get(operation)
        if waiting:
            raise waiting.pop(0)


class PaperAdapter:
    """One account of it."""

    def __init__(self, context: VendorContext, paper: Paper) -> None:
        self._context = context
        self._paper = paper

    async def sign_in(self) -> SessionInfo:
        self._paper.note("sign_in")
        if self._paper.code:
            given = await self._context.ask_code(CodeQuestion(words="A code was sent to the phone."))
            if given != self._paper.code:
                from app.model.errors import NeedsMfa

                raise NeedsMfa("Another code is wanted.")
        return SessionInfo(words="Signed in.", expires_at=self._paper.expires_at)

    async def test(self) -> list[CapabilityOffer]:
        return list(self._paper.manifest_.offers)

    async def close(self) -> None:
        return

    async def providers(self) -> list[Sourced[Provider]]:
        self._paper.note("providers")
        return [self._sourced("2", Provider(name="Dr. Oakenfield"))]

    async def provider(self, vendor_id: str) -> Sourced[Provider]:
        return (await self.providers())[0]

    async def visits(
        self, provider_vendor_id: str, start: date, end: date, visit_type: str = ""
    ) -> list[Sourced[Visit]]:
        self._paper.note("visits")
        return [
            self._sourced(
                vendor_id,
                Visit(
                    provider_vendor_id="2",
                    day=asked.day,
                    start=asked.start,
                    minutes=asked.minutes,
                    visit_type=asked.visit_type,
                ),
            )
            for vendor_id, asked in self._paper.visits.items()
            if start <= asked.day <= end
        ]

    async def book_visit(self, request: BookingRequest) -> BookedVisit:
        self._paper.note("book_visit")
        vendor_id = str(501 + len(self._paper.visits))
        self._paper.visits[vendor_id] = request
        if self._paper.after_booking is not None:
            await self._paper.after_booking()
        self._paper.note("book_visit_answer")
        return BookedVisit(visit_vendor_id=vendor_id, request=request)

    def _sourced(self, vendor_id: str, value: Any) -> Sourced[Any]:
        return Sourced(
            value=value,
            connection_id=self._context.connection_id,
            vendor_id=vendor_id,
            as_of=self._context.clock.now() - timedelta(0),
        )
