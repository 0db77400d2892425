"""What is known of a patient, read in one go: candidates for duplicates, what is still missing, the whole profile."""

from __future__ import annotations

from datetime import datetime

from app.desk.common import Systems, can, offer
from app.model.booking import LinkedRecord, PatientProfile, ProfileVisit
from app.model.capabilities import Capability
from app.model.errors import NotFound
from app.model.people import Patient
from app.model.sourced import Sourced
from app.rules import timezones
from app.rules.duplicates import Known, compared
from app.rules.words import age
from app.store import patients, providers, visits
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
