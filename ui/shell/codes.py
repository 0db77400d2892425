"""Sign-in codes that systems ask for: told by a banner, answered in the sheet when a person opens it.

The sheet never comes up by itself over somebody's work. Only while a system is being connected, when whoever did that
waits for it, does it open at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from app.model.changes import Change, Kind
from app.model.connection import Connection
from app.model.errors import DaybookError
from app.model.portal import CodeAnswerInput, CodeRequest
from app.store import connections
from ui.text import clean
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from ui.shell.code_sheet import CodeSheet
    from ui.shell.window import DaybookWindow

_KEY = "code"
#: Seconds from signing in to the first look: what speaks with vendors is only made after the first paint.
_AFTER_START = 0.25


class Codes:
    """Follows what is asked. ``open_for`` shows the sheet for a connection."""

    def __init__(self, window: DaybookWindow) -> None:
        self._window = window
        self._requests: tuple[CodeRequest, ...] = ()
        self._sheet: CodeSheet | None = None
        window.frame.page.stack.currentChanged.connect(lambda _index: self._show_banner())

    # -- what is asked -----------------------------------------------------------------------------------------------

    def requests(self) -> tuple[CodeRequest, ...]:
        """What is asked now, of whomever."""
        return self._requests

    def mine(self) -> tuple[CodeRequest, ...]:
        """What is asked of whoever sits here, or of anybody."""
        person = self._window.session.person()
        own = {"", person.account_id if person is not None else ""}
        return tuple(request for request in self._requests if request.for_account_id in own)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Something was asked or answered."""
        if any(change.kind in {Kind.CODES, Kind.CONNECTIONS} for change in changes):
            self.renew()

    def renew(self, *, soon: bool = True) -> None:
        """Look at what is asked now; not ``soon``, once the first screen has been painted."""
        if self._window.session.is_locked():
            return
        self._window.tasks.restart("codes", self._renew(0.0 if soon else _AFTER_START))

    async def _renew(self, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        actor = self._window.actor()
        portals = self._window.services.desk.portals
        self._requests = portals.codes(actor)
        self._show_banner()
        if self._sheet is None:
            self._open_at_once()
            return
        colleagues = await portals.colleagues(actor)
        if self._sheet is not None:
            self._sheet.show_requests(self._requests, colleagues)
            self._refit()

    def _open_at_once(self) -> None:
        """Whoever connects a system waits for this, behind the sheet in front."""
        known = self._window.feed.facts.sources()
        new = next((request for request in self.mine() if request.connection_id not in known), None)
        if new is not None and self._window.sheets.top() is not None:
            self._open(new.connection_id, clean(new.system))

    def _show_banner(self) -> None:
        asked = self.mine()
        banner = self._window.frame.banner
        screen = self._window.current_screen()
        # Connections says it itself, in its own place.
        if not asked or (screen is not None and screen.name == "connections"):
            banner.take(_KEY)
            return
        first = asked[0]
        more = f" So do {len(asked) - 1} more." if len(asked) > 1 else ""
        waits = f"{clean(first.waiting).rstrip('.')} waits for it. " if first.waiting else ""
        banner.put(
            Banner(
                key=_KEY,
                family="amber",
                icon="key",
                strong=f"{clean(first.system)} asks for a sign-in code.{more}",
                words=f"{waits}Everything read before stays readable.",
                button="Enter code",
                button_icon="key",
                on_button=self.open_first,
            )
        )

    # -- the sheet ---------------------------------------------------------------------------------------------------

    def open_for(self, connection: Connection) -> None:
        """The sheet for ``connection``; where nothing is asked yet, signing in begins so that it is."""
        asked = any(request.connection_id == connection.connection_id for request in self._requests)
        self._open(connection.connection_id, clean(connection.name))
        if not asked:
            self._ask_again(connection.connection_id)

    def open_first(self) -> None:
        """The sheet for what is asked here; Connections where nothing is."""
        asked = self.mine()
        if asked:
            self._open(asked[0].connection_id, clean(asked[0].system))
        else:
            self._window.open("connections")

    def _open(self, connection_id: str, name: str) -> None:
        window = self._window
        if self._sheet is not None:
            return
        from ui.shell.code_sheet import CodeSheet

        sources = {**window.feed.facts.sources(), **self._new_sources()}
        sheet = CodeSheet(name, connection_id, window.services.clock.now, window.services.practice.time_zone, sources)
        sheet.given.connect(lambda which, code, trust: self._answer(which, CodeAnswerInput(code=code, trust=trust)))
        sheet.sent_by.connect(lambda which, way: self._answer(which, CodeAnswerInput(send_by=way)))
        sheet.passed.connect(lambda which, who: self._start(self._pass(which, who)))
        sheet.again.connect(self._ask_again)
        sheet.declined.connect(lambda which: self._start(self._decline(which)))
        sheet.finished.connect(lambda _key: self._forget())
        self._sheet = sheet
        window.show_sheet(sheet)
        self.renew()

    def _new_sources(self) -> dict[str, str]:
        """The letters of systems that are only being tried."""
        forms = {form.title: form.source for form in self._window.services.connections.systems()}
        return {request.connection_id: forms.get(request.system, "") for request in self._requests}

    def _refit(self) -> None:
        # What was shown and hidden just now is laid out when the loop comes round.
        QTimer.singleShot(0, self._window.sheets.refit)

    def _forget(self) -> None:
        self._sheet = None

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._window.tasks.start(work, "code")

    def _answer(self, connection_id: str, answer: CodeAnswerInput) -> None:
        self._window.tasks.start_once(f"code {connection_id}", self._give(connection_id, answer))

    async def _give(self, connection_id: str, answer: CodeAnswerInput) -> None:
        window = self._window
        portals, actor = window.services.desk.portals, window.actor()
        before = next((one for one in self._requests if one.connection_id == connection_id), None)
        try:
            await portals.give_code(actor, connection_id, answer)
        except DaybookError as error:
            if self._sheet is not None:
                self._sheet.refused(" ".join(filter(None, (error.happened, error.means))))
            return
        self._requests = portals.codes(actor)
        self._show_banner()
        if any(one.connection_id == connection_id for one in self._requests):
            if self._sheet is not None:
                self._sheet.show_requests(self._requests, await portals.colleagues(actor))
                self._refit()
            return
        name = clean(before.system) if before is not None else "The system"
        window.toast(f"{name} is signed in. What waited goes on by itself.", icon="key")
        await self._next_or_close(connection_id)

    async def _next_or_close(self, done: str) -> None:
        """The next question that waits here comes to the front; the sheet goes with the last."""
        if self._sheet is None or self._sheet.current() != done:
            return
        rest = [one for one in self.mine() if one.connection_id != done]
        if not rest:
            self._sheet.close_with("done")
            return
        portals, actor = self._window.services.desk.portals, self._window.actor()
        self._sheet.show_requests(self._requests, await portals.colleagues(actor), current=rest[0].connection_id)
        self._refit()

    async def _pass(self, connection_id: str, account_id: str) -> None:
        window = self._window
        portals, actor = window.services.desk.portals, window.actor()
        await portals.pass_code(actor, connection_id, account_id)
        self._requests = portals.codes(actor)
        whose = next((one.for_name for one in self._requests if one.connection_id == connection_id), "")
        window.toast(f"Passed to {clean(whose)}: asked for when they sign in here.", icon="user")
        self._show_banner()
        await self._next_or_close(connection_id)

    async def _decline(self, connection_id: str) -> None:
        await self._window.services.desk.portals.decline_code(self._window.actor(), connection_id)
        self._window.toast("The sign-in waits. Enter code in Connections starts it again.", icon="key")

    def _ask_again(self, connection_id: str) -> None:
        self._window.tasks.start_once(f"sign in {connection_id}", self._sign_in(connection_id))

    async def _sign_in(self, connection_id: str) -> None:
        """Test the connection: that signs in, and a code that is wanted is asked for while it goes on.

        That it is signed in is told to whoever still waits for it; who gave a code was told by that.
        """
        window = self._window
        try:
            await window.services.connections.check(connection_id, window.actor())
        except DaybookError as error:
            if self._sheet is None:
                raise
            self._sheet.refused(" ".join(filter(None, (error.happened, error.means))))
            return
        asked = any(one.connection_id == connection_id for one in self._requests)
        if self._sheet is not None and self._sheet.current() == connection_id and not asked:
            connection = await window.services.store.read(connections.get, connection_id)
            self._sheet.close_with("done")
            window.toast(f"{clean(connection.name) if connection else 'The system'} is signed in.", icon="key")
