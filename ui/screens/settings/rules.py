"""Hours, blocks and visit rules of each provider. They only take times away from what a system offers, and explain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import msgspec
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.model.accounts import Permission
from app.model.errors import BadInput
from app.model.rules import BlockRule, ProviderRules, VisitTypeRule, WorkingHours
from app.model.schedule import ProviderRow
from ui.hours import parse_windows, windows_text
from ui.screens.settings.rule_sheets import BlockSheet, TypeSheet, block_words, type_words
from ui.screens.settings.sections import Section
from ui.text import clean
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import CheckKind, Field, Message, TextField
from ui.widgets.label import Label
from ui.widgets.panels import Line, clear, row

Edit = Callable[[], Coroutine[Any, Any, None]]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STEPS = (5, 10, 15, 20, 30, 60)


class Rules(Section):
    """One provider at a time; nothing holds until it is saved."""

    title = "Hours and schedule rules"

    def build(self) -> None:
        """Who it is about; hours, blocks, visit types and limits follow, each part in a turn of its own."""
        self._providers: list[ProviderRow] = []
        self._types: list[str] = []
        self._wanted = ""
        self._rules = ProviderRules()
        told = "A system decides what may be booked. What you enter here only takes times away, and says why."
        self.box.addWidget(Label(told, "body", "text-2", wrap=True))
        self._who = Combo("Provider", icon="user")
        self._who.setMinimumWidth(theme().px(280))
        self._who.activated.connect(lambda _row: self.choose(self._who.key()))
        self.box.addLayout(row(Field("Provider", self._who), None))
        self._content = QWidget()
        self._content.setMaximumWidth(theme().px(820))
        self._place = QVBoxLayout(self._content)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(14)
        self.box.addWidget(self._content)
        self._hours: list[TextField] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._parts: list[Callable[[], None]] = [
            self._begin_hours,
            *(partial(self._add_days, first) for first in range(0, len(DAYS), 2)),
            self._end_hours,
            lambda: self._place.addLayout(self._block_part()),
            lambda: self._place.addLayout(self._type_part()),
            self._add_limits,
            self._add_save,
        ]

    async def _built(self) -> None:
        while self._parts:
            self._parts.pop(0)()
            await asyncio.sleep(0)

    def _may(self) -> bool:
        return Permission.MANAGE_RULES in self.shell.actor().permissions

    def _begin_hours(self) -> None:
        self._place.addWidget(Label("Working hours", "heading"))
        self._place.addLayout(self._grid)

    def _add_days(self, first: int) -> None:
        for weekday, name in list(enumerate(DAYS))[first : first + 2]:
            field = TextField(name, placeholder="Not working", check=_check_hours)
            field.label.hide()
            field.edit.setAccessibleName(f"Hours on {name}")
            field.edit.left.connect(lambda field=field: _write_out(field))
            self._hours.append(field)
            label = Label(name)
            label.setFixedWidth(theme().px(110))
            self._grid.addWidget(label, weekday, 0)
            self._grid.addWidget(field, weekday, 1)

    def _end_hours(self) -> None:
        same = Button("Monday's hours for Tuesday to Friday", "link")
        same.clicked.connect(self._copy_monday)
        hint = Label(
            "Such as 8-12, 1-5. All seven empty: Daybook says nothing about hours.", "small", "text-3", wrap=True
        )
        line = row(spacing=12)
        line.addWidget(hint, 1)
        line.addWidget(same)
        self._grid.addLayout(line, len(DAYS), 1)

    def _copy_monday(self) -> None:
        for field in self._hours[1:5]:
            field.set_text(self._hours[0].text())

    def _block_part(self) -> QVBoxLayout:
        add = Button("Add a block", icon="plus", size="small")
        add.clicked.connect(lambda: self.start("block", self._edit_block(None)))
        self._blocks = QVBoxLayout()
        self._blocks.setSpacing(0)
        part = QVBoxLayout()
        part.setSpacing(6)
        part.addLayout(row(Label("Blocks", "heading"), None, add))
        part.addLayout(self._blocks)
        return part

    def _type_part(self) -> QVBoxLayout:
        add = Button("Add a visit rule", icon="plus", size="small")
        add.clicked.connect(lambda: self.start("type", self._edit_type(None)))
        self._type_rows = QVBoxLayout()
        self._type_rows.setSpacing(0)
        part = QVBoxLayout()
        part.setSpacing(6)
        part.addLayout(row(Label("Visit types", "heading"), None, add))
        part.addLayout(self._type_rows)
        return part

    def _add_limits(self) -> None:
        self._place.addWidget(Label("Limits", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        self._notice = TextField("Shortest notice, minutes", text="0", check=_check_number)
        self._horizon = TextField("Days ahead, 0 for no limit", text="0", check=_check_number)
        self._step = Combo("Grid step")
        self._step.add_choices([(str(step), f"{step} min") for step in _STEPS])
        for column, field in enumerate((self._notice, self._horizon, Field("Grid step", self._step))):
            grid.addWidget(field, 0, column)
        self._place.addLayout(grid)

    def _add_save(self) -> None:
        self._message = Message()
        self._place.addWidget(self._message)
        self._save = Button("Save these rules", "primary")
        self._save.setEnabled(self._may())
        self._save.clicked.connect(self._press)
        self._place.addLayout(row(self._save, None))

    # -- reading and showing -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read providers and visit types."""
        self.start("rules", self._read())

    def choose(self, provider_id: str) -> None:
        """Show one provider's rules."""
        self._wanted = provider_id
        self._who.set_key(provider_id)
        self.tasks.restart("one provider", self._read_one())

    async def _read(self) -> None:
        actor, use_case = self.shell.actor(), self.services.desk.rules
        self._providers = await use_case.providers(actor)
        self._types = sorted({found.visit_type.name for found in await use_case.visit_types(actor)})
        kept = self._wanted or self._who.key()
        blocked = self._who.blockSignals(True)
        self._who.clear()
        self._who.add_choices([(p.provider_id, f"{clean(p.shown_name())} ({p.source})") for p in self._providers])
        self._who.blockSignals(blocked)
        self._content.setVisible(bool(self._providers))
        if self._providers:
            known = {provider.provider_id for provider in self._providers}
            first = kept if kept in known else self._providers[0].provider_id
            if first != self._wanted:
                self.choose(first)
            else:
                self._who.set_key(first)

    async def _read_one(self) -> None:
        self._rules = await self.services.desk.rules.get(self.shell.actor(), self._wanted)
        await self._built()
        self._message.say("", "")
        self._show()

    def _show(self) -> None:
        for weekday, field in enumerate(self._hours):
            plain = [h for h in self._rules.hours if h.weekday == weekday and not h.first_day and not h.last_day]
            field.set_text(windows_text(sorted((h.start, h.end) for h in plain)))
            field.say("", "")
        self._notice.set_text(str(self._rules.lead_minutes))
        self._horizon.set_text(str(self._rules.horizon_days))
        self._step.set_key(str(self._rules.step))
        self._show_lists()

    def _show_lists(self) -> None:
        clear(self._blocks)
        clear(self._type_rows)
        for block in self._rules.blocks:
            self._add_line(self._blocks, clean(block.label), block_words(block), partial(self._edit_block, block))
        for rule in self._rules.visit_types:
            self._add_line(self._type_rows, clean(rule.visit_type), type_words(rule), partial(self._edit_type, rule))
        if not self._rules.blocks:
            self._blocks.addWidget(Label("No time is blocked.", "small", "text-3"))
        if not self._rules.visit_types:
            self._type_rows.addWidget(
                Label("Every type the system lists for this provider may be booked.", "small", "text-3")
            )

    def _add_line(self, box: QVBoxLayout, title: str, words: str, edit: Edit) -> None:
        change = Button("Change", size="small")
        change.setAccessibleName(f"Change {title}")
        change.clicked.connect(lambda: self.start("line", edit()))
        name = Label(title, "body", weight=500, elide=True)
        name.setFixedWidth(theme().px(190))
        line = row(name, spacing=12, margins=(0, 6, 0, 6))
        line.addWidget(Label(words, "small", "text-2", wrap=True), 1)
        line.addWidget(change)
        box.addWidget(Line("line-subtle"))
        box.addLayout(line)

    # -- changing ----------------------------------------------------------------------------------------------------

    async def _edit_block(self, block: BlockRule | None) -> None:
        today = self.services.clock.now().date()
        sheet = BlockSheet(block, lambda: today, self._types)
        self.shell.show_sheet(sheet)
        answer = await sheet.answer()
        kept = [each for each in self._rules.blocks if each is not block]
        if answer == "save":
            kept.append(sheet.made())
        if answer in {"save", "remove"}:
            kept.sort(key=lambda each: (each.day is not None, each.start))
            self._keep(blocks=tuple(kept))

    async def _edit_type(self, rule: VisitTypeRule | None) -> None:
        used = {each.visit_type for each in self._rules.visit_types if each is not rule}
        sheet = TypeSheet(rule, [name for name in self._types if name not in used])
        self.shell.show_sheet(sheet)
        answer = await sheet.answer()
        kept = [each for each in self._rules.visit_types if each is not rule]
        if answer == "save":
            kept.append(sheet.made())
        if answer in {"save", "remove"}:
            kept.sort(key=lambda each: each.visit_type.casefold())
            self._keep(visit_types=tuple(kept))

    def _keep(self, **fields: object) -> None:
        # What is typed in the fields above must survive; only the lists are drawn anew.
        self._rules = msgspec.structs.replace(self._rules, **fields)
        self._show_lists()
        self._message.say("amber", "Not saved yet.")

    def _press(self) -> None:
        fields = [*self._hours, self._notice, self._horizon]
        wrong = [field for field in fields if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
            return
        self.start("save rules", self._save_all())

    async def _save_all(self) -> None:
        # Hours that hold only for a season were not entered here and stay as they are.
        hours = [h for h in self._rules.hours if h.first_day or h.last_day]
        for weekday, field in enumerate(self._hours):
            for start, end in parse_windows(field.text()) or ():
                hours.append(WorkingHours(weekday=weekday, start=start, end=end))
        rules = msgspec.structs.replace(
            self._rules,
            hours=tuple(hours),
            lead_minutes=int(self._notice.text() or 0),
            horizon_days=int(self._horizon.text() or 0),
            step=int(self._step.key()),
        )
        try:
            await self.services.desk.rules.save(self.shell.actor(), self._wanted, rules)
        except BadInput as error:
            self._message.say("red", " ".join(filter(None, (error.happened, *error.next_steps))))
            return
        self._rules = rules
        self._message.say("green", "Saved. The schedule shows it at once.")


def _write_out(field: TextField) -> None:
    windows = parse_windows(field.text())
    if windows:
        field.set_text(windows_text(windows))


def _check_hours(text: str) -> tuple[CheckKind, str]:
    if parse_windows(text) is None:
        return "red", "Write it as 8-12, 1-5, in order and without overlaps."
    return "", ""


def _check_number(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text.isdigit() and len(text) < 6 else ("red", "A whole number.")
