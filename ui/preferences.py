"""A person's own settings of the window, and the practice's that concern it; kept by ``app.desk.preferences``."""

from __future__ import annotations

import msgspec

from ui.theme import LookSettings

KEY = "window"
PRACTICE_KEY = "window"


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """One person's: look, single-letter keys, one-key changes without asking, menu collapsed."""

    look: LookSettings = LookSettings()
    letter_keys: bool = True
    quick_keys: bool = False
    menu_narrow: bool = False
    privacy: bool = False


class PracticePreferences(msgspec.Struct, frozen=True, kw_only=True):
    """The practice's: minutes without activity until the window locks."""

    idle_minutes: int = 10
