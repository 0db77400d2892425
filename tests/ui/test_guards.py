"""Habits of this room that reading the code can check; and that every word has its table entry."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from app.model.accounts import AuditAction, Role
from app.model.capabilities import Capability, Standing
from app.model.connection import ConnectionState, Environment, Topic
from app.model.outbox import JobKind, JobState, PersonReason
from tests.guards import source
from ui import words
from ui.actions import everywhere
from ui.actions.keys import caps_of
from ui.screens.registry import SCREENS, ScreenSpec
from ui.shell.commands import Commands
from ui.shell.key_bindings import is_letter_key
from ui.theme.tokens import tokens

UI = source.files("ui")


def called(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(name: str) -> list[str]:
    return [
        f"{source.name(path)}:{node.lineno}"
        for path in UI
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and called(node.func) == name
    ]


def test_every_label_is_plain_text() -> None:
    """``Label`` alone sets the format; nothing else makes a QLabel, a message box or rich text."""
    makers = [
        place for name in ("QLabel", "QMessageBox", "QTextBrowser", "QTextEdit", "setHtml") for place in calls(name)
    ]
    assert makers == []
    assert len(calls("setTextFormat")) == 1


def test_tooltips_pass_through_the_helper() -> None:
    """A tooltip is read as markup where it looks like some, so its text goes through ``tip``."""
    loose = []
    for path in UI:
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or called(node.func) != "setToolTip":
                continue
            text = ast.unparse(node.args[0])
            if not (text.startswith("tip(") or "tip(" in text or isinstance(node.args[0], ast.Constant)):
                loose.append(f"{source.name(path)}:{node.lineno}")
    assert loose == []


def test_no_colour_is_written_outside_the_tokens() -> None:
    hexed = re.compile(r"[\"']#[0-9A-Fa-f]{6,8}[\"']")
    allowed = {"ui/theme/icons.py"}  # white, where no ground was named
    found = [
        source.name(path) for path in UI if hexed.search(path.read_text("utf-8")) and source.name(path) not in allowed
    ]
    assert found == []


def test_only_the_theme_sets_a_stylesheet() -> None:
    assert {place.split(":")[0] for place in calls("setStyleSheet")} == {"ui/theme/current.py"}


def test_nothing_waits_on_the_loop() -> None:
    """No nested event loop and no sleeping thread; ``asyncio.sleep`` is awaited and holds nobody up."""
    sleeping = [
        f"{source.name(path)}:{node.lineno}"
        for path in UI
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.sleep"
    ]
    assert sleeping == []
    assert calls("processEvents") == []
    assert calls("waitForFinished") == []


def test_window_titles_never_name_a_person() -> None:
    """The window builds its title from ``page_title``; any other title is a fixed text."""
    loose = []
    for path in UI:
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and called(node.func) == "setWindowTitle":
                fixed = isinstance(node.args[0], ast.Constant)
                if not fixed and source.name(path) != "ui/shell/window.py":
                    loose.append(f"{source.name(path)}:{node.lineno}")
    assert loose == []


# -- actions ---------------------------------------------------------------------------------------------------------


def test_action_ids_are_unique_and_their_methods_exist() -> None:
    seen: set[str] = set()
    for action in everywhere.ACTIONS:
        assert callable(getattr(Commands, action.method)), action.id
        assert not action.when or hasattr(Commands, action.when), action.id
        assert action.id not in seen
        seen.add(action.id)
    for screen in SCREENS:
        kind = screen.load()
        assert kind.name == screen.name and kind.title
        for action in screen.actions():
            assert action.id not in seen and action.id.split(".")[0] == screen.name
            seen.add(action.id)
            assert callable(getattr(kind, action.method)), action.id
            assert not action.when or hasattr(kind, action.when), action.id


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_key_means_two_things_on_one_page(screen: ScreenSpec) -> None:
    actions = [*everywhere.ACTIONS, *screen.actions()]
    keys = [key for action in actions for key in action.all_keys]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    assert "G" not in keys


def test_every_action_has_words_and_an_icon_that_exists() -> None:
    for action in (*everywhere.ACTIONS, *(action for screen in SCREENS for action in screen.actions())):
        assert action.title and action.title[0].isupper(), action.id
        assert not action.icon or action.icon in tokens().icons, action.id
        assert not action.status or action.keys_words, action.id
        assert all(caps_of(key) for key in action.all_keys)


def test_go_letters_are_unique() -> None:
    letters = [screen.go for screen in SCREENS if screen.go]
    assert len(letters) == len(set(letters))
    assert is_letter_key("N") and is_letter_key("Shift+N") and not is_letter_key("Ctrl+N") and not is_letter_key("F6")


# -- words


def test_every_state_capability_and_action_has_its_words() -> None:
    assert set(words.connection_states()) == set(ConnectionState)
    table = words.capabilities()
    assert set(table.labels) == set(Capability) and set(table.standings) == set(Standing)
    listed = [capability for group in table.groups for capability in group.capabilities]
    assert sorted(listed) == sorted(Capability)
    jobs = words.jobs()
    assert (
        set(jobs.states) == set(JobState) and set(jobs.kinds) == set(JobKind) and set(jobs.reasons) == set(PersonReason)
    )
    people = words.people()
    assert set(people.roles) == set(Role) and set(people.audit_actions) == set(AuditAction)
    assert set(people.topics) == set(Topic) and set(people.environments) == set(Environment)


def test_every_word_has_a_shape_and_a_family_that_exist() -> None:
    shown = [
        *words.connection_states().values(),
        *words.capabilities().standings.values(),
        *words.jobs().states.values(),
    ]
    families = tokens().colour["light"].status
    for entry in shown:
        assert entry.icon in tokens().icons and (not entry.family or entry.family in families)
    labels = [entry.label for entry in words.connection_states().values()]
    assert len(labels) == len(set(labels)), "two states of a connection read the same"


def test_methods_of_commands_say_what_they_do() -> None:
    undocumented = [
        name
        for name, method in inspect.getmembers(Commands, inspect.isfunction)
        if name[0] != "_" and not method.__doc__
    ]
    assert undocumented == []
