"""The second office of the invented practice, Harbor Street: two providers and a few patients of their own.

It keeps its appointments in another system than Main Street, so that two systems stand side by side on one schedule
and no visit stands there twice. Nobody here is real either.
"""

from __future__ import annotations

from collections.abc import Iterator

from vendors.sandboxkit.cast import Appointment, Doctor, Office, at

#: First name, last name, birth date, sex, telephone.
PEOPLE = (
    ("Ada", "Seabright", "1979-05-16", "F", "(312) 555-0161"),
    ("Corin", "Cobblestone", "1952-09-03", "M", "(312) 555-0162"),
    ("Delphine", "Harbourne", "1990-12-11", "F", "(312) 555-0163"),
    ("Ewan", "Brackenridge", "2014-02-27", "M", "(312) 555-0164"),
    ("Flora", "Wrenfield", "1966-07-08", "F", "(312) 555-0165"),
    ("Gil", "Gullwing", "1948-01-30", "M", "(312) 555-0166"),
    ("Hester", "Oysterby", "1985-10-19", "F", "(312) 555-0167"),
    ("Ivo", "Netherby", "2001-04-05", "M", "(312) 555-0168"),
    ("Juna", "Mossgrove", "1973-11-22", "F", "(312) 555-0169"),
    ("Kit", "Pebbleton", "1995-08-14", "U", "(312) 555-0170"),
    ("Linus", "Driftmoor", "1958-03-09", "M", "(312) 555-0171"),
    ("Mara", "Sandlark", "2009-06-25", "F", "(312) 555-0172"),
)
_LUNCH = (at("12:00"), at("12:45"), "Lunch")
_HOURS = ((at("8:30"), at("16:30")),)

OFFICE = Office(
    location="Harbor Street",
    doctors=(
        Doctor(7, "Dr. Quillmere", "MD", "Family", 30, _HOURS, (_LUNCH,)),
        Doctor(8, "Ida Fernsby", "NP", "Family", 30, _HOURS, ((at("8:30"), at("8:45"), "Huddle"), _LUNCH)),
    ),
    once={},
)

#: Starts of a day; every day leaves other ones out.
_STARTS = ("9:00", "9:30", "10:30", "11:00", "13:00", "14:00", "15:00", "15:30")
_REASONS = ("Follow-up", "Office visit", "Lab review", "Medication check", "Blood pressure", "Cough", "Knee pain")
#: How far the first visits of the present day have come; the others are confirmed and scheduled in turn.
_TODAY = ("checked_out", "arrived")


def day(doctor: int, offset: int) -> Iterator[Appointment]:
    """One provider's visits, ``offset`` working days from the present one."""
    for place, start in enumerate(_STARTS):
        turn = place + 3 * offset + 5 * doctor
        if turn % 4 == 3:
            continue
        first, last, *_ = PEOPLE[(turn * 5 + doctor) % len(PEOPLE)]
        status = ("confirmed", "booked")[place % 2]
        if offset < 0:
            status = "checked_out"
        elif offset == 0 and place < len(_TODAY):
            status = _TODAY[place]
        yield Appointment(at(start), 30, f"{first} {last}", _REASONS[turn % len(_REASONS)], status=status)
