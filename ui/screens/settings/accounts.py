"""Accounts: who may sign in, as what; set by administrators."""

from __future__ import annotations

from collections.abc import Sequence

from app.model.accounts import Account, Permission, Role
from app.model.errors import BadInput
from ui import words
from ui.models.paged_table import Column, PagedTableModel
from ui.screens.settings.sections import Section
from ui.text import clean, moment_words
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo, Toggle
from ui.widgets.fields import CheckKind, Field, TextField
from ui.widgets.panels import Well, row
from ui.widgets.sheet import Sheet
from ui.widgets.table import Table


class Accounts(Section):
    """A table of accounts with what can be done to the current one."""

    title = "Accounts"

    def build(self) -> None:
        """Table and buttons."""
        self._rows: list[Account] = []
        self._model: PagedTableModel[Account] = PagedTableModel(
            self._columns(), self._fetch, self.tasks, lambda account: clean(account.full_name), self
        )
        self._table = Table(self._model, "Accounts")
        self._table.setMinimumHeight(theme().px(260))
        self._table.row_changed.connect(self._current_changed)
        self._table.row_opened.connect(lambda _row: self._edit())
        add = Button("Add a person", "primary", icon="plus")
        add.clicked.connect(lambda: self.start("person", self._person(None)))
        self._change = Button("Change", icon="edit")
        self._change.clicked.connect(self._edit)
        self._password = Button("Set a passphrase", icon="key")
        self._password.clicked.connect(lambda: self.start("password", self._set_password()))
        self._lift = Button("Lift the lock-out", icon="unlock")
        self._lift.clicked.connect(lambda: self.start("lift", self._lift_lock()))
        self._lift.hide()
        self.box.addLayout(row(add, None, self._change, self._password, self._lift))
        told = (
            "Five wrong passphrases lock an account for 5 minutes. "
            "Whoever leaves is switched off, never deleted: the audit log keeps the name."
        )
        self.box.addWidget(Well(told))
        self.box.addWidget(self._table, 5)

    def _columns(self) -> tuple[Column[Account], ...]:
        return (
            Column(title="Name", text=lambda a: clean(a.full_name), weight=500),
            Column(title="User name", text=lambda a: clean(a.user_name), role="text-2", width=116),
            Column(title="Role", text=lambda a: words.people().roles[a.role], width=110),
            Column(title="State", text=self._state, mark=self._mark, width=120),
            Column(title="Last sign-in", text=self._seen, role="text-2", width=110),
        )

    def _state(self, account: Account) -> str:
        if not account.active:
            return "Switched off"
        return "Locked out" if self._locked(account) else "Active"

    def _mark(self, account: Account) -> tuple[str, str]:
        if not account.active:
            return "x-ring", "grey.solid"
        return ("lock", "amber.solid") if self._locked(account) else ("check-ring", "green.solid")

    def _locked(self, account: Account) -> bool:
        return account.locked_until is not None and account.locked_until > self.services.clock.now()

    def _seen(self, account: Account) -> str:
        if account.last_sign_in is None:
            return "never"
        return moment_words(account.last_sign_in, self.services.clock.now(), self.services.practice.time_zone)

    async def _fetch(self, last: Account | None) -> Sequence[Account]:
        return () if last is not None else await self.services.accounts.listed(self.shell.actor())

    def refresh(self) -> None:
        """Read the accounts."""
        self.start("accounts", self._reload())

    async def _reload(self) -> None:
        kept = self._table.row()
        if Permission.MANAGE_ACCOUNTS not in self.shell.actor().permissions:
            return
        self._model.set_rows(await self.services.accounts.listed(self.shell.actor()))
        self._table.go_to(max(0, self._model.find(lambda a: kept is not None and a.account_id == kept.account_id)))

    def _current_changed(self, account: object) -> None:
        known = isinstance(account, Account)
        for button in (self._change, self._password):
            button.setEnabled(known)
        self._lift.setVisible(isinstance(account, Account) and self._locked(account))

    def _edit(self) -> None:
        account = self._table.row()
        if isinstance(account, Account):
            self.start("person", self._person(account))

    async def _person(self, account: Account | None) -> None:
        sheet = PersonSheet(account)
        sheet.save.clicked.connect(lambda: self.start("save person", self._save_person(sheet, account)))
        self.shell.show_sheet(sheet)
        await sheet.answer()

    async def _save_person(self, sheet: PersonSheet, account: Account | None) -> None:
        if not sheet.good():
            return
        accounts, actor = self.services.accounts, self.shell.actor()
        try:
            if account is None:
                name, user = sheet.full_name.text(), sheet.user_name.text()
                await accounts.create(actor, name, user, sheet.chosen_role(), sheet.password.raw())
            else:
                await accounts.change(
                    actor,
                    account.account_id,
                    full_name=sheet.full_name.text(),
                    role=sheet.chosen_role(),
                    active=sheet.active.isChecked(),
                )
        except BadInput as error:
            sheet.refuse(error)
            return
        sheet.close_with("saved")
        self.shell.toast("The account is saved.")
        await self._reload()

    async def _set_password(self) -> None:
        account = self._table.row()
        if not isinstance(account, Account):
            return
        sheet = Sheet(f"Set a passphrase for {clean(account.full_name)}", "They use it from their next sign-in on.")
        field = TextField("New passphrase", secret=True, hint="At least 8 characters.")
        sheet.body.addWidget(field)
        sheet.add_button("", Button("Cancel", keys="Esc"))

        async def save() -> None:
            try:
                await self.services.accounts.set_password(self.shell.actor(), account.account_id, field.raw())
            except BadInput as error:
                field.say("red", error.happened)
                return
            sheet.close_with("saved")
            self.shell.toast("The passphrase is set.", icon="key")

        go = sheet.add_button(
            "", Button("Set passphrase", "primary", keys="Ctrl+Return"), confirm=True, before=lambda: False
        )
        go.clicked.connect(lambda: self.start("save password", save()))
        self.shell.show_sheet(sheet)
        await sheet.answer()

    async def _lift_lock(self) -> None:
        account = self._table.row()
        if isinstance(account, Account):
            await self.services.accounts.lift_lock(self.shell.actor(), account.account_id)
            self.shell.toast(f"{clean(account.full_name)} may try again at once.", icon="unlock")
            await self._reload()


class PersonSheet(Sheet):
    """Name, user name, role, and for a new person a first passphrase."""

    def __init__(self, account: Account | None) -> None:
        new = account is None
        title = "Add a person" if account is None else f"Change {clean(account.full_name)}"
        super().__init__(title, "The name is written into the audit log beside everything they do.")
        self.full_name = TextField("Full name", text=account.full_name if account else "", check=_needed)
        self.user_name = TextField("User name", text=account.user_name if account else "", check=_needed)
        self.user_name.edit.setEnabled(new)
        self.role = Combo("Role")
        self.role.add_choices([(role.value, words.people().roles[role]) for role in Role])
        self.role.set_key((account.role if account else Role.FRONT_DESK).value)
        self.active = Toggle("May sign in")
        self.active.setChecked(account.active if account else True)
        self.password = TextField("First passphrase", secret=True, hint="At least 8 characters. They can change it.")
        for widget in (self.full_name, self.user_name, Field("Role", self.role), self.password, self.active):
            self.body.addWidget(widget)
        self.password.setVisible(new)
        self.active.setVisible(not new)
        self.add_button("", Button("Cancel", keys="Esc"))
        label = "Add person" if new else "Save changes"
        self.save = self.add_button(
            "", Button(label, "primary", keys="Ctrl+Return"), confirm=True, before=lambda: False
        )

    def chosen_role(self) -> Role:
        """The role chosen."""
        return Role(self.role.key())

    def good(self) -> bool:
        """Nothing is missing."""
        wrong = [field for field in (self.full_name, self.user_name) if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
        return not wrong

    def refuse(self, error: BadInput) -> None:
        """Say at the field what is wrong."""
        fields = {"full_name": self.full_name, "user_name": self.user_name, "password": self.password}
        fields.get(error.field, self.full_name).say("red", " ".join(filter(None, (error.happened, *error.next_steps))))


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")
