"""The clearinghouse of the sandbox practice: files and reports at once, and, where a browser is installed, its web
pages with payers and enrollments a little later."""

from __future__ import annotations

from app.main.house import House
from app.main.sandbox_child import SandboxChild, SandboxVendor
from app.model.accounts import Actor
from app.model.connection import Connection, Environment
from app.model.systems import ConnectionForm
from app.store import connections as connections_store

#: The clearinghouse's folder under ``vendors``.
VENDOR = "officeally"


def find_a_browser() -> bool:
    """Whether web pages can be driven here."""
    from vendors.portal.browsers import find_browser

    return find_browser() is not None


def form_of(told: SandboxVendor, connection: Connection, secrets: dict[str, str]) -> ConnectionForm:
    """The form with which a person gives the clearinghouse's connection the sign-in of its web pages.

    Without Practice Mate: its visits are those of the practice's own system once more.
    """
    return ConnectionForm(
        vendor=VENDOR,
        name=connection.name,
        practice=connection.practice,
        environment=Environment.SANDBOX,
        base_urls={name: address for name, address in told.base_urls.items() if name != "pm"},
        tenant=told.tenant,
        location_name="Main Street",
        time_zone="America/Chicago",
        secrets=secrets,
        connection_id=connection.connection_id,
    )


async def clearinghouse(house: House) -> Connection | None:
    """The connection to it, if there is one."""
    known = await house.store.read(connections_store.listed)
    return next((one for one in known if one.vendor == VENDOR), None)


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
