"""Checking a visit in where its system takes that: its page is looked at, the plan agreed to, then it is asked."""

from __future__ import annotations

from app.model.outbox import JobState
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import ProviderRow, VisitRow, VisitStatus
from app.model.views import ColumnSource
from ui.grid.grid import Refused
from ui.screens.base import Shell
from ui.screens.plan_sheet import look_at_page, plan_sheet
from ui.screens.schedule.content import refused
from ui.services import Services
from ui.tasks import TaskOwner

#: Who can still arrive.
_COMING = frozenset({VisitStatus.BOOKED, VisitStatus.CONFIRMED})
#: The name of the task that does it.
CHECK_IN = "check in"


def no_check_in(source: ColumnSource, visit: VisitRow | None) -> Refused | None:
    """Why a visit (None: one that is only being booked) cannot be checked in; None where it can."""
    never = refused(source, "arrived")
    if never is not None:
        return never
    if visit is None:
        return Refused("Not checked in", "This visit is still being booked. Check it in once it stands there.")
    if visit.status not in _COMING:
        return Refused("Not checked in", "Only a visit that is booked or confirmed can be checked in.")
    return None


async def check_in(
    services: Services, shell: Shell, tasks: TaskOwner, visit: VisitRow, provider: ProviderRow, source: ColumnSource
) -> str:
    """Ask; the job's id, empty where nobody wants it after all. Raises in words what looking at the page fails with."""
    actor = shell.actor()
    wish = WriteWish(
        operation=PortalOperation.CHECK_IN,
        record=visit.vendor_id,
        values={"day": visit.day.isoformat(), "provider": provider.vendor_id},
    )
    plan = await look_at_page(services, shell, tasks, CHECK_IN, (source.connection_id, source.name), wish)
    confirm = plan_sheet(plan, source.source, actor.full_name)
    shell.show_sheet(confirm)
    if await confirm.answer() != "write":
        return ""
    job_id = await services.desk.writes.submit(actor, source.connection_id, wish, plan, patient_id=visit.patient_id)
    shell.toast(
        f"The check-in is on its way to {source.name}.",
        icon="outbox",
        action="View",
        on_action=lambda: shell.open("activity", job_id=job_id),
    )
    return job_id


async def say_checked_in(services: Services, shell: Shell, asked: dict[str, str]) -> None:
    """Tell of those of ``asked`` (system by job id) that were done, and forget what has come to its end."""
    for job_id, system in tuple(asked.items()):
        job = await services.desk.jobs.get(shell.actor(), job_id)
        if job.state is JobState.CONFIRMED:
            shell.toast(f"Checked in. {system}’s page was read back and shows it.")
        if job.state in (JobState.CONFIRMED, JobState.CANCELLED):
            asked.pop(job_id, None)
