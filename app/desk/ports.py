"""The protocols through which the desk asks live questions and hands over writes; app/connect implements them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

from app.model.accounts import Actor, AuditDraft
from app.model.capabilities import CapabilityOffer
from app.model.connection import Connection, Topic
from app.model.coverage import CoverageRecord
from app.model.enrollment import Enrollment
from app.model.outbox import Job
from app.model.people import Patient
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
from app.model.schedule import Slot, SlotCheck
from app.model.sourced import Sourced
from app.model.systems import ConnectionForm, SystemForm, TrialReport


class LivePort(Protocol):
    """Questions a vendor answers now. Every method may raise one of ``app.model.errors``."""

    async def check_slot(self, connection_id: str, slot: Slot) -> SlotCheck:
        """Ask the vendor itself whether ``slot`` is free at this moment."""
        ...

    async def open_slots(self, connection_id: str, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        """All free times of ``minutes`` on ``day``, as the vendor tells them now."""
        ...

    async def read_slots(self, connection_id: str, provider_vendor_id: str, days: Sequence[date], minutes: int) -> None:
        """Ask for the free times of ``days``, further ahead than syncing reads, and keep the answers in the store."""
        ...

    async def next_slot(
        self, connection_id: str, provider_vendor_id: str, minutes: int, max_days: int | None = None
    ) -> Slot | None:
        """The vendor's own answer to "when is the next free time?", or None within ``max_days``."""
        ...

    async def search_patients(
        self, connection_id: str, text: str, actor: Actor | None = None
    ) -> list[Sourced[Patient]]:
        """Look for patients in the vendor's own records; what is found is kept in the store, with local ids.

        ``actor`` is who asks, and is asked first for a sign-in code.
        """
        ...

    async def coverage(self, connection_id: str, patient_vendor_id: str, actor: Actor) -> list[Sourced[CoverageRecord]]:
        """The insurance policies on a patient's record, primary first, as the vendor tells them now; what it tells is
        kept in the store."""
        ...

    def offers(self, connection_id: str) -> tuple[CapabilityOffer, ...]:
        """What this connection can be asked to do, as found when it was connected."""
        ...

    async def sync_now(
        self, connection_id: str | None = None, topics: Sequence[Topic] = (), actor: Actor | None = None
    ) -> None:
        """Read again now, for ``actor`` where somebody asks; None means every connection, no topics means all."""
        ...

    def watch(self, topic: Topic, days: Sequence[date] = ()) -> Callable[[], None]:
        """Somebody is looking at ``topic`` (and ``days``): keep it fresh until the returned function is called."""
        ...


class OutboxPort(Protocol):
    """The only way out. Jobs, their history and the audit line are written in one transaction."""

    async def submit(self, jobs: Sequence[Job], audits: Sequence[AuditDraft], documents: Sequence[bytes] = ()) -> None:
        """Keep ``jobs`` durably, together with ``audits``; returns once they are safe, before anything is sent.

        ``documents`` are the files that the first job hands over; each is kept whole with it.
        """
        ...

    async def undo(self, job_id: str, actor: Actor) -> None:
        """Withdraw a job that has not left. Raises DaybookError in words when it already has."""
        ...

    async def answer(self, job_id: str, choice_key: str, actor: Actor) -> None:
        """Give the answer a job waits for; ``choice_key`` is one of its ``choices``."""
        ...

    async def retry(self, job_id: str, actor: Actor) -> None:
        """Try again a job that needs a person, where trying again cannot double anything."""
        ...

    async def cancel(self, job_id: str, actor: Actor) -> None:
        """Give up a job that needs a person; nothing will be sent any more."""
        ...

    async def reorder(self, job_id: str, actor: Actor, *, first: bool) -> None:
        """Let a waiting job leave before (or after) all others, with what it depends on before it."""
        ...


class ConnectionsPort(Protocol):
    """Connecting systems and looking after connections. Each method asks first whether the person may."""

    def systems(self) -> tuple[SystemForm, ...]:
        """Every system that can be connected, in the order of their titles."""
        ...

    async def test(self, form: ConnectionForm, actor: Actor) -> TrialReport:
        """Sign in with ``form`` and try each capability read-only; nothing is kept. Raises a VendorError in words."""
        ...

    async def add(self, form: ConnectionForm, actor: Actor) -> Connection:
        """Test, then keep the connection (or its new sign-in details) and start to sync.

        Raises BadInput where the same account is connected already, or a VendorError as ``test`` does.
        """
        ...

    async def remove(self, connection_id: str, actor: Actor) -> None:
        """Stop, forget the secrets and wipe everything this connection brought."""
        ...

    async def check(self, connection_id: str, actor: Actor) -> TrialReport:
        """Test an existing connection again and keep what was found."""
        ...

    async def set_paused(self, connection_id: str, paused: bool, actor: Actor) -> None:
        """Stop asking this system until it is let go on; jobs wait meanwhile."""
        ...

    def codes(self) -> tuple[CodeRequest, ...]:
        """The sign-in codes that systems ask for now, oldest first; also while a connection is only being tried."""
        ...

    async def give_code(self, connection_id: str, answer: CodeAnswerInput, actor: Actor) -> None:
        """Answer the connection's question for a code (or, where none stands, sign in with this code).

        Returns once the sign-in went on or a new question stands: look at ``codes`` again, a refused code and a code
        sent anew are new questions. Raises what the sign-in failed with, in words: WrongCredentials, NeedsMfa,
        VendorRejected (locked), Unreachable.
        """
        ...

    async def pass_code(self, connection_id: str, account_id: str, actor: Actor) -> None:
        """Let the question be another person's at this workstation; an empty ``account_id`` is anybody's.

        Raises BadInput where no question stands or that person cannot sign in here.
        """
        ...

    async def decline_code(self, connection_id: str, actor: Actor) -> None:
        """Nobody can give the code now: the sign-in ends, and what needs it waits until somebody tests it again."""
        ...

    def pause_all(self, paused: bool) -> None:
        """Syncing rests while the window is locked; the outbox is kept, and goes on after unlocking."""
        ...


class PortalPort(Protocol):
    """What can be seen and done of a system that is reached through its web pages. Raises NotPermitted, BadInput."""

    async def watch(self, connection_id: str, actor: Actor) -> PortalView:
        """Watch the connection's page, and take it over. Close the view when done."""
        ...

    async def evidence(self, connection_id: str, actor: Actor) -> tuple[Evidence, ...]:
        """What failed steps left behind lately, blanked."""
        ...

    def changed_pages(self, connection_id: str) -> tuple[ScreenChange, ...]:
        """Pages of this connection's system on which writing is stopped."""
        ...

    async def lift(self, connection_id: str, page: str, actor: Actor) -> None:
        """Somebody has looked at a changed page: writing on it may go on, for every connection of that system."""
        ...

    def uses(self, connection_id: str) -> tuple[PortalUse, ...]:
        """Who used the connection's login lately, from whichever connection, the latest last."""
        ...

    async def plan(self, connection_id: str, wish: WriteWish, content: bytes, actor: Actor) -> WritePlan:
        """What would be typed where to fulfil ``wish``, from the page as it is now; nothing is written.

        ``content`` is the file of an upload, else empty.

        Raises NotEntitled where the system is not written that way, and what looking at the page fails with.
        """
        ...


class ClearingPort(Protocol):
    """Payers, enrollments and reports of a clearinghouse, fetched now and kept in the store."""

    async def import_payers(self, connection_id: str, content: bytes, name: str, actor: Actor) -> None:
        """Take an export of the payer list in place of what is here. Raises BadDocument; the old list then stays."""
        ...

    async def fetch_payers(self, connection_id: str, actor: Actor) -> None:
        """Ask the system for its payer list anew. Raises NotEntitled where it hands none out."""
        ...

    async def fetch_enrollments(self, connection_id: str, actor: Actor) -> None:
        """Ask the system how far its enrollments are."""
        ...

    async def keep_enrollment(self, connection_id: str, row: Enrollment, actor: Actor) -> None:
        """Take a person's word about one enrollment: kept here, and ruling what may be sent from now on."""
        ...

    async def read_reports(self, connection_id: str, actor: Actor) -> None:
        """Look for reports and remittances now."""
        ...
