"""Panels, cards, hairlines and the small layouts inside them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.label import IconView, Label
from ui.widgets.paint import rounded


class Ground(QWidget):
    """A widget filled with a colour role, with an edge and rounded corners where asked for."""

    def __init__(
        self, role: str = "surface", *, line: str = "", radius: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._role, self._line, self._radius = role, line, radius

    def set_role(self, role: str, line: str | None = None) -> None:
        """Another ground (and edge)."""
        self._role = role
        self._line = self._line if line is None else line
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill and edge."""
        painter = QPainter(self)
        if self._radius or self._line:
            rounded(painter, self.rect(), radius=self._radius, fill=self._role, line=self._line)
        elif self._role:
            painter.fillRect(self.rect(), theme().colour(self._role))


#: The share of the width that the main part of a page asks for beside its panes.
MAIN = 190


def pane_policy(width: int) -> QSizePolicy:
    """How a column of ``width`` px of the design shares what there is with the main part, whose share is ``MAIN``."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    policy.setHorizontalStretch(width // 4)
    return policy


class Pane(Ground):
    """A column beside the main one: ``width`` px of the design, wider with larger text where there is room for that."""

    def __init__(self, width: int, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(role, parent=parent)
        self._wide = width
        self.setSizePolicy(pane_policy(width))
        self.setMaximumWidth(theme().px(width))

    def sizeHint(self) -> QSize:
        """As wide as the text wants."""
        return QSize(theme().px(self._wide), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """With larger text it gives way to what stands beside it, as far as its content does."""
        content = super().minimumSizeHint()
        return QSize(min(theme().px(self._wide), max(self._wide, content.width())), content.height())

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setMaximumWidth(theme().px(self._wide))


class Line(QWidget):
    """A hairline between parts."""

    def __init__(self, role: str = "line", *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One pixel."""
        QPainter(self).fillRect(self.rect(), theme().colour(self._role))


def column(
    *items: QWidget | QLayout | int | None, spacing: int = 12, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A column; an int is that much space, None takes what is left."""
    made = QVBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(*margins)
    _fill(made, items)
    return made


def row(
    *items: QWidget | QLayout | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """A row; an int is that much space, None takes what is left."""
    made = QHBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(*margins)
    _fill(made, items)
    return made


def _fill(box: QVBoxLayout | QHBoxLayout, items: Iterable[QWidget | QLayout | int | None]) -> None:
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)


def clear(layout: QLayout) -> None:
    """Take everything out of ``layout`` and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Panel(Ground):
    """A titled part of a page, divided from the rest by hairlines, not by a box. ``body`` takes its content."""

    def __init__(self, title: str = "", *, aside: QWidget | None = None, boxed: bool = False) -> None:
        super().__init__("surface", line="line" if boxed else "", radius=8 if boxed else 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 16)
        outer.setSpacing(10)
        self.title = Label(title, "body-strong")
        if title or aside is not None:
            head = row(self.title, None, spacing=8)
            if aside is not None:
                head.addWidget(aside)
            outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.body.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.body)


class Facts(QWidget):
    """Labels and values in two columns, as inspectors list them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """List ``facts``; empty values are left out."""
        clear(self._grid)
        for index, (name, value) in enumerate((name, value) for name, value in facts if value):
            label = Label(name, "small", "text-3")
            self._grid.addWidget(label, index, 0, Qt.AlignmentFlag.AlignTop)
            words = Label(value, "body", wrap=True)
            words.setAccessibleName(f"{name}: {value}")
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(words, index, 1)


class Well(Ground):
    """A quiet box with an icon and a few words: what to know before going on."""

    def __init__(self, words: str, icon: str = "info", family: str = "", parent: QWidget | None = None) -> None:
        super().__init__(f"{family}.bg" if family else "sunken", radius=8, parent=parent)
        inner = QHBoxLayout(self)
        inner.setContentsMargins(12, 9, 12, 9)
        inner.setSpacing(10)
        shape = IconView(icon, f"{family}.solid" if family else "text-2", 14)
        inner.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        self.words = Label(words, "small", f"{family}.fg" if family else "text-2", wrap=True)
        inner.addWidget(self.words, 1)


class Scroll(QScrollArea):
    """A page part that scrolls when it must; its content keeps its width."""

    def __init__(self, content: QWidget, *, role: str = "surface", sideways: bool = False) -> None:
        super().__init__()
        self._role = role
        # Made here: for one found in Qt every kind of widget there is would first be made ready (10 ms).
        self.setViewport(QWidget())
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded if sideways else off)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._dress()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its content may become."""
        content = self.widget()
        width = content.minimumSizeHint().width() if content is not None else 0
        sideways = self.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
        return QSize(80 if sideways else width, 80)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        content: QWidget | None = self.widget()
        viewport = self.viewport()
        for part in (content or viewport, viewport):
            palette = part.palette()
            palette.setColor(part.backgroundRole(), theme().colour(self._role))
            part.setPalette(palette)
        viewport.setAutoFillBackground(True)
