"""A practice whose system is typed into its web pages, and what was asked of it."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import msgspec
import pytest

from app.desk.desk import Desk
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.errors import Unreachable
from app.model.outbox import Job
from app.model.portal import PlannedEntry, WritePlan
from app.model.portal_writes import WriteWish
from app.rules.outbox_plans import wish_of
from app.store import connections, outbox
from tests.desk.conftest import OFFERS, system
from tests.ui.conftest import FORM, FakeClearing, FakeConnections, FakePortal
from tests.ui.loop import until
from tests.ui.office import plan_of
from tests.ui_schedule.larkspur import Larkspur
from tests.ui_schedule.shell import Stage
from ui.widgets.sheet import Sheet

S = TypeVar("S", bound=Sheet)

PLAN = plan_of(
    operation="save_patient",
    page="Edit Patient",
    record="1001",
    summary="Change patient 1001",
    entries=(PlannedEntry(field="Home Phone", before="(312) 555-0147", after="312 555 0199"),),
    button="Save",
)


class Pages(FakePortal):
    """Plans when it is let; ``fails`` is raised instead."""

    def __init__(self) -> None:
        super().__init__(planned=PLAN)
        self.may = asyncio.Event()
        self.may.set()
        self.fails: Unreachable | None = None

    async def plan(self, connection_id: str, wish: WriteWish, content: bytes, actor: object) -> WritePlan:
        self.wishes.append(wish)
        await self.may.wait()
        if self.fails is not None:
            raise self.fails
        assert self.planned is not None
        return self.planned


@pytest.fixture
def pages(stage: Stage, larkspur: Larkspur) -> Pages:
    """The practice's system is typed into."""
    made, connections = Pages(), FakeConnections(forms=(msgspec.structs.replace(FORM, portal=True),))
    desk = Desk(
        larkspur.store,
        larkspur.clock,
        larkspur.live,
        larkspur.outbox,
        portal=made,
        clearing=FakeClearing(),
        connections=connections,
    )
    stage.services = msgspec.structs.replace(stage.services, desk=desk, connections=connections)
    return made


async def sheet_of(stage: Stage, kind: type[S], *, after: int = 0) -> S:
    """The sheet in front, as soon as it is one of ``kind``; ``after`` so many that were shown before."""
    await until(lambda: len(stage.shell.sheets) > after and isinstance(stage.shell.sheets[-1], kind))
    found: S = stage.shell.sheets[-1]
    return found


async def offered(larkspur: Larkspur, capability: Capability, standing: Standing, words: str = "") -> None:
    """The practice's system offers this besides."""
    offer = CapabilityOffer(capability=capability, standing=standing, words=words)
    await larkspur.store.write(connections.save, system(offers=(*OFFERS, offer)))


async def jobs(larkspur: Larkspur) -> list[Job]:
    """What was asked of systems and is not done."""
    return await larkspur.store.read(outbox.listed, open_only=True)


async def only_job(larkspur: Larkspur) -> tuple[Job, WriteWish]:
    """The one job, and what it wishes of web pages."""
    (job,) = await jobs(larkspur)
    wish = wish_of(job)
    assert wish is not None
    return job, wish
