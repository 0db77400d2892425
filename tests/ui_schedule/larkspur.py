"""Larkspur Family Medicine in a real store: the invented cast's Tuesday, as OfficePro's schedule would tell it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec

from app.model.clock import FixedClock
from app.model.people import Address, Patient
from app.model.rules import BlockRule, ProviderRules, WorkingHours
from app.model.schedule import Location, Provider, VisitType
from app.store import connections, patients, providers, rules, slots, visit_links, visits
from app.store.store import Store, Tx
from tests.desk.conftest import DAY, KEY, Practice, slot, system, visit
from vendors.sandboxkit import cast

#: Lengths the systems were asked about.
LENGTHS = (20, 30, 40, 60)


class Larkspur(Practice):
    """The cast's doctors, visit types, patients and week; one visit in nine names no patient."""

    async def fill(self) -> None:
        await self.store.write(self._people)
        self.ids = {row.vendor_id: row.provider_id for row in await self.store.read(providers.listed)}
        await self.store.write(self._rules)
        await self.store.write(self._week)
        await self._marigold()
        await self.store.write(self._touch)

    async def _marigold(self) -> None:
        """The visits of hers that Daybook booked: one ahead, two behind."""
        for key, day, start in (("901", 16, 540), ("902", -12, 660), ("903", -40, 630)):
            when = DAY + timedelta(days=day)
            made = msgspec.structs.replace(visit("2", start, 30, when), visit_type="Follow-up")
            await self.read_day("2", when, [(key, made)], set())
            await self.store.write(
                visit_links.link, "c1", key, self.people["Marigold Fennimore"], "rosa", "booked here"
            )

    def _people(self, tx: Tx) -> None:
        connections.save_location(tx, Location(location_id="main", name="Main Street", time_zone="America/Chicago"))
        connections.save(tx, system())
        doctors = [
            self.told(str(each.number), Provider(name=each.name, title=each.title, specialty=each.specialty))
            for each in cast.DOCTORS
        ]
        providers.save_all(tx, "c1", doctors)
        types = [
            VisitType(name=name, minutes=minutes, provider_vendor_ids=tuple(str(each) for each in numbers))
            for name, (minutes, numbers) in cast.VISIT_TYPES.items()
        ]
        providers.save_visit_types(tx, "c1", types)
        names = dict.fromkeys(cast.FIRST_PATIENTS)
        names |= dict.fromkeys(each.patient for found in cast.WEEK.values() for each in found)
        for number, name in enumerate(names, start=1001):
            self.people[name] = patients.save(tx, "c1", self.told(str(number), _patient(name)))

    def _rules(self, tx: Tx) -> None:
        for doctor in cast.DOCTORS:
            rules.save(tx, self.ids[str(doctor.number)], _rules(doctor))

    def _touch(self, tx: Tx) -> None:
        for name in ("Otis Brambleton", "Dov Appleyard", "Fern Abernathy", "Tobias Fennwick", "Lark Fennimore"):
            patients.touch(tx, self.people[name], "rosa")
        patients.touch(tx, self.people["Marigold Fennimore"], "rosa")

    def _week(self, tx: Tx) -> None:
        """Visits, links and free times of five days, as one sync would keep them."""
        number = 0
        for ahead in range(-1, 4):
            day = DAY + timedelta(days=ahead)
            for doctor in cast.DOCTORS:
                found = [each for each in cast.WEEK.get((doctor.number, ahead), ()) if each.status != "cancelled"]
                number = self._read(tx, doctor, day, found, number)

    def _read(self, tx: Tx, doctor: cast.Doctor, day: date, found: list[cast.Appointment], number: int) -> int:
        provider, now = str(doctor.number), self.clock.now()
        told, linked, taken = [], [], []
        for each in found:
            number += 1
            key = str(500 + number)
            made = visit(provider, each.start, each.minutes, day)
            told.append(self.told(key, msgspec.structs.replace(made, visit_type=each.visit_type)))
            taken.append((each.start, each.start + each.minutes))
            if number % 9 and each.patient in self.people:
                linked.append((key, self.people[each.patient]))
        visits.replace_window(tx, "c1", provider, day, day, told, now)
        for key, patient in linked:
            visit_links.link(tx, "c1", key, patient, "rosa", "booked here")
        for minutes in LENGTHS:
            free = _free(doctor, taken, minutes)
            slots.replace_day(tx, "c1", provider, day, minutes, [slot(provider, day, at, minutes) for at in free], now)
            self.live.free.setdefault((provider, day), set()).update(free)
        return number


def _free(doctor: cast.Doctor, taken: list[tuple[int, int]], minutes: int) -> set[int]:
    """Starts, every ten minutes, where ``minutes`` fit into the doctor's hours beside visits and pauses."""
    busy = [*taken, *((start, end) for start, end, _ in doctor.pauses)]
    return {
        start
        for opens, closes in doctor.hours
        for start in range(opens, closes - minutes + 1, 10)
        if not any(start < end and begin < start + minutes for begin, end in busy)
    }


def _rules(doctor: cast.Doctor) -> ProviderRules:
    hours = tuple(WorkingHours(weekday=day, start=start, end=end) for day in range(5) for start, end in doctor.hours)
    blocks = tuple(
        BlockRule(label=label, start=start, end=end, weekdays=(0, 1, 2, 3, 4)) for start, end, label in doctor.pauses
    )
    return ProviderRules(hours=hours, blocks=blocks, step=doctor.step)


def _patient(name: str) -> Patient:
    first, last = name.split(" ", 1)
    known = cast.PEOPLE.get(name)
    more = dict(known.more) if known else {}
    return Patient(
        first_name=first,
        last_name=last,
        birth_date=date.fromisoformat(known.birth_date) if known else date(1970, 1, 1 + len(name)),
        phone=known.phone if known else "(312) 555-0199",
        email=more.get("EMail", ""),
        pronouns=more.get("Pronouns", ""),
        gender=more.get("Gender", ""),
        address=Address(street=more.get("Address", ""), unit=more.get("Unit", "")),
        notes=more.get("Notes", ""),
        usual_provider_vendor_id=more.get("ProviderID", ""),
    )


async def open_larkspur(folder: Path, clock: FixedClock) -> Larkspur:
    """The practice in a new store in ``folder``; the caller closes ``store``."""
    made = Larkspur(await Store.open(folder / "daybook.db", KEY, clock=clock, gather_seconds=0), clock)
    await made.fill()
    return made
