"""What will be typed where, before it is: the plan of a write through a system's web pages, as sheet and in panels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from app.model.portal import WritePlan
from app.model.portal_writes import WriteWish
from ui.screens.base import Shell
from ui.services import Services
from ui.tasks import TaskOwner
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.confirm import ConfirmSheet, Difference, Step
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Ground, Line, Well, column, row
from ui.widgets.sheet import Sheet


def typed_on_pages(services: Services, vendor: str) -> bool:
    """Whether a system is reached through its web pages, so that what is written is shown before as a plan."""
    return any(form.vendor == vendor and form.portal for form in services.connections.systems())


async def look_at_page(
    services: Services, shell: Shell, tasks: TaskOwner, key: str, where: tuple[str, str], wish: WriteWish
) -> WritePlan:
    """Read the plan of ``wish`` while a sheet says so; Cancel there ends the task called ``key``, which asks this.

    ``where`` is the connection's id and name. Raises what looking at the page fails with.
    """
    connection_id, name = where
    wait = Sheet(f"Looking at {clean(name)}’s page", "Nothing is written yet. You see first what will be typed where.")
    wait.body.addWidget(Well("This takes as long as the page takes.", "progress", "blue"))
    wait.add_button("", Button("Cancel", keys="Esc"))
    given_up = False

    def closed(how: str) -> None:
        nonlocal given_up
        given_up = not how
        if given_up:
            tasks.stop(key)

    wait.finished.connect(closed)
    shell.show_sheet(wait)
    try:
        return await services.desk.writes.plan(shell.actor(), connection_id, wish)
    finally:
        if not given_up:
            wait.close_with("done")


def plan_sheet(plan: WritePlan, source: str, recorded_as: str, *, warnings: Sequence[str] = ()) -> ConfirmSheet:
    """Asks before ``plan`` is done; closes with ``"write"``."""
    sheet = ConfirmSheet(
        f"{clean(plan.summary)}?",
        f"Daybook types this into {clean(plan.system)}'s page “{clean(plan.page)}”. Nothing has been sent yet.",
        differences=tuple(Difference(clean(one.field), clean(one.before), clean(one.after)) for one in plan.entries),
        steps=(
            Step(
                title=f"Press “{clean(plan.button)}”",
                words=f"On {clean(plan.system)}'s page “{clean(plan.page)}”, once. Then the record is read back.",
                source=source,
            ),
        ),
        on_failure="If the page looks different, nothing is pressed. If no answer comes, Daybook reads back first.",
        recorded_as=clean(recorded_as),
    )
    for warning in warnings:
        sheet.body.addWidget(Well(clean(warning), "alert", "amber"))
    return sheet


def plan_panel(plan: WritePlan) -> Ground:
    """The same in an inspector: field by field, then the button."""
    box = Ground("sunken", radius=8)
    inner = QVBoxLayout(box)
    inner.setContentsMargins(14, 10, 14, 12)
    inner.setSpacing(7)
    inner.addWidget(
        Label(f"What is typed into {clean(plan.system)}, “{clean(plan.page)}”", "small", "text-2", wrap=True)
    )
    for entry in plan.entries:
        before, after = clean(entry.before), clean(entry.after)
        change = row(spacing=6)
        if before:
            change.addWidget(_struck(before))
            change.addWidget(IconView("arrow-r", "text-3", 12))
        change.addWidget(Label(after or "cleared", "body", "green.fg" if after else "amber.fg", weight=600), 1)
        inner.addLayout(column(Label(clean(entry.field), "caption", "text-3"), spacing=0))
        inner.addLayout(change)
    inner.addWidget(Line("line"))
    inner.addWidget(Label(f"Then “{clean(plan.button)}” is pressed.", "small", "text-2", wrap=True))
    box.setAccessibleName(" ".join(clean(line) for line in plan.sentences()))
    return box


def _struck(text: str) -> Label:
    label = Label(text, "body", "text-3", elide=True)
    font = label.font()
    font.setStrikeOut(True)
    label.setFont(font)
    return label
