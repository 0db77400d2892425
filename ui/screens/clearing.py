"""What the pages of the clearinghouses share: which systems those are, the list beside its inspector, and what is said
while nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.model.accounts import Permission
from app.model.capabilities import Capability, Standing
from app.model.connection import Connection
from app.store import connections as connections_store
from ui.screens.base import Screen, Shell
from ui.services import Services
from ui.text import clean
from ui.widgets.empty import Empty, Skeleton, show_rows_or
from ui.widgets.fields import SearchField
from ui.widgets.inspector import Inspector
from ui.widgets.panels import MAIN


def clearinghouses_of(connections: Iterable[Connection]) -> tuple[Connection, ...]:
    """Those that know enrollments: they have a list of payers, too."""
    return tuple(one for one in connections if _knows_enrollments(one))


def _knows_enrollments(connection: Connection) -> bool:
    offers = (one for one in connection.offers if one.capability is Capability.READ_ENROLLMENTS)
    return any(offer.standing is not Standing.NOT_OFFERED for offer in offers)


class ClearingScreen(Screen):
    """A list of what clearinghouses tell, searched above, with an inspector beside it."""

    _find: SearchField

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._clearinghouses: tuple[Connection, ...] = ()
        self._tags: Mapping[str, str] = {}

    def _lay_out(self, table: QWidget, about: str, row_height: int = 34) -> None:
        self._list = table
        self._inspector = Inspector(about, 344)
        self._inspector.closed.connect(table.setFocus)
        self._skeleton, self._empty = Skeleton(row_height), Empty()
        line = QHBoxLayout()
        line.setSpacing(0)
        for widget in (self._skeleton, self._empty, table):
            line.addWidget(widget, MAIN)
        line.addWidget(self._inspector)
        self.body.addLayout(line, 1)
        for part in (table, self._empty, self._inspector):
            part.hide()
        self._skeleton.start()

    async def _read_clearinghouses(self) -> None:
        known = await self.services.store.read(connections_store.listed)
        self._clearinghouses = clearinghouses_of(known)
        self._tags = {one.connection_id: one.source for one in known}

    def _show_list(self, some: bool) -> None:
        """Rows and their inspector, or the place where it is said that there are none."""
        self._skeleton.stop()
        show_rows_or(some, self._list, self._empty)
        self._inspector.setVisible(some)

    def _say_nothing_known(self, title: str, words: str, ask: tuple[str, str], on_ask: Callable[[], None]) -> None:
        """Nothing was told yet, or there is nobody who could tell. ``{name}`` stands for the clearinghouse in
        ``words`` and in the first of ``ask``, the button's words; the second says where such news comes from."""
        if not self._clearinghouses:
            self._empty.say(
                "No clearinghouse is connected",
                ask[1],
                icon="plug",
                family="",
                button="Open Connections",
                on_button=lambda: self.shell.open("connections"),
            )
            return
        name = clean(self._clearinghouses[0].name)
        self._empty.say(
            title,
            words.format(name=name),
            icon="inbox",
            family="",
            button=ask[0].format(name=name),
            button_icon="refresh",
            on_button=on_ask,
        )

    def may_change(self) -> bool:
        """A clearinghouse is connected, and this person works with claims."""
        return bool(self._clearinghouses) and Permission.WORK_CLAIMS in self.shell.actor().permissions

    def _to_table(self) -> None:
        self._list.setFocus()

    def main_part(self) -> QWidget:
        """The list."""
        return self._list

    def find_in_page(self) -> None:
        """/."""
        self._find.setFocus()
        self._find.selectAll()
