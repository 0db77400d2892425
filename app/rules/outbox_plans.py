"""Writes through web pages: what a job wishes, whether its plan is what a person saw, what reading back means."""

from __future__ import annotations

import msgspec

from app.model.outbox import Choice, ClaimFile, Evidence, Job, JobKind, JobResult, JobState, PatientUpdate, PersonReason
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, WriteWish
from app.rules.outbox import CANCEL, Move, ask_whether_there
from app.rules.outbox_jobs import WISHES, evidence_of

#: Of a new patient only what is filled in is typed; these are texts as they are.
_TEXTS = (
    "last_name", "first_name", "middle_name", "nick_name", "pronouns", "language", "gender", "phone", "cell_phone",
    "email", "chart_number", "notes",
)  # fmt: skip
_PLACE = ("city", "state", "postal_code")
_SHOWN = 12


def wish_of(job: Job) -> WriteWish | None:
    """What ``job`` wishes of a system's web pages; None for one that never goes there."""
    if job.kind in WISHES:
        return msgspec.json.decode(job.payload, type=WriteWish)
    if job.kind is JobKind.CREATE_PATIENT:
        patient = msgspec.json.decode(job.payload, type=Patient)
        despite_twin = job.plan is not None and job.plan.despite_twin
        return WriteWish(
            operation=PortalOperation.SAVE_PATIENT, values=patient_values(patient), despite_twin=despite_twin
        )
    if job.kind is JobKind.UPDATE_PATIENT:
        update = msgspec.json.decode(job.payload, type=PatientUpdate)
        return WriteWish(operation=PortalOperation.SAVE_PATIENT, record=update.vendor_id, values=update.changes)
    if job.kind is JobKind.SEND_CLAIMS and msgspec.json.decode(job.payload, type=ClaimFile).by_portal:
        return WriteWish(operation=PortalOperation.UPLOAD_CLAIMS)
    return None


def patient_values(patient: Patient) -> dict[str, str]:
    """A new patient as a wish holds one: fields with a value, the unit behind the street."""
    told = {name: str(getattr(patient, name)) for name in _TEXTS}
    told["cell_phone"] = patient.cell_phone or patient.sms_phone
    told["birth_date"] = patient.birth_date.isoformat() if patient.birth_date else ""
    told["street"] = " ".join(part for part in (patient.address.street, patient.address.unit) if part)
    told |= {name: getattr(patient.address, name) for name in _PLACE}
    return {name: value for name, value in told.items() if value.strip()}


def not_as_shown(job: Job, plan: WritePlan, system: str) -> Move | None:
    """Ask a person before anything is typed that nobody has seen; None where the plan is the one that was shown."""
    shown = job.plan
    if shown is not None and _typed(shown) == _typed(plan):
        return None
    lines = plan.sentences()
    more = (f"And {len(lines) - _SHOWN} more.",) if len(lines) > _SHOWN else ()
    why = "This is what will be typed" if shown is None else "The page changed since it was shown. Now it would be"
    return Move(
        to=JobState.NEEDS_PERSON,
        words="Nothing was typed yet." if shown is None else "Nothing was typed: the page changed since it was shown.",
        person_reason=PersonReason.PREVIEW if shown is None else PersonReason.CHANGED,
        question="\n".join((f"{why}, in {system}:", *lines[:_SHOWN], *more)),
        choices=(Choice(key="retry", label="Type it"), CANCEL),
        plan=plan,
    )


def _typed(plan: WritePlan) -> tuple[object, ...]:
    return plan.operation, plan.page, plan.record, frozenset(plan.entries), plan.button


def planned_found(job: Job, found: ReadBack, system: str) -> Move:
    """Decide a write of unknown end from what reading back its own plan told."""
    closed = msgspec.structs.replace(evidence_of(job) or Evidence(), open=False)
    if found.done is Done.YES:
        words = f"Found in {system}: {found.words}"
        result = JobResult(vendor_id=found.record)
        return Move(to=JobState.CONFIRMED, words=words, result=result, evidence=closed)
    if found.done is Done.NO:
        return Move(to=JobState.QUEUED, words=f"{found.words} It is sent again.".strip(), evidence=closed)
    return ask_whether_there(job, found.words, PersonReason.MAYBE_DONE, system)
