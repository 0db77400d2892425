"""Settings: looks, keys, lock, accounts, rules, upkeep."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.model.accounts import AuditAction, Role
from app.model.rules import BlockForce
from app.store import accounts as accounts_store
from app.store import rules
from tests.ui.conftest import PASSWORD, Desk, seen
from tests.ui.hands import field, press
from ui.screens.settings.accounts import Accounts, PersonSheet
from ui.screens.settings.rule_sheets import BlockSheet, TypeSheet
from ui.screens.settings.rules import Rules
from ui.screens.settings.screen import SettingsScreen
from ui.widgets.choices import Combo
from ui.widgets.sheet import Sheet


async def test_looks_take_effect_at_once_and_are_remembered(desk: Desk) -> None:
    screen = await desk.open("settings", section="look")
    press(screen, "Theme: Dark")
    press(screen, "Text size: 125 %")
    press(screen, "Density: Compact")
    await desk.settle()
    from ui.theme import theme

    assert theme().dark and theme().text_percent == 125 and theme().row_height() == round(28 * 1.25)
    person = desk.session.person()
    assert person is not None
    desk.session.lock()
    await desk.session.begin(person)
    await desk.settle()
    assert desk.session.own.look.text_percent == 125


async def test_minutes_until_the_lock_are_the_practices(desk: Desk) -> None:
    screen = await desk.open("settings", section="lock")
    lock = screen._shown
    lock._limit(5)
    await desk.settle()
    assert desk.session.practice.idle_minutes == 5
    assert any("Practice setting" in entry.subject for entry in await desk.practice.log(AuditAction.SETTING))
    desk.window.commands.switch_user()
    await desk.session.sign_in("desmond", PASSWORD)
    await desk.settle()
    assert desk.session.practice.idle_minutes == 5
    screen = await desk.open("settings", section="lock")
    assert not screen._shown.findChild(Combo).isEnabled()


async def test_one_changes_ones_passphrase_knowing_the_old_one(desk: Desk) -> None:
    screen = await desk.open("settings", section="own_account")
    section = screen._shown
    field(section, "Current passphrase").set_text("not it")
    field(section, "New passphrase").set_text("another quiet morning")
    field(section, "New passphrase, again").set_text("another quiet mourning")
    press(section, "Change passphrase")
    assert field(section, "New passphrase, again").message.words() == "This is not the same as above."
    field(section, "New passphrase, again").set_text("another quiet morning")
    press(section, "Change passphrase")
    await desk.settle()
    assert "not right" in field(section, "Current passphrase").message.words()
    field(section, "Current passphrase").set_text(PASSWORD)
    press(section, "Change passphrase")
    await desk.settle()
    assert "Changed." in seen(section)
    desk.session.lock()
    await desk.session.unlock("another quiet morning")
    await desk.settle()


async def test_a_pin_is_set_and_opens_the_locked_window(desk: Desk) -> None:
    # Whoever is at work in these tests was never asked for a passphrase.
    desk.window.commands.switch_user()
    await desk.session.sign_in("desmond", PASSWORD)
    await desk.settle()
    section = (await desk.open("settings", section="own_account"))._shown
    press(section, "Set PIN or badge")
    assert field(section, "PIN or badge").message.words() == "This is needed."
    field(section, "Your passphrase").set_text(PASSWORD)
    field(section, "PIN or badge").set_text("123456")
    press(section, "Set PIN or badge")
    await desk.settle()
    assert "guessed at once" in field(section, "PIN or badge").message.words()
    field(section, "PIN or badge").set_text("482915")
    press(section, "Set PIN or badge")
    await desk.settle()
    assert "It is good from now on." in seen(section) and "Set another PIN or badge" in seen(section)
    assert (field(section, "Your passphrase").raw(), field(section, "PIN or badge").raw()) == ("", "")
    desk.session.lock()
    await desk.session.unlock("482915")
    assert not desk.session.is_locked()
    await desk.settle()
    section = (await desk.open("settings", section="own_account"))._shown
    field(section, "Your passphrase").set_text(PASSWORD)
    press(section, "Take it away")
    await desk.settle()
    assert "It is gone." in seen(section) and "Set PIN or badge" in seen(section)


async def test_accounts_are_added_changed_and_unlocked(desk: Desk) -> None:
    screen = await desk.open("settings", section="accounts")
    assert isinstance(screen, SettingsScreen)
    section = screen._shown
    assert isinstance(section, Accounts)
    press(section, "Add a person")
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, PersonSheet)
    field(sheet, "Full name").set_text("Ines Tarrow")
    field(sheet, "User name").set_text("ines")
    field(sheet, "First passphrase").set_text("short")
    sheet.role.set_key(Role.BILLER.value)
    press(sheet, "Add person")
    await desk.settle()
    assert "fewer than 8" in field(sheet, "First passphrase").message.words()
    field(sheet, "First passphrase").set_text("a longer sentence")
    press(sheet, "Add person")
    await desk.settle()
    assert desk.window.sheets.top() is None
    known = await desk.practice.store.read(accounts_store.listed)
    assert {a.user_name: a.role for a in known}["ines"] is Role.BILLER
    for _ in range(5):
        with pytest.raises(Exception, match=r"not right|locked"):
            await desk.accounts.sign_in("ines", "wrong", "")
    # What the refused sign-ins changed is read anew first: it would take the choice away between look and press.
    await desk.settle()
    await section._reload()
    section._table.go_to(section._model.find(lambda a: a.user_name == "ines"))
    assert section._lift.isEnabled() and section._state(section._table.row()) == "Locked out"
    press(section, "Lift the lock-out")
    await desk.settle()
    await desk.accounts.sign_in("ines", "a longer sentence", "")


async def test_hours_blocks_and_visit_rules_are_kept(desk: Desk) -> None:
    screen = await desk.open("settings", section="rules")
    section = screen._shown
    assert isinstance(section, Rules)
    provider = desk.practice.ids["2"]
    section.choose(provider)
    await desk.settle()
    section._hours[0].set_text("8-12, 1-5")
    section._copy_monday()
    section._hours[5].set_text("nine to noon-ish")
    press(section, "Save these rules")
    await desk.settle()
    assert "Write it as" in section._hours[5].message.words()
    section._hours[5].set_text("")
    press(section, "Add a block")
    await desk.settle()
    block = desk.window.sheets.top()
    assert isinstance(block, BlockSheet)
    field(block, "Label").set_text("Huddle")
    field(block, "From and to").set_text("8-8:15")
    block._force.set_key(BlockForce.SOFT)
    press(block, "Keep")
    await desk.settle()
    press(section, "Add a visit rule")
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, TypeSheet)
    field(sheet, "Length").set_text("40")
    field(sheet, "Free after").set_text("10")
    press(sheet, "Keep")
    await desk.settle()
    assert section._hours[0].text() == "8-12, 1-5", "what is typed survives a change of the lists"
    press(section, "Save these rules")
    await desk.settle()
    kept = await desk.practice.store.read(rules.get, provider)
    assert kept is not None
    assert [(h.weekday, h.start, h.end) for h in kept.hours[:2]] == [(0, 480, 720), (0, 780, 1020)]
    assert len(kept.hours) == 10
    assert kept.blocks[0].label == "Huddle" and kept.blocks[0].force is BlockForce.SOFT
    assert kept.blocks[0].weekdays == (0, 1, 2, 3, 4)
    assert kept.visit_types[0].minutes == 40 and kept.visit_types[0].buffer_after == 10


async def test_wiping_wants_the_word(desk: Desk) -> None:
    screen = await desk.open("settings", section="upkeep")
    press(screen, "Wipe this computer…")
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, Sheet)
    press(sheet, "Wipe this computer")
    assert desk.window.sheets.top() is sheet and desk.upkeep.asked == []
    field(sheet, "Type WIPE to go on").set_text("WIPE")
    press(sheet, "Wipe this computer")
    await desk.settle()
    assert [what for what, _ in desk.upkeep.asked] == ["wipe"]


async def test_a_backup_asks_for_the_recovery_passphrase(desk: Desk, tmp_path: Path) -> None:
    screen = await desk.open("settings", section="upkeep")
    section = screen._shown
    section.start("backup", section._back_up(tmp_path / "daybook.backup"))
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert sheet is not None
    press(sheet, "Back up")
    assert desk.window.sheets.top() is sheet, "an empty passphrase goes nowhere"
    field(sheet, "Recovery passphrase").set_text("keep this far from here")
    press(sheet, "Back up")
    await desk.settle()
    assert desk.upkeep.asked == [("back up", tmp_path / "daybook.backup")]


async def test_a_section_left_while_it_is_still_being_built_ends_in_peace(desk: Desk) -> None:
    screen = await desk.open("settings", section="look")
    for turns in range(6):
        screen.show_rules()
        for _ in range(turns):
            await asyncio.sleep(0)
        screen.show_lock()
        await asyncio.sleep(0.02)
    await desk.settle()
    assert desk.window.sheets.top() is None
    assert screen.findChildren(Rules) == []
