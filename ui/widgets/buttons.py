"""Buttons: painted from the theme, with icon, key caps and an accessible name."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.actions.keys import caps_of
from ui.text import tip
from ui.theme import theme
from ui.theme.theme import TypeName
from ui.widgets.paint import draw_icon, draw_key_caps, draw_text, key_caps_width, rounded

Kind = Literal["primary", "plain", "quiet", "danger", "tint", "link"]
Size = Literal["small", "regular", "large"]

_HEIGHT = {"small": 26, "regular": 30, "large": 36}

#: kind → (fill, fill under the mouse, fill pressed, line, text, icon)
_LOOKS: dict[str, tuple[str, str, str, str, str, str]] = {
    "primary": ("accent", "accent-hover", "accent-pressed", "", "on-accent", "on-accent"),
    "plain": ("surface", "hover", "pressed", "line", "text", "text-2"),
    "quiet": ("", "hover", "pressed", "", "text-2", "text-2"),
    "danger": ("surface", "hover", "pressed", "line", "red.fg", "red.solid"),
    "tint": ("accent-tint", "accent-tint-2", "accent-tint-2", "accent-line", "link", "link"),
    "link": ("", "", "", "", "link", "link"),
}
_OFF = ("sunken", "sunken", "sunken", "line", "text-disabled", "text-disabled")


class Button(QAbstractButton):
    """A button. ``keys`` (``"Ctrl+Return"``) are shown as caps; the action registry makes them work.

    A checkable button is a filter chip: checked, it is tinted.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "plain",
        *,
        icon: str = "",
        keys: str = "",
        size: Size = "regular",
        menu: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._icon = icon
        self._caps = caps_of(keys)
        self._size: Size = size
        self._menu = menu
        self._folded = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if kind == "link" else Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_words(self, text: str, icon: str | None = None) -> None:
        """Another text (and icon); the size follows."""
        self.setText(text)
        self.setAccessibleName(text)
        if icon is not None:
            self._icon = icon
        self.updateGeometry()
        self.update()

    def set_folded(self, folded: bool) -> None:
        """Leave out the words, which then stand in the tip, where a toolbar has no room for them."""
        if folded != self._folded:
            self._folded = folded
            self.setToolTip(tip(self.text()) if folded else "")
            self.updateGeometry()
            self.update()

    @property
    def folded(self) -> bool:
        """Whether the words are left out."""
        return self._folded

    def spared(self, *, as_whole: bool = False) -> int:
        """How many pixels folding would spare, 0 for one that is folded; ``as_whole``: as if it were not."""
        if self._folded and not as_whole:
            return 0
        style, weight = self._style()
        return theme().metrics(style, weight).horizontalAdvance(self.text()) + 6

    def set_kind(self, kind: Kind) -> None:
        """Another look."""
        self._kind = kind
        self.update()

    def _style(self) -> tuple[TypeName, int]:
        if self._size == "small":
            return "small", 500
        return ("body", 600) if self._kind == "primary" else ("body", 500)

    def _padding(self) -> int:
        return 0 if self._kind == "link" else theme().px(9 if self._size == "small" else 12)

    def sizeHint(self) -> QSize:
        """As wide as icon, text and caps need."""
        look = theme()
        style, weight = self._style()
        text = self._shown()
        width = 2 * self._padding() + look.metrics(style, weight).horizontalAdvance(text) + 1
        width += (look.px(16) + 6 if text else look.px(16)) if self._icon else 0
        width += self._caps_width()
        width += look.px(14) + 4 if self._menu else 0
        height = look.px(24) if self._kind == "link" else look.px(_HEIGHT[self._size])
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        """A button's words are never cut; where room is short it leaves out its key caps."""
        hint = self.sizeHint()
        return QSize(hint.width() - self._caps_width(), hint.height())

    def _shown(self) -> str:
        return "" if self._folded else self.text()

    def _caps_width(self) -> int:
        return key_caps_width(self._caps) + 8 if self._caps and not self._folded else 0

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.EnabledChange}:
            self.updateGeometry()
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def _look(self) -> tuple[str, str, str, str, str, str]:
        if not self.isEnabled() and self._kind not in {"quiet", "link"}:
            return _OFF
        if not self.isEnabled():
            return ("", "", "", "", "text-disabled", "text-disabled")
        return _LOOKS["tint"] if self.isCheckable() and self.isChecked() else _LOOKS[self._kind]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, text, caps."""
        look = theme()
        painter = QPainter(self)
        still, over, down, line, ink, shape = self._look()
        fill = down if self.isDown() else over if self.underMouse() and self.isEnabled() else still
        if fill or line:
            rounded(painter, self.rect(), radius=5 if self._size == "small" else 6, fill=fill, line=line)
        style, weight = self._style()
        caps = self._caps if not self._folded and self.width() >= self.sizeHint().width() else ()
        wanted = (self.sizeHint() if caps else self.minimumSizeHint()).width() - 2 * self._padding()
        x = self._padding() + max(0, (self.width() - 2 * self._padding() - wanted) // 2)
        middle = self.height() / 2
        if self._icon:
            side = look.px(16)
            draw_icon(painter, self._icon, x, round(middle - side / 2), role=shape, size=side, ground=fill or "surface")
            x += side + 6
        text = self._shown()
        room = look.metrics(style, weight).horizontalAdvance(text) + 2
        room = min(room, self.width() - x)
        draw_text(painter, QRectF(x, 0, room, self.height()), text, style=style, role=ink, weight=weight)
        x += room
        if self._kind == "link" and self.underMouse() and self.isEnabled():
            painter.drawLine(QPointF(x - room, middle + look.px(8)), QPointF(x - 2, middle + look.px(8)))
        if caps:
            draw_key_caps(painter, x + 7, middle, caps, on_accent=self._kind == "primary" and self.isEnabled())
        if self._menu:
            side = look.px(14)
            draw_icon(
                painter, "chev-d", self.width() - self._padding() - side + 3, middle - side / 2, role=shape, size=side
            )


class IconButton(QAbstractButton):
    """A square button with an icon alone; ``words`` is its tooltip and accessible name."""

    def __init__(
        self, icon: str, words: str, *, framed: bool = False, role: str = "text-2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._framed, self._role = icon, framed, role
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Another name and tooltip."""
        self.setAccessibleName(words)
        self.setToolTip(tip(words))

    def set_icon(self, icon: str, role: str = "") -> None:
        """Another icon."""
        self._icon, self._role = icon, role or self._role
        self.update()

    def sizeHint(self) -> QSize:
        """28 px square, more with larger text."""
        side = theme().px(30 if self._framed else 28)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.EnabledChange}:
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and icon."""
        painter = QPainter(self)
        over = self.isEnabled() and self.underMouse()
        ground = "pressed" if self.isDown() else "hover" if over else ("surface" if self._framed else "")
        if self.isCheckable() and self.isChecked():
            ground = "selected"
        if ground or self._framed:
            rounded(painter, self.rect(), radius=6, fill=ground, line="line" if self._framed else "")
        side = theme().px(16)
        role = self._role if self.isEnabled() else "text-disabled"
        draw_icon(
            painter,
            self._icon,
            (self.width() - side) / 2,
            (self.height() - side) / 2,
            role=role,
            size=side,
            ground=ground or "surface",
        )
