"""Patients: find, know, create, change, link; half-typed forms are kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.desk.booking import wrong_patient
from app.desk.common import Systems, UseCase, askable, can, draft, offer
from app.desk.people import being_created, check_field, check_person, known_candidates, profile
from app.desk.ports import LivePort, OutboxPort
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.booking import DuplicateMatch, PatientProfile
from app.model.capabilities import Capability
from app.model.clock import Clock
from app.model.connection import Connection
from app.model.coverage import CoverageRecord
from app.model.errors import BadInput, DaybookError, NotEntitled, NotFound, Unreachable
from app.model.outbox import PatientUpdate
from app.model.people import Patient, PatientRow
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.sourced import Sourced
from app.rules.duplicates import compared, field_words, likely_duplicates
from app.rules.outbox_jobs import new_job
from app.rules.outbox_plans import patient_values
from app.store import connections, drafts, patients
from app.store.store import Reader, Store, Tx

#: Seconds a change of details waits in the outbox, where it may still be undone (DESIGN.md, confirm sheet).
HOLD_SECONDS = 8.0


class LikelyDuplicate(DaybookError):
    """A patient like this is already there; ``matches`` say who, with the fields that agree."""

    code = "likely_duplicate"

    def __init__(self, matches: tuple[DuplicateMatch, ...]) -> None:
        super().__init__(
            "Somebody like this is already on file.",
            f"{matches[0].words} Nothing was created.",
            ("Open the record that is there, or say that this is another person.",),
        )
        self.matches = matches


class Patients(UseCase):
    """Finding and keeping patients."""

    def __init__(self, store: Store, clock: Clock, live: LivePort, outbox: OutboxPort) -> None:
        super().__init__(store, clock)
        self._live = live
        self._outbox = outbox

    async def search(self, actor: Actor, text: str, limit: int = 20) -> list[PatientRow]:
        """Patients in the local copy that fit what was typed (``smi j 3/4/71``), newest activity first."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "search patients")
        return await self._store.read(_search, text, limit, self._clock.now())

    async def everywhere(self, actor: Actor, text: str) -> tuple[list[PatientRow], tuple[str, ...]]:
        """Ask every system that can be asked, keep what they tell, and search again.

        Returns the rows and, in words, which systems did not answer.
        """
        await self._allow(actor, Permission.VIEW_PATIENTS, "search patients in every system")
        failures = []
        for connection in await self._store.read(connections.listed):
            if not can(connection, Capability.SEARCH_PATIENTS):
                continue
            if not askable(connection):
                failures.append(f"{connection.name} was not asked. {connection.state_words}".strip())
                continue
            try:
                await self._live.search_patients(connection.connection_id, text, actor)
            except DaybookError as failed:
                failures.append(f"{connection.name}: {failed.happened}")
        await self._remember(draft(actor, AuditAction.SEARCH, "Patients, in every system"))
        return await self._store.read(_search, text, 20, self._clock.now()), tuple(failures)

    async def recent(self, actor: Actor, limit: int = 6) -> list[PatientRow]:
        """The patients this person last worked with, newest first (FEATURES B4)."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "recent patients")
        return await self._store.read(patients.recent, actor.account_id, limit)

    async def count(self, actor: Actor) -> int:
        """How many patient records the local copy holds."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "count patients")
        return await self._store.read(patients.count)

    async def get(self, actor: Actor, patient_id: str) -> PatientProfile:
        """A patient's page; that it was opened is audited, and the patient is now among the recent ones."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "open a patient", patient_id)
        found = await self._store.read(profile, patient_id, self._clock.now())
        await self._store.write(_opened, actor, patient_id)
        return found

    async def look(self, actor: Actor, patient_id: str) -> PatientProfile:
        """The page again after a change, for somebody who has it open: not audited anew."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "open a patient", patient_id)
        return await self._store.read(profile, patient_id, self._clock.now())

    async def coverage(self, actor: Actor, patient_id: str) -> list[Sourced[CoverageRecord]]:
        """The patient's insurance policies, primary first, read from the system now and kept for the next time."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "read a patient's insurance", patient_id)
        patient, connection = await self._store.read(_patient_and_connection, patient_id)
        found = await self._live.coverage(patient.connection_id, patient.vendor_id, actor)
        line = draft(actor, AuditAction.VIEW, "Insurance read", patient_id=patient_id, practice=connection.practice)
        await self._remember(line)
        return found

    async def duplicates(self, actor: Actor, person: Patient) -> tuple[DuplicateMatch, ...]:
        """Who on file may be ``person``, likeliest first, with the fields that agree (FEATURES B3)."""
        await self._allow(actor, Permission.VIEW_PATIENTS, "look for duplicates")
        return await self._store.read(_duplicates, person)

    async def create_wish(
        self, actor: Actor, connection_id: str, person: Patient, *, accepted_duplicates: bool = False
    ) -> WriteWish:
        """The same as a wish for ``desk.writes.plan``, for a system that is written on its web pages; raises as
        ``create`` does, before anything is asked."""
        await self._creatable(actor, connection_id, person, accepted_duplicates=accepted_duplicates)
        return WriteWish(operation=PortalOperation.SAVE_PATIENT, values=patient_values(person))

    async def create(
        self,
        actor: Actor,
        connection_id: str,
        person: Patient,
        *,
        accepted_duplicates: bool = False,
        plan: WritePlan | None = None,
    ) -> str:
        """Ask a system to create a patient; returns the job id. ``plan`` is what was shown, on web pages.

        Raises LikelyDuplicate unless accepted, BadInput naming a field, NotEntitled where the system takes no new
        patients.
        """
        connection = await self._creatable(actor, connection_id, person, accepted_duplicates=accepted_duplicates)
        job = new_job(
            person,
            connection_id=connection_id,
            summary=f"Creates 1 patient in {connection.name}",
            actor_id=actor.account_id,
            now=self._clock.now(),
            hold_seconds=HOLD_SECONDS,
            plan=plan,
        )
        line = draft(actor, AuditAction.CREATE, job.summary, practice=connection.practice)
        await self._outbox.submit([job], [line])
        return job.job_id

    async def _creatable(
        self, actor: Actor, connection_id: str, person: Patient, *, accepted_duplicates: bool
    ) -> Connection:
        await self._allow(actor, Permission.EDIT_PATIENTS, "create a patient")
        check_person(person, await self._day(self._clock.now(), connection_id))
        connection = await self._store.read(_offering, connection_id, Capability.CREATE_PATIENT)
        if await self._store.read(being_created, person):
            raise BadInput(
                "last_name",
                "This patient is being created already. Activity shows how far it is.",
                "Nothing was sent a second time.",
                ("Wait until it is done, or give it up in Activity.",),
            )
        likely = tuple(match for match in await self._store.read(_duplicates, person) if match.likely)
        if likely and not accepted_duplicates:
            raise LikelyDuplicate(likely)
        return connection

    async def edit_wish(
        self, actor: Actor, patient_id: str, changes: dict[str, str], window_patient_id: str
    ) -> WriteWish:
        """The same as a wish for ``desk.writes.plan``; raises as ``edit`` does, before anything is asked."""
        patient, _ = await self._editable(actor, patient_id, changes, window_patient_id)
        return WriteWish(operation=PortalOperation.SAVE_PATIENT, record=patient.vendor_id, values=changes)

    async def edit(
        self,
        actor: Actor,
        patient_id: str,
        changes: dict[str, str],
        window_patient_id: str,
        *,
        plan: WritePlan | None = None,
    ) -> str:
        """Ask the patient's system to change details; returns the job id. ``plan`` is what was shown, on web pages.

        ``changes`` are new texts by field name of ``Patient`` (address fields by their own names, dates as
        ``YYYY-MM-DD``). ``window_patient_id`` is whose page the window shows: anybody else's is refused (J23).
        """
        patient, connection = await self._editable(actor, patient_id, changes, window_patient_id)
        words = ", ".join(sorted(field_words(field) for field in changes))
        job = new_job(
            PatientUpdate(vendor_id=patient.vendor_id, changes=changes),
            connection_id=patient.connection_id,
            summary=f"Changes 1 patient in {connection.name}: {words}",
            actor_id=actor.account_id,
            now=self._clock.now(),
            patient_id=patient_id,
            hold_seconds=HOLD_SECONDS,
            plan=plan,
        )
        await self._outbox.submit([job], [_change_line(actor, patient, connection, changes, job.summary)])
        return job.job_id

    async def _editable(
        self, actor: Actor, patient_id: str, changes: dict[str, str], window_patient_id: str
    ) -> tuple[Sourced[Patient], Connection]:
        await self._allow(actor, Permission.EDIT_PATIENTS, "change a patient", patient_id)
        if window_patient_id != patient_id:
            line = draft(actor, AuditAction.DENIED, "Change refused: the window shows another patient")
            await self._remember(msgspec.structs.replace(line, patient_id=patient_id, before=window_patient_id))
            raise wrong_patient()
        if not changes:
            raise BadInput("", "Nothing was changed.", "", ("Change a field, or close the form.",))
        patient, connection = await self._store.read(_patient_and_connection, patient_id)
        today = await self._day(self._clock.now(), connection.connection_id)
        for field, value in changes.items():
            check_field(field, value, today)
        _must_offer(connection, Capability.UPDATE_PATIENT)
        return patient, connection

    async def link(self, actor: Actor, one: str, other: str) -> None:
        """Say that two records are the same person: kept here, never merged, can be taken back."""
        await self._allow(actor, Permission.EDIT_PATIENTS, "link two records", one)
        await self._store.write(_link, actor, one, other)

    async def unlink(self, actor: Actor, one: str, other: str) -> None:
        """Take back that two records are the same person."""
        await self._allow(actor, Permission.EDIT_PATIENTS, "unlink two records", one)
        await self._store.write(_unlink, actor, one, other)

    async def save_draft(self, actor: Actor, key: str, value: bytes) -> None:
        """Keep a half-typed form for this person only: it outlives locks, user switches and crashes (J5)."""
        await self._store.write(drafts.put, actor.account_id, key, value)

    async def draft(self, actor: Actor, key: str) -> bytes | None:
        """This person's half-typed form, or None."""
        return await self._store.read(drafts.get, actor.account_id, key)

    async def drop_draft(self, actor: Actor, key: str) -> None:
        """Forget a draft that was sent or given up."""
        await self._store.write(drafts.remove, actor.account_id, key)


# ---------------------------------------------------------------- on the store's threads


def _search(conn: Reader, text: str, limit: int, now: datetime) -> list[PatientRow]:
    return patients.search(conn, text, limit, today=Systems.read(conn).day(now))


def _duplicates(conn: Reader, person: Patient) -> tuple[DuplicateMatch, ...]:
    return likely_duplicates(person, known_candidates(conn, person))


def _opened(tx: Tx, actor: Actor, patient_id: str) -> None:
    patients.touch(tx, patient_id, actor.account_id)
    _, connection = _patient_and_connection(tx.connection, patient_id)
    tx.audit(draft(actor, AuditAction.VIEW, "Patient opened", patient_id=patient_id, practice=connection.practice))


def _offering(conn: Reader, connection_id: str, capability: Capability) -> Connection:
    connection = connections.get(conn, connection_id)
    if connection is None:
        raise Unreachable("This system is not connected any more.", "", ("Choose another system.",))
    _must_offer(connection, capability)
    return connection


def _must_offer(connection: Connection, capability: Capability) -> None:
    if not can(connection, capability):
        words = offer(connection, capability).words
        doing = "new patients" if capability is Capability.CREATE_PATIENT else "changes to patients"
        raise NotEntitled(f"{connection.name} takes no {doing} from here.", words, (f"Do it in {connection.name}.",))


def _patient_and_connection(conn: Reader, patient_id: str) -> tuple[Sourced[Patient], Connection]:
    patient = patients.get(conn, patient_id)
    connection = connections.get(conn, patient.connection_id) if patient else None
    if patient is None or connection is None:
        raise NotFound("This patient is not known here.", "", ("Search for the patient again.",))
    return patient, connection


def _change_line(
    actor: Actor, patient: Sourced[Patient], connection: Connection, changes: dict[str, str], summary: str
) -> AuditDraft:
    """Before and after, field by field (FEATURES J8); the log lies in the encrypted store."""
    before = {}
    for field in changes:
        holder = patient.value if hasattr(patient.value, field) else patient.value.address
        before[field] = str(getattr(holder, field) or "")
    return draft(
        actor,
        AuditAction.CHANGE,
        summary,
        patient_id=patient.local_id,
        practice=connection.practice,
        before=msgspec.json.encode(before).decode(),
        after=msgspec.json.encode(changes).decode(),
    )


def _link(tx: Tx, actor: Actor, one: str, other: str) -> None:
    first, second = patients.get(tx.connection, one), patients.get(tx.connection, other)
    if first is None or second is None:
        raise NotFound("One of these records is not known here any more.", "", ("Search for it again.",))
    if one == other or first.connection_id == second.connection_id:
        raise BadInput(
            "patient_id",
            "These records are in the same system.",
            "Daybook links records of different systems; two in one system are merged there.",
            ("Merge them in the system itself.",),
        )
    agree, _ = compared(first.value, second.value)
    reasons = [field_words(field) for field in agree] or ["a person said so"]
    patients.link_persons(tx, one, other, reasons, actor.account_id)
    tx.audit(draft(actor, AuditAction.CHANGE, "Records linked", patient_id=one, after=other))


def _unlink(tx: Tx, actor: Actor, one: str, other: str) -> None:
    patients.unlink_persons(tx, one, other)
    tx.audit(draft(actor, AuditAction.CHANGE, "Records no longer linked", patient_id=one, before=other))
