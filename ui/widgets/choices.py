"""Checkbox, toggle, radio, segments and the drop-down: painted, with the roles of the widgets they are made of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from ui.text import tip
from ui.theme import theme
from ui.widgets.paint import CENTER, draw_icon, draw_text, rounded, text_width

#: Side of a checkbox's and a radio's mark.
_MARK = 15


def _hint(mark: int, text: str) -> QSize:
    look = theme()
    width = mark + (8 + text_width(text) + 2 if text else 0)
    return QSize(width, max(look.px(24), look.line_height("body")))


def _paint_words(painter: QPainter, button: QAbstractButton, mark: int) -> None:
    """A choice's text, right of its ``mark`` pixels."""
    role = "text" if button.isEnabled() else "text-disabled"
    room = QRect(mark + 8, 0, button.width() - mark - 8, button.height())
    draw_text(painter, room, button.text(), role=role)


def _mark_box(button: QAbstractButton, width: int, height: int) -> QRectF:
    """Where a mark of that size stands: at the left, in the middle."""
    return QRectF(0.5, (button.height() - height) / 2, width, height)


class Checkbox(QCheckBox):
    """A checkbox with its text."""

    def sizeHint(self) -> QSize:
        """Mark and text."""
        return _hint(theme().px(_MARK), self.text())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        """The text is part of it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark and text."""
        painter, side = QPainter(self), theme().px(_MARK)
        paint_check(painter, _mark_box(self, side, side), self.checkState(), self.isEnabled())
        _paint_words(painter, self, side)


def paint_check(painter: QPainter, box: QRectF, state: Qt.CheckState, enabled: bool = True) -> None:
    """A checkbox's mark, also for rows of tables."""
    if state == Qt.CheckState.Unchecked:
        rounded(painter, box, radius=3.5, fill="surface", line="line-strong" if enabled else "line", width=1.25)
        return
    rounded(painter, box, radius=3.5, fill="accent" if enabled else "text-disabled")
    name = "check" if state == Qt.CheckState.Checked else "minus"
    draw_icon(painter, name, box.x() + 1.5, box.y() + 1.5, role="on-accent", size=round(box.width()) - 3)


class Toggle(Checkbox):
    """A switch with its text: at once on or off, no saving."""

    def sizeHint(self) -> QSize:
        """Switch and text."""
        return _hint(theme().px(28), self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Switch and text."""
        painter, look = QPainter(self), theme()
        box = _mark_box(self, look.px(28), look.px(16))
        ground = "text-disabled" if not self.isEnabled() else "accent" if self.isChecked() else "line-strong"
        rounded(painter, box, radius=box.height() / 2, fill=ground)
        knob = box.height() - 4
        x = box.right() - knob - 2 if self.isChecked() else box.x() + 2
        rounded(painter, QRectF(x, box.y() + 2, knob, knob), radius=knob / 2, fill="on-accent")
        _paint_words(painter, self, look.px(28))


class Radio(QRadioButton):
    """One of several."""

    def sizeHint(self) -> QSize:
        """Mark and text."""
        return _hint(theme().px(_MARK), self.text())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        """The text is part of it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark and text."""
        painter, side = QPainter(self), theme().px(_MARK)
        line, width = ("accent", side * 0.3) if self.isChecked() else ("line-strong", 1.25)
        rounded(painter, _mark_box(self, side, side), radius=side / 2, line=line, width=width, fill="surface")
        _paint_words(painter, self, side)


class _Segment(QRadioButton):
    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), "body", 500) + theme().px(22), theme().px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isChecked():
            rounded(painter, self.rect(), radius=5, fill="surface", line="line")
        role = "text" if self.isChecked() else "text-2"
        draw_text(painter, self.rect(), self.text(), role=role, weight=500, align=CENTER)


class Segmented(QWidget):
    """Two to five choices side by side, one of them on; arrow keys move. ``chosen`` tells the key of the new one."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._keys = [key for key, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for index, (_, text) in enumerate(choices):
            segment = _Segment(text)
            segment.setAccessibleName(f"{name}: {text}")
            segment.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(segment, index)
            row.addWidget(segment)
        _tab_to_chosen(self._group)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda index: self.chosen.emit(self._keys[index]))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def key(self) -> str:
        """The key of the choice that is on."""
        return self._keys[self._group.checkedId()]

    def set_key(self, key: str) -> None:
        """Switch to ``key`` without telling."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The well the segments lie in."""
        rounded(QPainter(self), self.rect(), radius=6, fill="sunken", line="line")


class Combo(QComboBox):
    """A drop-down field. ``small`` is the toolbar's filter, with an icon before its text."""

    def __init__(self, name: str, *, icon: str = "", small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._small = icon, small
        self._folded = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(14)
        self.currentTextChanged.connect(self._tell_folded)

    def add_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Add (key, text) pairs."""
        for key, text in choices:
            self.addItem(text, key)

    def key(self) -> str:
        """The key of what is chosen, empty when nothing is."""
        return str(self.currentData() or "")

    def set_key(self, key: str) -> None:
        """Choose ``key`` without a signal, where the list has it."""
        index = self.findData(key)
        if index >= 0:
            blocked = self.blockSignals(True)
            self.setCurrentIndex(index)
            self.blockSignals(blocked)
            self._tell_folded()
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the current text (small) or the longest."""
        look = theme()
        texts = [self.currentText()] if self._small else [self.itemText(row) for row in range(self.count())]
        widest = max((text_width(text, "body" if not self._small else "small", 500) for text in texts), default=60)
        width = (0 if self._folded else widest) + look.px(20) + look.px(22) + (look.px(20) if self._icon else 0)
        return QSize(width, look.px(26 if self._small else 32))

    def minimumSizeHint(self) -> QSize:
        """A field may be narrower than its longest text."""
        hint = self.sizeHint()
        return hint if self._small else QSize(min(hint.width(), theme().px(72)), hint.height())

    @property
    def folded(self) -> bool:
        """Whether only the icon is shown."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Show the icon alone, with what is chosen in the tip, where a toolbar has no room for more."""
        if folded != self._folded:
            self._folded = folded
            self.setToolTip("")
            self._tell_folded()
            self.updateGeometry()
            self.update()

    def _tell_folded(self) -> None:
        if self._folded:
            self.setToolTip(tip(self.currentText()))

    def spared(self, *, as_whole: bool = False) -> int:
        """How many pixels folding would spare, 0 for one that is folded; ``as_whole``: as if it were not."""
        return 0 if self._folded and not as_whole else text_width(self.currentText(), "small", 500)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turning the wheel over a field scrolls the page; it never changes a value unseen."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Edge, icon, text, chevron."""
        painter, look = QPainter(self), theme()
        edge = "line" if self._small else "line-strong"
        rounded(
            painter, self.rect(), radius=6, fill="hover" if self._small and self.underMouse() else "surface", line=edge
        )
        x = look.px(9 if self._small else 10)
        side = look.px(14)
        if self._icon:
            draw_icon(painter, self._icon, x, (self.height() - side) / 2, role="text-2", size=side)
            x += side + 6
        end = self.width() - look.px(24)
        role = "text" if self.isEnabled() else "text-disabled"
        box = QRect(x, 0, end - x, self.height())
        if self._small:
            text = "" if self._folded else self.currentText()
            draw_text(painter, box, text, style="small", weight=500, role=role)
        else:
            draw_text(painter, box, self.currentText() or self.placeholderText(), role=role)
        draw_icon(painter, "chev-d", self.width() - look.px(22), (self.height() - side) / 2, role="text-3", size=side)


class ChipRow(QWidget):
    """Filter chips of which any number may be on (days of the week). ``changed`` after every press."""

    changed = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._chips: dict[str, Chip] = {}
        for key, text in choices:
            chip = Chip(text)
            chip.setAccessibleName(f"{name}: {text}")
            chip.toggled.connect(lambda _on: self.changed.emit())
            row.addWidget(chip, 1)
            self._chips[key] = chip

    def keys(self) -> list[str]:
        """The keys that are on, in order."""
        return [key for key, chip in self._chips.items() if chip.isChecked()]

    def set_keys(self, keys: Sequence[str]) -> None:
        """Switch on exactly ``keys``, without telling."""
        for key, chip in self._chips.items():
            blocked = chip.blockSignals(True)
            chip.setChecked(key in keys)
            chip.blockSignals(blocked)


class Chip(Checkbox):
    """One filter chip."""

    def sizeHint(self) -> QSize:
        """As wide as its text."""
        return QSize(text_width(self.text(), "small", 500) + theme().px(16), theme().px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Return switch."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tinted when on."""
        painter = QPainter(self)
        on = self.isChecked()
        rounded(
            painter,
            self.rect(),
            radius=5,
            fill="accent-tint" if on else "surface",
            line="accent-line" if on else "line",
        )
        draw_text(
            painter, self.rect(), self.text(), style="small", weight=500, role="link" if on else "text-2", align=CENTER
        )


def exclusive(buttons: Sequence[QAbstractButton], parent: QWidget) -> QButtonGroup:
    """Group ``buttons`` so that one of them is on."""
    group = QButtonGroup(parent)
    for index, button in enumerate(buttons):
        group.addButton(button, index)
    _tab_to_chosen(group)
    return group


def _tab_to_chosen(group: QButtonGroup) -> None:
    """Tab stops at the one that is on; Qt itself would first stop at the first one, whichever is on."""

    def settle(button: QAbstractButton, on: bool) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    for button in group.buttons():
        settle(button, button.isChecked())
    group.buttonToggled.connect(settle)
