"""Sheets for one block and for the rule of one visit type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QGridLayout

from app.model.rules import BlockForce, BlockRule, VisitTypeRule
from ui.hours import parse_windows, windows_text
from ui.text import clean, weekday_date
from ui.widgets.buttons import Button
from ui.widgets.choices import ChipRow, Combo, Segmented, Toggle
from ui.widgets.fields import CheckKind, DateField, Field, TextField
from ui.widgets.sheet import Sheet

_DAYS = (("0", "Mon"), ("1", "Tue"), ("2", "Wed"), ("3", "Thu"), ("4", "Fri"), ("5", "Sat"), ("6", "Sun"))


def _days_words(weekdays: Sequence[int]) -> str:
    if tuple(weekdays) == (0, 1, 2, 3, 4):
        return "Mon to Fri"
    return ", ".join(_DAYS[day][1] for day in weekdays)


def block_words(block: BlockRule) -> str:
    """``"Mon to Fri, 12:00 PM – 1:00 PM, warns only"``."""
    when = weekday_date(block.day) if block.day else _days_words(block.weekdays)
    parts = [when, windows_text([(block.start, block.end)])]
    if block.first_day or block.last_day:
        ends = [weekday_date(day) if day else "open" for day in (block.first_day, block.last_day)]
        parts.append(" until ".join(ends))
    if block.only_visit_types:
        parts.append(f"only {', '.join(clean(name) for name in block.only_visit_types)}")
    if block.force is BlockForce.SOFT:
        parts.append("warns only")
    return ", ".join(parts)


def type_words(rule: VisitTypeRule) -> str:
    """``"30 min, 10 min free before, rooms 1 and 2"``."""
    if not rule.allowed:
        return "Not with this provider"
    parts = [f"{rule.minutes} min" if rule.minutes else "usual length"]
    if rule.weekdays:
        parts.append(_days_words(rule.weekdays))
    if rule.buffer_before:
        parts.append(f"{rule.buffer_before} min free before")
    if rule.buffer_after:
        parts.append(f"{rule.buffer_after} min free after")
    if rule.provider_minutes:
        parts.append(f"provider needed for {rule.provider_minutes} min after {rule.provider_offset} min")
    if rule.rooms:
        parts.append(f"rooms {', '.join(clean(room) for room in rule.rooms)}")
    if rule.needs:
        parts.append(f"needs {clean(rule.needs)}")
    return ", ".join(parts)


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")


def _number(text: str) -> tuple[CheckKind, str]:
    return ("", "") if not text or (text.isdigit() and len(text) < 4) else ("red", "Minutes, as a whole number.")


def _one_window(text: str) -> tuple[CheckKind, str]:
    windows = parse_windows(text)
    return ("", "") if windows and len(windows) == 1 else ("red", "Write it as 12-1.")


class BlockSheet(Sheet):
    """One block: label, days or a date, from and to. Closes with ``"save"`` or ``"remove"``."""

    def __init__(self, block: BlockRule | None, today: Callable[[], date], types: Sequence[str]) -> None:
        title = f"Change “{clean(block.label)}”" if block else "Add a block"
        super().__init__(title, "Time kept free of visits: lunch, a meeting, a day away.")
        self._block = block
        self._label = TextField(
            "Label", text=block.label if block else "", check=_needed, hint="People see it on the grid."
        )
        self._when = Segmented((("days", "On weekdays"), ("date", "On one date")), "When")
        self._days = ChipRow(_DAYS, "Weekdays")
        self._days.set_keys([str(day) for day in block.weekdays] if block else ["0", "1", "2", "3", "4"])
        self._date = DateField("Date", today)
        self._date.set_value(block.day if block else None)
        span = windows_text([(block.start, block.end)]) if block else "12-1"
        self._span = TextField("From and to", text=span, check=_one_window)
        self._force = Segmented(((BlockForce.HARD, "No booking"), (BlockForce.SOFT, "Warn only")), "Force")
        self._force.set_key(block.force if block else BlockForce.HARD)
        only = ", ".join(block.only_visit_types) if block else ""
        hint = f"Such as {', '.join(types[:2])}. Empty: no visit at all." if types else "Empty: no visit at all."
        self._only = TextField("Let only these visit types in", text=only, optional=True, hint=hint)
        self._first = DateField("From this day on", today, optional=True)
        self._last = DateField("Until this day", today, optional=True)
        self._first.set_value(block.first_day if block else None)
        self._last.set_value(block.last_day if block else None)
        self._when.chosen.connect(self._choose)
        for widget in (
            self._label,
            self._when,
            self._days,
            self._date,
            self._span,
            Field("Force", self._force),
            self._only,
        ):
            self.body.addWidget(widget)
        ends = QGridLayout()
        ends.setHorizontalSpacing(16)
        ends.addWidget(self._first, 0, 0)
        ends.addWidget(self._last, 0, 1)
        self.body.addLayout(ends)
        self._when.set_key("date" if block and block.day else "days")
        self._choose(self._when.key())
        if block is not None:
            self.add_button("remove", Button("Remove", "danger"))
        self.add_button("", Button("Cancel", keys="Esc"))
        self.add_button("save", Button("Keep", "primary", keys="Ctrl+Return"), confirm=True, before=self._good)

    def _choose(self, key: str) -> None:
        on_days = key == "days"
        self._days.setVisible(on_days)
        self._date.setVisible(not on_days)
        for field in (self._first, self._last):
            field.setVisible(on_days)

    def _good(self) -> bool:
        fields: list[TextField] = [self._label, self._span]
        if self._when.key() == "date":
            fields.append(self._date)
            if self._date.value() is None:
                self._date.say("red", "A date is needed here.")
                return False
        wrong = [field for field in fields if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
            return False
        return self._when.key() == "date" or bool(self._days.keys())

    def made(self) -> BlockRule:
        """The block as it stands in the form."""
        windows = parse_windows(self._span.text()) or [(0, 0)]
        on_days = self._when.key() == "days"
        return BlockRule(
            label=self._label.text(),
            start=windows[0][0],
            end=windows[0][1],
            force=BlockForce(self._force.key()),
            day=None if on_days else self._date.value(),
            weekdays=tuple(map(int, self._days.keys())) if on_days else (),
            first_day=self._first.value() if on_days else None,
            last_day=self._last.value() if on_days else None,
            except_days=self._block.except_days if self._block else (),
            only_visit_types=tuple(part.strip() for part in self._only.text().split(",") if part.strip()),
        )


class TypeSheet(Sheet):
    """How this provider does one type of visit. Closes with ``"save"`` or ``"remove"``."""

    def __init__(self, rule: VisitTypeRule | None, types: Sequence[str]) -> None:
        title = f"Change “{clean(rule.visit_type)}”" if rule else "Add a visit rule"
        super().__init__(
            title, "How this provider does one type of visit. What is left empty stays as the system has it."
        )
        known = [rule.visit_type] if rule else list(types)
        self._type = Combo("Visit type")
        self._type.add_choices([(name, clean(name)) for name in known])
        self._allowed = Toggle("This provider does it")
        self._allowed.setChecked(rule.allowed if rule else True)
        self._days = ChipRow(_DAYS, "Only on")
        self._days.set_keys([str(day) for day in rule.weekdays] if rule else [])
        self._minutes = self._field("Length", rule.minutes if rule else 0)
        self._before = self._field("Free before", rule.buffer_before if rule else 0)
        self._after = self._field("Free after", rule.buffer_after if rule else 0)
        self._offset = self._field("Provider comes after", rule.provider_offset if rule else 0)
        self._needed = self._field("Provider stays", rule.provider_minutes if rule else 0)
        rooms = ", ".join(rule.rooms) if rule else ""
        self._rooms = TextField("Rooms", text=rooms, optional=True, hint="One of these must be free. Empty: any room.")
        self._needs = TextField(
            "What else it needs", text=rule.needs if rule else "", optional=True, hint="Shown when booking."
        )
        self.body.addWidget(Field("Visit type", self._type))
        self.body.addWidget(self._allowed)
        self.body.addWidget(Field("Only on these days", self._days, hint="None chosen: on any day."))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        lengths = (self._minutes, self._before, self._after, self._offset, self._needed)
        for index, field in enumerate(lengths):
            grid.addWidget(field, index // 3, index % 3)
        self.body.addLayout(grid)
        self.body.addWidget(self._rooms)
        self.body.addWidget(self._needs)
        self._lengths = lengths
        if rule is not None:
            self.add_button("remove", Button("Remove", "danger"))
        self.add_button("", Button("Cancel", keys="Esc"))
        keep = self.add_button("save", Button("Keep", "primary", keys="Ctrl+Return"), confirm=True, before=self._good)
        keep.setEnabled(bool(known))

    @staticmethod
    def _field(label: str, minutes: int) -> TextField:
        return TextField(label, text=str(minutes) if minutes else "", placeholder="minutes", check=_number)

    def _good(self) -> bool:
        wrong = [field for field in self._lengths if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
        return not wrong

    def made(self) -> VisitTypeRule:
        """The rule as it stands in the form."""
        minutes, before, after, offset, needed = (int(field.text() or 0) for field in self._lengths)
        return VisitTypeRule(
            visit_type=self._type.key(),
            minutes=minutes,
            allowed=self._allowed.isChecked(),
            weekdays=tuple(map(int, self._days.keys())),
            buffer_before=before,
            buffer_after=after,
            provider_offset=offset,
            provider_minutes=needed,
            rooms=tuple(part.strip() for part in self._rooms.text().split(",") if part.strip()),
            needs=self._needs.text(),
        )
