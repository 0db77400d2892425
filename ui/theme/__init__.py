"""How Daybook looks: typed tokens, the current theme, fonts and icons.

Widgets hold no hex code and no pixel size of their own: they ask ``theme()`` at the moment they paint, so that dark,
high contrast and larger text are a change of data. Only looks may enter; nothing here knows a screen.
"""

from ui.theme.current import apply, current_settings, on_change, theme
from ui.theme.theme import LookSettings, Theme, ThemeChoice

__all__ = ["LookSettings", "Theme", "ThemeChoice", "apply", "current_settings", "on_change", "theme"]
