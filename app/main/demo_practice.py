"""The sandbox practice as somebody at its desk would have set it up: connected, with people, hours and known names."""

from __future__ import annotations

from datetime import date

from app.main import demo_history
from app.main.house import House
from app.main.sandbox_child import SandboxChild
from app.model.accounts import Actor, Role
from app.model.connection import Environment, Topic
from app.model.rules import BlockRule, ProviderRules, WorkingHours
from app.model.systems import ConnectionForm
from app.rules import timezones
from app.store import patients, providers, rules, visit_links
from app.store.store import Reader, Tx
from ui.screens.schedule import settings as schedule_settings
from ui.screens.schedule.settings import Look, ScheduleSettings
from vendors.sandboxkit import cast
from vendors.sandboxkit.plan import ZONE

#: Everybody's password in the sandbox practice: it guards invented people only.
PASSWORD = "larkspur 2026"  # noqa: S105 - of people who do not exist
_TOPICS = (Topic.PROVIDERS, Topic.VISIT_TYPES, Topic.PATIENTS, Topic.VISITS, Topic.OPEN_SLOTS)
_WEEKDAYS = (0, 1, 2, 3, 4)


async def furnish(house: House, child: SandboxChild) -> Actor:
    """Make the accounts, connect the simulators, read everything once, set hours and the links of the cast.

    Returns the signed-in front desk manager. What the vendor's schedule does not tell (whose visit it is) comes from
    the simulator's control address, as a practice would have linked it over time.
    """
    admin = await house.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    ids = {"rosa": admin.account_id}
    for name, user, role in (
        ("Desmond Ferro", "desmond", Role.FRONT_DESK),
        ("Ines Tarrow", "ines", Role.BILLER),
        ("Hollis Vane", "hollis", Role.MANAGER),
    ):
        ids[user] = (await house.accounts.create(admin, name, user, role, PASSWORD)).account_id
    today, _ = timezones.local(house.clock.now(), ZONE.key)
    for vendor, told in child.told.vendors.items():
        title = next(form.title for form in house.connect.connections.systems() if form.vendor == vendor)
        connection = await house.connect.connections.add(
            ConnectionForm(
                vendor=vendor,
                name=title,
                practice="Larkspur Family Medicine",
                environment=Environment.SANDBOX,
                base_urls=told.base_urls,
                tenant=told.tenant,
                location_name="Main Street",
                time_zone=ZONE.key,
                secrets=_without_a_browser(told.credentials),
            ),
            admin,
        )
        await house.connect.live.sync_now(connection.connection_id, _TOPICS)
        await house.store.write(_set_hours, connection.connection_id, today)
        links = (await child.control(vendor, "links"))["links"]
        # The best known people last: they are then the ones opened lately.
        links.sort(key=lambda link: -int(link["patient_id"]))
        await house.store.write(_link, connection.connection_id, links, admin.account_id)
        await house.store.write(demo_history.remember, connection.connection_id, title, links, ids)
    order = await house.store.read(_as_the_practice_lists_them)
    await house.desk.preferences.put(admin, schedule_settings.KEY, ScheduleSettings(look=Look(order=order)))
    return admin


def _without_a_browser(credentials: dict[str, str]) -> dict[str, str]:
    """Without the logins of web pages: the window opens at once, and they are entered behind it."""
    return {name: value for name, value in credentials.items() if not name.startswith("portal_")}


def _as_the_practice_lists_them(conn: Reader) -> tuple[str, ...]:
    """Providers in the practice's own order, which is that of their numbers, for the column order of the account."""
    listed = sorted(providers.listed(conn), key=lambda row: (row.connection_id, int(row.vendor_id)))
    return tuple(row.provider_id for row in listed)


def _set_hours(tx: Tx, connection_id: str, today: date) -> None:
    for doctor in cast.DOCTORS:
        row = providers.by_vendor(tx.connection, connection_id, str(doctor.number))
        if row is None:
            continue
        hours = tuple(
            WorkingHours(weekday=weekday, start=start, end=end) for weekday in _WEEKDAYS for start, end in doctor.hours
        )
        rules.save(tx, row.provider_id, ProviderRules(hours=hours, blocks=_blocks(doctor, today), step=doctor.step))


def _blocks(doctor: cast.Doctor, today: date) -> tuple[BlockRule, ...]:
    """What a provider pauses for: every week, and on single days, where it stands for the weekly pauses it covers."""
    once = [
        BlockRule(label=why, start=start, end=end, day=cast.working_day(today, offset))
        for (number, offset), pauses in cast.ONCE.items()
        if number == doctor.number
        for start, end, why in pauses
    ]
    weekly = [
        BlockRule(
            label=why,
            start=start,
            end=end,
            weekdays=_WEEKDAYS,
            except_days=tuple(each.day for each in once if each.day and each.start <= start and end <= each.end),
        )
        for start, end, why in doctor.pauses
    ]
    return (*weekly, *once)


def _link(tx: Tx, connection_id: str, links: list[dict[str, object]], account_id: str) -> None:
    for link in links:
        person = patients.by_vendor(tx.connection, connection_id, str(link["patient_id"]))
        if person is not None:
            visit_links.link(
                tx, connection_id, str(link["visit_id"]), person.local_id, account_id, "known at the practice"
            )
