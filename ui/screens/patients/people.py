"""Lists of people: the rows painted, the model behind them, and the search field that finds one as it is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.model.people import PatientRow
from app.rules import words
from app.rules.names import initials, masked, monogram, shown
from ui.screens.patients.matches import marked
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import Ring, SearchField
from ui.widgets.label import Label
from ui.widgets.paint import draw_avatar, draw_source_tag, draw_text, rounded, text_width

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A patient as a line shows one; texts are safe to show."""

    row: PatientRow
    name: str
    birth: str
    source: str
    system: str
    seen: str = ""
    phone: str = ""
    letters: str = ""
    private: bool = False

    @property
    def spoken(self) -> str:
        """``"Marigold Fennimore, born 03/14/1984, 41, OfficePro"``."""
        born = f"born {self.birth}" if self.birth else "birth date not known"
        return ", ".join(part for part in (self.name, born, self.phone, self.seen, self.system) if part)


def person(row: PatientRow, sources: Mapping[str, tuple[str, str]], today: date, *, private: bool = False) -> Person:
    """``row`` ready to be shown; ``sources`` are tag and name by connection; ``private`` hides all but initials."""
    name = shown(row.full_name()) or "No name"
    source, system = sources.get(row.connection_id, ("", ""))
    years = words.age(row.birth_date, today)
    birth = words.field_date(row.birth_date) + (f", {years}" if years is not None else "")
    return Person(
        row=row,
        name=initials(name) if private else name,
        birth="" if private else birth,
        source=source,
        system=system,
        seen=_seen(row.last_activity, today),
        phone=masked(row.phone) if private else shown(row.phone, 40),
        letters=monogram(name),
        private=private,
    )


def _seen(last: datetime | None, today: date) -> str:
    return f"seen {words.month_day(last.date(), today)}" if last is not None and last.date() <= today else ""


class PeopleModel(QAbstractListModel):
    """People in order; Role.ROW gives the ``Person``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[Person, ...] = ()
        self.typed = ""

    def show_people(self, people: Sequence[Person], typed: str = "") -> None:
        """Other people; ``typed`` letters are marked."""
        self.beginResetModel()
        self._people, self.typed = tuple(people), typed
        self.endResetModel()

    def people(self) -> tuple[Person, ...]:
        """All of them."""
        return self._people

    def rowCount(self, parent: Index | None = None) -> int:
        """How many."""
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, spoken line, person."""
        found = self._people[index.row()]
        if role == ROW:
            return found
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return found.spoken
        return found.name if role == Qt.ItemDataRole.DisplayRole else None


Shape = Literal["suggestion", "list"]


class PersonDelegate(QStyledItemDelegate):
    """Paints a line: ``suggestion`` with phone and when last seen, ``list`` as the patients page has it."""

    def __init__(self, shape: Shape, parent: QObject) -> None:
        super().__init__(parent)
        self._shape: Shape = shape

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The design's people row."""
        return QSize(200, theme().px(46 if self._shape == "suggestion" else 51))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Avatar, name with typed letters marked, second line, tag."""
        found = index.data(ROW)
        assert isinstance(found, Person)
        box = QRect(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        self._ground(painter, box, chosen, hover)
        look = theme()
        side = look.px(26)
        left = box.x() + look.px(16 if self._shape == "list" else 10)
        draw_avatar(painter, QRect(left, box.center().y() - side // 2, side, side), found.letters, strong=chosen)
        x = left + side + look.px(12)
        right = box.right() - look.px(12)
        if found.source:
            right -= look.px(24)
            draw_source_tag(painter, right, box.center().y() + 1, found.source)
            right -= look.px(8)
        upper = QRectF(x, box.y() + (box.height() - look.px(35)) // 2, right - x, look.px(18))
        lower = QRectF(x, upper.bottom(), right - x, look.px(17))
        typed = self._typed(index)
        end = draw_marked(painter, upper, found.name, typed)
        if self._shape == "suggestion":
            room = QRectF(end + 6, upper.y(), right - end - 6, upper.height())
            draw_text(painter, room, found.seen, style="small", role="text-3")
            below = " · ".join(part for part in (found.birth, found.phone) if part)
        else:
            below = found.birth.split(",")[0]
        draw_text(painter, lower, below or "Birth date not known", style="small", role="text-2")

    def _ground(self, painter: QPainter, box: QRect, chosen: bool, hover: bool) -> None:
        if self._shape == "suggestion":
            if chosen or hover:
                rounded(painter, box.adjusted(4, 1, -4, -1), radius=6, fill="accent-tint" if chosen else "hover")
            return
        view = self.parent()
        bar = view.width() - view.viewport().width() if isinstance(view, QListView) else 0
        card = box.adjusted(5, 0, min(0, bar - 5), -1)
        if chosen:
            rounded(painter, card, radius=8, fill="surface", line="accent", width=1.5)
        elif hover:
            rounded(painter, card, radius=8, fill="hover")

    @staticmethod
    def _typed(index: Index) -> str:
        model = index.model()
        return model.typed if isinstance(model, PeopleModel) else ""


def draw_marked(painter: QPainter, box: QRectF, name: str, typed: str) -> float:
    """A name with its typed letters bold and underlined; where it ends."""
    x = box.x()
    if text_width(name, "body", 600) > box.width():
        draw_text(painter, box, name, weight=500)
        return box.right()
    for piece, hit in marked(name, typed):
        weight = 600 if hit else 500
        width = text_width(piece, "body", weight)
        draw_text(painter, QRectF(x, box.y(), width + 2, box.height()), piece, weight=weight)
        if hit:
            painter.fillRect(QRectF(x, box.bottom() - theme().px(2), width, 1.5), theme().colour("accent"))
        x += width
    return x


class PeopleView(QListView):
    """A list of people. ``opened`` on Enter, Return or a click."""

    opened = Signal(object)

    def __init__(self, name: str, shape: Shape, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people = PeopleModel(self)
        self.setModel(self.people)
        self.setItemDelegate(PersonDelegate(shape, self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        if shape == "list":
            self.setProperty("ground", "canvas")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    def current(self) -> Person | None:
        """The person under the cursor."""
        index = self.currentIndex()
        found = index.data(ROW) if index.isValid() else None
        return found if isinstance(found, Person) else None

    def set_row(self, row: int) -> None:
        """Put the cursor on a line (kept inside the list)."""
        count = self.people.rowCount()
        if count:
            self.setCurrentIndex(self.people.index(max(0, min(count - 1, row)), 0))

    def step(self, by: int) -> None:
        """Move the cursor up or down."""
        self.set_row(self.currentIndex().row() + by)

    def _open(self, index: QModelIndex) -> None:
        found = index.data(ROW)
        if isinstance(found, Person):
            self.opened.emit(found)


Finder = Callable[[str], Awaitable[Sequence[Person]]]


class PatientPicker(QWidget):
    """A search field with what it finds below it: type, arrow to one, Enter. ``picked`` a person; ``new_wanted`` the
    words typed, for somebody who is not there yet (Ctrl+N)."""

    picked = Signal(object)
    new_wanted = Signal(str)
    typed = Signal(str)

    def __init__(
        self, find: Finder, tasks: TaskOwner, *, may_create: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._find, self._tasks, self._may_create = find, tasks, may_create
        self.field = SearchField("Patient", "Name, birth date, phone, member ID")
        self.field.setTextMargins(0, 0, theme().px(76), 0)
        self._count = Label("", "small", "text-3", parent=self.field)
        self.list = PeopleView("Patients found", "suggestion")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._new = Button("New patient", "link", icon="plus", keys="Ctrl+N")
        ring = Ring(self.field)
        ring.setContentsMargins(-3, -3, -3, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(ring)
        outer.addWidget(self.list)
        outer.addWidget(self._new, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._typed)
        self.field.down.connect(self._down)
        self.field.installEventFilter(self)
        self.list.opened.connect(self.picked)
        self._new.clicked.connect(lambda: self.new_wanted.emit(self.field.text().strip()))
        self._show((), "")

    def set_text(self, text: str) -> None:
        """Put words in, as if typed."""
        self.field.setText(text)

    def eventFilter(self, watched: QObject, event: object) -> bool:
        """Arrows, Enter and Ctrl+N act on what was found while the field keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Up and self.list.people.rowCount():
            self.list.step(-1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._choose()
            return True
        if key == Qt.Key.Key_N and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._may_create:
            self.new_wanted.emit(self.field.text().strip())
            return True
        return False

    def _choose(self) -> None:
        """Enter: the person under the cursor; while the search for what was typed still runs, the first it brings."""
        found = self.list.current()
        if self._tasks.running("people"):
            self._tasks.restart("people", self._search(self.field.text(), choose=True))
        elif found is not None:
            self.picked.emit(found)

    def _down(self) -> None:
        if self.list.people.rowCount():
            self.list.step(1)
        else:
            self._tasks.restart("people", self._search(""))

    def _typed(self, text: str) -> None:
        self.typed.emit(text)
        if text.strip():
            self._tasks.restart("people", self._search(text))
        else:
            self._tasks.stop("people")
            self._show((), "")

    async def _search(self, text: str, *, choose: bool = False) -> None:
        found = await self._find(text.strip())
        if not isValid(self):
            return  # The form went while the search ran.
        self._show(found, text)
        if choose and found:
            self.picked.emit(found[0])

    def _show(self, found: Sequence[Person], typed: str) -> None:
        self.list.people.show_people(found, typed)
        self.list.set_row(0)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(min(len(found), 6) * theme().px(46) + 2)
        text = typed.strip()
        self._count.setText(words.count(len(found), "match", "matches") if text else "")
        self._new.setVisible(self._may_create and bool(text))
        self._new.set_words(f"New patient “{shown(text, 24)}”")
        self._place_count()

    def _place_count(self) -> None:
        size = self._count.sizeHint()
        y = (self.field.height() - size.height()) // 2
        self._count.setGeometry(self.field.width() - size.width() - 10, y, size.width(), size.height())

    def resizeEvent(self, event: object) -> None:
        """Keep the count at the field's end."""
        self._place_count()
