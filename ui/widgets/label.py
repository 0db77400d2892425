"""Labels: always plain text, in a type style and a colour role that follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.text import tip
from ui.theme import icons, theme
from ui.theme.theme import TypeName

_WIDEST_ASKED = 240
_NARROWEST_WRAPPED = 60


class Label(QLabel):
    """Plain text in one type style; ``wrap`` breaks lines, ``elide`` cuts with an ellipsis and tells all in a tip."""

    def __init__(
        self,
        text: str = "",
        style: TypeName = "body",
        role: str = "text",
        *,
        weight: int = 0,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._style: TypeName = style
        self._role = role
        self._weight = weight
        self._elide, self._wrap = elide, wrap
        self.setWordWrap(wrap)
        self._laid: tuple[str, int, QTextLayout] | None = None
        self._dressed: tuple[object, ...] = ()
        self._pitch = 0
        self._markable = False
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setText(text)
        self._dress()

    def set_role(self, role: str) -> None:
        """Paint in another colour role."""
        if role != self._role:
            self._role = role
            self._dress()

    def set_style(self, style: TypeName, weight: int = 0) -> None:
        """Write in another type style."""
        self._style, self._weight = style, weight
        self._dress()

    def sizeHint(self) -> QSize:
        """An eliding label does not ask for more than a column's width; it takes more where there is some."""
        hint = super().sizeHint()
        if self._elide:
            return QSize(min(hint.width(), theme().px(_WIDEST_ASKED)), hint.height())
        return QSize(hint.width(), self.heightForWidth(hint.width())) if self._paints_lines() else hint

    def minimumSizeHint(self) -> QSize:
        """An eliding label may shrink to nothing, a wrapped one to a word: its height then follows its width."""
        hint = super().minimumSizeHint()
        if self._elide:
            return QSize(0, hint.height())
        if self.wordWrap():
            return QSize(min(hint.width(), theme().px(_NARROWEST_WRAPPED)), self.fontMetrics().height())
        return hint

    def heightForWidth(self, width: int) -> int:
        """Wrapped lines stand as far apart as the type style says, where Qt would use the font's own distance."""
        if not self._paints_lines():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        inner = max(1, width - margins.left() - margins.right())
        return self._lines(inner).lineCount() * self._pitch + margins.top() + margins.bottom()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """An eliding label shows its whole text in a tip only while it is cut."""
        super().resizeEvent(event)
        if self._elide:
            cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
            self.setToolTip(tip(self.text()) if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut where this label elides."""
        if self._paints_lines():
            self._paint_lines()
            return
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        box = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)

    def _paints_lines(self) -> bool:
        """Wrapped text that cannot be marked is painted here; what can be marked stays Qt's."""
        return self._wrap and not self._markable

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        """Text that can be marked is laid out by Qt."""
        super().setTextInteractionFlags(flags)
        self._markable = bool(flags & Qt.TextInteractionFlag.TextSelectableByMouse)

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Lay the lines anew."""
        super().setAlignment(alignment)
        self._laid = None

    def _lines(self, width: int) -> QTextLayout:
        """The text broken for ``width``; a word that is longer than a line is broken too."""
        text = self.text()
        if self._laid is None or self._laid[:2] != (text, width):
            layout = QTextLayout(text.replace("\n", "\u2028"), self.font())
            option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            option.setTextDirection(self.layoutDirection())
            layout.setTextOption(option)
            y = 0
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(width)
                line.setPosition(QPointF(0, y + (self._pitch - line.height()) / 2))
                y += self._pitch
            layout.endLayout()
            self._laid = (text, width, layout)
        return self._laid[2]

    def _paint_lines(self) -> None:
        box = self.contentsRect()
        layout = self._lines(max(1, box.width()))
        spare = box.height() - layout.lineCount() * self._pitch
        top = bool(self.alignment() & Qt.AlignmentFlag.AlignTop)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        layout.draw(painter, QPointF(box.x(), box.y() + (0 if top else max(0, spare) / 2)))

    def _dress(self) -> None:
        look = theme()
        ink = look.colour(self._role)
        key = (look.generation, self._style, self._weight, self._role)
        # Qt tells of a new style also when a widget gets a parent: nothing has changed for it then. While it puts a
        # new style on, it takes back what was set before.
        if key == self._dressed and self._wears(ink):
            return
        self._dressed, self._laid = key, None
        self.setFont(look.font(self._style, self._weight))
        self._pitch = max(look.line_height(self._style), look.metrics(self._style, self._weight).height())
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
        self.setPalette(palette)
        if self._style in {"hero", "figure"}:
            self.setMinimumHeight(look.line_height(self._style))

    def _wears(self, ink: QColor) -> bool:
        font, wanted = self.font(), theme().font(self._style, self._weight)
        same = (font.pixelSize(), font.weight()) == (wanted.pixelSize(), wanted.weight())
        return same and self.palette().color(QPalette.ColorRole.WindowText) == ink


class IconView(QWidget):
    """One icon, decorative unless it is given a name."""

    def __init__(
        self, name: str, role: str = "text-2", size: int = 16, *, words: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._role, self._size = name, role, size
        self._sized()
        if words:
            self.setAccessibleName(words)
            self.setToolTip(tip(words))

    def set_icon(self, name: str, role: str) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._sized()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        side = theme().px(self._size)
        painter = QPainter(self)
        look = theme()
        drawn = icons.pixmap(
            self._name, look.colour(self._role), side, self.devicePixelRatioF(), look.colour("surface")
        )
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, drawn)

    def _sized(self) -> None:
        self.setFixedSize(theme().px(self._size), theme().px(self._size))


class BrandMark(QWidget):
    """The book with its ribbon."""

    def __init__(self, size: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark."""
        look = theme()
        painter = QPainter(self)
        drawn = icons.brand(
            look.colour("accent"), look.colour("on-accent"), look.colour("ribbon"), self._size, self.devicePixelRatioF()
        )
        painter.drawPixmap(0, 0, drawn)
