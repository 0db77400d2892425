"""Find a slot: what is looked for at the left, what was found in the middle, the time chosen at the right."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.model.changes import Change, Kind
from app.model.errors import DaybookError, Locked
from app.model.schedule import ProviderRow, VisitType
from app.model.views import DayView, FoundSlot, SlotResults
from app.rules import timezones, words
from app.store import patients, providers
from app.store.database import Reader
from ui.screens.base import Screen, Shell
from ui.screens.find_slot.best import BestCard
from ui.screens.find_slot.books import Books
from ui.screens.find_slot.filters import Filters
from ui.screens.find_slot.legend import Legend
from ui.screens.find_slot.preview import Preview
from ui.screens.find_slot.results import ResultsView, lines_of
from ui.screens.find_slot.times import same_time, shows, time_key, times
from ui.screens.find_slot.why import WhyPopover
from ui.screens.patients.finder import PeopleFinder
from ui.services import Services
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.empty import Empty
from ui.widgets.label import Label
from ui.widgets.panels import MAIN, Ground, Line, column, row

#: Seconds of quiet before searching: after a choice, searching itself takes milliseconds; after a change told.
_QUIET, _AGAIN = 0.05, 0.5


class FindSlotScreen(Books, Screen):
    """Free times over every provider, ranked from the local copy and rechecked live where they are shown."""

    name = "find_slot"
    title = "Find a slot"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self.results: SlotResults | None = None
        self._providers: dict[str, ProviderRow] = {}
        self._day_view: DayView | None = None
        self._began = False
        self._wanted_patient = ""
        self.finder = PeopleFinder(services, shell, self.today)
        self._build()

    def _build(self) -> None:
        self.toolbar.say("across every connected schedule")
        clear_all = Button("Clear", "quiet", icon="x")
        clear_all.clicked.connect(self.clear_search)
        self.toolbar.right.addWidget(clear_all)
        self.filters = Filters(self.finder, self.tasks, self.today)
        self.count = Label("", "body-strong")
        self.checked = Label("", "body", "text-3", elide=True)
        self.cards = [BestCard(number) for number in (1, 2, 3)]
        self.list = ResultsView()
        self.empty = Empty()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        self.preview = Preview()
        middle = Ground("canvas")
        self.legend = Legend()
        head = row(self.count, self.checked, self.legend, spacing=8)
        head.setStretch(1, 1)
        self._cards = QWidget()
        self._cards.setLayout(row(*self.cards, spacing=10))
        inner = column(spacing=6, margins=(0, 12, 0, 0))
        for part in (head, self._cards):
            holder = QVBoxLayout()
            holder.setContentsMargins(16, 0, 16, 0)
            holder.addWidget(part) if isinstance(part, QWidget) else holder.addLayout(part)
            inner.addLayout(holder)
        inner.addWidget(self.stack, 1)
        middle.setLayout(inner)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.filters)
        line.addWidget(Line(vertical=True))
        line.addWidget(middle, MAIN)
        line.addWidget(self.preview)
        self._line = line
        self.body.addLayout(line, 1)
        self.preview.hide()
        self._connect()

    def _connect(self) -> None:
        self.filters.changed.connect(lambda: self.tasks.restart("find", self._find(_QUIET)))
        self.filters.patient_changed.connect(lambda _who: self.tasks.restart("usual", self._show_usual()))
        for at, card in enumerate(self.cards):
            card.clicked.connect(lambda _=False, at=at: self._pick_best(at))
        self.list.picked.connect(self.choose)
        self.list.booked.connect(self.book_slot)
        self.preview.book_wanted.connect(self.book)
        self.preview.copy_wanted.connect(self.copy_script)
        self.preview.see_wanted.connect(self.show_on_schedule)

    # -- reading ---------------------------------------------------------------------------------------------------

    def today(self) -> date:
        """The present day at the location."""
        return timezones.local(self.services.clock.now(), self.services.practice.time_zone)[0]

    def show_at(self, **where: object) -> None:
        """From elsewhere: a day to start on, a patient to find a time for."""
        day, patient_id = where.get("day"), where.get("patient_id")
        if isinstance(day, date):
            self.filters.set_start(day)
        if isinstance(patient_id, str) and patient_id:
            self._wanted_patient = patient_id
        self.tasks.restart("refresh", self.refresh())

    async def refresh(self) -> None:
        """Read providers and types, then search."""
        try:
            self.shell.actor()
            types, listed = await self.services.store.read(_types_and_providers)
        except Locked:
            return
        self._providers = {each.provider_id: each for each in listed}
        self.filters.show_types(types)
        if self._wanted_patient:
            found = await self.services.store.read(patients.row_of, self._wanted_patient)
            self._wanted_patient = ""
            if found is not None:
                self.filters.set_patient((await self.finder.shown([found]))[0])
        await self._show_usual()
        self._began = True
        await self._find()

    async def _show_usual(self) -> None:
        who, usual = self.filters.patient(), ""
        if who is not None:
            found = await self.services.store.read(patients.get, who.row.local_id)
            vendor_id = found.value.usual_provider_vendor_id if found else ""
            usual = next(
                (
                    key
                    for key, each in self._providers.items()
                    if vendor_id and (each.connection_id, each.vendor_id) == (who.row.connection_id, vendor_id)
                ),
                "",
            )
        self.filters.show_providers(list(self._providers.values()), usual)

    async def _find(self, pause: float = 0.0) -> None:
        """Search the local copy and show; then ask the systems about what is shown."""
        await asyncio.sleep(pause)
        if not self._began:
            return
        if self.filters.nobody():
            self._say_empty("No provider is chosen", "Choose at least one provider at the left.", None)
            return
        actor, wanted = self.shell.actor(), self.filters.search()
        try:
            found = await self.services.desk.slots.find(actor, wanted)
        except DaybookError as failed:
            self._say_empty(failed.happened, failed.means, None)
            return
        self._show(found)
        if wanted.recheck and (found.openings or found.unread_from):
            self.checked.setText("asking the systems…")
            self._show(await self.services.desk.slots.recheck_results(actor, found))

    def recheck_now(self) -> None:
        """R: ask the systems about the times shown."""
        self.tasks.restart("find", self._recheck())

    async def _recheck(self) -> None:
        if self.results is not None and (self.results.openings or self.results.unread_from):
            self.checked.setText("asking the systems…")
            self._show(await self.services.desk.slots.recheck_results(self.shell.actor(), self.results))

    # -- showing ---------------------------------------------------------------------------------------------------

    def _show(self, found: SlotResults) -> None:
        before = self.list.chosen()
        self.results = found
        self.count.setText(words.count(found.openings, "opening"))
        self.checked.setText(found.checked_words)
        self.legend.say_copy(self._copy_words(found))
        for at, card in enumerate(self.cards):
            card.show_match(found.best[at] if at < len(found.best) else None)
        self._cards.setVisible(bool(found.best))
        self.list.results.show_lines(lines_of(found.days, found.excluded, self.today()))
        self.preview.show_script(found.script)
        self._warn(found)
        if not found.openings:
            self._say_empty("No free time found", found.why_empty, found.next_date)
            return
        self.stack.setCurrentWidget(self.list)
        again = same_time(before, found)
        self.choose(again or (found.best[0].slot if found.best else None))

    def _copy_words(self, found: SlotResults) -> str:
        zone, now = self.services.practice.time_zone, self.services.clock.now()
        if found.as_of is None:
            return ""
        return f"from {words.as_of(found.as_of, now, zone)} copy"

    def _warn(self, found: SlotResults) -> None:
        if not found.excluded:
            self.banner.take("excluded")
            return
        first = found.excluded[0]
        who = words.count(len(found.excluded), "provider or system", "providers or systems")
        self.banner.put(
            Banner(key="excluded", family="grey", icon="info", strong=f"{who} not searched.", words=first.words)
        )

    def _say_empty(self, title: str, said: str, next_date: date | None) -> None:
        self.preview.hide()
        self._cards.hide()
        self.list.choose(None)
        button = f"Look from {words.short_day(next_date)}" if next_date else ""
        on_button = (lambda day=next_date: self._look_from(day)) if next_date else None
        self.empty.say(title, said, icon="slot", family="", button=button, on_button=on_button)
        self.stack.setCurrentWidget(self.empty)

    def _look_from(self, day: date) -> None:
        self.filters.set_start(day)
        self.filters.changed.emit()

    def choose(self, slot: FoundSlot | None) -> None:
        """Put the cursor on a time and show its day."""
        self.list.choose(slot)
        for card in self.cards:
            match = card.match()
            card.setChecked(match is not None and slot is not None and time_key(match.slot) == time_key(slot))
        if slot is None:
            self.preview.hide()
            return
        if not self.books():
            self.preview.show()
        self.tasks.restart("preview", self._preview(slot))

    async def _preview(self, slot: FoundSlot) -> None:
        who = self.filters.patient()
        name, private, now = who.name if who else "", self.shell.privacy(), self.services.clock.now()
        if self._day_view is not None and shows(self._day_view, slot):
            self.preview.show_slot(slot, self._day_view, name, now, private=private)
            return
        schedule = self.services.desk.schedule
        self._day_view = await schedule.day(self.shell.actor(), slot.day, [slot.provider_id])
        self.preview.show_slot(slot, self._day_view, name, now, private=private)

    # -- acting ----------------------------------------------------------------------------------------------------

    def has_best(self) -> bool:
        """Whether there are cards."""
        return bool(self.results and self.results.best)

    def has_choice(self) -> bool:
        """Whether a time is chosen."""
        return self.list.chosen() is not None

    def has_script(self) -> bool:
        """Whether there is something to read."""
        return bool(self.results and self.results.script)

    def _pick_best(self, at: int) -> None:
        match = self.cards[at].match()
        if match is not None:
            self.choose(match.slot)
            self.list.setFocus()

    def pick_best_1(self) -> None:
        """1."""
        self._pick_best(0)

    def pick_best_2(self) -> None:
        """2."""
        self._pick_best(1)

    def pick_best_3(self) -> None:
        """3."""
        self._pick_best(2)

    def copy_script(self) -> None:
        """C: the words to read, into the clipboard."""
        if self.results is not None and self.results.script:
            self.shell.copy(self.results.script, "What to say on the telephone")

    def show_on_schedule(self) -> None:
        """The day of the time chosen."""
        slot = self.list.chosen()
        if slot is not None:
            self.shell.open("schedule", day=slot.day, provider_id=slot.provider_id, minute=slot.start_minute)

    def ask_why(self) -> None:
        """Y: why a time is not among these."""
        slot, wanted = self.list.chosen(), self.filters.search()
        popover = WhyPopover(
            self.services, self.shell, self.tasks, list(self._providers.values()), self.today(), slot, wanted
        )
        self.shell.show_popover(popover, self.count)
        popover.focus_first()

    def clear_search(self) -> None:
        """Everything as it is at first."""
        self.filters.clear_all()

    # -- following -------------------------------------------------------------------------------------------------

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Search again where free times may have changed; follow a booking's job."""
        if self.has_booking():
            self.booking.on_changes(changes)
        if any(each.kind in (Kind.PROVIDERS, Kind.VISIT_TYPES) for each in changes):
            self.renew()
        elif any(each.kind in (Kind.OPEN_SLOTS, Kind.VISITS, Kind.RULES, Kind.CONNECTIONS) for each in changes):
            self._day_view = None
            if not self.books() and not self.tasks.running("find"):
                self.tasks.start_once("find again", self._find_quietly())

    async def _find_quietly(self) -> None:
        """The same search again, without asking the systems anew."""
        await asyncio.sleep(_AGAIN)
        if not self._began or self.filters.nobody() or self.tasks.running("find"):
            return
        found = await self.services.desk.slots.find(self.shell.actor(), self.filters.search())
        if self.results is None or times(found) != times(self.results):
            self._show(found)

    def keep_drafts(self) -> None:
        """The window locks or closes."""
        if self.has_booking():
            self.tasks.start(self.booking.keep(), "keep booking")

    def main_part(self) -> QWidget:
        """The times."""
        return self.list

    def find_in_page(self) -> None:
        """/: for whom."""
        self.filters.ask_patient()

    def panes(self) -> Sequence[QWidget]:
        """Filters, times, the time chosen."""
        parts = (self.filters, self.list, self.preview, *((self.booking,) if self.has_booking() else ()))
        return [part for part in parts if part.isVisible()]


def _types_and_providers(conn: Reader) -> tuple[list[VisitType], list[ProviderRow]]:
    return [each.visit_type for each in providers.visit_types(conn)], providers.listed(conn)


SCREEN = FindSlotScreen
