"""The form that connects a system, made from what its manifest asks for; used at first run and in Connections."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import available_timezones

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.connection import Connection, Environment
from app.model.systems import ConnectionForm, SystemField, SystemForm
from ui import words
from ui.services import Practice
from ui.widgets.choices import Combo
from ui.widgets.fields import CheckKind, Field, TextField
from ui.widgets.label import Label
from ui.widgets.panels import Line, column

#: Where most practices are; the rest follow by name.
_USUAL = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)
#: More fields than this are not listed one by one.
_MOST_NAMED = 3


def asked_for(system: SystemForm) -> str:
    """What a person needs at hand, in a line that is read whole."""
    if len(system.fields) > _MOST_NAMED:
        return "The sign-in of each part that you use"
    return ", ".join(field.label for field in system.fields) or system.tenant_label


class ConnectFields(QWidget):
    """The fields for one system. ``filled`` gives the form, or None with the first wrong field focused."""

    def __init__(self, system: SystemForm, practice: Practice, existing: Connection | None = None) -> None:
        super().__init__()
        self._system, self._existing = system, existing
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self._name = TextField(
            "Name of this connection", text=existing.name if existing else system.title, check=_needed
        )
        box.addWidget(self._name)
        self._environment = Combo("Environment")
        self._environment.add_choices([(each.value, words.people().environments[each]) for each in Environment])
        if existing is not None:
            self._environment.set_key(existing.environment.value)
        hint = "Sandbox and production never mix. Only a sandbox on this computer may go without encryption."
        box.addWidget(Field("Environment", self._environment, hint=hint))
        self._addresses = {field.name: self._address(field) for field in system.addresses}
        tenant = existing.tenant if existing else ""
        self._tenant = TextField(system.tenant_label, text=tenant, hint=system.tenant_help, check=_needed)
        self._fields = {field.name: self._field(field) for field in system.fields}
        self._lay_out(box)
        self._place = TextField("Location", text=practice.location or "Main office", check=_needed)
        self._zone = Combo("Time zone of the location")
        self._zone.add_choices([(zone, zone.replace("_", " ")) for zone in zones()])
        self._zone.set_key(practice.time_zone)
        self._practice = practice.name
        if existing is None:
            box.addWidget(self._place)
            zone_hint = "Visits are shown in the location's time, whatever this computer's clock says."
            box.addWidget(Field("Time zone", self._zone, hint=zone_hint))

    def _lay_out(self, box: QVBoxLayout) -> None:
        """What concerns the whole system, then its parts, each under its name."""
        system = self._system

        def those_of(group: str) -> list[TextField]:
            where = [self._addresses[field.name] for field in system.addresses if field.group == group]
            return where + [self._fields[field.name] for field in system.fields if field.group == group]

        whole = those_of("")
        addresses = [field for field in whole if field in self._addresses.values()]
        for part in (*addresses, self._tenant, *whole[len(addresses) :]):
            box.addWidget(part)
        for group in system.groups:
            fields = those_of(group.name)
            if not fields:
                continue
            box.addSpacing(4)
            box.addWidget(Line())
            told = Label(group.help, "small", "text-2", wrap=True)
            box.addLayout(column(Label(group.title, "heading"), *((told,) if group.help else ()), spacing=2))
            for part in fields:
                box.addWidget(part)
        if system.groups:
            box.addSpacing(4)
            box.addWidget(Line())

    def _address(self, field: SystemField) -> TextField:
        text = self._existing.base_urls.get(field.name, "") if self._existing else ""
        if not text and (field.required or self._existing is None):
            text = field.default
        check = self._check_address if field.required else self._check_address_if_any
        return TextField(field.label, text=text, hint=field.help, check=check, optional=not field.required)

    def _field(self, field: SystemField) -> TextField:
        kept = self._existing is not None
        hint = field.help
        if kept and field.secret:
            hint = "Leave it empty to keep the one on file."
        check = _needed if field.required and not kept else None
        return TextField(
            field.label, text=field.default, hint=hint, secret=field.secret, check=check, optional=not field.required
        )

    def _check_address(self, text: str) -> tuple[CheckKind, str]:
        if not text:
            return "red", "An address is needed here."
        if text.startswith("http://") and self._environment.key() != Environment.SANDBOX.value:
            return "red", "Use an address that begins with https://. Only a sandbox may go without."
        if "://" not in text:
            return "red", "Write the whole address, beginning with https://."
        return "", ""

    def _check_address_if_any(self, text: str) -> tuple[CheckKind, str]:
        return self._check_address(text) if text else ("", "")

    def filled(self) -> ConnectionForm | None:
        """The form, or None where something is missing."""
        entries = [self._name, *self._addresses.values(), self._tenant, *self._fields.values()]
        if self._existing is None:
            entries.append(self._place)
        if not self._all_good(entries):
            return None
        return ConnectionForm(
            vendor=self._system.vendor,
            name=self._name.text(),
            practice=self._practice,
            environment=Environment(self._environment.key()),
            base_urls={name: field.text() for name, field in self._addresses.items()},
            tenant=self._tenant.text(),
            location_name=self._place.text(),
            time_zone=self._zone.key(),
            secrets={name: field.raw() for name, field in self._fields.items() if field.raw()},
            connection_id=self._existing.connection_id if self._existing else "",
        )

    def refuse(self, field: str, words: str) -> bool:
        """Show ``words`` at the field named ``field``; says whether there is one."""
        found = self._fields.get(field) or self._addresses.get(field) or {"tenant": self._tenant}.get(field)
        if found is None:
            return False
        found.say("red", words)
        found.edit.setFocus()
        return True

    @staticmethod
    def _all_good(entries: Sequence[TextField]) -> bool:
        wrong = [entry for entry in entries if not entry.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
        return not wrong


def zones() -> list[str]:
    """Time zones of the United States first, then all others by name."""
    others = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc", "posix", "right"))
    )
    return [*_USUAL, *(zone for zone in others if zone not in _USUAL)]


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")
