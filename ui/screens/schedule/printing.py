"""The day list on paper and as PDF: one page or more a provider, with the notes; painted off the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from app.model.booking import DayListLine, DayListPage
from app.model.errors import DaybookError, SetupError
from app.rules.names import shown
from app.rules.words import count, field_date
from ui.text import long_date
from ui.theme.fonts import make_font

_DPI = 144
#: Column heads and their share of the page's width.
_COLUMNS = (("Time", 0.11), ("Patient", 0.25), ("Born", 0.12), ("Phone", 0.15), ("Visit", 0.15), ("Notes", 0.22))
_BLACK, _GREY = Qt.GlobalColor.black, Qt.GlobalColor.darkGray


async def save_pdf(path: Path, pages: Sequence[DayListPage], practice: str, printed: str) -> None:
    """Write the list to ``path``. Raises SetupError in words where the file cannot be written."""
    try:
        await asyncio.to_thread(_write_pdf, path, tuple(pages), practice, printed)
    except OSError as failed:
        raise not_written(path.name, failed.strerror or "") from None


def not_written(name: str, why: str = "") -> DaybookError:
    """The error for a file that could not be written."""
    return SetupError(
        f"The list was not saved as {name}. {why}".strip(),
        "Nothing was printed or kept.",
        ("Choose another folder, or free some space, and save again.",),
    )


def _write_pdf(path: Path, pages: tuple[DayListPage, ...], practice: str, printed: str) -> None:
    with path.open("ab"):
        pass
    writer = QPdfWriter(str(path))
    writer.setTitle("Day list")
    writer.setCreator("Daybook")
    writer.setResolution(_DPI)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.Letter), QPageLayout.Orientation.Portrait, QMarginsF(36, 36, 36, 36)
    )
    writer.setPageLayout(layout)
    paint_pages(writer, pages, practice, printed)


def paint_pages(device: QPagedPaintDevice, pages: Sequence[DayListPage], practice: str, printed: str) -> int:
    """Paint the list on a printer or PDF; how many sheets it took. Each provider begins a new sheet."""
    painter = QPainter(device)
    sheet = _Sheet(painter, device, practice, printed)
    for page in pages:
        sheet.begin(page)
        for line in page.lines:
            sheet.line(page, line)
    painter.end()
    return sheet.number


class _Sheet:
    """Where on the paper the next line goes. Lengths are in points (1/72 inch), scaled to the device."""

    def __init__(self, painter: QPainter, device: QPagedPaintDevice, practice: str, printed: str) -> None:
        self._painter, self._device = painter, device
        self._practice, self._printed = practice, printed
        area = device.pageLayout().paintRectPixels(device.logicalDpiX())
        self._unit = device.logicalDpiY() / 72
        self._width, self._height = float(area.width()), float(area.height())
        self._y = 0.0
        self.number = 0

    def begin(self, page: DayListPage) -> None:
        """A new sheet with the provider's name and the column heads."""
        if self.number:
            self._device.newPage()
        self.number += 1
        provider = shown(page.provider.shown_name())
        self._y = 0.0
        self._text(QRectF(0, 0, self._width, 20 * self._unit), provider, 15, 600)
        day = f"{long_date(page.day)}, {page.day.year}"
        self._text(
            QRectF(0, 20 * self._unit, self._width, 14 * self._unit), f"{day} · {count(len(page.lines), 'visit')}", 10
        )
        right = QRectF(self._width / 2, 0, self._width / 2, 14 * self._unit)
        self._text(right, shown(self._practice), 9, right=True)
        self._text(right.translated(0, 12 * self._unit), self._printed, 9, right=True)
        self._y = 44 * self._unit
        self._heads()
        foot = QRectF(0, self._height - 12 * self._unit, self._width, 12 * self._unit)
        self._text(foot, f"Confidential: patient information · sheet {self.number}", 8)

    def line(self, page: DayListPage, line: DayListLine) -> None:
        """One visit; a full sheet is followed by another."""
        cells = (
            line.time, line.patient, field_date(line.birth_date), shown(line.phone, 40),
            line.visit_type + (f", room {line.room}" if line.room else ""), line.notes,
        )  # fmt: skip
        height = max(self._height_of(text, share) for text, (_, share) in zip(cells, _COLUMNS, strict=True))
        height += 8 * self._unit
        if self._y + height > self._height - 16 * self._unit:
            self.begin(page)
        x = 0.0
        for text, (_, share) in zip(cells, _COLUMNS, strict=True):
            width = self._width * share
            box = QRectF(x, self._y + 4 * self._unit, width - 6 * self._unit, height)
            self._text(box, text, 9, 600 if share == _COLUMNS[1][1] else 400, wrap=True)
            x += width
        self._y += height
        self._rule()

    def _heads(self) -> None:
        x = 0.0
        for head, share in _COLUMNS:
            width = self._width * share
            self._text(QRectF(x, self._y, width, 12 * self._unit), head, 8)
            x += width
        self._y += 14 * self._unit
        self._rule()

    def _rule(self) -> None:
        self._painter.setPen(QPen(_GREY, max(1.0, 0.5 * self._unit)))
        self._painter.drawLine(0, round(self._y), round(self._width), round(self._y))

    def _height_of(self, text: str, share: float) -> float:
        self._painter.setFont(self._font(9, 400))
        room = QRectF(0, 0, self._width * share - 6 * self._unit, 400 * self._unit)
        return self._painter.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text or " ").height()

    def _text(
        self, box: QRectF, text: str, size: int, weight: int = 400, *, right: bool = False, wrap: bool = False
    ) -> None:
        self._painter.setFont(self._font(size, weight))
        self._painter.setPen(_BLACK)
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._painter.drawText(
            box, int(align | (Qt.TextFlag.TextWordWrap if wrap else Qt.TextFlag.TextSingleLine)), text
        )

    def _font(self, size: int, weight: int) -> QFont:
        return make_font(mono=False, pixel_size=max(1, round(size * self._unit)), weight=weight, tracking=100.0)
