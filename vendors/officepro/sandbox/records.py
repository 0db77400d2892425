"""OfficePro's own rules over its own database: availability, rooms, bookings, prospects.

Our modelling where the document is silent (BEHAVIOR.md): a provider is busy for the provider's part of a visit, a room
for all of it; free times start where a gap starts and every ``step`` minutes after; a day that is over can still be
asked about and booked, since nothing says otherwise, but today's free times begin now.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from vendors.officepro.sandbox.practice import SCHEMA, generate, links, open_spans
from vendors.sandboxkit.plan import ZONE, Scale

_COLUMNS = ("FirstName", "LastName", "DOB", "Phone", "EMail", "Prospect")

#: Parameters: leads only, and the words as JSON pairs of text and its digits.
_MATCHING = """
SELECT id FROM prospects WHERE (NOT ? OR Prospect = '1') AND NOT EXISTS (
    SELECT 1 FROM json_each(?) AS word WHERE NOT (
        FirstName LIKE word.value ->> 0 || '%' OR LastName LIKE word.value ->> 0 || '%'
        OR EMail LIKE word.value ->> 0 || '%' OR DOB = word.value ->> 0
        OR (word.value ->> 1 != ''
            AND replace(replace(replace(replace(Phone, '(', ''), ')', ''), '-', ''), ' ', '')
                LIKE '%' || (word.value ->> 1) || '%')))
ORDER BY id
"""


class Refused(Exception):
    """OfficePro says no: an HTTP status and its words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A booking whose fields have been checked; times are minutes after midnight."""

    patient_id: int
    provider_id: int
    visit_type: str
    day: date
    start: int
    minutes: int
    complaint: str
    notes: str
    provider_start: int
    provider_minutes: int


class Records:
    """The tenant's database, in memory."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.row_factory = sqlite3.Row
        #: Our modelling, switchable: a prospect's id is the PatientID of bookings.
        self.prospects_are_patients = True

    def fill(self, now: datetime, seed: int, scale: Scale) -> None:
        """Begin anew with a generated practice."""
        for table in ("providers", "hours", "pauses", "visit_types", "prospects", "visits"):
            self.database.execute(f"DROP TABLE IF EXISTS {table}")
        self.database.executescript(SCHEMA)
        generate(self.database, now.astimezone(ZONE).date(), seed, scale)

    def links(self) -> list[dict[str, object]]:
        """VisitID → PatientID of the cast."""
        return links(self.database)

    # --- providers and their time ------------------------------------------------------------------------------------

    def providers(self) -> list[sqlite3.Row]:
        """The active ones, by id."""
        return self.database.execute("SELECT * FROM providers WHERE active ORDER BY id").fetchall()

    def provider(self, provider_id: int) -> sqlite3.Row:
        """One, active or not. Raises Refused 404."""
        row: sqlite3.Row | None = self.database.execute(
            "SELECT * FROM providers WHERE id = ?", (provider_id,)
        ).fetchone()
        if row is None:
            raise Refused(404, "Provider not found")
        return row

    def visits(self, provider_id: int, start: date, end: date, visit_type: str) -> list[sqlite3.Row]:
        """Visits that stand, in order of time."""
        return self.database.execute(
            "SELECT * FROM visits WHERE provider_id = ? AND day BETWEEN ? AND ? AND status != 'cancelled'"
            " AND (? = '' OR type = ? COLLATE NOCASE) ORDER BY day, start, id",
            (provider_id, start.isoformat(), end.isoformat(), visit_type, visit_type),
        ).fetchall()

    def free_spans(self, provider_id: int, day: date) -> list[tuple[int, int]]:
        """The provider's working time that no pause and no visit takes, as minutes, half-open."""
        provider = self.provider(provider_id)
        if not provider["active"]:
            return []
        hours = self._pairs(
            "SELECT start, stop FROM hours WHERE provider_id = ? AND weekday = ?", provider_id, day.weekday()
        )
        taken = self._pairs(
            "SELECT start, stop FROM pauses WHERE provider_id = ? AND (weekday = ? OR day = ?)",
            provider_id,
            day.weekday(),
            day.isoformat(),
        )
        taken += self._pairs(
            "SELECT provider_start, provider_start + provider_minutes FROM visits"
            " WHERE provider_id = ? AND day = ? AND status != 'cancelled'",
            provider_id,
            day.isoformat(),
        )
        return open_spans(hours, taken)

    def is_free(self, provider_id: int, day: date, start: int, minutes: int) -> bool:
        """Whether the provider has all of that time."""
        return any(first <= start and start + minutes <= last for first, last in self.free_spans(provider_id, day))

    def slots(self, provider_id: int, day: date, minutes: int, now: datetime) -> Iterator[int]:
        """Starts of free times of that length, in order."""
        local = now.astimezone(ZONE)
        earliest = local.hour * 60 + local.minute if local.date() == day else 0
        step = int(self.provider(provider_id)["step"])
        for first, last in self.free_spans(provider_id, day):
            for start in range(first, last - minutes + 1, step):
                if start >= earliest:
                    yield start

    def next_slot(self, provider_id: int, minutes: int, max_days: int, now: datetime) -> tuple[date, int] | None:
        """The first free time from now on, within ``max_days`` days."""
        today = now.astimezone(ZONE).date()
        self.provider(provider_id)
        for ahead in range(max_days + 1):
            day = today + timedelta(days=ahead)
            start = next(self.slots(provider_id, day, minutes, now), None)
            if start is not None:
                return day, start
        return None

    # --- visit types and bookings ------------------------------------------------------------------------------------

    def visit_types(self, include_inactive: bool) -> list[sqlite3.Row]:
        """The kinds of visit."""
        return self.database.execute(
            "SELECT * FROM visit_types WHERE active OR ? ORDER BY rowid", (include_inactive,)
        ).fetchall()

    def book(self, booking: Booking) -> sqlite3.Row:
        """Write the visit, after the checks of provider and resource. Raises Refused."""
        if not self.prospects_are_patients or not self._has_prospect(booking.patient_id):
            raise Refused(404, "Patient not found")
        if not self.provider(booking.provider_id)["active"]:
            raise Refused(422, "Provider is not active")
        resources = self._resources(booking)
        if not self.is_free(booking.provider_id, booking.day, booking.provider_start, booking.provider_minutes):
            raise Refused(409, "Provider is not available at the requested time")
        room = self._room(booking, resources)
        if resources and room is None:
            raise Refused(409, "No resource is available at the requested time")
        return self._insert(booking, room, "booked")

    def take(self, provider_id: int, day: date, start: int, minutes: int, visit_type: str = "Office visit") -> int:
        """Somebody else books that time, whatever stands there; the new VisitID."""
        booking = Booking(
            patient_id=0, provider_id=provider_id, visit_type=visit_type, day=day, start=start, minutes=minutes,
            complaint="", notes="", provider_start=start, provider_minutes=minutes,
        )  # fmt: skip
        return int(self._insert(booking, None, "booked")["id"])

    def _resources(self, booking: Booking) -> list[int]:
        row = self.database.execute(
            "SELECT * FROM visit_types WHERE name = ? AND active", (booking.visit_type,)
        ).fetchone()
        if row is None:
            raise Refused(422, "Unknown visit type")
        if row["providers"] and str(booking.provider_id) not in row["providers"].split(","):
            raise Refused(422, "This provider does not offer this visit type")
        return [int(number) for number in row["resources"].split(",") if number]

    def _room(self, booking: Booking, resources: list[int]) -> int | None:
        """The provider's usual room if it is free for the whole visit, else the first that is."""
        taken = {
            row["room_id"]
            for row in self.database.execute(
                "SELECT room_id FROM visits WHERE day = ? AND status != 'cancelled'"
                " AND start < ? AND start + minutes > ?",
                (booking.day.isoformat(), booking.start + booking.minutes, booking.start),
            )
        }
        usual = 100 + booking.provider_id
        ordered = sorted(resources, key=lambda room: (room != usual, room))
        return next((room for room in ordered if room not in taken), None)

    def _insert(self, booking: Booking, room: int | None, status: str) -> sqlite3.Row:
        row: sqlite3.Row = self.database.execute(
            "INSERT INTO visits (provider_id, patient_id, day, start, minutes, type, complaint, notes,"
            " provider_start, provider_minutes, room_id, status, is_cast)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0) RETURNING *",
            (
                booking.provider_id, booking.patient_id, booking.day.isoformat(), booking.start, booking.minutes,
                booking.visit_type, booking.complaint, booking.notes, booking.provider_start,
                booking.provider_minutes, room, status,
            ),
        ).fetchone()  # fmt: skip
        self.database.commit()
        return row

    # --- prospects ---------------------------------------------------------------------------------------------------

    def prospects(self, search: str, page: int, limit: int, leads_only: bool) -> tuple[list[dict[str, Any]], int]:
        """One page by id, and how many there are. Every word of ``search`` must begin a name or be in a contact."""
        words = [[word, "".join(filter(str.isdigit, word))] for word in search.split()]
        first = (page - 1) * limit
        if not words and not leads_only:
            count = self.database.execute("SELECT count(*) FROM prospects").fetchone()[0]
            rows = self.database.execute("SELECT * FROM prospects ORDER BY id LIMIT ? OFFSET ?", (limit, first))
            return [_prospect(row) for row in rows], count
        ids = self.database.execute(_MATCHING, (leads_only, json.dumps(words))).fetchall()
        one = "SELECT * FROM prospects WHERE id = ?"
        shown = ids[first : first + limit]
        return [_prospect(self.database.execute(one, tuple(row)).fetchone()) for row in shown], len(ids)

    def create_prospect(self, fields: dict[str, str]) -> dict[str, Any]:
        """A new record; Prospect is 1 unless the caller says otherwise."""
        number = self.database.execute("INSERT INTO prospects VALUES (NULL, '', '', '', '', '', '1', '{}')").lastrowid
        return self.update_prospect(int(number or 0), fields)

    def update_prospect(self, number: int, fields: dict[str, str]) -> dict[str, Any]:
        """Set the named fields. Raises Refused 404."""
        row = self.database.execute("SELECT * FROM prospects WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise Refused(404, "Prospect not found")
        held = {**_prospect(row), **fields}
        more = {name: text for name, text in held.items() if name not in {"id", *_COLUMNS}}
        self.database.execute(
            "REPLACE INTO prospects VALUES (?,?,?,?,?,?,?,?)",
            (number, *(held[name] for name in _COLUMNS), json.dumps(more)),
        )
        self.database.commit()
        return held

    def _has_prospect(self, number: int) -> bool:
        return self.database.execute("SELECT 1 FROM prospects WHERE id = ?", (number,)).fetchone() is not None

    def _pairs(self, query: str, *values: object) -> list[tuple[int, int]]:
        return [(int(row[0]), int(row[1])) for row in self.database.execute(query, values)]


def _prospect(row: sqlite3.Row) -> dict[str, Any]:
    return {"id": row["id"], **{name: row[name] for name in _COLUMNS}, **json.loads(row["more"])}
