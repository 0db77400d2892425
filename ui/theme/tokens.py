"""The design's values as frozen, typed data, read once from ``resources/tokens.json``.

Annotations are values here, not texts: they are read at each start, and texts would have to be compiled for that.
"""

from functools import cache

import msgspec

import resources


class Roles(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    """Colours by what they are for, as ``#RRGGBB`` or ``#AARRGGBB`` (Qt's order)."""

    frame: str
    canvas: str
    surface: str
    sunken: str
    raised: str
    hover: str
    pressed: str
    selected: str
    frame_hover: str
    frame_active: str
    line_subtle: str
    line: str
    line_strong: str
    scrim: str
    hatch: str
    text: str
    text_2: str
    text_3: str
    text_disabled: str
    link: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_tint: str
    accent_tint_2: str
    accent_line: str
    focus: str
    ribbon: str
    on_ribbon: str
    inverse: str
    inverse_text: str
    inverse_text_2: str
    inverse_link: str
    heat_0: str
    heat_1: str
    heat_2: str
    heat_3: str
    heat_4: str
    chart_1: str
    chart_2: str
    chart_3: str
    chart_4: str
    chart_5: str
    chart_grid: str
    chart_mute: str


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A status family: ``fg`` text on ``bg``, ``solid`` shapes and bars, ``line`` thin edges."""

    fg: str
    bg: str
    solid: str
    line: str


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """All colours of one mode (light or dark)."""

    role: Roles
    status: dict[str, Family]


class TypeStyle(msgspec.Struct, frozen=True, kw_only=True):
    """A type style: size and line height in logical pixels, weight 100–900."""

    px: int
    line: int
    weight: int


class FontTokens(msgspec.Struct, frozen=True, kw_only=True):
    """Families in order of preference, and OpenType features to switch on."""

    ui: tuple[str, ...]
    mono: tuple[str, ...]
    features: dict[str, int]


class Radius(msgspec.Struct, frozen=True, kw_only=True):
    """Corner radii in logical pixels."""

    xs: int
    sm: int
    md: int
    lg: int
    xl: int
    full: int


class Motion(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Times in milliseconds."""

    fast: int
    regular: int
    slow: int
    spinner_turn: int
    skeleton_delay: int
    tooltip_delay: int
    toast_life: int
    reduced: int


class StatusLook(msgspec.Struct, frozen=True, kw_only=True):
    """A status: the word, its colour family and its shape (an icon's name)."""

    label: str
    family: str
    icon: str


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the screens need of ``tokens.json``."""

    colour: dict[str, Mode]
    radius: Radius
    font: FontTokens
    type: dict[str, TypeStyle]
    motion: Motion
    status: dict[str, dict[str, StatusLook]]
    source: dict[str, str]
    icons: dict[str, str]


@cache
def tokens() -> Tokens:
    """The design's values. Raises msgspec.ValidationError when the file and these types have parted."""
    return msgspec.json.decode(resources.read_bytes("tokens.json"), type=Tokens)


def status(group: str, state: str) -> StatusLook:
    """How ``state`` of ``group`` looks: ``status("appointment", "arrived")``. KeyError for what the design lacks."""
    return tokens().status[group][state]
