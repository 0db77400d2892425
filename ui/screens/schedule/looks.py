"""How the schedule is shown: zoom, grid unit, filters, providers and named views, kept for the person."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ui.grid.grid import ScheduleGrid
from ui.grid.view import INCREMENTS
from ui.screens.schedule.settings import Look, ScheduleSettings, view_keys


class Looks:
    """Mixed into the schedule screen. Every change paints at once and is kept behind it."""

    settings: ScheduleSettings
    grid: ScheduleGrid

    def repaint_content(self) -> None:
        """Paint what was read in the look in force."""
        raise NotImplementedError

    def remember(self) -> None:
        """Keep the settings."""
        raise NotImplementedError

    def announce(self, words: str) -> None:
        """Say what was changed."""
        raise NotImplementedError

    def set_look(self, look: Look, *, current: str = "") -> None:
        """Put a look in force; ``current`` names the view it comes from."""
        self.settings = msgspec.structs.replace(self.settings, look=look, current=current)
        self.grid.set_zoom(look.zoom)
        self.grid.set_increment(look.increment)
        self.repaint_content()
        self.remember()

    def change_look(self, **changes: object) -> None:
        """The same look with something else."""
        self.set_look(msgspec.structs.replace(self.settings.look, **changes))

    def zoom_in(self) -> None:
        """More pixels a minute."""
        self.grid.set_zoom(self.grid.zoom() + 1)

    def zoom_out(self) -> None:
        """Fewer."""
        self.grid.set_zoom(self.grid.zoom() - 1)

    def next_increment(self) -> None:
        """The next grid unit."""
        at = INCREMENTS.index(self.settings.look.increment) if self.settings.look.increment in INCREMENTS else -1
        unit = INCREMENTS[(at + 1) % len(INCREMENTS)]
        self.change_look(increment=unit)
        self.announce(f"Grid unit {unit} minutes")

    def toggle_cancelled(self) -> None:
        """Hide or show cancelled visits and no-shows."""
        hide = not self.settings.look.hide_cancelled
        self.change_look(hide_cancelled=hide)
        self.announce("Cancelled visits and no-shows are hidden" if hide else "Cancelled visits and no-shows are shown")

    def toggle_hover_cards(self) -> None:
        """Cards beside visits on or off (FEATURES B32)."""
        on = not self.settings.hover_cards
        self.settings = msgspec.structs.replace(self.settings, hover_cards=on)
        self.grid.hide_card()
        self.repaint_content()
        self.remember()
        self.announce("Hover cards are on" if on else "Hover cards are off")

    def arrange(self, order: Sequence[str], hidden: frozenset[str]) -> None:
        """Providers in this order, without those hidden."""
        self.change_look(order=tuple(order), hidden=hidden)

    def everybody(self) -> None:
        """All providers, in the order the systems list them."""
        self.change_look(order=(), hidden=frozenset())

    def keep_view(self, name: str) -> None:
        """Keep the look in force, and the hour in front, under a name."""
        look = msgspec.structs.replace(self.settings.look, start_minute=self.grid.minute_in_front())
        self.settings = msgspec.structs.replace(self.settings, look=look).with_view(name)
        self.remember()
        number = [view.name for view in self.settings.views].index(name) + 1
        self.announce(f"View {name} is kept, on {view_keys(number)[0]}")

    def drop_view(self, name: str) -> None:
        """Forget a named view; what is shown stays."""
        self.settings = self.settings.without_view(name)
        self.remember()

    def open_view(self, name: str) -> None:
        """Put a named view in force."""
        found = next((view for view in self.settings.views if view.name == name), None)
        if found is not None:
            self.set_look(found.look, current=name)
            if found.look.start_minute >= 0:
                self.grid.scroll_to_minute(found.look.start_minute)
            self.announce(f"View {name}")

    def _open_number(self, number: int) -> None:
        if number <= len(self.settings.views):
            self.open_view(self.settings.views[number - 1].name)
        else:
            self.announce(f"There is no named view {number}. Press V to keep one")

    def open_view_1(self) -> None:
        """Ctrl+1."""
        self._open_number(1)

    def open_view_2(self) -> None:
        """Ctrl+2."""
        self._open_number(2)

    def open_view_3(self) -> None:
        """Ctrl+3."""
        self._open_number(3)

    def open_view_4(self) -> None:
        """Ctrl+4."""
        self._open_number(4)

    def open_view_5(self) -> None:
        """Ctrl+5."""
        self._open_number(5)

    def open_view_6(self) -> None:
        """Ctrl+6."""
        self._open_number(6)

    def open_view_7(self) -> None:
        """Ctrl+7."""
        self._open_number(7)

    def open_view_8(self) -> None:
        """Ctrl+8."""
        self._open_number(8)

    def open_view_9(self) -> None:
        """Ctrl+9."""
        self._open_number(9)

    def open_view_10(self) -> None:
        """Ctrl+F10."""
        self._open_number(10)

    def open_view_11(self) -> None:
        """Ctrl+F11."""
        self._open_number(11)

    def open_view_12(self) -> None:
        """Ctrl+F12."""
        self._open_number(12)
