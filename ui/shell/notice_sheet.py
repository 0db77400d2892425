"""The sheet an error is shown in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from ui.notices import Notice
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet


def notice_sheet(notice: Notice, copy: Callable[[str], None]) -> Sheet:
    """What happened as title, what it means below, what to do next as buttons; the code small at the left."""
    sheet = Sheet(notice.happened, notice.means)
    sheet.head.insertWidget(0, IconView("alert", "red.solid", 20), 0, Qt.AlignmentFlag.AlignTop)
    for words, act in notice.steps:
        if act is None:
            sheet.body.addWidget(Well(words, "arrow-r"))
    sheet.note.addWidget(Label(f"Code {notice.code}", "caption", "text-3"))
    copier = Button("Copy", "link")
    copier.setAccessibleName("Copy the code")
    copier.clicked.connect(lambda: copy(notice.code))
    sheet.note.addWidget(copier)
    sheet.note.addStretch(1)
    for words, act in reversed([step for step in notice.steps if step[1] is not None]):
        button = Button(words.rstrip("."), "plain")

        def press(_on: bool = False, act: Callable[[], None] | None = act) -> None:
            sheet.close_with("step")
            if act is not None:
                act()

        button.clicked.connect(press)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        sheet.body.insertLayout(0, row)
    sheet.add_button("close", Button("Close", "primary", keys="Esc"), confirm=True)
    return sheet
