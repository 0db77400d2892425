"""What an action is: data that palette, keys, menus, status bar and keyboard help read."""

from __future__ import annotations

import msgspec


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person can do.

    ``method`` names a method without arguments on the screen (or on the shell, for those that hold everywhere);
    ``when`` names a method or property there that says whether it can be done now (empty: always). ``key`` is as
    ``"Ctrl+Shift+R"``, ``"N"``, ``"PageDown"``; further keys in ``also``. ``status`` are the short words beside the
    key in the status bar, empty to leave it out there. ``shown_keys`` replaces ``key`` where people read it.
    """

    id: str
    title: str
    method: str
    key: str = ""
    also: tuple[str, ...] = ()
    when: str = ""
    icon: str = ""
    status: str = ""
    palette: bool = True
    shown_keys: str = ""

    @property
    def keys_words(self) -> str:
        """The keys as people read them."""
        return self.shown_keys or self.key

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Every key that sets it off."""
        return ((self.key,) if self.key else ()) + self.also


class KeyNote(msgspec.Struct, frozen=True, kw_only=True):
    """A key that a widget handles by itself (arrows in a list): only told about, in help and status bar."""

    title: str
    keys: str
    status: str = ""


def can_run(target: object, action: Action) -> bool:
    """Whether ``action`` can be done on ``target`` now."""
    if not action.when:
        return True
    condition = getattr(target, action.when)
    return bool(condition() if callable(condition) else condition)


def run(target: object, action: Action) -> bool:
    """Do ``action`` on ``target`` where it can be done; says whether it was."""
    if not can_run(target, action):
        return False
    getattr(target, action.method)()
    return True
