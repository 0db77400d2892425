"""Writes about patients in a system that is typed into its web pages: the plan is shown before anything is asked."""

from __future__ import annotations

from app.model.connection import Connection
from app.model.portal import WritePlan
from app.model.portal_writes import WriteWish
from app.rules import words
from app.store import patients
from ui.screens.base import Shell
from ui.screens.plan_sheet import plan_sheet
from ui.services import Services
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet

_TWIN = "A record with this name and birth date is there already. This makes another one."


class TwinSheet(Sheet):
    """The system knows somebody like this. Closes with ``"open"`` or ``"anyway"``."""

    def __init__(self, system: str, twins: tuple[str, ...]) -> None:
        super().__init__(
            f"{clean(system)} already knows somebody like this",
            f"Same name and birth date: patient {words.listed([clean(each) for each in twins[:3]])}. Nothing was sent.",
        )
        self.body.addWidget(Well("Two records of one person split visits and payments between them.", "alert", "amber"))
        self.add_button("", Button("Cancel", keys="Esc"))
        self.add_button("anyway", Button("Make a new one all the same"))
        self.add_button("open", Button("Open that record", "primary", keys="Ctrl+Return"), confirm=True)


async def agreed_plan(services: Services, shell: Shell, connection: Connection, wish: WriteWish) -> WritePlan | str:
    """What a person has seen and wants typed; else the id of the record they want to open instead, empty for none.

    Raises what reading the page fails with.
    """
    actor = shell.actor()
    plan = await services.desk.writes.plan(actor, connection.connection_id, wish)
    if plan.twins:
        twin = TwinSheet(connection.name, plan.twins)
        shell.show_sheet(twin)
        said = await twin.answer()
        if said != "anyway":
            return plan.twins[0] if said == "open" else ""
        plan = plan.all_the_same()
    confirm = plan_sheet(plan, connection.source, actor.full_name, warnings=(_TWIN,) if plan.despite_twin else ())
    shell.show_sheet(confirm)
    return plan if await confirm.answer() == "write" else ""


async def record_of(services: Services, shell: Shell, connection_id: str, vendor_id: str) -> str:
    """Our id of a record of a system, which is asked where the local copy does not know it; empty where it is gone."""
    row = await services.store.read(patients.by_vendor, connection_id, vendor_id)
    if row is None:
        await services.desk.patients.everywhere(shell.actor(), vendor_id)
        row = await services.store.read(patients.by_vendor, connection_id, vendor_id)
    return row.local_id if row is not None else ""
