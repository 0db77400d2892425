"""Sending an enrollment: who signs, what will be typed where, and only then the job."""

from __future__ import annotations

from app.model.clearing_views import EnrollmentCell, EnrollmentRow
from app.model.enrollment import EnrollmentState
from app.model.portal_writes import PortalOperation, WriteWish
from ui.screens.base import Shell
from ui.screens.enrollments.table import head_of
from ui.screens.plan_sheet import plan_sheet
from ui.services import Services
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.choices import Checkbox
from ui.widgets.fields import CheckKind, TextField
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet

#: Where sending a form is the next step.
SENDABLE = frozenset({EnrollmentState.NOT_STARTED, EnrollmentState.REFUSED, EnrollmentState.EXPIRED})


def may_send(cell: EnrollmentCell | None) -> bool:
    """Whether a form can be sent for this transaction."""
    return cell is not None and cell.state in SENDABLE and bool(cell.payer_id)


class EnrollSheet(Sheet):
    """Closes with ``"plan"``; nothing is sent by it."""

    def __init__(self, about: EnrollmentRow, cell: EnrollmentCell, contact: str) -> None:
        who = f"{clean(about.provider_name)}, NPI {clean(about.provider_npi)}".lstrip(", ")
        super().__init__(
            f"Enroll with {clean(about.payer_name)} for {head_of(cell.transaction)}", f"{who}. Nothing is sent yet."
        )
        self.contact = TextField("Who the payer may ask", text=contact, check=_needed)
        self.email = TextField("Their email", check=_address)
        self._signed = Checkbox("I may sign for this provider")
        self._signed.toggled.connect(lambda _on: self._settle())
        for part in (self.contact, self.email, self._signed):
            self.body.addWidget(part)
        for warning in cell.warnings:
            self.body.addWidget(Well(clean(warning), "alert", "amber"))
        self.add_note("eye", "Next: what will be typed where.")
        self.add_button("", Button("Cancel", keys="Esc"))
        self._go = self.add_button(
            "plan", Button("Look at the form", "primary", keys="Ctrl+Return"), confirm=True, before=self._ready
        )
        self._settle()

    def _settle(self) -> None:
        self._go.setEnabled(self._signed.isChecked())

    def _ready(self) -> bool:
        return all([self.contact.check_now(), self.email.check_now()])


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "The payer wants a name.")


def _address(text: str) -> tuple[CheckKind, str]:
    name, _, host = text.partition("@")
    return ("", "") if name and "." in host and " " not in text else ("red", "An email looks like name@practice.com.")


async def enroll(services: Services, shell: Shell, about: EnrollmentRow, cell: EnrollmentCell, source: str) -> None:
    """Ask, plan, show, and hand over to the outbox."""
    actor = shell.actor()
    sheet = EnrollSheet(about, cell, actor.full_name)
    shell.show_sheet(sheet)
    if await sheet.answer() != "plan":
        return
    wish = WriteWish(
        operation=PortalOperation.ENROLL,
        values={
            "payer_id": cell.payer_id,
            "transaction": cell.transaction,
            "provider_npi": about.provider_npi,
            "contact": sheet.contact.text(),
            "email": sheet.email.text(),
        },
    )
    shell.toast(f"Opening {clean(about.system)}'s form.", icon="eye")
    plan = await services.desk.writes.plan(actor, about.connection_id, wish)
    confirm = plan_sheet(plan, source, actor.full_name, warnings=cell.warnings)
    shell.show_sheet(confirm)
    if await confirm.answer() != "write":
        return
    job_id = await services.desk.writes.submit(actor, about.connection_id, wish, plan)
    shell.toast(
        "The enrollment is on its way.",
        icon="outbox",
        action="View",
        on_action=lambda: shell.open("activity", job_id=job_id),
    )
