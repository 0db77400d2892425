"""The one stylesheet: templates of ``resources/styles`` filled with the theme's values."""

from __future__ import annotations

import re

import resources
from ui.theme.theme import Theme

_SLOT = re.compile(r"\$\{([a-z0-9.:-]+)\}")


def stylesheet(theme: Theme) -> str:
    """All templates, filled. ``${role}`` and ``${family.part}`` are colours, ``${px:13}`` grows with the text."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("px:"):
            return f"{theme.px(float(name[3:]))}px"
        colour = theme.colour(name)
        return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"

    texts = (resources.read_text("styles", name) for name in resources.names("styles", suffix=".qss"))
    return "\n".join(_SLOT.sub(value, text) for text in texts)
