"""The schedule's toolbar: date and arrows at the left, filters and the two ways to a visit at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.screens.base import Toolbar
from ui.screens.book_visit.typing import LetterKeeper
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import Combo, Segmented
from ui.widgets.paint import text_width


class ScheduleBar(QObject):
    """Fills a ``Toolbar`` and speaks for its parts."""

    moved = Signal(int)
    today_wanted = Signal()
    columns_wanted = Signal()
    type_chosen = Signal(str)
    mode_chosen = Signal(str)
    find_wanted = Signal()
    book_wanted = Signal()

    def __init__(self, bar: Toolbar, parent: QWidget) -> None:
        super().__init__(parent)
        self._bar = bar
        bar.subtitle.hide()
        before, after = IconButton("chev-l", "Day before"), IconButton("chev-r", "Next day")
        before.clicked.connect(lambda: self.moved.emit(-1))
        after.clicked.connect(lambda: self.moved.emit(1))
        self._arrows = (before, after)
        self._today = Button("Today")
        self._today.clicked.connect(self.today_wanted)
        bar.left.addWidget(before)
        bar.left.addWidget(self._today)
        bar.left.addWidget(after)
        bar.left.setSpacing(2)
        bar.left.setContentsMargins(6, 0, 0, 0)
        self.columns = Button("All providers", icon="users", size="small", menu=True)
        self.columns.clicked.connect(self.columns_wanted)
        self._types = Combo("Visit type", icon="filter", small=True)
        self._types.add_choices([("", "Any visit type")])
        LetterKeeper(self, self._types)
        self._types.currentIndexChanged.connect(lambda _at: self.type_chosen.emit(self._types.key()))
        self._mode = Segmented((("day", "Day"), ("week", "Week")), "View")
        self._mode.chosen.connect(self.mode_chosen)
        find = Button("Find a slot", icon="slot", keys="F")
        find.clicked.connect(self.find_wanted)
        book = Button("Book visit", "primary", icon="plus", keys="N")
        book.clicked.connect(self.book_wanted)
        for part in (self.columns, self._types, self._mode, find, book):
            bar.right.addWidget(part)
        bar.folding = (find, self.columns, self._types, book)

    def title(self) -> QWidget:
        """Where the date stands: what goes to a date opens below it."""
        return self._bar.title

    def show_title(self, words: str, *, week: bool) -> None:
        """The date, or the week's dates."""
        self._bar.title.setText(words)
        self._bar.title.setMinimumWidth(text_width(words, "title") + 2)
        self._today.set_words("This week" if week else "Today")
        unit = "week" if week else "day"
        self._arrows[0].set_words(f"{unit.capitalize()} before")
        self._arrows[1].set_words(f"Next {unit}")
        self._mode.set_key("week" if week else "day")
        self.columns.set_kind("tint" if week else "plain")

    def show_providers(self, words: str, *, one: bool) -> None:
        """Whose columns are shown; ``one`` provider's week, or several providers' day."""
        self.columns.set_words(words, "user" if one else "users")

    def show_types(self, names: Sequence[str]) -> None:
        """Visit types to look at; the one chosen stays when it is still there."""
        chosen = self._types.key()
        blocked = self._types.blockSignals(True)
        self._types.clear()
        self._types.add_choices([("", "Any visit type"), *((name, name) for name in names)])
        self._types.blockSignals(blocked)
        self._types.set_key(chosen)
