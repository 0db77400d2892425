"""Insurance policies on a patient's page: as they were read last, added and changed through the system's web pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.booking import PatientProfile
from app.model.coverage import CoverageRecord
from app.model.portal_writes import PortalOperation, WriteWish
from app.rules import words
from app.rules.names import initials, masked, shown
from ui.screens.base import Shell
from ui.screens.plan_sheet import look_at_page, plan_sheet
from ui.services import Services
from ui.tasks import TaskOwner
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import CheckKind, DateField, Field, TextField
from ui.widgets.label import Label
from ui.widgets.panels import Panel, clear, column, row
from ui.widgets.sheet import Sheet
from ui.widgets.status import FreshnessBadge, age_of

#: The names of the tasks that read and write them.
READ, WRITE = "read insurance", "write insurance"
_RANKS = {1: "Primary", 2: "Secondary", 3: "Tertiary"}
_RELATIONS = ("Self", "Spouse", "Child", "Other")
_TEXTS = ("payer_id", "member_id", "group_number", "relationship", "insured_last_name", "insured_first_name")


class PolicyPanel(Panel):
    """``read_wanted``; ``policy_wanted`` (CoverageRecord; a new one has no payer)."""

    read_wanted = Signal()
    policy_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Insurance")
        self._badge = FreshnessBadge()
        self._trouble = Label("", "small", "text-3", wrap=True)
        self._lines = column(spacing=8)
        self._read = Button("Read insurance", icon="refresh", size="small")
        self._read.clicked.connect(self.read_wanted)
        self.body.addWidget(self._badge)
        self.body.addWidget(self._trouble)
        self.body.addLayout(self._lines)
        self.body.addLayout(row(self._read, None))
        self.busy(False)

    def busy(self, reading: bool, trouble: str = "") -> None:
        """The system is being asked, or no more; ``trouble`` is why what stands here could not be read again."""
        self._read.setEnabled(not reading)
        self._read.set_words("Reading…" if reading else "Read insurance")
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))

    def show_profile(self, profile: PatientProfile, today: date, now: datetime, zone: str, *, private: bool) -> None:
        """The policies as they were read last; hidden where the system tells none and told none."""
        copy = profile.coverage
        self.setVisible(profile.has_coverage or copy is not None)
        self._read.setVisible(profile.has_coverage)
        clear(self._lines)
        self._badge.show_age(age_of(copy.as_of if copy is not None else None, now, zone))
        if copy is None:
            self._lines.addWidget(Label(f"Kept in {shown(profile.system)}.", "small", "text-3", wrap=True))
            return
        policies = [each.value for each in copy.policies]
        for policy in policies:
            self._lines.addLayout(self._policy(policy, today, may_edit=profile.can_edit, private=private))
        if not policies:
            self._lines.addWidget(Label("No insurance is on record.", "small", "text-2"))
        free = next((rank for rank in _RANKS if rank not in {policy.rank for policy in policies}), None)
        if profile.can_edit and free is not None:
            add = Button(f"Add {_RANKS[free].lower()} insurance", "link")
            add.clicked.connect(lambda: self.policy_wanted.emit(CoverageRecord(rank=free, payer_name="")))
            self._lines.addLayout(row(add, None))

    def _policy(self, policy: CoverageRecord, today: date, *, may_edit: bool, private: bool) -> QVBoxLayout:
        rank = _RANKS.get(policy.rank, f"Policy {policy.rank}")
        change = Button("Change", "link")
        change.setAccessibleName(f"Change {rank.lower()} insurance")
        if not may_edit:
            change.hide()
        change.clicked.connect(lambda: self.policy_wanted.emit(policy))
        payer = f"{policy.payer_name} ({policy.payer_id})" if policy.payer_id else policy.payer_name
        return column(
            row(Label(rank, "small", "text-3"), None, change),
            Label(shown(payer), "body", weight=500, wrap=True),
            *(Label(each, "small", "text-2", wrap=True) for each in policy_facts(policy, today, private=private)),
            spacing=1,
        )


def policy_facts(policy: CoverageRecord, today: date, *, private: bool) -> tuple[str, ...]:
    """What is known of a policy beside its payer, line by line."""
    covered = masked if private else shown
    ended = policy.ends is not None and policy.ends < today
    lines = (
        (
            f"Member {covered(policy.member_id)}" if policy.member_id else "",
            f"group {covered(policy.group_number)}" if policy.group_number else "",
        ),
        _insured(policy, private=private),
        (f"Copay {policy.copay.shown()}" if policy.copay is not None else "",),
        (
            f"From {words.field_date(policy.starts)}" if policy.starts else "",
            f"{'ended' if ended else 'to'} {words.field_date(policy.ends)}" if policy.ends else "",
        ),
    )
    told = (", ".join(filter(None, parts)) for parts in lines)
    return tuple(filter(None, (shown(policy.plan_name), *(f"{line[:1].upper()}{line[1:]}" for line in told))))


def _insured(policy: CoverageRecord, *, private: bool) -> tuple[str, ...]:
    """Whose policy it is."""
    if policy.relationship == "Self":
        return ("Insured: the patient",)
    name = f"{policy.insured_first_name} {policy.insured_last_name}".strip()
    born = words.field_date(policy.insured_birth_date)
    return (
        f"Insured: {initials(name) if private else shown(name)}" if name else "",
        f"born {born}" if name and born and not private else "",
        f"patient’s relationship: {shown(policy.relationship)}" if policy.relationship else "",
    )


class PolicySheet(Sheet):
    """A policy's fields. Closes with ``"plan"``; nothing is sent by it."""

    def __init__(self, policy: CoverageRecord, system: str, today: Callable[[], date]) -> None:
        rank = _RANKS[policy.rank]
        super().__init__(f"{rank} insurance", f"Written to {shown(system)}. Nothing has been sent yet.")
        self._before = _values(policy)
        self._texts = {
            "payer_id": TextField("Payer ID", text=policy.payer_id, check=_needed),
            "member_id": TextField("Member ID", text=policy.member_id, check=_needed),
            "group_number": TextField("Group", text=policy.group_number, optional=True),
        }
        last, first, copay = (
            TextField("Insured’s last name", text=policy.insured_last_name, optional=True),
            TextField("Insured’s first name", text=policy.insured_first_name, optional=True),
            TextField("Copay", text=_plain(policy), placeholder="25.00", check=_amount, optional=True),
        )
        self._more = {"insured_last_name": last, "insured_first_name": first, "copay": copay}
        self._dates = {
            "starts": DateField("From", today, optional=True),
            "ends": DateField("To", today, optional=True),
            "insured_birth_date": DateField("Insured’s birth date", today, past=True, optional=True),
        }
        for name, field in self._dates.items():
            field.set_value(getattr(policy, name))
        self._relation = Combo("Patient's relationship to the insured")
        relations = dict.fromkeys((policy.relationship, *_RELATIONS))
        self._relation.add_choices([(each, shown(each) or "Not said") for each in relations])
        self._relation.set_key(policy.relationship if policy.payer_name else "Self")
        self._relation.currentIndexChanged.connect(lambda _at: self._settle())
        for part in (*self._texts.values(), Field("Patient's relationship to the insured", self._relation)):
            self.body.addWidget(part)
        self._insured = QWidget()
        names = column(row(last, first, spacing=10), self._dates["insured_birth_date"])
        self._insured.setLayout(names)
        self.body.addWidget(self._insured)
        self.body.addLayout(row(self._dates["starts"], self._dates["ends"], copay, spacing=10))
        self.add_button("", Button("Cancel", keys="Esc"))
        go = Button("Look at the page", "primary", keys="Ctrl+Return")
        self.add_button("plan", go, confirm=True, before=self._ready)
        self._settle()

    def _settle(self) -> None:
        """Who is insured is asked where it is somebody else."""
        self._insured.setVisible(self._relation.key() not in {"", "Self"})

    def changes(self) -> dict[str, str]:
        """What differs from before, by field name."""
        now = {name: field.text() for name, field in self._texts.items()}
        now["relationship"] = self._relation.key()
        now |= {name: field.text() for name, field in self._more.items()}
        for name, field in self._dates.items():
            day = field.value()
            now[name] = day.isoformat() if day else ""
        if self._insured.isHidden():
            now = {name: value for name, value in now.items() if not name.startswith("insured_")}
        return {name: value for name, value in now.items() if value != self._before.get(name, "")}

    def _ready(self) -> bool:
        parts = (*self._texts.values(), *self._more.values(), *self._dates.values())
        wrong = [part for part in parts if not part.check_now()]
        return not wrong and bool(self.changes())


def _values(policy: CoverageRecord) -> dict[str, str]:
    texts = {name: getattr(policy, name) for name in _TEXTS}
    days = {name: getattr(policy, name) for name in ("starts", "ends", "insured_birth_date")}
    return {**texts, "copay": _plain(policy), **{name: day.isoformat() if day else "" for name, day in days.items()}}


def _plain(policy: CoverageRecord) -> str:
    return policy.copay.plain() if policy.copay is not None else ""


def _amount(text: str) -> tuple[CheckKind, str]:
    return ("", "") if re.fullmatch(r"(\d{1,5}(\.\d\d)?)?", text) else ("red", "Write it as 25.00.")


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")


async def write_policy(
    services: Services,
    shell: Shell,
    tasks: TaskOwner,
    profile: PatientProfile,
    policy: CoverageRecord,
    today: Callable[[], date],
) -> None:
    """Ask for the fields, look at the page, show the plan, and hand it over. Raises what looking fails with."""
    patient = profile.patient
    sheet = PolicySheet(policy, profile.system, today)
    shell.show_sheet(sheet)
    if await sheet.answer() != "plan":
        return
    wish = WriteWish(
        operation=PortalOperation.SAVE_POLICY, record=f"{patient.vendor_id}/{policy.rank}", values=sheet.changes()
    )
    plan = await look_at_page(services, shell, tasks, WRITE, (patient.connection_id, profile.system), wish)
    confirm = plan_sheet(plan, profile.source, shell.actor().full_name)
    shell.show_sheet(confirm)
    if await confirm.answer() != "write":
        return
    job_id = await services.desk.writes.submit(
        shell.actor(), patient.connection_id, wish, plan, patient_id=patient.local_id
    )

    def undo() -> None:
        tasks.start(services.desk.jobs.undo(shell.actor(), job_id), "undo")

    shell.offer_undo("Insurance held for 8 s, then sent.", undo)
