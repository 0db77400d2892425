"""The palette's right side: who the chosen person is, before anything is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from app.model.booking import PatientProfile, ProfileVisit
from app.model.people import PatientRow
from ui.shell.palette_sources import initials_of
from ui.text import clean, clock_time, field_date, local, short_date
from ui.widgets.label import Label
from ui.widgets.panels import Facts, Line, clear, column, row
from ui.widgets.status import Avatar, SourceTag

if TYPE_CHECKING:
    from ui.shell.window import DaybookWindow

_HINT = "Search by family name, a date of birth, a phone number, a member ID or a chart number."


async def show_preview(box: QVBoxLayout, subject: object, window: DaybookWindow) -> None:
    """Show ``subject`` (a patient's row, or anything else: then only how to search)."""
    if not isinstance(subject, PatientRow) or window.privacy():
        clear(box)
        box.addWidget(Label(_HINT, "small", "text-2", wrap=True))
        box.addStretch(1)
        return
    profile: PatientProfile = await window.services.desk.patients.get(window.actor(), subject.local_id)
    clear(box)
    name = clean(subject.full_name())
    person = profile.patient.value
    about = ", ".join(filter(None, (str(profile.age) if profile.age is not None else "", clean(person.pronouns))))
    texts = column(Label(name, "heading", elide=True), Label(about, "body", "text-2"), spacing=0)
    head = row(Avatar(initials_of(name), 40, strong=True), spacing=10)
    head.addLayout(texts, 1)
    box.addLayout(head)
    facts = Facts()
    facts.show_facts(_facts(profile, window))
    box.addWidget(facts)
    tags = row(Label("Records", "small", "text-3"), SourceTag(profile.source, profile.patient.vendor_id), spacing=6)
    for link in profile.linked:
        tags.addWidget(SourceTag(link.source, link.row.vendor_id))
    tags.addStretch(1)
    box.addLayout(tags)
    box.addWidget(Line())
    box.addWidget(Label(_HINT, "small", "text-3", wrap=True))
    box.addStretch(1)


def _facts(profile: PatientProfile, window: DaybookWindow) -> list[tuple[str, str]]:
    person = profile.patient.value
    today = local(window.services.clock.now(), window.services.practice.time_zone).date()
    last = profile.past[0] if profile.past else None
    ahead = profile.upcoming[0] if profile.upcoming else None

    def words(visit: ProfileVisit) -> str:
        who = clean(visit.provider.shown_name()) if visit.provider else ""
        when = f"{short_date(visit.visit.day, today)}, {clock_time(visit.visit.start_minute)}"
        return f"{when}, {who}" if who else when

    return [
        ("Birth date", field_date(person.birth_date)),
        ("Phone", clean(person.cell_phone or person.phone)),
        ("Email", clean(person.email)),
        ("Last visit", words(last) if last else ""),
        ("Next visit", words(ahead) if ahead else ""),
        ("Alert", clean(person.alert)),
    ]
