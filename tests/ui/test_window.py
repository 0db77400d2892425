"""The window as people use it: signing in, the lock, keys, palette, panes, errors in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.model.accounts import AuditAction, Role
from app.model.connection import ConnectionState, Environment
from app.model.errors import BadInput, SlotTaken, VendorRejected
from app.model.people import PatientRow
from app.model.schedule import Location
from app.store import connections
from tests.desk.conftest import system
from tests.ui.conftest import PASSWORD, Desk, seen
from tests.ui.hands import CTRL, press_key
from ui.services import Practice as PracticeName
from ui.shell.help import KeyboardHelp
from ui.shell.palette import Palette, matched_at
from ui.shell.ready import make_ready
from ui.theme import LookSettings, theme
from ui.widgets.popover import Popover
from ui.widgets.sheet import Sheet


async def palette_with(desk: Desk, text: str) -> Palette:
    desk.window.commands.open_palette()
    top = desk.window.sheets.top()
    assert isinstance(top, Palette)
    top.line.setText(text)
    await desk.settle()
    return top


# -- keys


async def test_g_then_a_letter_goes_there_and_shows_the_choices(desk: Desk) -> None:
    await desk.open("connections")
    desk.window._ask_where()
    assert "Schedule" in seen(desk.window._go) and desk.window._go.hasFocus()
    press_key(desk, Qt.Key.Key_Y)
    await desk.settle()
    assert desk.window.current_screen().name == "activity"
    desk.window._ask_where()
    press_key(desk, Qt.Key.Key_Escape)
    assert desk.window._go.isHidden() and desk.window.current_screen().name == "activity"


async def test_the_page_in_front_has_focus_also_where_a_sheet_led_there(desk: Desk) -> None:
    for name in (spec.name for spec in desk.window.screens()):
        screen = await desk.open(name)
        focus = desk.window.focus_widget()
        assert focus is not None and screen.isAncestorOf(focus), name
    await palette_with(desk, ">Find a slot")
    press_key(desk, Qt.Key.Key_Return)
    await desk.settle()
    screen, focus = desk.window.current_screen(), desk.window.focus_widget()
    assert desk.window.sheets.top() is None and screen is not None and screen.name == "find_slot"
    assert focus is not None and screen.isAncestorOf(focus)


async def test_esc_empties_a_search_then_leaves_it_for_the_list(desk: Desk) -> None:
    screen = await desk.open("patients")
    screen.find_in_page()
    field = desk.window.focus_widget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "fenn")
    press_key(desk, Qt.Key.Key_Escape)
    assert field.text() == "" and field.hasFocus()
    await desk.settle()
    press_key(desk, Qt.Key.Key_Escape)
    focus = desk.window.focus_widget()
    assert focus is not None and focus is screen.main_part()


async def test_letters_are_keys_only_where_nothing_is_typed(desk: Desk) -> None:
    screen = await desk.open("connections")
    table = screen.findChildren(QWidget, options=Qt.FindChildOption.FindChildrenRecursively)
    grid = next(child for child in table if child.accessibleName() == "What each system can be asked to do")
    grid.setFocus()
    press_key(desk, Qt.Key.Key_N)
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, Sheet) and sheet.title.text() == "Connect a system"
    press_key(desk, Qt.Key.Key_K, CTRL)
    assert desk.window.sheets.top() is sheet, "keys of the page rest while a sheet is open"
    sheet.close_with("")
    await desk.settle()
    await desk.open("settings", section="own_account")
    field = next(line for line in desk.window.findChildren(QLineEdit) if line.accessibleName() == "New passphrase")
    field.setFocus()
    QTest.keyClicks(field, "gn?")
    assert field.text() == "gn?" and desk.window.sheets.top() is None and desk.window._go.isHidden()


async def test_letters_can_be_switched_off(desk: Desk) -> None:
    screen = await desk.open("connections")
    desk.window.commands.open_keyboard_help()
    top = desk.window.sheets.top()
    assert isinstance(top, KeyboardHelp)
    top.letters_changed.emit(False)
    await desk.settle()
    top.close_with("")
    assert desk.session.own.letter_keys is False
    screen.setFocus()
    press_key(desk, Qt.Key.Key_N)
    await desk.settle()
    assert desk.window.sheets.top() is None
    press_key(desk, Qt.Key.Key_Comma, CTRL)
    await desk.settle()
    assert desk.window.current_screen().name == "settings"


async def test_keyboard_help_finds_by_action_and_key(desk: Desk) -> None:
    desk.window.commands.open_keyboard_help()
    top = desk.window.sheets.top()
    assert isinstance(top, KeyboardHelp) and "Lock now" in top.lines()
    top.find_line.setText("lock")
    assert "Lock now" in top.lines() and "Sync everything" not in top.lines()
    top.find_line.setText("nothing like it")
    assert top.lines() == []
    press_key(desk, Qt.Key.Key_Escape)
    assert desk.window.sheets.top() is None


async def test_f6_walks_through_the_panes_and_back(desk: Desk) -> None:
    await desk.open("activity")
    order = []
    for _ in range(5):
        desk.window.commands.next_pane()
        focus = desk.window.focus_widget()
        assert focus is not None
        order.append(focus)
    assert desk.window.frame.header.isAncestorOf(order[0]) or any(
        desk.window.frame.header.isAncestorOf(w) for w in order
    )
    assert any(desk.window.frame.rail.isAncestorOf(widget) for widget in order)
    desk.window.commands.previous_pane()
    assert desk.window.focus_widget() is not order[-1]


async def test_the_menu_collapses_by_key_and_is_remembered(desk: Desk) -> None:
    assert not desk.window.frame.rail.narrow
    desk.window.commands.toggle_menu()
    await desk.settle()
    assert desk.window.frame.rail.narrow
    first = desk.window.frame.rail._items["schedule"]
    assert first.toolTip() == "Schedule" and first.accessibleName() == "Schedule"
    person = desk.session.person()
    assert person is not None
    desk.session.lock()
    await desk.session.begin(person)
    await desk.settle()
    assert desk.window.frame.rail.narrow


# -- palette


async def test_the_palette_finds_people_actions_and_places(desk: Desk) -> None:
    palette = await palette_with(desk, "fenn")
    titles = [entry.title for entry in palette.entries()]
    assert titles[:2] == ["Best match", "Marigold Fennimore"] or "Tobias Fennwick" in titles[1]
    assert "Do" in titles and any(title.startswith("Book a visit for") for title in titles)
    current = palette.current()
    assert current is not None and isinstance(current.subject, PatientRow)
    assert "in 0.0" in palette.count.text()
    press_key(desk, Qt.Key.Key_Escape)
    assert desk.window.sheets.top() is None


async def test_the_palette_previews_who_rests_under_the_cursor(desk: Desk) -> None:
    palette = await palette_with(desk, "marigold")
    shown = seen(palette.preview)
    assert "(312) 555-0147" in shown and "Needs an interpreter" in shown
    looks = [entry for entry in await desk.practice.log(AuditAction.VIEW) if entry.patient_id]
    assert looks, "what the preview shows is audited as seen"
    palette.close_with("")


async def test_enter_goes_where_the_palette_points(desk: Desk) -> None:
    palette = await palette_with(desk, "> audit")
    assert all(entry.heading or "audit" in entry.title.lower() for entry in palette.entries())
    palette = await palette_with(desk, "Connections")
    press_key(desk, Qt.Key.Key_Return)
    await desk.settle()
    assert desk.window.current_screen().name == "connections"
    while desk.window.sheets.top() is not None:
        desk.window.sheets.close_all()


async def test_providers_and_no_people_without_permission(desk: Desk) -> None:
    palette = await palette_with(desk, "@cald")
    assert [entry.title for entry in palette.entries()] == ["Providers", "Noor Calderwick, NP"]
    palette.close_with("")


def test_a_match_is_marked_where_a_word_begins() -> None:
    assert matched_at("Marigold Fennimore", "fenn") == 9
    assert matched_at("Stephanie Fenn", "fenn") == 10
    assert matched_at("Marigold", "gold") == -1
    assert matched_at("Fenn", "") == -1


async def test_privacy_shows_initials_only(desk: Desk) -> None:
    desk.window.commands.toggle_privacy()
    await desk.settle()
    palette = await palette_with(desk, "fenn")
    assert not any("Fenn" in entry.title for entry in palette.entries() if "every system" not in entry.title)
    palette.close_with("")


# -- words


async def test_an_errors_next_steps_become_buttons(desk: Desk) -> None:
    tried: list[bool] = []
    error = SlotTaken(
        "Not booked. OfficePro says 10:30 was just taken.",
        "Nothing was written.",
        ("Take the next free time, 10:45.", "Open Connections to see how OfficePro is doing."),
    )
    desk.window.notice(error, {"Take the next": lambda: tried.append(True)})
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, Sheet)
    assert sheet.title.text() == "Not booked. OfficePro says 10:30 was just taken."
    buttons = {stop.accessibleName(): stop for stop in sheet.stops()}
    assert "Code slot_taken" in seen(sheet)
    QTest.keyClick(buttons["Take the next free time, 10:45"], Qt.Key.Key_Space)
    assert tried == [True] and desk.window.sheets.top() is None


async def test_markup_in_a_vendors_words_stays_text(desk: Desk) -> None:
    desk.window.notice(VendorRejected("<b>x</b> is refused", "<a href='http://x'>y</a>", ("Look.",)))
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, Sheet) and sheet.title.text() == "<b>x</b> is refused"
    assert sheet.title.textFormat() == Qt.TextFormat.PlainText
    desk.window.sheets.close_all()


async def test_the_header_tells_every_connection_and_its_one_action(desk: Desk) -> None:
    await desk.practice.set_state(ConnectionState.NEEDS_CODE, "It asked for a sign-in code.")
    await desk.settle()
    pill = desk.window.frame.header._pills.itemAt(0).widget()
    assert pill.accessibleName() == "OfficePro: Needs MFA"
    assert desk.window.frame.rail._items["connections"].accessibleName() == "Connections, 1"
    pill.click()
    popover = desk.window.findChildren(Popover)[-1]
    assert "Enter code" in seen(popover) and "It asked for a sign-in code." in seen(popover)
    desk.window.close_popovers()


async def test_copied_text_leaves_the_clipboard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    later: list[tuple[int, Callable[[], None]]] = []
    monkeypatch.setattr("ui.shell.window.QTimer.singleShot", lambda ms, owner, act: later.append((ms, act)))
    desk.window.copy("HL00427781")
    board = QGuiApplication.clipboard()
    assert board.text() == "HL00427781" and later[0][0] == 60_000
    later[0][1]()
    assert board.text() == ""
    desk.window.copy("one")
    board.setText("something of hers")
    later[1][1]()
    assert board.text() == "something of hers"
    hers = desk.practice.people["1001"]
    desk.window.copy("(312) 555-0147", "Phone number", hers)
    await desk.settle()
    copied = [entry for entry in await desk.practice.log() if entry.action is AuditAction.COPY]
    assert ("Phone number", hers) in [(entry.subject, entry.patient_id) for entry in copied] and len(copied) == 3
    assert "555" not in "".join(entry.subject for entry in copied), "what was copied is not in the log"


async def test_the_title_names_the_page_and_nobody(desk: Desk) -> None:
    for name in ("schedule", "patients", "activity", "settings"):
        await desk.open(name)
        title = desk.window.windowTitle()
        assert title.endswith("Daybook") and "Fenn" not in title and "Rosa" not in title


async def test_every_page_fits_at_1180_by_720_and_at_larger_text(desk: Desk) -> None:
    scroll = desk.window.frame.page._scroll
    for size in ((1366, 768), (1180, 720)):
        desk.window.resize(*size)
        for spec in desk.window.screens():
            await desk.open(spec.name)
            bars = (scroll.horizontalScrollBar().maximum(), scroll.verticalScrollBar().maximum())
            assert bars == (0, 0), (spec.name, size)
    # The longest name of a day arrives while the page is open.
    schedule = await desk.open("schedule")
    schedule.go_to(date(2026, 9, 30))
    await desk.settle()
    assert "Wednesday, September 30" in desk.texts()
    assert scroll.horizontalScrollBar().maximum() == 0
    own = desk.session.own
    look = LookSettings(choice=own.look.choice, text_percent=150)
    desk.session.prefer(type(own)(look=look))
    await desk.settle()
    assert theme().text_percent == 150 and desk.window.frame.rail.narrow
    for size in ((1440, 900), (1180, 720)):
        desk.window.resize(*size)
        for spec in desk.window.screens():
            await desk.open(spec.name)
            assert scroll.horizontalScrollBar().maximum() == 0, (spec.name, size)
    desk.window.resize(640, 480)
    await desk.settle()
    assert scroll.horizontalScrollBar().maximum() > 0, "below the least size the page scrolls"


async def test_a_role_sees_only_its_pages(desk: Desk) -> None:
    assert "audit" in {screen.name for screen in desk.window.screens()}
    desk.window.commands.switch_user()
    await desk.settle()
    await desk.session.sign_in("desmond", PASSWORD)
    await desk.settle()
    assert "audit" not in {screen.name for screen in desk.window.screens()}
    assert "audit" not in desk.window.frame.rail._items


async def test_a_changed_account_takes_effect_at_once(desk: Desk) -> None:
    """Rosa is signed in; Hollis, made an admin, lowers her role and then closes her account."""
    accounts, rosa = desk.accounts, desk.session.actor()
    ids = {each.user_name: each.account_id for each in await accounts.listed(rosa)}
    await accounts.change(rosa, ids["hollis"], full_name="Hollis Vane", role=Role.ADMIN, active=True)
    hollis = await accounts.sign_in("hollis", PASSWORD)
    await desk.open("audit")
    assert not desk.session.is_locked(), "another account was changed"

    await accounts.change(hollis, rosa.account_id, full_name="Rosa M. Mallow", role=Role.ADMIN, active=True)
    await desk.settle()
    assert desk.session.actor().full_name == "Rosa M. Mallow"

    await accounts.change(hollis, rosa.account_id, full_name="Rosa M. Mallow", role=Role.FRONT_DESK, active=True)
    await desk.settle()
    assert desk.session.is_locked()
    assert "permissions were changed" in desk.texts()
    await desk.session.unlock(PASSWORD)
    await desk.settle()
    assert "audit" not in {screen.name for screen in desk.window.screens()}
    screen = desk.window.current_screen()
    assert screen is not None and screen.name == "schedule"

    await accounts.change(hollis, rosa.account_id, full_name="Rosa M. Mallow", role=Role.FRONT_DESK, active=False)
    await desk.settle()
    assert desk.session.is_locked()
    with pytest.raises(BadInput):
        await desk.session.unlock(PASSWORD)


async def test_the_practice_is_right_as_soon_as_a_system_is_connected(closed_desk: Desk) -> None:
    """A first run begins with no connection: name, zone and kind of practice come with the first one."""
    desk = closed_desk
    desk.services.practice = PracticeName(name="", workstation="front desk 2")
    admin = await desk.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
    await desk.practice.store.write(connections.remove, "c1")
    await desk.session.begin(admin)
    await desk.settle()
    place = Location(location_id="coast", name="Harbor Road", time_zone="America/Los_Angeles")
    await desk.practice.store.write(connections.save_location, place)
    fresh = system("c9", practice="Saltmarsh Pediatrics", location_id="coast", environment=Environment.PREVIEW)
    await desk.practice.store.write(connections.save, fresh)
    await desk.settle()
    practice = desk.services.practice
    assert (practice.name, practice.time_zone) == ("Saltmarsh Pediatrics", "America/Los_Angeles")
    assert practice.workstation == "front desk 2"
    assert "Saltmarsh Pediatrics" in desk.texts()
    assert "This is a preview system." in desk.texts()
    await desk.practice.store.write(
        connections.save, msgspec.structs.replace(fresh, environment=Environment.PRODUCTION)
    )
    await desk.settle()
    assert "This is a preview system." not in desk.texts()


async def test_every_screen_and_its_further_parts_are_made_ahead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.shell.ready._PAUSE", 0)
    await make_ready(desk.window)
    assert len(desk.window.screen_tasks()) == len(desk.window.screens())
    schedule = desk.window.screen_at("schedule")
    assert schedule.has_booking()
    assert all(module in sys.modules for module in schedule.further)
