"""A portal's page as a picture that can be watched, and, once taken over, worked on with mouse and keys.

The picture holds patients' data: it is dropped as soon as it is not seen any more.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.portal import KeyInput, MouseInput
from ui.theme import theme
from ui.widgets.page_keys import key_input, modifiers_of, mouse_input, typed_inputs
from ui.widgets.paint import CENTER, draw_text, rounded

#: One notch of a wheel, in the page's pixels.
_NOTCH = 100 / 120


def decoded(jpeg: bytes) -> QImage:
    """The picture, ready to paint. Takes as long as a frame: call it on another thread. Null where it is none."""
    return QImage.fromData(jpeg).convertToFormat(QImage.Format.Format_RGB32)


class PageView(QWidget):
    """Shows frames; ``touched`` gives mouse and keys in the page's own pixels, only while it is taken over.

    While taken over it keeps every key but Shift+Esc, which gives the keyboard back: ``left`` tells.
    """

    touched = Signal(object)
    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._picture = QImage()
        self._page = QSizeF()
        self._words = ""
        self._taken = False
        self._clicks = 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setProperty("ownFocus", True)
        self.set_taken(False)

    # -- what it shows -----------------------------------------------------------------------------------------------

    def show_picture(self, picture: QImage, width: int, height: int) -> None:
        """The newest picture of a page that is ``width`` × ``height`` of its own pixels."""
        self._picture, self._page = picture, QSizeF(width, height)
        self.update()

    def drop_picture(self, words: str = "") -> None:
        """Show nothing of the page any more, only ``words``."""
        self._picture, self._words = QImage(), words
        self.update()

    def has_picture(self) -> bool:
        """Whether the page is seen."""
        return not self._picture.isNull()

    def set_taken(self, taken: bool) -> None:
        """Whether mouse and keys go to the page."""
        self._taken = taken
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, taken)
        how = "taken over; Shift+Esc gives the keyboard back" if taken else "watched only"
        self.setAccessibleName(f"{self._name}, {how}")
        self.update()

    def sizeHint(self) -> QSize:
        """A page's usual shape."""
        return QSize(960, 600)

    def minimumSizeHint(self) -> QSize:
        """Small enough for the least window."""
        return QSize(320, 200)

    def page_rect(self) -> QRectF:
        """Where the page lies in this widget: whole, centred."""
        if self._page.isEmpty():
            return QRectF()
        size = self._page.scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2), size)

    def on_page(self, at: QPointF) -> QPointF | None:
        """A point of this widget in the page's pixels, kept inside the page; None while there is no page."""
        rect = self.page_rect()
        if rect.isEmpty():
            return None
        x = (at.x() - rect.x()) * self._page.width() / rect.width()
        y = (at.y() - rect.y()) * self._page.height() / rect.height()
        return QPointF(min(max(x, 0.0), self._page.width() - 1), min(max(y, 0.0), self._page.height() - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page on the desk, with an edge that says whose it is."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("sunken"))
        if self._picture.isNull():
            draw_text(painter, self.rect(), self._words, role="text-2", align=CENTER)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.page_rect(), self._picture)
        if self._taken:
            rounded(painter, self.rect(), radius=0, line="focus" if self.hasFocus() else "amber.solid", width=2)
        elif self.hasFocus():
            rounded(painter, self.rect(), radius=0, line="line-strong", width=1)

    def hideEvent(self, event: QHideEvent) -> None:
        """Locked, closed or behind something: nothing of it stays in memory."""
        super().hideEvent(event)
        self.drop_picture(self._words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusOutEvent(event)
        self.update()

    # -- hands -------------------------------------------------------------------------------------------------------

    def _tell(self, what: MouseInput | KeyInput) -> None:
        if self._taken and not self._page.isEmpty():
            self.touched.emit(what)

    def _button(self, event: QMouseEvent, *, release: bool) -> None:
        at = self.on_page(event.position())
        if at is not None:
            self._tell(mouse_input(event, at.x(), at.y(), release=release, clicks=self._clicks))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the page."""
        self._clicks = 1
        self._button(event, release=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click."""
        self._clicks = 2
        self._button(event, release=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """To the page."""
        self._button(event, release=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """To the page."""
        at = self.on_page(event.position())
        if at is not None:
            self._tell(MouseInput(kind="move", x=at.x(), y=at.y(), modifiers=modifiers_of(event.modifiers())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls the other way round than Qt counts."""
        at, turned = self.on_page(event.position()), event.pixelDelta()
        by = QPointF(turned) if not turned.isNull() else QPointF(event.angleDelta()) * _NOTCH
        if at is not None:
            held = modifiers_of(event.modifiers())
            self._tell(MouseInput(kind="wheel", x=at.x(), y=at.y(), dx=-by.x(), dy=-by.y(), modifiers=held))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Tab belongs to the page while it is taken over."""
        pressed = event if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) else None
        if self._taken and pressed is not None and pressed.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.keyPressEvent(pressed)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Esc comes back out; everything else goes to the page."""
        if not self._taken:
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.left.emit()
        else:
            self._tell(key_input(event))
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key that repeats was not let go."""
        if not self._taken:
            super().keyReleaseEvent(event)
            return
        if not event.isAutoRepeat():
            self._tell(key_input(event, release=True))
        event.accept()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What an input method or a dead key has put together."""
        for typed in typed_inputs(event.commitString()):
            self._tell(typed)
        event.accept()
