"""What a person wants to know of a system that is reached through its web pages: pages on which writing is stopped,
what failed steps left behind, who used the sign-in when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.connection import Connection
from app.model.portal import Evidence, PortalUse, ScreenChange
from ui import words
from ui.text import clean, count, moment_words, span_words
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.paint import rounded
from ui.widgets.panels import Ground, Line, clear, column, row
from ui.widgets.sheet import Sheet
from ui.widgets.status import SourceBox

Start = Callable[[Coroutine[Any, Any, None]], None]
_USES = 12


class PortalSheet(Sheet):
    """Closes with ``"watch"`` for the page itself. ``lifted`` tells a page on which writing is to go on."""

    lifted = Signal(str)

    def __init__(self, connection: Connection, now: datetime, zone: str, start: Start, *, may_manage: bool) -> None:
        told = clean(connection.session_words) or "Not signed in."
        super().__init__(f"{clean(connection.name)}'s web pages", told, width=640)
        self.head.insertWidget(0, SourceBox(connection.source), 0, Qt.AlignmentFlag.AlignTop)
        self._now, self._zone, self._start, self._may_manage = now, zone, start, may_manage
        self._pages, self._left, self._uses = (_Part(name) for name in ("Writing is stopped on", "", ""))
        for part in (self._pages, self._left, self._uses):
            self.body.addWidget(part)
        self.add_button("watch", Button("Watch the page", icon="eye"))
        self.add_button("", Button("Close", "primary"), confirm=True)

    def show_all(
        self, changes: Sequence[ScreenChange], evidence: Sequence[Evidence], uses: Sequence[PortalUse]
    ) -> None:
        """Fill the sheet; again after something was lifted."""
        self._show_changes(changes)
        self._show_evidence(list(reversed(evidence)))
        self._show_uses(list(reversed(uses))[:_USES])

    def _show_changes(self, changes: Sequence[ScreenChange]) -> None:
        part = self._pages
        part.begin(f"Writing is stopped on {count(len(changes), 'page')}" if changes else "Writing goes on everywhere")
        if not changes:
            part.add(_line("check", "green.solid", "Every page looks as Daybook knows it.", ""))
        for change in changes:
            part.add(self._change(change))

    def _change(self, change: ScreenChange) -> Ground:
        box = Ground("violet.bg", radius=8)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(14, 10, 14, 12)
        inner.setSpacing(6)
        seen = moment_words(change.seen_at, self._now, self._zone)
        head = row(IconView("drift", "violet.solid"), Label(clean(change.page), "body-strong"), None)
        head.addWidget(Label(seen, "small", "text-2"))
        inner.addLayout(head)
        missing = "; ".join(clean(part) for part in change.missing)
        inner.addWidget(Label(f"Not found, or not known: {missing}.", "small", "text", wrap=True))
        told = "Reading goes on with care. Look at the page before you let writing go on."
        inner.addWidget(Label(told, "small", "text-2", wrap=True))
        press = Button("I have looked: let writing go on", size="small", icon="play")
        press.setAccessibleName(f"I have looked at {clean(change.page)}: let writing go on")
        press.setEnabled(self._may_manage)
        press.clicked.connect(lambda: self.lifted.emit(change.page))
        inner.addLayout(row(press, None))
        return box

    def _show_evidence(self, evidence: Sequence[Evidence]) -> None:
        part = self._left
        part.begin("What failed steps left behind")
        if not evidence:
            part.add(_line("check", "green.solid", "No step has failed in the last 14 days.", ""))
        for one in evidence:
            when = moment_words(one.taken_at, self._now, self._zone)
            line = _line("alert", "amber.solid", f"{clean(one.happened)}", f"{clean(one.page)}, {when}")
            press = Button("Show", size="small")
            press.setAccessibleName(f"Show what {clean(one.page)} looked like, {when}")
            line.addWidget(press)
            shown = _EvidenceView(one)
            shown.hide()
            press.clicked.connect(lambda _on=False, shown=shown, press=press: self._toggle(shown, press))
            part.add(line)
            part.add(shown)

    def _toggle(self, shown: _EvidenceView, press: Button) -> None:
        shown.setVisible(shown.isHidden())
        press.set_words("Show" if shown.isHidden() else "Hide")
        if not shown.isHidden():
            self._start(shown.fill())

    def _show_uses(self, uses: Sequence[PortalUse]) -> None:
        part = self._uses
        part.begin("Who used this sign-in")
        if not uses:
            part.add(_line("clock", "text-3", "Nobody since Daybook was started.", ""))
        for use in uses:
            what = words.portal_operation(use.operation)
            when = moment_words(use.started_at, self._now, self._zone)
            took = "still at it" if use.ended_at is None else span_words(use.ended_at - use.started_at)
            part.add(_line("dot", "text-3", f"{clean(use.who) or 'Daybook by itself'}: {what}", f"{when}, {took}"))


class _Part(QWidget):
    """A caption and lines."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.setAccessibleName(name)

    def begin(self, caption: str) -> None:
        clear(self._box)
        self.setAccessibleName(caption)
        self._box.addWidget(Label(caption, "body-strong"))
        self._box.addWidget(Line())

    def add(self, what: QWidget | QHBoxLayout) -> None:
        if isinstance(what, QWidget):
            self._box.addWidget(what)
        else:
            self._box.addLayout(what)


def _line(icon: str, role: str, told: str, aside: str) -> QHBoxLayout:
    line = row(spacing=8)
    # Level with the first line of what is told.
    line.addLayout(column(2, IconView(icon, role, 14), None, spacing=0))
    line.addWidget(Label(told, "body", wrap=True), 1)
    if aside:
        line.addLayout(column(1, Label(aside, "small", "text-3"), None, spacing=0))
    return line


class _EvidenceView(QWidget):
    """The blanked picture and the page's outline."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__()
        self._evidence = evidence
        self._picture = _Picture(f"The page {clean(evidence.page)}, without any text")
        outline = "\n".join(clean(line) for line in evidence.outline[:40])
        told = Label(outline or "No outline was kept.", "mono", "text-2", wrap=True)
        box = column(self._picture, Label("How the page was made", "small", "text-3"), told, spacing=6)
        box.setContentsMargins(22, 0, 0, 6)
        self.setLayout(box)

    async def fill(self) -> None:
        """Decode the picture, elsewhere."""
        if self._evidence.picture:
            self._picture.show_image(await asyncio.to_thread(QImage.fromData, self._evidence.picture))


class _Picture(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(name)
        self.setMinimumHeight(theme().px(40))

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(theme().px(200), theme().px(40))
        wide = theme().px(520)
        return QSizeF(self._image.size()).scaled(QSizeF(wide, wide), Qt.AspectRatioMode.KeepAspectRatio).toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._image.isNull():
            size = QSizeF(self._image.size()).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
            rect = QRectF(0, 0, size.width(), size.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, self._image)
            rounded(painter, rect, radius=2, line="line")
