"""Small things that say something: pills, source tags, freshness, key caps, avatars."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

import msgspec
from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.actions.keys import caps_of
from ui.text import moment_words, span_words, tip
from ui.theme import theme
from ui.widgets.paint import (
    CENTER,
    draw_avatar,
    draw_icon,
    draw_key_caps,
    draw_pill,
    draw_source_tag,
    draw_text,
    key_caps_width,
    pill_width,
    rounded,
    source_tag_size,
    text_width,
)


class Painted(QWidget):
    """A widget that paints itself at its size hint and follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()


class Pill(Painted):
    """A status as colour, shape and word. ``Pill.of("appointment", "arrived")`` for the design's own states."""

    def __init__(self, label: str, family: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_status(label, family, icon)

    @classmethod
    def of(cls, group: str, state: str) -> Pill:
        """The pill of one of the design's states."""
        look = theme().status(group, state)
        return cls(look.label, look.family, look.icon)

    def show_status(self, label: str, family: str, icon: str = "") -> None:
        """Another status."""
        self._label, self._family, self._icon = label, family, icon
        self.setAccessibleName(label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the word."""
        return QSize(pill_width(self._label, icon=bool(self._icon)), theme().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        draw_pill(QPainter(self), 0, self.height() / 2, self._label, self._family, self._icon)


class SourceTag(Painted):
    """Two letters of a system. The tooltip has its name and, where given, the record's number there."""

    def __init__(self, source: str, record: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_source(source, record)

    def show_source(self, source: str, record: str = "") -> None:
        """Another system."""
        self._source = source
        name = theme().tokens.source.get(source, source)
        words = f"{name}, record {record}" if record else name
        self.setAccessibleName(words)
        self.setToolTip(tip(words))
        self.update()

    def sizeHint(self) -> QSize:
        """24×16."""
        return source_tag_size().toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tag."""
        draw_source_tag(QPainter(self), 0, self.height() / 2, self._source)


class SourceBox(Painted):
    """The larger box of a system at the head of its column."""

    def __init__(self, source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_source(source)

    def show_source(self, source: str) -> None:
        """Another system."""
        self._source = source
        self.setAccessibleName(theme().tokens.source.get(source, source))
        self.update()

    def sizeHint(self) -> QSize:
        """30 px square."""
        return QSize(theme().px(30), theme().px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box."""
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=6, fill="sunken", line="line")
        draw_text(painter, self.rect(), self._source, style="small", weight=600, role="text-2", align=CENTER)


class Age(msgspec.Struct, frozen=True, kw_only=True):
    """How old something is, as a badge says it: words, colour family (empty: neutral), icon."""

    words: str
    family: str = ""
    icon: str = "clock"


def age_of(
    as_of: datetime | None,
    now: datetime,
    zone: tzinfo | str,
    *,
    stale: bool = False,
    cause: str = "clock",
    live: bool = False,
) -> Age:
    """Data read at ``as_of`` as a badge says it: live (checked just now), neutral, or amber with its cause's icon."""
    if as_of is None:
        return Age(words="not read yet", family="amber" if stale else "", icon=cause)
    if live:
        ago = f"{span_words(now - as_of)} ago" if now - as_of >= timedelta(seconds=1) else "just now"
        return Age(words=f"checked {ago}", family="green", icon="check")
    words = f"as of {moment_words(as_of, now, zone)}"
    return Age(words=words, family="amber", icon=cause) if stale else Age(words=words)


def age_width(age: Age) -> int:
    """The width of a freshness badge."""
    return theme().px(14) + 4 + text_width(age.words, "caption", 400) + 1


def draw_age(painter: QPainter, x: float, middle: float, age: Age, ground: str = "surface") -> int:
    """A freshness badge with its left edge at ``x``; its width."""
    look = theme()
    side = look.px(13)
    role = f"{age.family}.fg" if age.family else "text-3"
    shape = f"{age.family}.solid" if age.family else "text-3"
    draw_icon(painter, age.icon, x, middle - side / 2, role=shape, size=side, ground=ground)
    height = look.line_height("caption")
    box = QRect(int(x) + look.px(14) + 4, int(middle - height / 2), text_width(age.words, "caption", 400) + 2, height)
    draw_text(painter, box, age.words, style="caption", weight=400, role=role)
    return age_width(age)


class FreshnessBadge(Painted):
    """How old what stands beside it is."""

    def __init__(self, age: Age | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_age(age or Age(words=""))

    def show_age(self, age: Age) -> None:
        """Another age."""
        self._age = age
        self.setAccessibleName(age.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the words."""
        return QSize(age_width(self._age) if self._age.words else 0, theme().px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge."""
        if self._age.words:
            draw_age(QPainter(self), 0, self.height() / 2, self._age)


class KeyCaps(Painted):
    """Key caps alone, for lists of keys."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps = caps_of(keys)
        self.setAccessibleName(" ".join(self._caps))

    def sizeHint(self) -> QSize:
        """As wide as the caps."""
        return QSize(key_caps_width(self._caps), theme().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caps."""
        draw_key_caps(QPainter(self), 0, self.height() / 2, self._caps)


class Avatar(Painted):
    """Initials in a disc; decorative, the name stands beside it."""

    def __init__(
        self,
        initials: str,
        size: int = 24,
        *,
        strong: bool = False,
        solid: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._initials, self._side, self._strong, self._solid = initials, size, strong, solid

    def show_initials(self, initials: str) -> None:
        """Another person's."""
        self._initials = initials
        self.update()

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(theme().px(self._side), theme().px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc."""
        draw_avatar(QPainter(self), self.rect(), self._initials, strong=self._strong, solid=self._solid)


class Meter(Painted):
    """A thin bar, ``share`` 0..1 of it filled; the number stands beside it in words."""

    def __init__(self, share: float, words: str, family: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_share(share, words, family)

    def show_share(self, share: float, words: str, family: str = "") -> None:
        """Another share."""
        self._share, self._family = min(1.0, max(0.0, share)), family
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """6 px high."""
        return QSize(80, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and bar."""
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=3, fill="pressed")
        width = round(self.width() * self._share)
        if width:
            fill = f"{self._family}.solid" if self._family else "accent"
            rounded(painter, QRect(0, 0, max(width, 4), self.height()), radius=3, fill=fill)


class Spinner(QWidget):
    """Something is under way; an hourglass that stands still where motion is not wanted."""

    def __init__(self, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._angle = 0.0
        self._timer = 0
        self.setFixedSize(size, size)
        self.setAccessibleName("Working")

    def showEvent(self, event: object) -> None:
        """Turn only while seen."""
        if not theme().reduced_motion and not self._timer:
            self._timer = self.startTimer(40)

    def hideEvent(self, event: object) -> None:
        """Stand still."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    def timerEvent(self, event: object) -> None:
        """A step of the turn."""
        self._angle = (self._angle + 360 * 40 / theme().tokens.motion.spinner_turn) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arc, or the hourglass."""
        painter = QPainter(self)
        side = self.width()
        if theme().reduced_motion:
            draw_icon(painter, "hold", 0, 0, role="text-3", size=side)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(side / 2, side / 2)
        painter.rotate(self._angle)
        draw_icon(painter, "progress", -side / 2, -side / 2, role="accent", size=side)
