"""Pictures of every screen on the practice a window is open on, named like the design's own pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.model.connection import Connection
from app.store import connections as connections_store
from app.store import outbox as outbox_store
from ui.grid.content import ItemKind
from ui.screens.patients.people import PatientPicker
from ui.screens.schedule.screen import ScheduleScreen
from ui.theme import LookSettings, ThemeChoice, apply

if TYPE_CHECKING:
    from app.model.portal import WritePlan
    from ui.shell.window import DaybookWindow

SIZE = QSize(1440, 900)
_PATIENCE_S = 8.0
#: 11 in the morning: the time the design's picture books.
_USUAL_START = 660

Scene = Callable[["DaybookWindow"], Awaitable[None]]


async def settled(window: DaybookWindow) -> None:
    """Wait until nothing of the window works any more and everything is painted."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE_S
    quiet = 0
    while quiet < 3 and loop.time() < until:
        await asyncio.sleep(0.02)
        QApplication.sendPostedEvents()
        quiet = 0 if working(window) else quiet + 1


def working(window: DaybookWindow) -> int:
    """How many tasks of the window are at work. One that waits for a person's answer to a sheet is not."""
    owners = [window.tasks, window.session.tasks, *window.screen_tasks()]
    return max(0, sum(owner.count() for owner in owners) - window.sheets.awaited())


async def _schedule(window: DaybookWindow) -> None:
    window.open("schedule")


async def _week(window: DaybookWindow) -> None:
    window.open("schedule", view="week")


async def _find(window: DaybookWindow) -> None:
    patient = await _somebody(window)
    window.open("find_slot", **({"patient_id": patient} if patient else {}))


async def _book(window: DaybookWindow) -> None:
    """A free time taken up on the grid, a name half typed."""
    screen = await _on_schedule(window)
    free = [
        (column.key, item)
        for column in screen.grid.content.columns
        for item in column.items
        if item.kind is ItemKind.FREE and item.bookable
    ]
    usual = [pair for pair in free if pair[1].start == _USUAL_START] or free
    if usual:
        screen.book_at(usual[0][0], usual[0][1].start, usual[0][1].minutes)
        await settled(window)
        for picker in screen.booking.findChildren(PatientPicker):
            picker.set_text("fenn")


async def _booked(window: DaybookWindow) -> None:
    """The same for a patient who is known, ready to be confirmed."""
    patient = await _somebody(window)
    await _on_schedule(window)
    window.open("schedule", **({"book_for": patient} if patient else {}))


async def _connections(window: DaybookWindow) -> None:
    window.open("connections")


async def _palette(window: DaybookWindow) -> None:
    window.open("schedule")
    await settled(window)
    window.commands.open_palette()
    window.palette_line("fenn")


async def _lock(window: DaybookWindow) -> None:
    window.session.lock("after 10 minutes without activity")


async def _portal(window: DaybookWindow) -> Connection | None:
    window.open("connections")
    await settled(window)
    known = await window.services.store.read(connections_store.listed)
    driven = {form.vendor for form in window.services.connections.systems() if form.portal}
    return next((one for one in known if one.vendor in driven), None)


async def _code(window: DaybookWindow) -> None:
    from app.model.portal import CodeRequest
    from ui.shell.code_sheet import CodeSheet

    found = await _portal(window)
    if found is None:
        return
    now = window.services.clock.now()
    request = CodeRequest(
        request_id="shown",
        connection_id=found.connection_id,
        system=found.name,
        practice=found.practice,
        words="",
        asked_at=now,
        deadline=now + timedelta(seconds=172),
        sent_to="Sent by text to the phone ending in •••• 0142",
        method="sms",
        methods=("sms", "totp", "email"),
        can_resend=True,
        can_trust=True,
        waiting="Reading enrollments and 2 eligibility checks.",
    )
    sources = {found.connection_id: found.source}
    zone = window.services.practice.time_zone
    sheet = CodeSheet(found.name, found.connection_id, window.services.clock.now, zone, sources)
    window.show_sheet(sheet)
    sheet.show_requests((request,), await window.services.desk.portals.colleagues(window.actor()))
    sheet.cells.setText("417")
    await settled(window)
    window.sheets.refit()


async def _patients(window: DaybookWindow) -> None:
    patient = await _somebody(window)
    window.open("patients", **({"patient_id": patient} if patient else {}))


def _plan(system: str, operation: str, page: str, summary: str, entry: tuple[str, str, str], button: str) -> WritePlan:
    from app.model.portal import PlannedEntry, WritePlan

    field, before, after = entry
    return WritePlan(
        operation=operation,
        system=system,
        page=page,
        record="",
        address="",
        summary=summary,
        entries=(PlannedEntry(field=field, before=before, after=after),),
        button=button,
    )


async def _check_in(window: DaybookWindow) -> None:
    """The sheet before a visit is checked in through a system's web pages."""
    from ui.screens.plan_sheet import plan_sheet

    window.open("schedule", view="day")
    await settled(window)
    plan = _plan(
        "Office Ally",
        "check_in",
        "Appointments",
        "Check in the visit at 9:40 on 03/10/2026",
        ("Status", "Scheduled", "Checked In"),
        "Check In",
    )
    window.show_sheet(plan_sheet(plan, "OA", window.actor().full_name))


async def _twin(window: DaybookWindow) -> None:
    """A new patient whom the system seems to know already."""
    from ui.screens.patients.on_pages import TwinSheet

    await _patients(window)
    await settled(window)
    window.show_sheet(TwinSheet("Office Ally", ("4471902",)))


async def _connect(window: DaybookWindow) -> None:
    """The form of the system that asks for most."""
    window.open("connections")
    await settled(window)
    screen = cast(Any, window.current_screen())
    system = max(window.services.connections.systems(), key=lambda form: len(form.fields))
    screen.tasks.start_once("connect", screen.fill_form(system.vendor, None))


async def _confirm(window: DaybookWindow) -> None:
    from ui.screens.connections.sheets import remove_sheet

    window.open("connections")
    await settled(window)
    known = await window.services.store.read(connections_store.listed)
    if known:
        waiting = await window.services.store.read(outbox_store.listed, open_only=True)
        count = sum(job.connection_id == known[-1].connection_id for job in waiting)
        window.show_sheet(remove_sheet(known[-1], count, window.actor().full_name))


async def _practice(window: DaybookWindow) -> None:
    window.open("schedule")
    await settled(window)
    window.commands.open_practice_switcher()


async def _keys(window: DaybookWindow) -> None:
    window.open("schedule")
    await settled(window)
    window.commands.open_keyboard_help()


async def _activity(window: DaybookWindow) -> None:
    window.open("activity")


async def _audit(window: DaybookWindow) -> None:
    window.open("audit")


async def _settings(window: DaybookWindow) -> None:
    window.open("settings", section="look")


async def _rules(window: DaybookWindow) -> None:
    window.open("settings", section="rules")


async def _own_account(window: DaybookWindow) -> None:
    window.open("settings", section="own_account")


async def _accounts(window: DaybookWindow) -> None:
    window.open("settings", section="accounts")


async def _first_run(window: DaybookWindow) -> None:
    window.gate.show_choice_of_first_run()
    window.stack.setCurrentWidget(window.gate)


async def _enrollments(window: DaybookWindow) -> None:
    window.open("enrollments")
    await settled(window)
    screen = cast(Any, window.current_screen())
    screen.go_where_we_must_act()


async def _payers(window: DaybookWindow) -> None:
    window.open("payers", text="blue")


async def _web_pages(window: DaybookWindow) -> None:
    found = await _portal(window)
    if found is not None:
        window.act_on_connection(found, "pages")


async def _take_over(window: DaybookWindow) -> None:
    found = await _portal(window)
    if found is None:
        return
    window.act_on_connection(found, "watch")
    sheet: Any = None
    for _ in range(400):
        await asyncio.sleep(0.02)
        sheet = window.sheets.top()
        if sheet is not None and sheet.page.has_picture():
            sheet.take_over()
            return


SCENES: dict[str, Scene] = {
    "01-schedule-day": _schedule,
    "02-schedule-week": _week,
    "03-find-slot": _find,
    "04-book-visit": _book,
    "04b-book-visit-ready": _booked,
    "04c-check-in": _check_in,
    "11-connections": _connections,
    "11b-connect-a-system": _connect,
    "12-command-palette": _palette,
    "13-mfa-prompt": _code,
    "15-patients": _patients,
    "15b-likely-the-same": _twin,
    "17-confirm-write": _confirm,
    "18-practice-switcher": _practice,
    "19-keyboard-help": _keys,
    "20-activity": _activity,
    "21-audit": _audit,
    "22-settings": _settings,
    "22-settings-accounts": _accounts,
    "22-settings-passphrase": _own_account,
    "22-settings-rules": _rules,
    "23-enrollments": _enrollments,
    "24-payers": _payers,
    "25-web-pages": _web_pages,
    "26-take-over": _take_over,
    "13-lock-screen": _lock,
    "14-first-run": _first_run,
}


#: Scenes of what comes from web pages, which takes seconds to read.
_WEB = frozenset({"23-enrollments", "24-payers", "25-web-pages", "26-take-over"})


def want_web_pages(only: str) -> bool:
    """Whether a scene that ``only`` keeps shows something from web pages."""
    return any(only in name for name in _WEB)


async def shots(window: DaybookWindow, directory: Path, theme: str = "light", only: str = "") -> list[Path]:
    """Show each scene in ``window`` (signed in, on a furnished store) and keep its picture; the files written.

    ``theme`` is light or dark; ``only`` keeps scenes whose name contains it. The window is locked afterwards.
    """
    before = window.session.own
    look = LookSettings(choice=ThemeChoice(theme))
    window.session.own = msgspec.structs.replace(before, look=look)
    apply(look)
    window.resize(SIZE)
    window.activateWindow()
    person = window.session.person()
    written = []
    for name, scene in SCENES.items():
        if only not in name:
            continue
        if window.session.is_locked() and person is not None:
            await window.session.begin(person)
            apply(look)
            await settled(window)
        await scene(window)
        await settled(window)
        path = directory / f"{name}{'-dark' if theme == 'dark' else ''}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"could not write {path.name}")
        written.append(path)
        window.sheets.close_all()
        window.close_popovers()
        _put_booking_away(window)
        if not window.session.is_locked():
            window.stack.setCurrentWidget(window.frame)
    return written


async def _on_schedule(window: DaybookWindow) -> ScheduleScreen:
    window.open("schedule", view="day")
    await settled(window)
    screen = window.screen_at("schedule")
    assert isinstance(screen, ScheduleScreen)
    return screen


def _put_booking_away(window: DaybookWindow) -> None:
    screen = window.current_screen()
    if isinstance(screen, ScheduleScreen) and screen.has_booking() and screen.booking.active():
        screen.booking.give_up()


async def _somebody(window: DaybookWindow) -> str:
    found = await window.services.desk.patients.search(window.actor(), "fennimore mari", limit=1)
    return found[0].local_id if found else ""
