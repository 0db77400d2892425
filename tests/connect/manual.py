"""Time that is moved instead of slept, and a vendor made of paper that says what it is told to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import FixedClock
from app.model.connection import ConnectionState, Environment, Topic
from app.model.outbox import Job, JobState
from app.model.schedule import BookedVisit, BookingRequest, Provider, Visit
from app.model.sourced import Sourced
from app.model.systems import ConnectionForm
from app.rules.outbox_jobs import new_job
from tests.connect.workplace import Workplace, actor
from vendors.contract import (
    Adapter,
    AddressField,
    CodeAnswer,
    CodeQuestion,
    FormField,
    Limits,
    Manifest,
    SessionInfo,
    VendorContext,
)
from vendors.contract.context import USUAL_TIMING, Timing

#: Turns of the loop without anything asked of the store, after which nothing goes on by itself any more.
_QUIET = 50


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
    #: How long a person has to give it (seconds).
    patience: float = 60.0
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
        self.context = context
        self.paper = paper

    async def sign_in(self) -> SessionInfo:
        self.paper.note("sign_in")
        if self.paper.code:
            given = await self.context.ask_code(CodeQuestion(words="A code was sent to the phone."))
            if given not in (self.paper.code, CodeAnswer(code=self.paper.code)):
                from app.model.errors import NeedsMfa

                raise NeedsMfa("Another code is wanted.")
        return SessionInfo(words="Signed in.", expires_at=self.paper.expires_at)

    async def test(self) -> list[CapabilityOffer]:
        return list(self.paper.manifest_.offers)

    async def close(self) -> None:
        return

    async def providers(self) -> list[Sourced[Provider]]:
        self.paper.note("providers")
        return [self._sourced("2", Provider(name="Dr. Oakenfield"))]

    async def provider(self, vendor_id: str) -> Sourced[Provider]:
        return (await self.providers())[0]

    async def visits(
        self, provider_vendor_id: str, start: date, end: date, visit_type: str = ""
    ) -> list[Sourced[Visit]]:
        self.paper.note("visits")
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
            for vendor_id, asked in self.paper.visits.items()
            if start <= asked.day <= end
        ]

    async def book_visit(self, request: BookingRequest) -> BookedVisit:
        self.paper.note("book_visit")
        vendor_id = str(501 + len(self.paper.visits))
        self.paper.visits[vendor_id] = request
        if self.paper.after_booking is not None:
            await self.paper.after_booking()
        self.paper.note("book_visit_answer")
        return BookedVisit(visit_vendor_id=vendor_id, request=request)

    def _sourced(self, vendor_id: str, value: Any) -> Sourced[Any]:
        return Sourced(
            value=value,
            connection_id=self.context.connection_id,
            vendor_id=vendor_id,
            as_of=self.context.clock.now() - timedelta(0),
        )


@dataclass(kw_only=True)
class PaperDesk(Workplace):
    """A workplace connected to the paper; its time stands until ``move``."""

    clock: FixedClock
    waiting: ManualTiming
    paper: Paper = field(default_factory=Paper)
    timing: Timing = USUAL_TIMING

    #: What was asked of the store and is not answered yet.
    _asked: int = 0

    def __post_init__(self) -> None:
        self.vendors = self.paper
        for lane in (self.store._readers, self.store._writer):
            lane.run = self._counted(lane.run)

    def _counted(self, run: Callable[..., Awaitable[Any]]) -> Any:
        async def counted(*job: Any, **more: Any) -> Any:
            self._asked += 1
            try:
                return await run(*job, **more)
            finally:
                self._asked -= 1

        return counted

    async def join(self) -> None:
        form = ConnectionForm(
            vendor="paper",
            name="Paper",
            practice="Larkspur",
            environment=Environment.SANDBOX,
            base_urls={"api": "http://127.0.0.1"},
            tenant="one",
            location_name="Main Street",
            time_zone="America/Chicago",
            secrets={"key": "k"},
        )
        self.connection = await self.connect.connections.add(form, actor())
        await self.connect.live.sync_now(self.key, [Topic.PROVIDERS])

    def booking(self, day: int = 12, hold: float = 0.0) -> Job:
        request = BookingRequest(
            patient_vendor_id="1",
            provider_vendor_id="2",
            visit_type="Consult",
            day=date(2026, 3, day),
            start=time(10),
            minutes=30,
        )
        return new_job(
            request,
            connection_id=self.key,
            summary="Books a visit in Paper",
            actor_id="rosa",
            now=self.clock.now(),
            hold_seconds=hold,
        )

    async def until(self, job: Job | str, *states: JobState, seconds: float = 60.0) -> Job:
        await super().until(job, *states, seconds=seconds)
        await self.move(0.0)  # The worker has seen it stand so, before time goes on.
        return await self.job(job)

    async def state(self) -> ConnectionState:
        return (await self.told()).state

    async def move(self, seconds: float) -> None:
        """Let time pass, and let what it wakes come to rest."""
        self.waiting.move(seconds)
        quiet = 0
        while quiet < _QUIET:
            await asyncio.sleep(0)
            quiet = 0 if self._asked else quiet + 1
