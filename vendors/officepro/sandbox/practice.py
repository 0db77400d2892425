"""The synthetic practice as OfficePro would hold it: generated around ``now``, the same for the same seed.

The cast's week (Tuesday 10 March 2026 in the pictures) lies on the working days around today; every other day, and as
many doctors and patients as the scale wants, are made up by dice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from vendors.sandboxkit.cast import (
    DOCTORS,
    KEPT_FREE,
    MARIGOLDS_VISITS,
    ONCE,
    PEOPLE,
    RETIRED_VISIT_TYPES,
    VISIT_TYPES,
    WEEK,
    Appointment,
    Doctor,
    at,
    names_in_order,
    working_day,
)
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.names import AREA_CODES, FIRST_NAMES, LAST_BEGINNINGS, LAST_ENDINGS, STREETS
from vendors.sandboxkit.plan import Scale

FIRST_PATIENT_ID = 1001
FIRST_VISIT_ID = 10001
FIRST_ROOM_ID = 101

#: Every field of a prospect, as the document of PUT prospects/{id} lists them.
PROSPECT_FIELDS = (
    "FirstName", "MI", "LastName", "FullName", "NickName", "Gender", "DOB", "LifeStage", "Pronouns", "SexualIdentity",
    "PrimaryLanguage", "Type", "Phone", "CellPhone", "SMSPhone", "EMail", "Address", "Unit", "City", "State", "Zip",
    "Country", "ProviderID", "Prospect", "Sh_Name", "Sh_Address", "Sh_Unit", "Sh_City", "Sh_State", "Sh_Zip",
    "Sh_Country", "PtImg", "Notes",
)  # fmt: skip

SCHEMA = """
CREATE TABLE providers (id INTEGER PRIMARY KEY, name TEXT, title TEXT, specialty TEXT, step INTEGER, active INTEGER);
CREATE TABLE hours (provider_id INTEGER, weekday INTEGER, start INTEGER, stop INTEGER);
CREATE TABLE pauses (provider_id INTEGER, weekday INTEGER, day TEXT, start INTEGER, stop INTEGER, why TEXT);
CREATE TABLE visit_types (name TEXT PRIMARY KEY, active INTEGER, providers TEXT, resources TEXT);
CREATE TABLE prospects (
    id INTEGER PRIMARY KEY, FirstName TEXT, LastName TEXT, DOB TEXT, Phone TEXT, EMail TEXT, Prospect TEXT, more TEXT
);
CREATE TABLE visits (
    id INTEGER PRIMARY KEY, provider_id INTEGER, patient_id INTEGER, day TEXT, start INTEGER, minutes INTEGER,
    type TEXT, complaint TEXT, notes TEXT, provider_start INTEGER, provider_minutes INTEGER, room_id INTEGER,
    status TEXT, is_cast INTEGER
);
CREATE INDEX visits_of_provider ON visits (provider_id, day);
CREATE INDEX visits_in_room ON visits (room_id, day);
"""


class Size(NamedTuple):
    """How much practice: doctors, patients, and working days before and after today."""

    doctors: int
    patients: int
    before: int
    after: int


SIZES: dict[Scale, Size] = {
    "small": Size(doctors=6, patients=4_218, before=20, after=45),
    "clinic": Size(doctors=24, patients=20_000, before=60, after=60),
    "large": Size(doctors=60, patients=100_000, before=192, after=60),
}


def generate(database: sqlite3.Connection, today: date, seed: int, scale: Scale) -> None:
    """Fill an empty database (SCHEMA made) with the practice as it is on ``today``, the practice's own date."""
    size = SIZES[scale]
    doctors = [*DOCTORS, *more_doctors(seed, size.doctors - len(DOCTORS))]
    ids = {name: FIRST_PATIENT_ID + place for place, name in enumerate(names_in_order())}
    anchor = working_day(today, 0)
    _write_doctors(database, doctors, anchor)
    _write_types(database, doctors)
    database.executemany(
        "INSERT INTO prospects VALUES (?,?,?,?,?,?,?,?)",
        _patients(ids, seed, size.patients, len(doctors)),
    )
    database.executemany(
        "INSERT INTO visits VALUES (?,?,?,?,?,?,?,?,'',?,?,?,?,?)", _visits(doctors, ids, anchor, seed, size)
    )
    database.commit()


def more_doctors(seed: int, count: int) -> Iterator[Doctor]:
    """Doctors beyond the cast's six, for larger practices."""
    dice = Dice(seed, 11)
    seen: set[str] = set()
    specialties = ("Family", "Internal", "Pediatrics", "Women's", "Cardio", "Dermatology", "Orthopedics", "Same-day")
    number = len(DOCTORS)
    while len(seen) < count:
        last = dice.pick(LAST_BEGINNINGS) + dice.pick(LAST_ENDINGS)
        if last in seen:
            continue
        seen.add(last)
        number += 1
        nurse = dice.below(4) == 0
        name = f"{dice.pick(FIRST_NAMES)} {last}" if nurse else f"Dr. {last}"
        start = 420 + 30 * dice.below(4)
        noon = 690 + 30 * dice.below(3)
        yield Doctor(
            number, name, "NP" if nurse else "MD", dice.pick(specialties), dice.pick((20, 30)),
            ((start, start + 540),), ((noon, noon + 60, "Lunch"),),
        )  # fmt: skip


def _write_doctors(database: sqlite3.Connection, doctors: list[Doctor], anchor: date) -> None:
    for doctor in doctors:
        row = (doctor.number, doctor.name, doctor.title, doctor.specialty, doctor.step)
        database.execute("INSERT INTO providers VALUES (?,?,?,?,?,1)", row)
        for weekday in range(5):
            database.executemany(
                "INSERT INTO hours VALUES (?,?,?,?)", [(doctor.number, weekday, *span) for span in doctor.hours]
            )
            database.executemany(
                "INSERT INTO pauses VALUES (?,?,NULL,?,?,?)",
                [(doctor.number, weekday, *pause) for pause in doctor.pauses],
            )
    for (number, offset), pauses in ONCE.items():
        day = working_day(anchor, offset).isoformat()
        database.executemany("INSERT INTO pauses VALUES (?,NULL,?,?,?,?)", [(number, day, *once) for once in pauses])
    database.execute("INSERT INTO providers VALUES (?,?,?,?,?,0)", (990, "Dr. Quillfeather", "MD", "Family", 20))


def _write_types(database: sqlite3.Connection, doctors: list[Doctor]) -> None:
    everybody = [doctor.number for doctor in doctors]
    rooms = [FIRST_ROOM_ID + number - 1 for number in everybody]
    for name, (_, numbers) in VISIT_TYPES.items():
        # The document's own example: Consult, providers 1 and 2, resources 101 and 102.
        resources = rooms[:2] if name == "Consult" else rooms
        row = (name, 1, _numbers(numbers or everybody), _numbers(resources))
        database.execute("INSERT INTO visit_types VALUES (?,?,?,?)", row)
    for name in RETIRED_VISIT_TYPES:
        database.execute("INSERT INTO visit_types VALUES (?,0,'','')", (name,))


def _numbers(values: list[int] | tuple[int, ...]) -> str:
    return ",".join(map(str, values))


def _patients(ids: dict[str, int], seed: int, count: int, doctors: int) -> Iterator[tuple[object, ...]]:
    dice = Dice(seed, 12)
    for name, number in ids.items():
        first, _, last = name.partition(" ")
        yield _patient(dice, number, first, last, doctors, name)
    for number in range(FIRST_PATIENT_ID + len(ids), FIRST_PATIENT_ID + count):
        last = dice.pick(LAST_BEGINNINGS) + dice.pick(LAST_ENDINGS)
        yield _patient(dice, number, dice.pick(FIRST_NAMES), last, doctors, "")


def _patient(dice: Dice, number: int, first: str, last: str, doctors: int, known: str) -> tuple[object, ...]:
    chance = dice.below(1 << 30)
    born = date(1932, 1, 1) + timedelta(days=chance % 34_000)
    phone = f"({AREA_CODES[chance % len(AREA_CODES)]}) 555-01{chance // 7 % 100:02d}"
    email = f"{first}.{last}@mail.example".lower() if chance % 3 else ""
    more: dict[str, str] = {
        "Gender": "fmou"[chance // 3 % 2 if chance % 50 else 2],
        "Address": f"{1 + chance // 5 % 990} {STREETS[chance // 11 % len(STREETS)]}",
        "City": "Larkspur Heights",
        "State": "IL",
        "Zip": f"606{chance // 13 % 100:02d}",
        "Type": "Insurance" if chance % 9 else "Cash",
        "ProviderID": str(1 + chance // 17 % doctors),
    }
    if known in PEOPLE:
        person = PEOPLE[known]
        born, phone = date.fromisoformat(person.birth_date), person.phone
        more |= dict(person.more)
        email = more.pop("EMail", email)
    # Leads: people who asked and have not been seen.
    lead = "1" if not known and chance % 20 == 0 else "0"
    return number, first, last, born.isoformat(), phone, email, lead, json.dumps(more)


def _visits(
    doctors: list[Doctor], ids: dict[str, int], anchor: date, seed: int, size: Size
) -> Iterator[tuple[object, ...]]:
    others = range(FIRST_PATIENT_ID + len(ids), FIRST_PATIENT_ID + size.patients)
    number = FIRST_VISIT_ID
    special = {(doctor, offset): visit for offset, doctor, visit in MARIGOLDS_VISITS}
    for offset in range(-size.before, size.after + 1):
        day = working_day(anchor, offset)
        text = day.isoformat()
        for doctor in doctors:
            dice = Dice(seed, doctor.number, day.toordinal())
            room = FIRST_ROOM_ID + doctor.number - 1
            for visit in _day(doctor, offset, dice, special.get((doctor.number, offset))):
                is_cast = bool(visit.patient)
                patient = ids[visit.patient] if is_cast else dice.pick(others)
                yield (
                    number, doctor.number, patient, text, visit.start, visit.minutes, visit.visit_type,
                    visit.complaint, visit.start, visit.minutes, room, visit.status, int(is_cast),
                )  # fmt: skip
                number += 1


def _day(doctor: Doctor, offset: int, dice: Dice, special: Appointment | None) -> Iterator[Appointment]:
    """One doctor's day: the cast's where it has one, else chance (nobody's name: any patient)."""
    place = (doctor.number, offset)
    if place in WEEK:
        yield from WEEK[place]
        return
    kept = [at(text) for text in KEPT_FREE.get(place, ())]
    taken = [(start, stop) for start, stop, _ in (*doctor.pauses, *ONCE.get(place, ()))]
    taken += [(start, start + doctor.step) for start in kept]
    if special is not None:
        taken.append((special.start, special.start + special.minutes))
        yield special
    types = [name for name, (_, numbers) in VISIT_TYPES.items() if not numbers or doctor.number in numbers]
    booked_of_100 = 100 if place in KEPT_FREE else _density(offset)
    for start, stop in open_spans(list(doctor.hours), taken):
        moment = start
        while moment < stop:
            minutes = doctor.step * (2 if dice.below(5) == 0 else 1)
            if stop - moment - minutes < doctor.step:
                minutes = stop - moment
            if dice.below(100) < booked_of_100:
                yield Appointment(moment, minutes, "", dice.pick(types))
            moment += minutes


def _density(offset: int) -> int:
    for until, of_100 in ((0, 92), (5, 84), (20, 66), (40, 45)):
        if offset <= until:
            return of_100
    return 25


def open_spans(spans: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What remains of ``spans`` (minutes, half-open) without ``taken``, in order."""
    left = []
    for start, stop in sorted(spans):
        moment = start
        for first, last in sorted(taken):
            if last <= moment or first >= stop:
                continue
            if first > moment:
                left.append((moment, first))
            moment = last
        if moment < stop:
            left.append((moment, stop))
    return left


def links(database: sqlite3.Connection) -> list[dict[str, object]]:
    """VisitID → PatientID of the cast's visits, which the API itself never shows, so that a demo can name them."""
    rows = database.execute(
        "SELECT id, patient_id, provider_id, day, complaint FROM visits WHERE is_cast AND status != 'cancelled'"
    )
    return [
        {"visit_id": visit, "patient_id": patient, "provider_id": provider, "date": day, "complaint": complaint}
        for visit, patient, provider, day, complaint in rows
    ]
