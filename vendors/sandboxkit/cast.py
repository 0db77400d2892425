"""Larkspur Family Medicine, Main Street: the one invented cast of demo, training, pictures and tests.

Nobody here is real; telephone numbers are 555-01xx. Times are minutes after midnight in the practice's zone. The week
is that of Tuesday 10 March 2026, told by working days from it: -1 is Monday, 0 Tuesday.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

PRACTICE = "Larkspur Family Medicine"
LOCATION = "Main Street"


class Doctor(NamedTuple):
    """A provider: when they work (weekday → spans), how their day is cut, and what they pause for."""

    number: int
    name: str
    title: str
    specialty: str
    step: int
    hours: tuple[tuple[int, int], ...]
    pauses: tuple[tuple[int, int, str], ...]


class Appointment(NamedTuple):
    """A visit of the cast: ``status`` is what mock-ups show, and no API of ours tells."""

    start: int
    minutes: int
    patient: str
    visit_type: str
    complaint: str = ""
    status: str = "confirmed"


class Person(NamedTuple):
    """What is known of somebody by name."""

    birth_date: str
    phone: str
    more: tuple[tuple[str, str], ...] = ()


def at(clock: str) -> int:
    """``"9:20"`` → 560."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _span(start: str, end: str) -> tuple[int, int]:
    return at(start), at(end)


def _pause(start: str, end: str, why: str) -> tuple[int, int, str]:
    return at(start), at(end), why


_LUNCH = _pause("12:00", "13:00", "Lunch")

DOCTORS = (
    Doctor(
        1, "Dr. Oakenfield", "MD", "Family", 20, (_span("8:00", "17:00"),),
        (_LUNCH, _pause("15:00", "15:30", "Refills & messages")),
    ),
    Doctor(2, "Dr. Harrowgate", "MD", "Family", 30, (_span("8:00", "17:00"),), (_LUNCH,)),
    Doctor(
        3, "Noor Calderwick", "NP", "Women's", 30, (_span("8:30", "16:30"),), (_pause("12:00", "12:45", "Lunch"),)
    ),
    Doctor(
        4, "Dr. Pemberlake", "MD", "Pediatrics", 20, (_span("8:00", "11:40"), _span("12:00", "16:30")),
        (_pause("8:00", "8:20", "Huddle"), _LUNCH),
    ),
    Doctor(
        5, "T. Vandermoss", "PA", "Same-day", 30, (_span("9:00", "16:45"),), (_pause("13:00", "13:45", "Lunch"),)
    ),
    Doctor(
        6, "Dr. Silverthorn", "MD", "Cardio", 20, (_span("8:00", "14:00"),),
        (_pause("11:40", "12:30", "Hospital rounds"),),
    ),
)  # fmt: skip

#: name → (usual minutes, providers by number; empty: all)
VISIT_TYPES: dict[str, tuple[int, tuple[int, ...]]] = {
    "Follow-up": (30, ()),
    "Office visit": (20, ()),
    "New patient": (40, ()),
    "Consult": (30, (1, 2)),
    "Annual physical": (40, (1, 2)),
    "Annual exam": (30, (3,)),
    "Hospital follow-up": (30, (1, 2)),
    "Prenatal": (30, (3,)),
    "Contraception": (30, (3,)),
    "Telehealth": (30, (1, 2, 3, 5)),
    "Procedure": (60, (2,)),
    "Joint injection": (30, (2,)),
    "Same-day": (30, (2, 5)),
    "Work physical": (30, (5,)),
    "ADHD follow-up": (40, (4,)),
    "New consult": (40, (6,)),
    "Stress test": (40, (6,)),
    "Lab review": (20, ()),
    "Medication check": (20, (1, 2, 3, 4)),
}
RETIRED_VISIT_TYPES = ("Flu clinic 2024",)

#: The family everybody knows from the pictures; their numbers begin the list of patients.
FIRST_PATIENTS = ("Marigold Fennimore", "Tobias Fennwick", "Lark Fennimore", "Basil Fennimore")

PEOPLE: dict[str, Person] = {
    "Marigold Fennimore": Person(
        "1984-03-14",
        "(312) 555-0147",
        (
            ("EMail", "marigold@mail.example"),
            ("Pronouns", "she / her"),
            ("Gender", "f"),
            ("Address", "412 Heron Lane"),
            ("Unit", "Unit 3"),
            ("ProviderID", "2"),
            ("Notes", "Prefers Thursday mornings. Please text rather than call."),
        ),
    ),
    "Tobias Fennwick": Person("1961-11-02", "(312) 555-0122", (("Gender", "m"), ("ProviderID", "3"))),
    "Lark Fennimore": Person(
        "2018-08-30", "(312) 555-0147", (("Type", "Child"), ("Address", "412 Heron Lane"), ("Unit", "Unit 3"))
    ),
    "Basil Fennimore": Person(
        "1982-06-21", "(312) 555-0147", (("Gender", "m"), ("Address", "412 Heron Lane"), ("Unit", "Unit 3"))
    ),
    "Fern Abernathy": Person("1979-05-09", "(312) 555-0110"),
    "Dov Appleyard": Person("1990-12-21", "(312) 555-0111"),
    "Wren Ashgrove": Person("1999-02-17", "(312) 555-0112"),
    "Quentin Ashdown": Person("1956-09-04", "(312) 555-0113"),
    "Tad Bellweather": Person("1948-06-30", "(312) 555-0114"),
    "Otis Brambleton": Person("1973-10-11", "(312) 555-0115"),
    "Luz Candlewick": Person("1987-04-26", "(312) 555-0116"),
    "Silas Copperpot": Person("1965-01-08", "(312) 555-0117"),
    "Hugo Cranmoor": Person("1982-03-29", "(312) 555-0118"),
    "Amos Driftwood": Person("1994-07-15", "(312) 555-0119"),
}


def _day(text: str) -> tuple[Appointment, ...]:
    """Lines of ``start minutes | patient | type [| complaint [| status]]``."""
    found = []
    for line in text.strip().splitlines():
        when, patient, visit_type, complaint, status = [*map(str.strip, line.split("|")), "", ""][:5]
        start, minutes = when.split()
        found.append(Appointment(at(start), int(minutes), patient, visit_type, complaint, status or "confirmed"))
    return tuple(found)


#: (doctor's number, working days from the Tuesday) → that day's visits.
WEEK: dict[tuple[int, int], tuple[Appointment, ...]] = {
    (1, -1): _day("""
        8:00 20 | Lavinia Crumb | Office visit | | checked_out
        8:20 40 | Rufina Saltmarsh | Annual physical | | checked_out
        9:00 20 | Bram Nettlefield | Office visit | | checked_out
        9:20 20 | Opal Dewhurst | Office visit | | checked_out
        9:40 40 | Cato Wainscott | New patient | | checked_out
        10:20 20 | Philippa Tansley | Office visit | | no_show
        10:40 40 | Jory Blackthorn | Annual physical | | checked_out
        11:20 20 | Nell Farthing | Office visit | | checked_out
        11:40 20 | Ambrose Kelp | Office visit | | checked_out
        13:00 20 | Viola Thimble | Office visit | | checked_out
        13:20 40 | Edmund Rookwood | Hospital follow-up | | checked_out
        14:00 20 | Tess Barleycorn | Office visit | | checked_out
        14:20 40 | Alden Merrow | New patient | | checked_out
        15:30 20 | Greta Sallow | Office visit | | checked_out
        15:50 20 | Hollis Quarry | Office visit | | cancelled
        16:20 40 | Iris Penhallow | Annual physical | | checked_out
    """),
    (1, 0): _day("""
        8:00 20 | Barnaby Quillon | Office visit | | checked_out
        8:20 20 | Odalys Fernwhistle | Office visit | | checked_out
        8:40 40 | Ezra Tumbleweed | Annual physical | | checked_out
        9:20 20 | Hana Mosswater | Office visit | | in_room
        9:40 20 | Silas Copperpot | Office visit | | arrived
        10:20 20 | Marisol Lanternby | Office visit
        10:40 20 | Dov Appleyard | Office visit
        11:00 40 | Wren Ashgrove | New patient | | booked
        13:00 20 | Tad Bellweather | Office visit
        13:20 20 | Ione Starling | Office visit | | booked
        13:40 40 | Leopold Finchley | Annual physical
        14:20 20 | Pru Hollyhock | Office visit | | cancelled
        15:30 30 | Gideon Larkmoor | Hospital follow-up | | booked
        16:00 20 | Calla Rivenhall | Office visit
    """),
    (1, 1): _day("""
        8:00 20 | Casper Holloway | Office visit
        8:20 20 | Mina Dovecote | Office visit
        8:40 40 | Fergus Alderwood | Annual physical
        9:20 20 | Sybil Marchbank | Office visit
        9:40 20 | Ned Larksong | Office visit | | booked
        10:00 40 | Juniper Ashlock | New patient | | booked
        10:40 20 | Clement Yarrow | Office visit
        11:20 20 | Dora Pinwheel | Office visit
        11:40 20 | Emeric Foxglove | Office visit
    """),
    (1, 2): _day("""
        8:00 40 | Solveig Amberly | Annual physical
        8:40 20 | Ravi Lanternwick | Office visit
        9:00 20 | Marta Juniper | Telehealth
        10:00 20 | Osric Pemberton | Office visit | | booked
        10:20 20 | Lettie Cobbler | Office visit
        10:40 40 | Duncan Birchall | Annual physical | | booked
        11:20 20 | Faye Cinderford | Office visit
        13:00 40 | Abel Stillwater | New patient | | booked
        13:40 20 | Nadia Brookmere | Office visit
        14:20 20 | Tam Gillyflower | Office visit
        15:30 30 | Hester Rowanoak | Hospital follow-up | | booked
        16:00 20 | Piers Underwood | Office visit
    """),
    (1, 3): _day("""
        8:00 20 | Lottie Peverell | Office visit
        8:20 20 | Gus Thornbury | Office visit | | booked
        9:00 40 | Simone Fairweather | Annual physical
        9:40 20 | Hugo Cranmoor | Office visit
        10:40 20 | Bridie Hazelwood | Office visit | | booked
        11:00 40 | Oren Silverbrook | New patient | | booked
    """),
    (2, 0): _day("""
        8:00 30 | Minerva Oxbow | Annual physical | | checked_out
        8:30 30 | Jasper Thornfield | Follow-up | | no_show
        9:00 30 | Petra Wickersham | Same-day | Knee pain | in_room
        9:30 30 | Cosmo Dunwiddie | Follow-up | | arrived
        10:00 30 | Fern Abernathy | Follow-up
        10:30 30 | Luz Candlewick | Follow-up
        11:30 30 | Rufus Tidewell | Joint injection
        13:00 60 | Basil Nightingale | Procedure | Mole removal
        14:00 30 | Sunniva Pell | Follow-up | | booked
        15:00 30 | Quentin Ashdown | Same-day | Back pain
        15:30 30 | Tansy Merriweather | Follow-up
        16:30 30 | Otis Brambleton | Follow-up | | booked
    """),
    (3, 0): _day("""
        8:30 30 | Xenia Pomfret | Annual exam | | checked_out
        9:00 30 | Delphine Rook | Contraception | | checked_out
        9:30 30 | Maeve Sorrel | Follow-up | | in_room
        10:00 30 | Ottilie Vane | Prenatal | Prenatal, 20 wk | arrived
        11:00 30 | Yara Goldfinch | Prenatal | Prenatal, 12 wk
        11:30 30 | Cressida Holloway | Annual exam
        12:45 30 | Linnea Frost | Telehealth
        13:15 30 | Bettina Marlowe | Follow-up | | booked
        14:15 45 | Rosalind Peake | New patient | | booked
        15:00 30 | Saskia Underhill | Prenatal | Prenatal, 30 wk
        15:30 30 | Noemi Cartwheel | Follow-up | | cancelled
    """),
    (4, 0): _day("""
        8:20 20 | Pip Dandelion | Office visit
        8:40 20 | Juno Sparrow | Office visit
        9:00 20 | Arlo Pebblebrook | Office visit
        9:20 20 | Tilly Butterworth | Office visit | | booked
        9:40 20 | Max Featherstone | Office visit
        10:00 40 | Ada Kettleburn | New patient | | booked
        11:00 20 | Rory Larkspin | Office visit
        11:20 20 | Nico Hazelnut | Office visit
        13:00 20 | Bea Tumblestone | Office visit
        13:20 20 | Otto Bramley | Office visit | | booked
        14:00 40 | Zuri Moonpenny | ADHD follow-up
        15:00 20 | Finn Wobbleton | Office visit
        15:20 20 | Ivy Greenlock | Office visit | | booked
    """),
    (5, 0): _day("""
        9:00 30 | Dulcie Harbottle | Same-day | Cough | checked_out
        9:30 30 | Ferris Oakhampton | Same-day | Wrist injury | in_room
        10:00 30 | Magnus Tolliver | Same-day | UTI symptoms | booked
        11:30 30 | Esme Wildgoose | Telehealth | Sinus pain
        12:00 30 | Ulric Pennyfeather | Work physical | | booked
        14:15 30 | Hattie Clover | Same-day | Stitches out
        15:15 30 | Amos Driftwood | Same-day | Cough | booked
    """),
    (6, 0): _day("""
        8:00 40 | Mordecai Stone | New consult | | checked_out
        8:40 20 | Agnes Pettigrew | Office visit | | checked_out
        9:00 40 | Lionel Graves | Stress test | | in_room
        9:40 20 | Winifred Moss | Office visit | | arrived
        10:00 20 | Percival Knot | Office visit
        10:20 40 | Edda Snowfield | New consult
        11:20 20 | Horace Plumtree | Office visit
        12:30 40 | Beatrix Coldwell | New consult | | booked
        13:10 20 | Cyrus Vellum | Office visit
    """),
}

#: (doctor's number, working days from the Tuesday) → times kept free that day; the rest of the day is taken.
KEPT_FREE: dict[tuple[int, int], tuple[str, ...]] = {
    (2, -1): (), (3, -1): (), (4, -1): (), (5, -1): (), (6, -1): (),
    (2, 1): ("8:30", "9:00", "10:30", "11:30", "14:00", "15:30"),
    (2, 2): ("9:00", "10:00", "14:30", "16:00"),
    (2, 3): ("10:30", "15:00"),
    (3, 1): ("9:30", "11:15"),
    (3, 2): ("8:30", "9:00", "10:30", "14:15", "16:00"),
    (3, 3): ("8:30", "9:30", "10:30", "11:30", "13:45", "15:00", "16:00"),
    (4, 1): ("9:20", "13:40", "15:40"),
    (4, 2): ("10:40", "14:40"),
    (4, 3): ("8:20", "9:40", "10:40", "13:20", "14:40", "15:40"),
    (5, 1): ("9:00", "9:30", "10:00", "10:30", "11:30", "12:30", "14:15", "15:15", "16:15"),
    (5, 2): ("9:00", "9:30", "11:00", "11:30", "12:30", "13:45", "14:45", "16:15"),
    (5, 3): ("10:00", "11:00", "13:45", "15:15", "16:15"),
    (6, 1): (),
    (6, 2): ("11:00",),
    (6, 3): ("9:00", "11:00", "13:30"),
}  # fmt: skip

#: Pauses of single days, beside the doctors' own.
ONCE: dict[tuple[int, int], tuple[tuple[int, int, str], ...]] = {
    (1, 1): (_pause("13:00", "17:00", "Out: county conference"),),
    (1, 3): (_pause("12:00", "17:00", "Half day"),),
}

#: Visits of the cast on later and earlier days, by working days from the Tuesday.
MARIGOLDS_VISITS = (
    (-8, 2, Appointment(at("9:00"), 30, "Marigold Fennimore", "Follow-up", "", "checked_out")),
    (12, 2, Appointment(at("9:00"), 30, "Marigold Fennimore", "Lab review")),
)


class Office(NamedTuple):
    """A place of the practice: who works there, and pauses of single days (provider, working days from today)."""

    location: str
    doctors: tuple[Doctor, ...]
    once: dict[tuple[int, int], tuple[tuple[int, int, str], ...]]


MAIN_STREET = Office(LOCATION, DOCTORS, ONCE)


def names_in_order() -> list[str]:
    """Everybody of the cast once: the known family first, then those of the pictures."""
    found = dict.fromkeys((*FIRST_PATIENTS, *PEOPLE))
    for appointments in WEEK.values():
        found |= dict.fromkeys(appointment.patient for appointment in appointments)
    return list(found)


def working_day(today: date, offset: int) -> date:
    """``offset`` working days from ``today``, or from the Monday after a weekend."""
    day = today + timedelta(days=(7 - today.weekday()) if today.weekday() > 4 else 0)
    weeks, rest = divmod(day.weekday() + offset, 5)
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks, days=rest)
