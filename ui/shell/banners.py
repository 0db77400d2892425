"""What the window itself has to say above every page."""

from __future__ import annotations

from collections.abc import Callable

from ui.widgets.banner import Banner

PREVIEW = Banner(
    key="preview",
    family="violet",
    icon="sandbox",
    strong="This is a preview system.",
    words="Nothing here reaches the practice's own records.",
)


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
