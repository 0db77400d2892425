"""Fonts: Inter and JetBrains Mono from the bundle or the system, else the nearest of the system's own."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from ui.theme.tokens import tokens


def bundled_fonts() -> list[Path]:
    """The font files that travel with a bundle, if this is one."""
    home = getattr(sys, "_MEIPASS", "")
    folder = Path(home) / "fonts" if home else None
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in {".otf", ".ttf"})


@cache
def load_bundled() -> tuple[int, ...]:
    """Make the bundle's fonts known to Qt, once; their ids."""
    return tuple(QFontDatabase.addApplicationFont(str(path)) for path in bundled_fonts())


@cache
def family(mono: bool) -> str:
    """The first family of the design's list that this machine has."""
    load_bundled()
    wanted = tokens().font.mono if mono else tokens().font.ui
    for name in wanted:
        if QFontDatabase.hasFamily(name):
            return name
    fallback = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
    return QFontDatabase.systemFont(fallback).family()


def make_font(*, mono: bool, pixel_size: int, weight: int, tracking: float) -> QFont:
    """A font with tabular figures; ``tracking`` is letter spacing in percent."""
    font = QFont(family(mono))
    font.setPixelSize(pixel_size)
    font.setWeight(QFont.Weight(weight))
    if tracking != 100.0:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, tracking)
    for tag, value in tokens().font.features.items():
        font.setFeature(QFont.Tag.fromString(tag), value)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
