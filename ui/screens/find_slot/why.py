"""Why is a time not offered? Provider, day and time go in, reasons in words come out (FEATURES A12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.model.schedule import ProviderRow
from app.model.views import FoundSlot, SlotSearch
from app.rules.dates import parse_date
from app.rules.names import shown
from app.rules.words import clock_time, short_day
from ui.screens.base import Shell
from ui.services import Services
from ui.tasks import TaskOwner
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import CheckKind, Field, TextField
from ui.widgets.label import Label
from ui.widgets.panels import row
from ui.widgets.popover import Popover

_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*([ap])?m?", re.IGNORECASE)


def parse_clock(text: str) -> int | None:
    """Minutes after midnight of ``9``, ``9:30``, ``930``, ``2p``, ``2:15 pm``; 1 to 6 without a half mean afternoon."""
    found = _CLOCK.fullmatch(text.strip().replace(".", ""))
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 6:
        hour += 12
    return hour * 60 + minute


class WhyPopover(Popover):
    """Asks the local rules and the copy about one time."""

    def __init__(
        self,
        services: Services,
        shell: Shell,
        tasks: TaskOwner,
        providers: Sequence[ProviderRow],
        today: date,
        near: FoundSlot | None,
        search: SlotSearch,
    ) -> None:
        super().__init__("Why is a time not offered?", 360)
        self._services, self._shell, self._tasks = services, shell, tasks
        self._today, self._search = today, search
        self._provider = Combo("Provider")
        self._provider.add_choices([(each.provider_id, shown(each.shown_name())) for each in providers])
        if near is not None:
            self._provider.set_key(near.provider_id)
        day = near.day if near is not None else today
        self._day = TextField("Day", text=f"{day:%m/%d/%Y}", check=self._judge_day)
        self._time = TextField("Time", placeholder="9:30", check=_judge_time)
        self._said = Label("", "body", "text-2", wrap=True)
        ask = Button("Explain", "primary")
        ask.clicked.connect(self.ask)
        self._time.edit.returnPressed.connect(self.ask)
        self._day.edit.returnPressed.connect(self.ask)
        self.body.addWidget(Label("Why is a time not offered?", "body-strong"))
        self.body.addWidget(Field("Provider", self._provider))
        self.body.addLayout(row(self._day, self._time, spacing=10))
        self.body.addWidget(self._said)
        self.body.addLayout(row(None, ask))

    def focus_first(self) -> None:
        """Put the caret where the time goes."""
        self._time.edit.setFocus()

    def ask(self) -> None:
        """Explain the time typed."""
        day, minute = parse_date(self._day.text(), self._today), parse_clock(self._time.text())
        if day is None or minute is None:
            self._day.check_now()
            self._time.check_now()
            return
        self._tasks.restart("why", self._ask(day, minute))

    async def _ask(self, day: date, minute: int) -> None:
        length = self._search.minutes or 30
        reasons = await self._services.desk.slots.why_not(
            self._shell.actor(), self._provider.key(), day, minute, length, self._search.visit_type
        )
        when = f"{short_day(day)}, {clock_time(minute)}"
        said = " ".join(reason.words for reason in reasons) or "Nothing speaks against it: it is offered."
        self._said.setText(f"{when}: {said}")
        self._shell.say(said)
        self.refit()

    def _judge_day(self, text: str) -> tuple[CheckKind, str]:
        return ("", "") if parse_date(text, self._today) else ("red", "Write a date, or t+3, m, 2w.")


def _judge_time(text: str) -> tuple[CheckKind, str]:
    return ("", "") if parse_clock(text) is not None else ("red", "Write a time, such as 9:30 or 2p.")
