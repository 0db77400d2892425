"""What the palette offers for what was typed: people, providers, actions, places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from app.model.accounts import Permission
from app.model.people import PatientRow
from app.model.schedule import ProviderRow
from app.store import providers as providers_store
from ui.actions.action import Action
from ui.screens.registry import ScreenSpec
from ui.services import Services
from ui.shell.palette import Entry
from ui.shell.session import Session
from ui.text import clean, field_date

_PEOPLE, _DO = 8, 7


class Reach(msgspec.Struct, frozen=True):
    """What the palette can set off in its window."""

    open_screen: Callable[[str, dict[str, object]], None]
    run_action: Callable[[str, Action], None]
    copy: Callable[[str, str, str], None]
    search_every_system: Callable[[str], None]


def initials_of(name: str) -> str:
    """``"MF"``."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts[:1])).upper()


class PaletteSource:
    """Answers what was typed. ``actions`` are (screen name or "", action) pairs of everything registered."""

    def __init__(
        self,
        services: Services,
        session: Session,
        screens: Sequence[ScreenSpec],
        actions: Sequence[tuple[str, Action]],
        sources: Callable[[], dict[str, str]],
        reach: Reach,
    ) -> None:
        self._services = services
        self._session = session
        self._screens = screens
        self._actions = actions
        self._sources = sources
        self._reach = reach

    async def entries(self, text: str) -> tuple[list[Entry], str]:
        """Lines for ``text``, and the count in words with the time it took."""
        started = self._services.clock.monotonic()
        typed = text.strip()
        if typed.startswith(">"):
            found = self._commands(typed[1:].strip(), 40)
        elif typed.startswith("@"):
            found = await self._providers(typed[1:].strip())
        elif typed:
            found = await self._everything(typed)
        else:
            found = await self._at_rest()
        shown = sum(not entry.heading for entry in found)
        took = self._services.clock.monotonic() - started
        results = "1 result" if shown == 1 else f"{shown} results"
        return found, f"{results} in {took:.2f} s" if typed else ""

    async def _at_rest(self) -> list[Entry]:
        found: list[Entry] = []
        actor = self._session.actor()
        if Permission.VIEW_PATIENTS in actor.permissions:
            people = await self._services.desk.patients.recent(actor)
            found += _group("Lately", [self._person(row, "") for row in people])
        return found + _group("Go to", self._places("")) + self._commands("", 6)

    async def _everything(self, typed: str) -> list[Entry]:
        actor = self._session.actor()
        people: Sequence[PatientRow] = ()
        if Permission.VIEW_PATIENTS in actor.permissions and len(typed) > 1:
            people = await self._services.desk.patients.search(actor, typed, limit=_PEOPLE)
        found: list[Entry] = []
        if people:
            best = people[0]
            found += _group("Best match", [self._person(best, typed, best=True)])
            found += _group("Do", self._for_person(best, typed))
            found += _group("Patients", [self._person(row, typed) for row in people[1:]])
        found += _group("Go to", self._places(typed))
        found += self._commands(typed, _DO)
        everywhere = Entry(
            title=f"Search every system for “{clean(typed)}”",
            detail="slower, asks all of them live",
            icon="search",
            keys="Ctrl+Return",
            run=lambda: self._reach.search_every_system(typed),
        )
        return [*found, *_group("" if any(e.title == "Go to" for e in found) else "Go to", [everywhere])]

    def _person(self, row: PatientRow, typed: str, *, best: bool = False) -> Entry:
        name = clean(row.full_name())
        shown = initials_of(name) if self._session.privacy else name
        return Entry(
            title=shown,
            initials=initials_of(name),
            detail=field_date(row.birth_date),
            source=self._sources().get(row.connection_id, ""),
            match="" if self._session.privacy else typed.split(maxsplit=1)[0] if typed else "",
            best=best,
            subject=row,
            run=lambda: self._reach.open_screen("patients", {"patient_id": row.local_id}),
        )

    def _for_person(self, row: PatientRow, typed: str) -> list[Entry]:
        name = initials_of(row.full_name()) if self._session.privacy else clean(row.full_name())
        match = "" if self._session.privacy else typed.split(maxsplit=1)[0]
        book = Entry(
            title=f"Book a visit for {name}",
            icon="plus",
            keys="Ctrl+1",
            match=match,
            subject=row,
            run=lambda: self._reach.open_screen("schedule", {"book_for": row.local_id}),
        )
        slot = Entry(
            title=f"Find a slot for {name}",
            icon="slot",
            keys="Ctrl+2",
            match=match,
            subject=row,
            run=lambda: self._reach.open_screen("find_slot", {"patient_id": row.local_id}),
        )
        call = Entry(
            title=f"Copy the phone of {name}",
            detail="" if self._session.privacy else clean(row.phone),
            icon="phone",
            keys="Ctrl+3",
            match=match,
            subject=row,
            run=lambda: self._reach.copy(row.phone, "Phone number", row.local_id),
        )
        return [book, slot, call] if row.phone else [book, slot]

    def _places(self, typed: str) -> list[Entry]:
        low = typed.casefold()
        return [
            Entry(
                title=screen.title,
                icon=screen.icon,
                keys=f"G {screen.go}" if screen.go else "",
                match=typed,
                run=partial(self._reach.open_screen, screen.name, {}),
            )
            for screen in self._screens
            if low in screen.title.casefold()
        ]

    def _commands(self, typed: str, most: int) -> list[Entry]:
        low = typed.casefold()
        found = [
            Entry(
                title=action.title,
                icon=action.icon or "arrow-r",
                keys=action.keys_words,
                match=typed,
                run=partial(self._reach.run_action, screen, action),
            )
            for screen, action in self._actions
            if action.palette and low in action.title.casefold()
        ]
        return _group("Commands", found[:most])

    async def _providers(self, typed: str) -> list[Entry]:
        rows: list[ProviderRow] = await self._services.store.read(providers_store.listed)
        low = typed.casefold()
        found = [
            Entry(
                title=clean(row.shown_name()),
                icon="user",
                detail=clean(row.specialty),
                source=row.source,
                match=typed,
                run=partial(self._reach.open_screen, "schedule", {"provider_id": row.provider_id}),
            )
            for row in rows
            if low in row.shown_name().casefold() or low in row.specialty.casefold()
        ]
        return _group("Providers", found[:40])


def _group(title: str, entries: Sequence[Entry]) -> list[Entry]:
    if not entries:
        return []
    return [Entry(title=title, heading=True), *entries] if title else list(entries)
