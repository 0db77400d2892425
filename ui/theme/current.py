"""The theme in force: chosen from the system's wishes and the person's, and put on the application."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ui.theme.qss import stylesheet
from ui.theme.theme import LookSettings, Theme, ThemeChoice, from_mode, in_high_contrast
from ui.theme.tokens import tokens


class _Hub(QObject):
    """Follows the system's mode and contrast, and says when the theme has changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wishes = LookSettings()
        self.generation = 0
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)

    def _system_changed(self, *_: object) -> None:
        apply(self.wishes)


_state: dict[str, Theme] = {}
_hubs: dict[int, _Hub] = {}


def theme() -> Theme:
    """The theme in force; the light one before any was applied."""
    if "now" not in _state:
        light = tokens().colour["light"]
        _state["now"] = from_mode(light, dark=False, wishes=LookSettings(), reduced_motion=False, generation=0)
    return _state["now"]


def current_settings() -> LookSettings:
    """The wishes that were applied last."""
    return _hub().wishes


def on_change(listener: Callable[[], None]) -> None:
    """Call ``listener`` after each change of theme; a bound method of a QObject is let go with it."""
    _hub().changed.connect(listener)


def apply(wishes: LookSettings) -> Theme:
    """Put the look of ``wishes`` on the application: palette, font, stylesheet. All widgets follow."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    hub = _hub()
    hub.wishes = wishes
    hub.generation += 1
    made = _make(wishes, hub.generation)
    _state["now"] = made
    # Taking the old rules off first costs a third of what replacing them does: Qt then works out each widget's once.
    if app.styleSheet():
        app.setStyleSheet("")
    app.setPalette(_palette(made))
    app.setFont(made.font("body"))
    app.setStyleSheet(stylesheet(made))
    # Qt tells only the widgets its own rules touch; painted ones follow the theme too. Only our own classes are told:
    # Qt's inner widgets may be gone before their turn, and Python would not know.
    ours = [widget for widget in QApplication.allWidgets() if type(widget).__module__.startswith("ui.")]
    for widget in ours:
        if isValid(widget):
            QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
    hub.changed.emit()
    return made


def _hub() -> _Hub:
    app = QApplication.instance()
    assert app is not None
    key = id(app)
    if key not in _hubs:
        _hubs.clear()
        hub = _Hub()
        hub.setParent(app)
        _hubs[key] = hub
    return _hubs[key]


def _make(wishes: LookSettings, generation: int) -> Theme:
    hints = QGuiApplication.styleHints()
    if wishes.choice is ThemeChoice.SYSTEM:
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
    else:
        dark = wishes.choice is ThemeChoice.DARK
    mode = tokens().colour["dark" if dark else "light"]
    made = from_mode(mode, dark=dark, wishes=wishes, reduced_motion=_system_wants_stillness(), generation=generation)
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return in_high_contrast(made, QApplication.style().standardPalette())
    return made


def _system_wants_stillness() -> bool:
    # Only Windows reports its "show animations" switch through Qt 6.11; elsewhere the person's own setting rules.
    return sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "surface", role.WindowText: "text", role.Base: "surface", role.AlternateBase: "sunken",
        role.Text: "text", role.Button: "surface", role.ButtonText: "text", role.BrightText: "on-accent",
        role.Highlight: "accent-tint-2", role.HighlightedText: "text", role.Link: "link", role.LinkVisited: "link",
        role.ToolTipBase: "inverse", role.ToolTipText: "inverse-text", role.PlaceholderText: "text-3",
        role.Light: "surface", role.Midlight: "line-subtle", role.Mid: "line", role.Dark: "line-strong",
        role.Shadow: "text", role.Accent: "accent",
    }  # fmt: skip
    for target, name in pairs.items():
        palette.setColor(target, QColor(theme.colour(name)))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.colour("text-disabled")))
    return palette
