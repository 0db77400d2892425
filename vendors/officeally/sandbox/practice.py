"""The practice as Practice Mate holds it, and its members as their payers know them: generated around ``now``.

The cast carries scripts: what happens when the payer is asked about each of them is fixed, so that a test (or a
trainer) can ask for it by name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vendors.officeally.sandbox.payers import BY_KEY, CLAIMS, ELIGIBILITY, INSTITUTIONAL, PLANS, REMITS, STATUS, Plan
from vendors.officeally.sandbox.schema import next_number
from vendors.sandboxkit import harbor
from vendors.sandboxkit.cast import DOCTORS, PEOPLE, VISIT_TYPES, WEEK, Doctor, names_in_order, working_day
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.names import AREA_CODES, FIRST_NAMES, LAST_BEGINNINGS, LAST_ENDINGS, STREETS
from vendors.sandboxkit.plan import Scale

PRACTICE = "LARKSPUR FAMILY MEDICINE"
ACCOUNT = "LARKSPUR"
TAX_ID = "990000001"
SUBMITTER = TAX_ID
SENDER = "DB00001"
FIRST_PATIENT = 1001
FIRST_APPOINTMENT = 70001

PATIENTS: dict[Scale, int] = {"small": 400, "clinic": 4_000, "large": 20_000}

#: What each script means is said in ``eligibility`` and ``claim_status``.
SCRIPTS = {
    "Marigold Fennimore": ("heron", "copays"),
    "Tobias Fennwick": ("prairie", "inactive"),
    "Basil Fennimore": ("heron", ""),
    "Lark Fennimore": ("heron", "dependent"),
    "Fern Abernathy": ("prairie", "other_payer"),
    "Dov Appleyard": ("medicaid", "managed_care"),
    "Wren Ashgrove": ("heron", "not_found"),
    "Quentin Ashdown": ("medicare", ""),
    "Tad Bellweather": ("medicare", "down"),
    "Otis Brambleton": ("prairie", "silent"),
    "Luz Candlewick": ("orchard", "birth_date"),
    "Silas Copperpot": ("heron", "slow"),
    "Hugo Cranmoor": ("heron", "cut"),
    "Amos Driftwood": ("heron", "json"),
    "Hana Mosswater": ("heron", "html"),
    "Petra Wickersham": ("copper", ""),
}
_STATUS = {
    "booked": "Scheduled",
    "confirmed": "Confirmed",
    "arrived": "Checked In",
    "in_room": "Checked In",
    "checked_out": "Checked Out",
    "no_show": "No Show",
    "cancelled": "Cancelled",
}


def npi(number: int) -> str:
    """A number of ten digits with the right check digit (Luhn over 80840 before it), that belongs to nobody."""
    base = f"12345{number:04d}"
    total = 24
    for place, digit in enumerate(base):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return base + str(-total % 10)


BILLING_NPI = npi(6789)
STRANGER_NPI = npi(1)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody before they become a patient, a policy and a member."""

    number: int
    first: str
    last: str
    birth: date
    sex: str
    phone: str
    address: str
    zip: str
    email: str
    chance: int

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def generate(database: sqlite3.Connection, today: date, seed: int, scale: Scale) -> None:
    """Fill empty tables with the practice as it is on ``today``, the practice's own date."""
    people = list(_people(seed, PATIENTS[scale]))
    database.executemany(
        "INSERT INTO providers VALUES (?,?,?,?)", [(one.number, one.name, npi(one.number), one.step) for one in DOCTORS]
    )
    database.executemany("INSERT INTO hours VALUES (?,?,?,?,?,?)", _hours(DOCTORS))
    for person in people:
        _insert(database, person, DOCTORS)
    next_number(database, "patient", len(people))
    anchor = working_day(today, 0)
    database.executemany(
        "INSERT INTO appointments VALUES (?,?,?,?,?,?,?,?)", _appointments({one.name: one for one in people}, anchor)
    )
    database.executemany("INSERT INTO enrollments VALUES (?,?,?,?,?,?)", _enrollments(today))
    database.commit()


def open_harbor(database: sqlite3.Connection, today: date) -> int:
    """Add the people and appointments of Harbor Street, around ``today``; returns the number of its first patient."""
    doctors = harbor.OFFICE.doctors
    database.executemany(
        "INSERT INTO providers VALUES (?,?,?,?)", [(one.number, one.name, npi(one.number), one.step) for one in doctors]
    )
    database.executemany("INSERT INTO hours VALUES (?,?,?,?,?,?)", _hours(doctors))
    first = next_number(database, "patient", len(harbor.PEOPLE)) - len(harbor.PEOPLE) + 1
    numbers = {}
    for place, (name, last, birth, sex, phone) in enumerate(harbor.PEOPLE):
        person = Person(
            number=first + place, first=name, last=last, birth=date.fromisoformat(birth), sex=sex, phone=phone,
            address=f"{3 + 4 * place} Harbor Street", zip="60614", email=f"{name}.{last}@mail.example".lower(),
            chance=place + 1,
        )  # fmt: skip
        _insert(database, person, doctors)
        numbers[person.name] = person.number
    anchor = working_day(today, 0)
    rows = [
        (doctor.number, numbers[visit.patient], working_day(anchor, offset).isoformat(), visit)
        for offset in range(-5, 11)
        for doctor in doctors
        for visit in harbor.day(doctor.number, offset)
    ]
    begin = database.execute("SELECT max(id) + 1 FROM appointments").fetchone()[0]
    database.executemany(
        "INSERT INTO appointments VALUES (?,?,?,?,?,?,?,?)",
        [
            (begin + place, doctor, patient, day, visit.start, visit.minutes, visit.visit_type, _STATUS[visit.status])
            for place, (doctor, patient, day, visit) in enumerate(rows)
        ],
    )
    database.commit()
    return first


def _hours(doctors: Sequence[Doctor]) -> Iterator[tuple[int, ...]]:
    """Monday to Friday (weekday 0 is Sunday), two periods where lunch cuts the day."""
    for doctor in doctors:
        start, stop = doctor.hours[0][0], doctor.hours[-1][1]
        lunch = next(((first, last) for first, last, why in doctor.pauses if why == "Lunch"), None)
        for weekday in range(1, 6):
            if lunch is None:
                yield doctor.number, weekday, start, stop, 0, 0
            else:
                yield doctor.number, weekday, start, lunch[0], lunch[1], stop


def _people(seed: int, count: int) -> Iterator[Person]:
    """The same names, birth dates and telephones that any other system of the practice holds."""
    dice = Dice(seed, 12)
    names = [(name.partition(" ")[0], name.partition(" ")[2]) for name in names_in_order()]
    for place in range(max(count, len(names))):
        if place < len(names):
            first, last = names[place]
        else:
            last, first = dice.pick(LAST_BEGINNINGS) + dice.pick(LAST_ENDINGS), dice.pick(FIRST_NAMES)
        chance = dice.below(1 << 30)
        known = PEOPLE.get(f"{first} {last}")
        more = dict(known.more) if known else {}
        yield Person(
            number=FIRST_PATIENT + place,
            first=first,
            last=last,
            birth=date.fromisoformat(known.birth_date) if known else date(1932, 1, 1) + timedelta(days=chance % 34_000),
            sex=more.get("Gender", "fmou"[chance // 3 % 2 if chance % 50 else 2]).upper().replace("O", "U"),
            phone=known.phone if known else f"({AREA_CODES[chance % len(AREA_CODES)]}) 555-01{chance // 7 % 100:02d}",
            address=more.get("Address", f"{1 + chance // 5 % 990} {STREETS[chance // 11 % len(STREETS)]}"),
            zip=f"606{chance // 13 % 100:02d}",
            email=more.get("EMail", f"{first}.{last}@mail.example".lower() if chance % 3 else ""),
            chance=chance,
        )


def member_id(plan: Plan, number: int) -> str:
    """The number on the card of a patient."""
    return f"{plan.prefix}{number * 7919 % 10**8:08d}"


def _plan_of(person: Person) -> tuple[Plan, str]:
    if person.name in SCRIPTS:
        key, script = SCRIPTS[person.name]
        return BY_KEY[key], script
    if person.birth.year < 1960:
        return BY_KEY["medicare"], ""
    return BY_KEY[("heron", "prairie", "medicaid", "orchard", "heron")[person.chance % 5]], ""


def _insert(database: sqlite3.Connection, person: Person, doctors: Sequence[Doctor]) -> None:
    plan, script = _plan_of(person)
    doctor = doctors[person.chance // 17 % len(doctors)].name
    database.execute(
        "INSERT INTO patients VALUES (?,?,?,?,?,'',?,?,?,?,?,?,?,'',?,?)",
        (
            person.number, "", f"PA{person.number * 31:08d}", person.last, person.first, person.birth.isoformat(),
            person.sex, person.address, "Larkspur Heights", "IL", person.zip, person.phone, person.email, doctor,
        ),
    )  # fmt: skip
    if person.chance % 9 == 0 and person.name not in SCRIPTS:
        return  # Pays in cash.
    insured, number, relationship = person, member_id(plan, person.number), "Self"
    last, first, birth = insured.last, insured.first, insured.birth.isoformat()
    if script == "dependent":
        number, relationship = member_id(plan, FIRST_PATIENT), "Child"
        last, first, birth = "Fennimore", "Marigold", PEOPLE["Marigold Fennimore"].birth_date
    policy = "INSERT INTO policies VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
    copay = f"{plan.copay // 100}.{plan.copay % 100:02d}" if plan.copay else ""
    group = f"GRP{person.chance % 900 + 100}" if plan.key not in {"medicare", "medicaid"} else ""
    row = (person.number, 1, plan.key, number, group, relationship, last, first, birth, "2025-01-01", "", copay)
    database.execute(policy, row)
    if person.name == "Quentin Ashdown":
        other = BY_KEY["lantern"]
        second = (person.number, 2, other.key, member_id(other, person.number), "", "Self", last, first, birth)
        database.execute(policy, (*second, "2025-01-01", "", ""))
        _member(database, other, person, member_id(other, person.number), "")
    if script not in {"dependent", "not_found"}:
        _member(database, plan, person, number, script)


def _member(database: sqlite3.Connection, plan: Plan, person: Person, number: str, script: str) -> None:
    birth = person.birth + timedelta(days=300) if script == "birth_date" else person.birth
    row = (plan.key, number, person.last.upper(), person.first.upper(), birth.isoformat(), person.sex, script)
    database.execute("INSERT OR IGNORE INTO members VALUES (?,?,?,?,?,?,?)", row)


def _appointments(people: dict[str, Person], anchor: date) -> Iterator[tuple[object, ...]]:
    number = FIRST_APPOINTMENT
    for (doctor, offset), visits in WEEK.items():
        for visit in visits:
            day = working_day(anchor, offset).isoformat()
            reason = visit.complaint or visit.visit_type
            patient = people[visit.patient].number
            yield number, doctor, patient, day, visit.start, visit.minutes, reason, _STATUS[visit.status]
            number += 1
    others = [one for one in people.values() if one.number >= FIRST_PATIENT + len(names_in_order())] or [
        *people.values()
    ]
    for offset in (*range(-20, -1), *range(4, 21)):
        for doctor_of in DOCTORS:
            dice = Dice(doctor_of.number, offset + 100)
            day = working_day(anchor, offset).isoformat()
            for start in range(doctor_of.hours[0][0], doctor_of.hours[0][0] + 180, doctor_of.step * 2):
                status = "Checked Out" if offset < 0 else "Scheduled"
                reason = dice.pick([name for name, (_, who) in VISIT_TYPES.items() if not who])
                yield number, doctor_of.number, dice.pick(others).number, day, start, doctor_of.step, reason, status
                number += 1


def _enrollments(today: date) -> Iterator[tuple[str, ...]]:
    """The practice's NPI with every payer: what needs no form, and how far the rest has come."""
    since = (today - timedelta(days=40)).isoformat()
    states = {
        ("heron", REMITS): "Approved",
        ("prairie", REMITS): "Approved",
        ("medicaid", CLAIMS): "Approved",
        ("medicaid", INSTITUTIONAL): "Not started",
        ("medicaid", REMITS): "With payer",
        ("medicaid", ELIGIBILITY): "Approved",
        ("medicare", CLAIMS): "Approved",
        ("medicare", INSTITUTIONAL): "Expired",
        ("medicare", REMITS): "Approved",
        ("medicare", ELIGIBILITY): "Approved",
        ("orchard", REMITS): "Refused",
    }
    for plan in PLANS:
        for transaction in (CLAIMS, INSTITUTIONAL, REMITS, ELIGIBILITY, STATUS):
            if transaction not in plan.ids:
                continue
            needed = transaction in plan.enroll
            status = states.get((plan.key, transaction), "Not started") if needed else "Not needed"
            yield plan.key, transaction, BILLING_NPI, status, since if needed else "", ""
