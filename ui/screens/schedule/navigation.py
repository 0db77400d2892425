"""Moving through time and providers by key: the named methods behind the schedule's actions (FEATURES A27)."""

from __future__ import annotations

from datetime import date

from ui.screens.schedule.dates import jumped


class Navigation:
    """Mixed into the schedule screen, which gives ``day``, ``go_to`` and the rest."""

    day: date

    def go_to(self, day: date) -> None:
        """Show ``day``."""
        raise NotImplementedError

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def in_week(self) -> bool:
        """Whether a week is shown."""
        raise NotImplementedError

    def in_day(self) -> bool:
        """Whether a day is shown."""
        return not self.in_week()

    def go_today(self) -> None:
        """T."""
        self.go_to(self.today())

    def next_day(self) -> None:
        """Page down: a day on, or a week in the week view."""
        self._by_one(1)

    def previous_day(self) -> None:
        """Page up."""
        self._by_one(-1)

    def _by_one(self, way: int) -> None:
        if self.in_week():
            self.go_to(jumped(self.day, "1w", way))
        else:
            self.go_to(date.fromordinal(self.day.toordinal() + way))

    def later_1w(self) -> None:
        """A week on."""
        self.go_to(jumped(self.day, "1w", 1))

    def earlier_1w(self) -> None:
        """A week back."""
        self.go_to(jumped(self.day, "1w", -1))

    def later_2w(self) -> None:
        """Two weeks on."""
        self.go_to(jumped(self.day, "2w", 1))

    def earlier_2w(self) -> None:
        """Two weeks back."""
        self.go_to(jumped(self.day, "2w", -1))

    def later_4w(self) -> None:
        """Four weeks on."""
        self.go_to(jumped(self.day, "4w", 1))

    def earlier_4w(self) -> None:
        """Four weeks back."""
        self.go_to(jumped(self.day, "4w", -1))

    def later_3m(self) -> None:
        """Three months on."""
        self.go_to(jumped(self.day, "3m", 1))

    def earlier_3m(self) -> None:
        """Three months back."""
        self.go_to(jumped(self.day, "3m", -1))

    def later_6m(self) -> None:
        """Six months on."""
        self.go_to(jumped(self.day, "6m", 1))

    def earlier_6m(self) -> None:
        """Six months back."""
        self.go_to(jumped(self.day, "6m", -1))
