"""The sandbox practice as somebody at its desk would have set it up: connected, with people, hours and known names."""

from __future__ import annotations

from app.main.house import House
from app.main.sandbox_child import SandboxChild
from app.model.accounts import Actor, Role
from app.model.connection import Environment, Topic
from app.model.rules import BlockRule, ProviderRules, WorkingHours
from app.model.systems import ConnectionForm
from app.store import patients, providers, rules, visits
from app.store.store import Reader, Tx
from ui.screens.schedule import settings as schedule_settings
from ui.screens.schedule.settings import Look, ScheduleSettings
from vendors.sandboxkit import cast

#: Everybody's password in the sandbox practice: it guards invented people only.
PASSWORD = "larkspur 2026"  # noqa: S105
_TOPICS = (Topic.PROVIDERS, Topic.VISIT_TYPES, Topic.PATIENTS, Topic.VISITS, Topic.OPEN_SLOTS)
_WEEKDAYS = (0, 1, 2, 3, 4)


async def furnish(house: House, child: SandboxChild) -> Actor:
    """Make the accounts, connect the simulators, read everything once, set hours and the links of the cast.

    Returns the signed-in front desk manager. What the vendor's schedule does not tell (whose visit it is) comes from
    the simulator's control address, as a practice would have linked it over time.
    """
    admin = await house.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    for name, user, role in (
        ("Desmond Ferro", "desmond", Role.FRONT_DESK),
        ("Ines Tarrow", "ines", Role.BILLER),
        ("Hollis Vane", "hollis", Role.MANAGER),
    ):
        await house.accounts.create(admin, name, user, role, PASSWORD)
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
                time_zone="America/Chicago",
                secrets=_without_a_browser(told.credentials),
            ),
            admin,
        )
        await house.connect.live.sync_now(connection.connection_id, _TOPICS)
        await house.store.write(_set_hours, connection.connection_id)
        links = (await child.control(vendor, "links"))["links"]
        await house.store.write(_link, connection.connection_id, links, admin.account_id)
    order = await house.store.read(_as_the_practice_lists_them)
    await house.desk.preferences.put(admin, schedule_settings.KEY, ScheduleSettings(look=Look(order=order)))
    return admin


def _without_a_browser(credentials: dict[str, str]) -> dict[str, str]:
    """Without the logins of web pages: the demo opens at once, and whoever wants to see a browser work enters them."""
    return {name: value for name, value in credentials.items() if not name.startswith("portal_")}


def _as_the_practice_lists_them(conn: Reader) -> tuple[str, ...]:
    """Providers in the practice's own order, which is that of their numbers, for the column order of the account."""
    listed = sorted(providers.listed(conn), key=lambda row: (row.connection_id, int(row.vendor_id)))
    return tuple(row.provider_id for row in listed)


def _set_hours(tx: Tx, connection_id: str) -> None:
    for doctor in cast.DOCTORS:
        row = providers.by_vendor(tx.connection, connection_id, str(doctor.number))
        if row is None:
            continue
        hours = tuple(
            WorkingHours(weekday=weekday, start=start, end=end) for weekday in _WEEKDAYS for start, end in doctor.hours
        )
        blocks = tuple(
            BlockRule(label=why, start=start, end=end, weekdays=_WEEKDAYS) for start, end, why in doctor.pauses
        )
        rules.save(tx, row.provider_id, ProviderRules(hours=hours, blocks=blocks, step=doctor.step))


def _link(tx: Tx, connection_id: str, links: list[dict[str, object]], account_id: str) -> None:
    for link in links:
        person = patients.by_vendor(tx.connection, connection_id, str(link["patient_id"]))
        if person is not None:
            visits.link(tx, connection_id, str(link["visit_id"]), person.local_id, account_id, "known at the practice")
