"""From a time found to a visit: the booking panel beside the times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QHBoxLayout

from app.model.schedule import ProviderRow
from app.model.views import DayView, FoundSlot, Verdict
from ui.screens.base import Shell
from ui.screens.book_visit.start import BookingStart
from ui.screens.find_slot.filters import Filters
from ui.screens.find_slot.preview import Preview
from ui.screens.find_slot.results import ResultsView
from ui.screens.find_slot.times import shows
from ui.services import Services
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.screens.book_visit.panel import BookPanel


class Books:
    """Mixed into the screen, which finds the times."""

    services: Services
    shell: Shell
    tasks: TaskOwner
    room_changed: SignalInstance
    filters: Filters
    list: ResultsView
    preview: Preview
    _line: QHBoxLayout
    _providers: dict[str, ProviderRow]
    _day_view: DayView | None

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def has_choice(self) -> bool:
        """Whether a time is chosen."""
        raise NotImplementedError

    @cached_property
    def booking(self) -> BookPanel:
        """The panel for a booking, made with the first one."""
        from ui.screens.book_visit.panel import BookPanel

        panel = BookPanel(self.services, self.shell, self.tasks, self.today)
        panel.closed.connect(self._booking_closed)
        panel.hide()
        self._line.addWidget(panel)
        return panel

    def has_booking(self) -> bool:
        """Whether the panel was made."""
        return "booking" in self.__dict__

    def books(self) -> bool:
        """Whether a booking is being typed or followed."""
        return self.has_booking() and self.booking.active()

    def book(self) -> None:
        """Enter: book the time chosen."""
        slot = self.list.chosen()
        if slot is not None:
            self.book_slot(slot)

    def book_slot(self, slot: FoundSlot) -> None:
        """Open the booking panel on a time found."""
        provider = self._providers.get(slot.provider_id)
        if provider is None or slot.verdict is Verdict.TAKEN:
            return
        who, wanted = self.filters.patient(), self.filters.search()
        found = self._day_view.columns if self._day_view and shows(self._day_view, slot) else ()
        self.booking.begin_at(
            BookingStart(
                provider=provider,
                source=provider.source,
                system=found[0].source.name if found else provider.source,
                day=slot.day,
                start_minute=slot.start_minute,
                minutes=slot.minutes,
                patient_id=who.row.local_id if who else "",
                visit_type=wanted.visit_type,
            )
        )
        self.preview.hide()
        self.booking.show()
        self.room_changed.emit()

    def _booking_closed(self) -> None:
        self.booking.hide()
        self.room_changed.emit()
        self.preview.setVisible(self.has_choice())
        self.list.setFocus()

    def ahead(self) -> Sequence[Callable[[], object]]:
        """The panel for a booking."""
        return (lambda: self.booking,)

    def needs_room(self) -> bool:
        """While a visit is booked beside the times."""
        return self.has_booking() and not self.booking.isHidden()
