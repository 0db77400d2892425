"""Whose payer list a file is, where several clearinghouses are connected."""

from __future__ import annotations

from collections.abc import Sequence

from app.model.connection import Connection
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import Field
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet


class WhoseListSheet(Sheet):
    """Closes with ``"import"``; ``chosen`` says whose list the file takes the place of."""

    def __init__(self, name: str, clearinghouses: Sequence[Connection]) -> None:
        super().__init__(f"Whose payer list is {clean(name)}?", "Each clearinghouse has payer ids of its own.")
        self._known = {one.connection_id: one for one in clearinghouses}
        self._whose = Combo("Clearinghouse")
        self._whose.add_choices([(key, clean(one.name)) for key, one in self._known.items()])
        self.body.addWidget(Field("Clearinghouse", self._whose))
        self.body.addWidget(Well("The list it has here now is replaced.", "info"))
        self.add_button("", Button("Cancel", keys="Esc"))
        self.add_button("import", Button("Import the list", "primary", keys="Ctrl+Return"), confirm=True)

    def chosen(self) -> Connection:
        """The clearinghouse chosen."""
        return self._known[self._whose.key()]
