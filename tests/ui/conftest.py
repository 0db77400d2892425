"""Screens under test: Qt offscreen on its own loop, a real store, and no leak forgiven."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
import pytest
from argon2 import PasswordHasher
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.desk.accounts import Accounts
from app.desk.desk import Desk as FrontDesk
from app.model.accounts import Actor, Role
from app.model.connection import Connection
from app.model.enrollment import Enrollment
from app.model.errors import DaybookError, NotEntitled
from app.model.portal import (
    CodeAnswerInput,
    CodeRequest,
    Evidence,
    PortalUse,
    PortalView,
    ScreenChange,
    WritePlan,
)
from app.model.portal_writes import WriteWish
from app.model.systems import ConnectionForm, SystemField, SystemForm, TrialReport
from tests.desk.conftest import OFFERS, Practice, practice, system
from tests.ui.leaks import no_task_left, no_widget_thread_or_timer_left, sweep
from tests.ui.loop import PatientLoop, at_rest, no_pauses
from ui.services import Practice as PracticeName
from ui.services import Services
from ui.shell.session import Session
from ui.shell.window import DaybookWindow
from ui.shots import working
from ui.theme import LookSettings, ThemeChoice, apply
from ui.widgets.focus import FocusRing

__all__ = ["no_pauses", "no_task_left", "no_widget_thread_or_timer_left", "practice"]

PASSWORD = "a quiet morning"


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutines of these tests run on the loop that also paints."""

    def make() -> asyncio.AbstractEventLoop:
        app = QApplication.instance() or QApplication([])
        loop: asyncio.AbstractEventLoop = PatientLoop(app)
        return loop

    return {"qt": make}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of every window that it does not know size hints; nothing else is forgiven."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> Iterator[None]:
    """Every test begins in the light theme at 100 %."""
    qapp.setStyle("Fusion")
    apply(LookSettings(choice=ThemeChoice.LIGHT))
    yield
    apply(LookSettings(choice=ThemeChoice.LIGHT))


FORM = SystemForm(
    vendor="officepro",
    title="OfficePro",
    source="OP",
    tenant_label="Practice pass",
    addresses=(SystemField(name="api", label="Address of the API"),),
    fields=(SystemField(name="api_key", label="API key", secret=True),),
    offers=OFFERS,
    further=("Products: the catalogue.",),
)


@dataclass
class FakeConnections:
    """Answers as the real port would, and keeps what was asked. ``fails`` is raised instead."""

    fails: DaybookError | None = None
    asked: list[tuple[str, object]] = field(default_factory=list)
    paused: list[bool] = field(default_factory=list)
    forms: tuple[SystemForm, ...] = ()
    #: What is asked by connection, and what is asked next in place of a question that was answered.
    questions: dict[str, CodeRequest] = field(default_factory=dict)
    then: list[CodeRequest | None] = field(default_factory=list)

    def _ask(self, what: str, of: object) -> None:
        self.asked.append((what, of))
        if self.fails is not None:
            raise self.fails

    def systems(self) -> tuple[SystemForm, ...]:
        return self.forms or (FORM,)

    async def test(self, form: ConnectionForm, actor: Actor) -> TrialReport:
        self._ask("test", form)
        return TrialReport(offers=OFFERS, session_words="Signed in for 24 h.")

    async def add(self, form: ConnectionForm, actor: Actor) -> Connection:
        self._ask("add", form)
        return system("c9")

    async def remove(self, connection_id: str, actor: Actor) -> None:
        self._ask("remove", connection_id)

    async def check(self, connection_id: str, actor: Actor) -> TrialReport:
        self._ask("check", connection_id)
        return TrialReport(offers=OFFERS, session_words="Signed in for 24 h.")

    async def set_paused(self, connection_id: str, paused: bool, actor: Actor) -> None:
        self._ask("paused" if paused else "resumed", connection_id)

    def codes(self) -> tuple[CodeRequest, ...]:
        return tuple(self.questions.values())

    async def give_code(self, connection_id: str, answer: CodeAnswerInput, actor: Actor) -> None:
        self._ask("code", answer.code or answer.send_by)
        self.trusted = answer.trust
        following = self.then.pop(0) if self.then else None
        if following is None:
            self.questions.pop(connection_id, None)
        else:
            self.questions[connection_id] = following

    async def pass_code(self, connection_id: str, account_id: str, actor: Actor) -> None:
        self._ask("passed", account_id)
        known = self.questions[connection_id]
        self.questions[connection_id] = msgspec.structs.replace(known, for_account_id=account_id, for_name="Desmond")

    async def decline_code(self, connection_id: str, actor: Actor) -> None:
        self._ask("declined", connection_id)
        self.questions.pop(connection_id, None)

    def pause_all(self, paused: bool) -> None:
        self.paused.append(paused)


@dataclass
class FakePortal:
    """A system's web pages: what changed, what was left, who was there."""

    changes: list[ScreenChange] = field(default_factory=list)
    left: list[Evidence] = field(default_factory=list)
    used: list[PortalUse] = field(default_factory=list)
    lifted: list[str] = field(default_factory=list)
    planned: WritePlan | None = None
    wishes: list[WriteWish] = field(default_factory=list)

    async def watch(self, connection_id: str, actor: Actor) -> PortalView:
        raise NotEntitled("This system has no page to watch.")

    async def evidence(self, connection_id: str, actor: Actor) -> tuple[Evidence, ...]:
        return tuple(self.left)

    def changed_pages(self, connection_id: str) -> tuple[ScreenChange, ...]:
        return tuple(self.changes)

    async def lift(self, connection_id: str, page: str, actor: Actor) -> None:
        self.lifted.append(page)
        self.changes = [change for change in self.changes if change.page != page]

    def uses(self, connection_id: str) -> tuple[PortalUse, ...]:
        return tuple(self.used)

    async def plan(self, connection_id: str, wish: WriteWish, content: bytes, actor: Actor) -> WritePlan:
        self.wishes.append(wish)
        assert self.planned is not None
        return self.planned


@dataclass
class FakeClearing:
    """Keeps what was asked."""

    asked: list[tuple[str, object]] = field(default_factory=list)
    imported_for: list[str] = field(default_factory=list)

    async def import_payers(self, connection_id: str, content: bytes, name: str, actor: Actor) -> None:
        self.asked.append(("import", name))
        self.imported_for.append(connection_id)

    async def fetch_payers(self, connection_id: str, actor: Actor) -> None:
        self.asked.append(("payers", connection_id))

    async def fetch_enrollments(self, connection_id: str, actor: Actor) -> None:
        self.asked.append(("enrollments", connection_id))

    async def keep_enrollment(self, connection_id: str, row: Enrollment, actor: Actor) -> None:
        self.asked.append(("keep", row))

    async def read_reports(self, connection_id: str, actor: Actor) -> None:
        self.asked.append(("reports", connection_id))


@dataclass
class FakeUpkeep:
    """Keeps what was asked."""

    asked: list[tuple[str, object]] = field(default_factory=list)

    async def back_up(self, target: Path, passphrase: str, actor: Actor) -> None:
        self.asked.append(("back up", target))

    async def restore(self, source: Path, passphrase: str, actor: Actor | None) -> None:
        self.asked.append(("restore", source))

    async def wipe(self, actor: Actor) -> None:
        self.asked.append(("wipe", actor.account_id))

    async def set_recovery_passphrase(self, passphrase: str, actor: Actor) -> None:
        self.asked.append(("recovery", passphrase))

    async def open_demo(self) -> None:
        self.asked.append(("demo", None))


@dataclass
class Desk:
    """A window at the practice, with its parts at hand."""

    practice: Practice
    services: Services
    session: Session
    window: DaybookWindow
    connections: FakeConnections
    upkeep: FakeUpkeep
    accounts: Accounts
    portal: FakePortal
    clearing: FakeClearing

    async def settle(self) -> None:
        window = self.window
        await at_rest(self.practice.store, lambda: working(window), window.current_screen)

    def texts(self) -> str:
        """All words that can be seen."""
        return seen(self.window)

    async def open(self, name: str, **where: object) -> Any:
        self.window.open(name, **where)
        await self.settle()
        return self.window.current_screen()


def seen(widget: Any) -> str:
    """Every text a person (or a screen reader) finds in what is visible."""
    from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

    words = []
    for child in [widget, *widget.findChildren(QWidget)]:
        if not child.isVisible():
            continue
        if isinstance(child, QLabel | QAbstractButton):
            words.append(child.text())
        words.append(child.accessibleName())
    return "\n".join(word for word in words if word)


def quick_accounts(practice: Practice) -> Accounts:
    """The real accounts, with a hash that takes no time."""
    return Accounts(practice.store, practice.clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def services_of(
    practice: Practice,
    accounts: Accounts,
    connections: FakeConnections,
    upkeep: FakeUpkeep,
    portal: FakePortal | None = None,
    clearing: FakeClearing | None = None,
) -> Services:
    desk = FrontDesk(
        practice.store,
        practice.clock,
        practice.live,
        practice.outbox,
        connections=connections,
        portal=portal or FakePortal(),
        clearing=clearing or FakeClearing(),
    )
    return Services(
        store=practice.store,
        clock=practice.clock,
        desk=desk,
        accounts=accounts,
        live=practice.live,
        connections=connections,
        upkeep=upkeep,
        practice=PracticeName(name="Larkspur Family Medicine", location="Main Street", workstation="front desk 2"),
    )


@pytest.fixture
async def closed_desk(practice: Practice, qapp: QApplication) -> AsyncIterator[Desk]:
    """A window nobody has signed in to; the practice has no accounts yet."""
    accounts, connections, upkeep = quick_accounts(practice), FakeConnections(), FakeUpkeep()
    portal, clearing = FakePortal(), FakeClearing()
    services = services_of(practice, accounts, connections, upkeep, portal, clearing)
    errors: list[BaseException] = []
    session = Session(services, errors.append)
    ring = FocusRing(qapp)
    window = DaybookWindow(services, session, ring)
    window.show()
    window.activateWindow()
    made = Desk(practice, services, session, window, connections, upkeep, accounts, portal, clearing)
    await made.settle()
    yield made
    await session.tasks.close()
    await window.close_tasks()
    window.close()
    window.deleteLater()
    ring.deleteLater()
    session.deleteLater()
    sweep()
    assert errors == []


@pytest.fixture
async def desk(closed_desk: Desk) -> Desk:
    """Rosa, an administrator, has signed in; Desmond of the front desk and Hollis, a manager, could."""
    admin = await closed_desk.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    await closed_desk.accounts.create(admin, "Desmond Ferro", "desmond", Role.FRONT_DESK, PASSWORD)
    await closed_desk.accounts.create(admin, "Hollis Vane", "hollis", Role.MANAGER, PASSWORD)
    await closed_desk.session.begin(admin)
    await closed_desk.settle()
    return closed_desk


@pytest.fixture
def place(qapp: QApplication) -> Iterator[QWidget]:
    """A window to put things on."""
    window = QWidget()
    window.resize(900, 600)
    window.setLayout(QVBoxLayout())
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    yield window
    window.close()
    window.deleteLater()
    sweep()
