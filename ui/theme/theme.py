"""One theme: colours, type and sizes for one mode at one text size."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Literal

import msgspec
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette

from ui.theme.fonts import make_font
from ui.theme.tokens import Family, Mode, Roles, StatusLook, Tokens, tokens

TypeName = Literal["caption", "small", "body", "body-strong", "heading", "title", "figure", "hero", "mono"]


class ThemeChoice(StrEnum):
    """What a person chose: the system's mode, or always one."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A person's wishes for the look. ``text_percent`` is 90–150; ``density`` is compact or regular."""

    choice: ThemeChoice = ThemeChoice.SYSTEM
    text_percent: int = 100
    density: Literal["compact", "regular"] = "regular"
    reduced_motion: bool = False


@lru_cache(maxsize=512)
def _colour(text: str) -> QColor:
    return QColor(text)


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """What widgets ask while they paint. ``generation`` counts changes, so that a widget can tell a new theme."""

    dark: bool
    roles: Roles
    families: dict[str, Family]
    text_percent: int
    density: Literal["compact", "regular"]
    reduced_motion: bool
    high_contrast: bool
    generation: int

    @property
    def tokens(self) -> Tokens:
        """The design's values."""
        return tokens()

    def colour(self, role: str) -> QColor:
        """The colour of ``role``: ``"text-2"``, ``"line"``, or of a family part: ``"amber.fg"``. Do not modify it."""
        if "." in role:
            family, part = role.split(".")
            return _colour(getattr(self.families[family], part))
        return _colour(getattr(self.roles, role.replace("-", "_")))

    def px(self, logical: float) -> int:
        """``logical`` pixels grown with the text size, for heights and widths that hold text."""
        return round(logical * self.text_percent / 100)

    def font(self, style: TypeName = "body", weight: int = 0) -> QFont:
        """A copy of the font of a type style, in the text size asked for; ``weight`` 100–900 overrides."""
        return QFont(_font(style, weight, self.text_percent))

    def metrics(self, style: TypeName = "body", weight: int = 0) -> QFontMetrics:
        """The measures of ``font(style, weight)``."""
        return _metrics(style, weight, self.text_percent)

    def line_height(self, style: TypeName = "body") -> int:
        """The design's line height of a style, grown with the text size."""
        return self.px(tokens().type[style].line)

    def row_height(self, kind: Literal["regular", "two-line", "people", "head"] = "regular") -> int:
        """Height of a table row: ``regular`` follows the density."""
        base = {"two-line": 44, "people": 50, "head": 30}.get(kind, 28 if self.density == "compact" else 34)
        return self.px(base)

    def duration(self, kind: Literal["fast", "regular", "slow"]) -> int:
        """Milliseconds of a movement; 0 when the person or the system wants none."""
        motion = tokens().motion
        if self.reduced_motion:
            return motion.reduced
        return {"fast": motion.fast, "regular": motion.regular, "slow": motion.slow}[kind]

    def status(self, group: str, state: str) -> StatusLook:
        """How a status looks (word, family, shape)."""
        return tokens().status[group][state]


@lru_cache(maxsize=128)
def _font(style: str, weight: int, percent: int) -> QFont:
    look = tokens().type[style]
    return make_font(
        mono=style == "mono",
        pixel_size=max(1, round(look.px * percent / 100)),
        weight=weight or look.weight,
        tracking=98.2 if style in {"title", "figure", "hero"} else 100.0,
    )


@lru_cache(maxsize=128)
def _metrics(style: str, weight: int, percent: int) -> QFontMetrics:
    return QFontMetrics(_font(style, weight, percent))


def from_mode(mode: Mode, *, dark: bool, wishes: LookSettings, reduced_motion: bool, generation: int) -> Theme:
    """A theme in the design's own colours."""
    return Theme(
        dark=dark,
        roles=mode.role,
        families=mode.status,
        text_percent=min(150, max(90, wishes.text_percent)),
        density=wishes.density,
        reduced_motion=reduced_motion or wishes.reduced_motion,
        high_contrast=False,
        generation=generation,
    )


def in_high_contrast(theme: Theme, system: QPalette) -> Theme:
    """``theme`` in the system's own palette, as a person who set high contrast wants; shapes stay."""

    def name(role: QPalette.ColorRole) -> str:
        return system.color(role).name()

    base, text, window = name(QPalette.ColorRole.Base), name(QPalette.ColorRole.Text), name(QPalette.ColorRole.Window)
    mark, on_mark = name(QPalette.ColorRole.Highlight), name(QPalette.ColorRole.HighlightedText)
    plain = dict.fromkeys(("text", "text_2", "text_3", "line", "line_strong", "line_subtle", "focus"), text)
    grounds = dict.fromkeys(("canvas", "surface", "sunken", "raised", "hover", "pressed", "frame_active"), base)
    marks = dict.fromkeys(("accent", "accent_hover", "accent_pressed", "accent_line", "ribbon"), mark)
    tints = dict.fromkeys(("selected", "accent_tint", "accent_tint_2"), base)
    roles = msgspec.structs.replace(
        theme.roles,
        **plain, **grounds, **marks, **tints,
        frame=window, frame_hover=window, link=text, on_accent=on_mark, on_ribbon=on_mark,
        inverse=text, inverse_text=base, inverse_text_2=base, inverse_link=base,
    )  # fmt: skip
    family = Family(fg=text, bg=base, solid=text, line=text)
    return msgspec.structs.replace(
        theme, roles=roles, families=dict.fromkeys(theme.families, family), high_contrast=True
    )
