"""Printing and PDF: text laid out in plain Python, painted page by page. No markup, so no name can become any.

The printer is chosen in the system's dialog, which names it; nothing is written to a temporary file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from ui.actions.keys import caps_of
from ui.theme import theme
from ui.theme.theme import TypeName
from ui.widgets.paint import LEFT, RIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice
    from PySide6.QtWidgets import QWidget

    from ui.shell.help import KeyGroup

_DPI = 96


class Sheets:
    """Pages on a printer or PDF. Measures are 96ths of an inch; ``room`` asks for a new page where one is full."""

    def __init__(self, device: QPagedPaintDevice) -> None:
        self._device = device
        self._painter = QPainter(device)
        scale = device.logicalDpiX() / _DPI
        self._painter.scale(scale, scale)
        self.width = device.width() / scale
        self.height = device.height() / scale
        self.y = 0.0

    def room(self, height: float) -> bool:
        """Go to a new page unless ``height`` still fits; says whether it did go."""
        if self.y + height <= self.height:
            return False
        self._device.newPage()
        self.y = 0.0
        return True

    def text(
        self, x: float, width: float, text: str, style: TypeName = "body", weight: int = 0, *, right: bool = False
    ) -> None:
        """One line at the current height, in black, cut where it does not fit."""
        look = theme()
        font = look.font(style, weight)
        font.setPixelSize(look.tokens.type[style].px)
        self._painter.setFont(font)
        # Measured on the screen's own metrics: the painter is scaled, its font's pixels are ours.
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        line = look.tokens.type[style].line
        self._painter.drawText(QRectF(x, self.y, width, line), int(RIGHT if right else LEFT), shown)

    def line(self) -> None:
        """A hairline across."""
        self._painter.fillRect(QRectF(0, self.y, self.width, 0.6), self._painter.pen().color())

    def down(self, by: float) -> None:
        """Go down."""
        self.y += by

    def end(self) -> None:
        """The last page is done."""
        self._painter.end()


def to_printer(parent: QWidget, title: str, paint: Callable[[Sheets], None], done: Callable[[str], None]) -> None:
    """Ask for a printer and print; ``done`` is called with the printer's name once it was handed over."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter
    from PySide6.QtWidgets import QDialog

    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)

    def accepted() -> None:
        sheets = Sheets(printer)
        paint(sheets)
        sheets.end()
        done(printer.printerName())

    dialog.accepted.connect(accepted)
    dialog.finished.connect(dialog.deleteLater)
    # The plain open() of the base class; this one's own takes a slot by name.
    QDialog.open(dialog)


def print_keys(parent: QWidget, groups: Sequence[KeyGroup]) -> None:
    """The keyboard help on paper."""

    def paint(sheets: Sheets) -> None:
        sheets.text(0, sheets.width, "Daybook keys", "title")
        sheets.down(34)
        for group in groups:
            sheets.room(60)
            sheets.text(0, sheets.width, group.title, "body-strong")
            sheets.down(22)
            for line in group.lines:
                sheets.room(18)
                sheets.text(0, sheets.width - 160, line.title)
                sheets.text(sheets.width - 160, 160, " ".join(caps_of(line.keys)), right=True)
                sheets.down(17)
            sheets.down(10)

    to_printer(parent, "Daybook keys", paint, lambda _name: None)
