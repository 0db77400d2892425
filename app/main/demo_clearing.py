"""Office Ally in the sandbox practice: the clearinghouse's files and reports at once; a little later, where a browser
is installed, its web pages with payers and enrollments, and the second office, which works with Practice Mate."""

from __future__ import annotations

from app.main.house import House
from app.main.sandbox_child import SandboxChild, SandboxVendor
from app.model.accounts import Actor
from app.model.connection import Connection, Environment, Topic
from app.model.rules import ProviderRules, WorkingHours
from app.model.systems import ConnectionForm
from app.store import connections as connections_store
from app.store import providers, rules
from app.store.store import Tx
from vendors.sandboxkit import cast, harbor
from vendors.sandboxkit.plan import ZONE

#: The clearinghouse's folder under ``vendors``.
VENDOR = "officeally"
#: What people call the second office's system.
HARBOR = "Harbor Practice Mate"


def find_a_browser() -> bool:
    """Whether web pages can be driven here."""
    from vendors.portal.browsers import find_browser

    return find_browser() is not None


def form_of(told: SandboxVendor, connection: Connection, secrets: dict[str, str]) -> ConnectionForm:
    """The form with which a person gives the clearinghouse's connection the sign-in of its web pages.

    Without Practice Mate: Main Street's visits are in a system of its own.
    """
    return ConnectionForm(
        vendor=VENDOR,
        name=connection.name,
        practice=connection.practice,
        environment=Environment.SANDBOX,
        base_urls={name: address for name, address in told.base_urls.items() if name != "pm"},
        tenant=told.tenant,
        location_name=cast.LOCATION,
        time_zone=ZONE.key,
        secrets=secrets,
        connection_id=connection.connection_id,
    )


async def clearinghouse(house: House) -> Connection | None:
    """The connection to it, if there is one."""
    known = await house.store.read(connections_store.listed)
    return next((one for one in known if one.vendor == VENDOR and one.name != HARBOR), None)


async def reports_time(child: SandboxChild, hours: float = 30.0) -> None:
    """So much time passes at the clearinghouse: what is due is laid out."""
    await child.control(VENDOR, "clock", {"advance_hours": hours})


async def open_web_pages(house: House, child: SandboxChild, actor: Actor, user: str = "") -> None:
    """Enter the sign-in of the web pages, and read payers and enrollments. Needs a browser.

    ``user`` is one of the simulator's; without it, the one whose authenticator Daybook holds.
    """
    connection = await clearinghouse(house)
    if connection is None:
        return
    told = child.told.vendors[VENDOR]
    secrets = {**told.credentials, **({"portal_user": user} if user else {})}
    await house.connect.connections.add(form_of(told, connection, secrets), actor)
    await house.desk.payers.fetch(actor, connection.connection_id)
    await house.desk.enrollments.refresh(actor, connection.connection_id)


async def open_harbor_street(house: House, child: SandboxChild, actor: Actor) -> Connection:
    """Connect the second office's Practice Mate, and read who works there; visits and patients come by themselves.
    Needs a browser."""
    told = child.told.vendors[VENDOR]
    await child.control(VENDOR, "office", {"name": "harbor"})
    form = ConnectionForm(
        vendor=VENDOR,
        name=HARBOR,
        practice=cast.PRACTICE,
        environment=Environment.SANDBOX,
        base_urls={"pm": told.base_urls["pm"]},
        tenant=told.tenant,
        location_name=harbor.OFFICE.location,
        time_zone=ZONE.key,
        secrets={"portal_user": "harbor.front", "portal_password": told.credentials["portal_password"]},
    )
    connection = await house.connect.connections.add(form, actor)
    await house.connect.live.sync_now(connection.connection_id, (Topic.PROVIDERS,))
    await house.store.write(_set_hours, connection.connection_id)
    return connection


def _set_hours(tx: Tx, connection_id: str) -> None:
    """Hours and step as the office keeps them; its pauses are told by Practice Mate."""
    for doctor in harbor.OFFICE.doctors:
        row = providers.by_vendor(tx.connection, connection_id, str(doctor.number))
        if row is not None:
            hours = tuple(
                WorkingHours(weekday=weekday, start=start, end=end)
                for weekday in range(5)
                for start, end in doctor.hours
            )
            rules.save(tx, row.provider_id, ProviderRules(hours=hours, step=doctor.step))
