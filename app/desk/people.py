"""What is known of a patient, read in one go: candidates for duplicates, what is still missing, the whole profile."""

from __future__ import annotations

from datetime import date, datetime

from app.desk.common import Systems, can, offer
from app.model.booking import LinkedRecord, PatientProfile, ProfileVisit
from app.model.capabilities import Capability
from app.model.errors import BadInput, NotFound
from app.model.outbox import JobKind
from app.model.people import Patient
from app.model.sourced import Sourced
from app.rules import timezones
from app.rules.duplicates import Known, compared, field_words
from app.rules.outbox_jobs import patient_of
from app.rules.words import age
from app.store import coverage, outbox, patients, providers, visit_links, visits
from app.store.store import Reader

#: What a front desk wants to know of everybody, in the order it is asked for (FEATURES B5).
_WANTED: tuple[tuple[str, str], ...] = (
    ("first_name", "first name"),
    ("birth_date", "birth date"),
    ("phone", "phone"),
    ("email", "email"),
    ("address", "address"),
    ("gender", "sex on record"),
)
_LONGEST = 300
_ADDRESS = frozenset({"street", "unit", "city", "state", "postal_code", "country"})
_EDITABLE = _ADDRESS | {
    "first_name", "middle_name", "last_name", "nick_name", "birth_date", "gender", "pronouns", "language", "phone",
    "cell_phone", "sms_phone", "email", "notes",
}  # fmt: skip


def check_person(person: Patient, today: date) -> None:
    """Raise BadInput naming the field where a new patient cannot be."""
    for field in sorted(_EDITABLE - {"birth_date"}):
        check_field(field, getattr(person.address if field in _ADDRESS else person, field), today)
    check_field("birth_date", person.birth_date.isoformat() if person.birth_date else "", today)


def check_field(field: str, value: str, today: date) -> None:
    """Raise BadInput where ``value`` cannot be kept in ``field`` of a patient (dates as ``YYYY-MM-DD``)."""
    if field not in _EDITABLE:
        raise BadInput(field, f"“{field}” cannot be changed from here.", "", ("Change it in the system itself.",))
    longest = _LONGEST if field != "notes" else 10 * _LONGEST
    if len(value) > longest:
        words = f"The {field_words(field)} is longer than {longest} characters."
        raise BadInput(field, words, "Systems cut or refuse longer ones.", ("Shorten it.",))
    if field == "last_name" and not value.strip():
        raise BadInput(field, "A patient needs a last name.", "", ("Enter the last name.",))
    if field == "email" and value and ("@" not in value or any(char.isspace() for char in value)):
        raise BadInput(field, "This is not an email address.", "", ("Write it like name@mail.example.",))
    digits = sum(char.isdigit() for char in value)
    if field.endswith("phone") and value.strip() and not 7 <= digits <= 15:
        raise BadInput(field, "A phone number has 7 to 15 digits.", "", ("Correct the number.",))
    if field == "birth_date" and value:
        _check_birth_date(value, today)


def _check_birth_date(value: str, today: date) -> None:
    try:
        born = date.fromisoformat(value)
    except ValueError:
        raise BadInput("birth_date", "This is not a date.", "", ("Write it like 03/14/1984.",)) from None
    if born > today:
        raise BadInput("birth_date", "The birth date is in the future.", "", ("Correct the birth date.",))


def still_to_complete(patient: Patient) -> tuple[str, ...]:
    """What is missing, in words; booking does not wait for it."""
    has = {
        "first_name": patient.first_name,
        "birth_date": patient.birth_date,
        "phone": patient.phone or patient.cell_phone or patient.sms_phone,
        "email": patient.email,
        "address": patient.address.street,
        "gender": patient.gender,
    }
    return tuple(words for field, words in _WANTED if not has[field])


def known_candidates(conn: Reader, person: Patient) -> list[Known]:
    """Records that may be ``person``, whole, for the comparison field by field."""
    found = []
    for row in patients.candidates(conn, person):
        whole = patients.get(conn, row.local_id)
        if whole is not None:
            found.append(Known(row=row, patient=whole.value))
    return found


def being_created(conn: Reader, person: Patient) -> bool:
    """Whether the outbox holds a record like ``person`` that no system has confirmed yet: the same names, and the same
    birth date or phone. Twins differ in the first name."""
    for job in outbox.unfinished(conn):
        if job.kind is JobKind.CREATE_PATIENT:
            agree, differ = (set(fields) for fields in compared(person, patient_of(job)))
            if {"last_name", "first_name"} <= agree and agree & {"birth_date", "phone"} and "birth_date" not in differ:
                return True
    return False


def profile(conn: Reader, patient_id: str, now: datetime) -> PatientProfile:
    """Everything one patient's page shows. Raises NotFound where the record is gone."""
    found = patients.get(conn, patient_id)
    if found is None:
        raise NotFound(
            "This patient is not known here.", "The record was removed meanwhile.", ("Search for the patient again.",)
        )
    systems = Systems.read(conn)
    connection = systems.connections[found.connection_id]
    today, minute = timezones.local(now, systems.zone(found.connection_id))
    rows = {each.provider_id: each for each in providers.listed(conn, active_only=False)}
    linked = patients.linked(conn, patient_id)
    known = [
        ProfileVisit(visit=visit, provider=rows.get(visit.provider_id))
        for key in (patient_id, *(link.patient.local_id for link in linked))
        for visit in visits.of_patient(conn, key)
    ]
    known.sort(key=lambda each: (each.visit.day, each.visit.start_minute))
    ahead = [(each.visit.day, each.visit.start_minute + each.visit.minutes) >= (today, minute) for each in known]
    can_edit = can(connection, Capability.UPDATE_PATIENT)
    refused = offer(connection, Capability.UPDATE_PATIENT).words or f"{connection.name} takes no changes from here."
    return PatientProfile(
        patient=found,
        source=connection.source,
        system=connection.name,
        age=age(found.value.birth_date, today),
        upcoming=tuple(each for each, is_ahead in zip(known, ahead, strict=True) if is_ahead),
        past=tuple(each for each, is_ahead in zip(reversed(known), reversed(ahead), strict=True) if not is_ahead),
        linked=tuple(_linked_record(conn, systems, found, link) for link in linked),
        to_complete=still_to_complete(found.value),
        can_edit=can_edit,
        edit_words="" if can_edit else refused,
        has_coverage=can(connection, Capability.READ_COVERAGE),
        coverage=coverage.of_patient(conn, found.connection_id, found.vendor_id),
        names_patients=visit_links.schedule_names_patients(conn, found.connection_id),
    )


def _linked_record(conn: Reader, systems: Systems, found: Sourced[Patient], link: patients.PersonLink) -> LinkedRecord:
    other = patients.get(conn, link.patient.local_id)
    agree, differ = compared(found.value, other.value) if other else ((), ())
    connection = systems.connections.get(link.patient.connection_id)
    return LinkedRecord(
        row=link.patient,
        source=connection.source if connection else "",
        system=systems.name(link.patient.connection_id),
        agree=agree,
        differ=differ,
    )
