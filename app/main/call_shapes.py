"""Our values as ``daybook call`` prints them: the names of its own arguments, ISO dates and times, ids as text."""

from __future__ import annotations

from typing import Any

import msgspec

from app.model.people import Patient
from app.model.schedule import BookedVisit, Provider, Slot, SlotCheck, Visit, VisitType
from app.model.sourced import Sourced


def shaped(value: Any) -> Any:
    """JSON-ready data for a value, a list of them, or None."""
    match value:
        case None:
            return None
        case list() | tuple():
            return [shaped(item) for item in value]
        case Sourced():
            return {_ID_NAMES[type(value.value)]: value.vendor_id, **shaped(value.value)}
        case Slot():
            return _slot(value)
        case SlotCheck():
            return {"available": value.available, **_slot(value.slot)}
        case BookedVisit():
            return _booked(value)
        case Visit():
            return _visit(value)
        case VisitType():
            return {
                "visit_type": value.name,
                "active": value.active,
                "provider_ids": list(value.provider_vendor_ids),
                "resource_ids": list(value.resource_vendor_ids),
            }
        case Patient():
            return _patient(value)
    return msgspec.to_builtins(value)


_ID_NAMES: dict[type, str] = {Provider: "provider_id", Visit: "visit_id", Patient: "patient_id"}


def _slot(slot: Slot) -> dict[str, Any]:
    return {
        "provider_id": slot.provider_vendor_id,
        "date": slot.day.isoformat(),
        "time": slot.start.isoformat(),
        "duration": slot.minutes,
    }


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "provider_id": visit.provider_vendor_id,
        "date": visit.day.isoformat(),
        "time": visit.start.isoformat(),
        "duration": visit.minutes,
        "visit_type": visit.visit_type,
        "status": visit.status.value,
        "patient_id": visit.patient_vendor_id,
    }


def _booked(booked: BookedVisit) -> dict[str, Any]:
    request = booked.request
    return {
        "visit_id": booked.visit_vendor_id,
        "patient_id": request.patient_vendor_id,
        "provider_id": request.provider_vendor_id,
        "visit_type": request.visit_type,
        "date": request.day.isoformat(),
        "time": request.start.isoformat(),
        "duration": request.minutes,
        "visit_complaint": request.reason,
        "visit_notes": request.notes,
        "provider_time": request.provider_start.isoformat() if request.provider_start else None,
        "provider_duration": request.provider_minutes or None,
        "room_id": booked.room,
    }


def _patient(patient: Patient) -> dict[str, Any]:
    """The patient's own field names; ``prospect`` for a lead, as the argument is called."""
    fields: dict[str, Any] = msgspec.to_builtins(patient)
    address = fields.pop("address")
    fields["prospect"] = fields.pop("is_lead")
    return {**fields, **address}
