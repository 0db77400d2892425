"""A person's own settings of the window, and the practice's that concern it; kept in the store's settings."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from app.model.accounts import Actor
from app.store import settings as settings_store
from app.store.database import Reader
from ui.theme import LookSettings

Kind = TypeVar("Kind")

KEY = "window"
PRACTICE_KEY = "window.practice"


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """One person's: look, single-letter keys, one-key changes without asking, menu collapsed."""

    look: LookSettings = LookSettings()
    letter_keys: bool = True
    quick_keys: bool = False
    menu_narrow: bool = False


class PracticePreferences(msgspec.Struct, frozen=True, kw_only=True):
    """The practice's: minutes without activity until the window locks."""

    idle_minutes: int = 10


class SettingsWriter(Protocol):
    """Keeps settings; asks whether the person may change the practice's."""

    async def put_own(self, actor: Actor, key: str, value: bytes) -> None:
        """Keep a setting of the person's own."""
        ...

    async def put_practice(self, actor: Actor, key: str, value: bytes) -> None:
        """Keep a setting of the practice. Raises NotPermitted in words."""
        ...


def load(conn: Reader, account_id: str) -> tuple[Preferences, PracticePreferences]:
    """Both kinds; what cannot be read (from a later version) falls back to how Daybook comes."""
    own = settings_store.get(conn, account_id, KEY)
    practice = settings_store.get(conn, settings_store.PRACTICE, PRACTICE_KEY)
    return _decoded(own, Preferences) or Preferences(), _decoded(practice, PracticePreferences) or PracticePreferences()


def load_practice(conn: Reader) -> PracticePreferences:
    """The practice's alone, before anybody has signed in."""
    kept = settings_store.get(conn, settings_store.PRACTICE, PRACTICE_KEY)
    return _decoded(kept, PracticePreferences) or PracticePreferences()


def _decoded(data: bytes | None, kind: type[Kind]) -> Kind | None:
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError:
        return None
