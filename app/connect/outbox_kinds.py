"""What each kind of job does on the wire: what it remembers before, sends, reads back, and keeps in the end."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from app.connect.offering import (
    books_visits,
    creates_patients,
    finds_slots,
    reads_schedule,
    searches_patients,
    updates_patients,
)
from app.connect.source import Source
from app.model.capabilities import Capability, Standing
from app.model.errors import SlotTaken
from app.model.outbox import Job, JobResult, JobState, PersonReason
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.schedule import BookingRequest, Slot, Visit
from app.model.sourced import Sourced
from app.rules import outbox_reading
from app.rules.outbox import Move, ask_whether_there
from app.rules.outbox_jobs import booking_of, booking_to_send, patient_of, result_of, update_of
from app.rules.outbox_reading import changed, same_person
from app.store import outbox, patients, visit_links, visits
from app.store.tx import Tx
from vendors.contract import Page

T = TypeVar("T")

#: Pages of a name's search that are read to find a record again.
_SEARCH_PAGES = 20


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The vendor's clear yes: its id, and the record as it now is there, where it said."""

    result: JobResult
    words: str
    patient: Patient | None = None
    room: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What was found before a write: records that were there already, or what will be typed where."""

    vendor_ids: tuple[str, ...] = ()
    plan: WritePlan | None = None


class Kind(Protocol):
    """One kind of job on the wire. Everything but ``send`` may be repeated."""

    def lane(self, job: Job) -> str:
        """Jobs of one lane go one after another."""
        ...

    async def before(self, source: Source, job: Job) -> Known:
        """Look before sending: what to remember. Raises SlotTaken where it need not be sent at all."""
        ...

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """The write itself, once."""
        ...

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """Read back and decide."""
        ...

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """Write what is now true into the store, in the transaction that confirms the job."""
        ...


class BookVisit:
    """BOOK_VISIT: the day's visit ids before, the day again after an unclear end."""

    def lane(self, job: Job) -> str:
        """One provider's day at a time."""
        request = booking_of(job)
        return f"{job.connection_id}/{request.provider_vendor_id}/{request.day}"

    async def before(self, source: Source, job: Job) -> Known:
        """The day's visits, and the vendor's live answer whether the time is free."""
        request = booking_of(job)
        known = await self._day(source, request) if _can(source, Capability.READ_SCHEDULE) else []
        if _can(source, Capability.FIND_OPEN_SLOTS):
            slot = Slot(
                day=request.day,
                start=request.start,
                minutes=request.minutes,
                provider_vendor_id=request.provider_vendor_id,
            )
            check = await source.session.call(
                Capability.FIND_OPEN_SLOTS, lambda adapter: finds_slots(adapter).check_slot(slot)
            )
            if not check.available:
                raise SlotTaken(
                    f"Not booked. {source.session.title} says this time is not free.",
                    "Somebody may just have taken it. Nothing was sent.",
                    ("Choose another time.",),
                )
        return Known(vendor_ids=tuple(visit.vendor_id for visit in known))

    async def _day(self, source: Source, request: BookingRequest) -> list[Sourced[Visit]]:
        provider, day = request.provider_vendor_id, request.day
        return await source.session.call(
            Capability.READ_SCHEDULE, lambda adapter: reads_schedule(adapter).visits(provider, day, day)
        )

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """Book."""
        request = booking_to_send(job, parent)
        booked = await source.session.call(
            Capability.BOOK_VISIT, lambda adapter: books_visits(adapter).book_visit(request), is_write=True
        )
        return Answer(
            result=JobResult(vendor_id=booked.visit_vendor_id),
            words=f"Booked in {source.session.title} as visit {booked.visit_vendor_id}.",
            room=booked.room,
        )

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """The provider's day as it is now."""
        if not _can(source, Capability.READ_SCHEDULE):
            return ask_whether_there(
                job,
                f"{source.session.title} does not show its schedule, so Daybook cannot look.",
                PersonReason.MAYBE_DONE,
                source.session.title,
            )
        found = await self._day(source, booking_of(job))
        return outbox_reading.booking_found(job, found, ours, age, source.session.title)

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """The visit, and whose it is."""
        if not answer.result.vendor_id:
            return
        request, conn = booking_of(job), tx.connection
        patient_id = job.patient_id
        if not patient_id:
            parent = outbox.get(conn, job.depends_on) if job.depends_on else None
            vendor_id = request.patient_vendor_id or (result_of(parent).vendor_id if parent is not None else "")
            row = patients.by_vendor(conn, job.connection_id, vendor_id)
            patient_id = row.local_id if row is not None else ""
        visit = Visit(
            provider_vendor_id=request.provider_vendor_id,
            day=request.day,
            start=request.start,
            minutes=request.minutes,
            visit_type=request.visit_type,
            reason=request.reason,
            room=answer.room,
            provider_start=request.provider_start,
            provider_minutes=request.provider_minutes,
        )
        visits.save(tx, job.connection_id, _sourced(tx, job, answer.result.vendor_id, visit))
        if patient_id and patients.name_of(conn, patient_id) is not None:
            visit_links.link(tx, job.connection_id, answer.result.vendor_id, patient_id, job.actor_id, "booked here")


class CreatePatient:
    """CREATE_PATIENT: found again by name, phone and birth date."""

    def lane(self, job: Job) -> str:
        """One new patient at a time, so that two of the same name are not mistaken for one another."""
        return f"{job.connection_id}/new patients"

    async def before(self, source: Source, job: Job) -> Known:
        """The records that could be mistaken for the new one."""
        wanted = patient_of(job)
        found, _ = await _named(source, wanted)
        alike = (entry.vendor_id for entry in found if same_person(wanted, entry.value) is not False)
        return Known(vendor_ids=tuple(alike))

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """Create."""
        patient = patient_of(job)
        made = await source.session.call(
            Capability.CREATE_PATIENT, lambda adapter: creates_patients(adapter).create_patient(patient), is_write=True
        )
        return Answer(
            result=JobResult(vendor_id=made.vendor_id),
            words=f"Created in {source.session.title} as record {made.vendor_id}.",
            patient=made.value,
        )

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """Everybody of that name and phone as they are now."""
        title = source.session.title
        found, whole = await _named(source, patient_of(job))
        move = outbox_reading.created_found(job, found, title)
        if move.to is JobState.QUEUED and not whole:
            words = f"{title} finds more people of this name than Daybook can look through."
            return ask_whether_there(job, words, PersonReason.MAYBE_DONE, title)
        return move

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """The patient, active now."""
        if answer.result.vendor_id:
            value = answer.patient or patient_of(job)
            item = _sourced(tx, job, answer.result.vendor_id, value)
            patients.save(tx, job.connection_id, item, account_id=job.actor_id)


class UpdatePatient:
    """UPDATE_PATIENT: found again by its id among those of its name; the same change may go twice."""

    def lane(self, job: Job) -> str:
        """One change of a patient at a time."""
        return f"{job.connection_id}/patient/{update_of(job).vendor_id}"

    async def before(self, source: Source, job: Job) -> Known:
        """Nothing need be remembered."""
        return Known()

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """Change."""
        update = update_of(job)
        await source.session.call(
            Capability.UPDATE_PATIENT,
            lambda adapter: updates_patients(adapter).update_patient(update.vendor_id, update.changes),
            is_write=True,
        )
        return Answer(result=JobResult(vendor_id=update.vendor_id), words=f"Changed in {source.session.title}.")

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """The record as it is now, under its new or its old name."""
        update = update_of(job)
        row = await source.store.read(patients.by_vendor, job.connection_id, update.vendor_id)
        known = await source.store.read(patients.get, row.local_id) if row is not None else None
        before = known.value if known is not None else Patient()
        found = None
        for patient in (changed(before, update.changes), before):
            entries, _ = await _named(source, patient)
            found = next((entry.value for entry in entries if entry.vendor_id == update.vendor_id), None)
            if found is not None:
                break
        return outbox_reading.update_found(job, found, source.session.title)

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """The patient as known, with the change."""
        update = update_of(job)
        row = patients.by_vendor(tx.connection, job.connection_id, update.vendor_id)
        known = patients.get(tx.connection, row.local_id) if row is not None else None
        if known is not None:
            item = _sourced(tx, job, update.vendor_id, changed(known.value, update.changes))
            patients.save(tx, job.connection_id, item, account_id=job.actor_id)


async def _named(source: Source, patient: Patient) -> tuple[list[Sourced[Patient]], bool]:
    """Everybody the vendor finds by the phone or by the last name, and whether that is all of them."""
    found: dict[str, Sourced[Patient]] = {}
    whole = True
    for text in (patient.phone or patient.cell_phone or patient.sms_phone, patient.last_name or patient.first_name):
        page = ""
        for _ in range(_SEARCH_PAGES if text.strip() else 0):
            part = await _searched(source, text, page)
            found |= {entry.vendor_id: entry for entry in part.items}
            page = part.next_page
            if not page:
                break
        whole = whole and not page
    return list(found.values()), whole


async def _searched(source: Source, text: str, page: str) -> Page[Sourced[Patient]]:
    return await source.session.call(
        Capability.SEARCH_PATIENTS, lambda adapter: searches_patients(adapter).search_patients(text, page)
    )


def _can(source: Source, capability: Capability) -> bool:
    return source.session.manifest.offer(capability).standing in {Standing.YES, Standing.PARTLY}


def _sourced(tx: Tx, job: Job, vendor_id: str, value: T) -> Sourced[T]:
    return Sourced(value=value, connection_id=job.connection_id, vendor_id=vendor_id, as_of=tx.now())
