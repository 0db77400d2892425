"""Patients' insurance policies, as their systems told them last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.coverage import CoverageCopy, CoverageRecord
from app.model.sourced import Sourced
from app.store import connections
from app.store.database import Reader
from app.store.times import from_us, to_us
from app.store.tx import Tx


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as the file keeps one."""

    vendor_id: str
    value: CoverageRecord


_decode = msgspec.json.Decoder(list[_Stored]).decode


def of_patient(conn: Reader, connection_id: str, patient_vendor_id: str) -> CoverageCopy | None:
    """What was told last of a patient's policies, primary first; None where the system was never asked."""
    row = conn.execute(
        "SELECT v.as_of, v.value FROM coverage v JOIN connections c ON c.no = v.connection_no"
        " WHERE c.connection_id = ? AND v.patient_vendor_id = ?",
        (connection_id, patient_vendor_id),
    ).fetchone()
    if row is None:
        return None
    as_of = from_us(row[0])
    policies = tuple(
        Sourced(value=each.value, connection_id=connection_id, vendor_id=each.vendor_id, as_of=as_of)
        for each in _decode(row[1])
    )
    return CoverageCopy(as_of=as_of, policies=policies)


def keep(
    tx: Tx, connection_id: str, patient_vendor_id: str, found: Sequence[Sourced[CoverageRecord]], as_of: datetime
) -> None:
    """Put what the system told at ``as_of`` in place of what was known, unless that is newer."""
    policies = sorted(found, key=lambda each: each.value.rank)
    value = msgspec.json.encode([_Stored(vendor_id=each.vendor_id, value=each.value) for each in policies])
    tx.connection.execute(
        "INSERT INTO coverage (connection_no, patient_vendor_id, as_of, value) VALUES (?,?,?,?)"
        " ON CONFLICT (connection_no, patient_vendor_id) DO UPDATE SET as_of = excluded.as_of, value = excluded.value"
        " WHERE excluded.as_of >= coverage.as_of",
        (connections.number(tx.connection, connection_id), patient_vendor_id, to_us(as_of), value),
    )
    tx.changed(Change(kind=Kind.COVERAGE, connection_id=connection_id))
