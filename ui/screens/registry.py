"""Every screen the window knows, with where its parts are found. Later screens add one line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal

import msgspec

from app.model.accounts import Permission
from ui.actions.action import Action, KeyNote

if TYPE_CHECKING:
    from ui.screens.base import Screen

Group = Literal["Front desk", "Billing", "Practice", ""]


class ScreenSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One screen: ``go`` is the letter after G; an empty ``group`` keeps it out of the menu. ``wants`` is the
    permission without which its menu entry is not shown (the use cases ask again)."""

    name: str
    title: str
    icon: str
    group: Group
    go: str = ""
    wants: Permission | None = None

    @property
    def package(self) -> str:
        """Where it lives."""
        return f"ui.screens.{self.name}"

    def load(self) -> type[Screen]:
        """The screen's class: ``SCREEN`` in its ``screen`` module."""
        found: type[Screen] = import_module(f"{self.package}.screen").SCREEN
        return found

    def actions(self) -> tuple[Action, ...]:
        """``ACTIONS`` of its ``actions`` module."""
        found: tuple[Action, ...] = import_module(f"{self.package}.actions").ACTIONS
        return found

    def notes(self) -> tuple[KeyNote, ...]:
        """``NOTES`` of its ``actions`` module: keys its widgets handle themselves."""
        found: tuple[KeyNote, ...] = getattr(import_module(f"{self.package}.actions"), "NOTES", ())
        return found


SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec(
        name="schedule", title="Schedule", icon="calendar", group="Front desk", go="S", wants=Permission.VIEW_SCHEDULE
    ),
    ScreenSpec(
        name="find_slot", title="Find a slot", icon="slot", group="Front desk", go="F", wants=Permission.VIEW_SCHEDULE
    ),
    ScreenSpec(
        name="patients", title="Patients", icon="users", group="Front desk", go="P", wants=Permission.VIEW_PATIENTS
    ),
    ScreenSpec(
        name="enrollments",
        title="Enrollments",
        icon="shield-check",
        group="Billing",
        go="L",
        wants=Permission.VIEW_BILLING,
    ),
    ScreenSpec(name="payers", title="Payer list", icon="list", group="Billing", go="B", wants=Permission.VIEW_BILLING),
    ScreenSpec(name="connections", title="Connections", icon="plug", group="Practice", go="N"),
    ScreenSpec(name="activity", title="Activity", icon="outbox", group="Practice", go="Y"),
    ScreenSpec(name="audit", title="Audit log", icon="history", group="Practice", go="U", wants=Permission.VIEW_AUDIT),
    ScreenSpec(name="settings", title="Settings", icon="settings", group="", go=","),
)


def spec(name: str) -> ScreenSpec:
    """The screen called ``name``; KeyError for none."""
    for found in SCREENS:
        if found.name == name:
            return found
    raise KeyError(name)
