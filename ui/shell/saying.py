"""Telling a screen reader what has changed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(window: QWidget, words: str, *, assertive: bool = False) -> None:
    """Have ``words`` read out: at once where ``assertive``, else when the reader comes to an end."""
    # Qt's words for it are many, and take longer to make than a frame: with the first thing said, not at the start.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(window, words)
    polite = QAccessible.AnnouncementPoliteness
    event.setPoliteness(polite.Assertive if assertive else polite.Polite)
    QAccessible.updateAccessibility(event)
