"""What the window itself has to say above every page."""

from __future__ import annotations

from collections.abc import Callable

from app.model.connection import Environment
from ui import words
from ui.services import Practice
from ui.shell.frame import Frame
from ui.widgets.banner import Banner

PREVIEW = Banner(
    key="preview",
    family="violet",
    icon="sandbox",
    strong="This is a preview system.",
    words="Nothing here reaches the practice's own records.",
)


def show_practice(frame: Frame, practice: Practice) -> None:
    """Whose practice this is, and that it is not the real one where it is not."""
    frame.header.practice.show_practice(practice.name, practice.location, practice.initials())
    real = practice.environment is Environment.PRODUCTION
    kind = words.people().environments[practice.environment].lower()
    frame.status.show_extra("" if real else f"This is a {kind} practice")
    if practice.environment is Environment.PREVIEW:
        frame.banner.put(PREVIEW)
    else:
        frame.banner.take(PREVIEW.key)


def lock_warning(seconds: int, stay: Callable[[], None]) -> Banner:
    """What is said while the lock is about to come."""
    return Banner(
        key="idle",
        family="amber",
        icon="lock",
        strong=f"Daybook locks in {seconds} s.",
        words="Move the mouse or press a key to stay. Nothing half typed is lost.",
        button="Stay",
        on_button=stay,
    )


def tell(
    frame: Frame,
    key: str,
    family: str,
    strong: str,
    words: str = "",
    *,
    act: tuple[str, Callable[[], None]] | None = None,
) -> None:
    """What whoever signs in must know; it stands until answered. ``act``: another button than "Understood"."""
    button, press = act or ("Understood", lambda: frame.banner.take(key))
    frame.banner.put(
        Banner(key=key, family=family, icon="alert", strong=strong, words=words, button=button, on_button=press)
    )
