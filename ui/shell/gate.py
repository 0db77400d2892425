"""What stands before the work: first run where nobody has an account yet, else sign-in and lock."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.model.accounts import Account
from app.model.errors import DaybookError
from app.store import accounts as accounts_store
from ui.services import Services
from ui.shell.session import Session
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.first_run.view import FirstRun
    from ui.shell.lock import LockScreen


class Gate(QWidget):
    """Shows the first run or the lock screen, whichever is due."""

    def __init__(self, services: Services, session: Session, tasks: TaskOwner) -> None:
        super().__init__()
        self._services, self._session, self._tasks = services, session, tasks
        self._asked_anybody = False
        self._open = False
        self._stack = QStackedWidget()
        self._first: FirstRun | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    @cached_property
    def lock_screen(self) -> LockScreen:
        """Where people sign in; made when it is first shown."""
        from ui.shell.lock import LockScreen

        made = LockScreen(self._services.clock, self._services.practice)
        made.wanted.connect(self._wanted)
        self._stack.addWidget(made)
        return made

    def open(self) -> None:
        """The window came up, or locked: find out whom to ask."""
        self._open = True
        self._tasks.restart("gate", self._choose())

    def lock(self, waiting: int) -> None:
        """Hide behind the lock at once; whom to ask is found out by ``open``."""
        self._asked_anybody = False
        self.lock_screen.show_facts(waiting, syncing_paused=True)
        self._stack.setCurrentWidget(self.lock_screen)

    def shut(self) -> None:
        """Somebody has come in."""
        self._open = False
        self._tasks.stop("gate")
        if self._first is not None:
            self._stack.removeWidget(self._first)
            self._first.deleteLater()
            self._first = None

    def ask_anybody(self) -> None:
        """Ask for a user name, not for the last person."""
        self._asked_anybody = True
        self.open()

    async def _choose(self) -> None:
        accounts = await self._services.store.read(accounts_store.listed)
        if not self._open:
            return
        if not accounts:
            self._show_first_run()
            return
        person = self._session.person()
        found = next((a for a in accounts if person is not None and a.account_id == person.account_id), None)
        self.lock_screen.show_colleagues([each for each in accounts if each.active])
        self._ask(None if self._asked_anybody else found)

    def _ask(self, account: Account | None) -> None:
        self._stack.setCurrentWidget(self.lock_screen)
        self.lock_screen.show_person(account, self._session.why if account else "")
        self.lock_screen.take_focus()

    def show_choice_of_first_run(self) -> None:
        """The second step of the first run, as it looks after the first (for pictures)."""
        self._show_first_run().show_choice()

    def _show_first_run(self) -> FirstRun:
        from ui.first_run.view import FirstRun

        if self._first is None:
            self._first = FirstRun(self._services, self._session, self._tasks)
            self._stack.addWidget(self._first)
        self._stack.setCurrentWidget(self._first)
        return self._first

    def _wanted(self, user_name: str, password: str) -> None:
        self._tasks.restart("sign in", self._sign_in(user_name, password))

    async def _sign_in(self, user_name: str, password: str) -> None:
        try:
            person, asked = self._session.person(), self.lock_screen.asked()
            if person is not None and asked is not None and asked.account_id == person.account_id:
                await self._session.unlock(password)
            else:
                await self._session.sign_in(user_name, password)
        except DaybookError as error:
            self.lock_screen.refused(error)
        finally:
            self.lock_screen.busy(False)
