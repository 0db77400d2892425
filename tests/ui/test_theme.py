"""Colours hold their contrast, icons draw, figures stand in columns, sizes follow the text."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import LookSettings, ThemeChoice, apply, icons, theme
from ui.theme.theme import in_high_contrast
from ui.theme.tokens import tokens
from ui.widgets.label import Label

MODES = ("light", "dark")
GROUNDS = ("frame", "canvas", "surface", "sunken", "raised", "hover", "selected")


def luminance(colour: QColor) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.redF(), colour.greenF(), colour.blueF()
    return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", ["text", "text_2", "text_3", "link"])
def test_text_is_readable_on_every_ground(mode: str, text: str) -> None:
    roles = tokens().colour[mode].role
    for ground in GROUNDS:
        assert contrast(getattr(roles, text), getattr(roles, ground)) >= 4.5, ground
    for name, family in tokens().colour[mode].status.items():
        assert contrast(getattr(roles, text), family.bg) >= 4.5, name


@pytest.mark.parametrize("mode", MODES)
def test_status_words_and_shapes_are_seen(mode: str) -> None:
    roles = tokens().colour[mode].role
    for name, family in tokens().colour[mode].status.items():
        assert contrast(family.fg, family.bg) >= 4.5, name
        for ground in ("surface", "canvas", "raised"):
            assert contrast(family.solid, getattr(roles, ground)) >= 3.0, (name, ground)


@pytest.mark.parametrize("mode", MODES)
def test_edges_focus_and_buttons_are_seen(mode: str) -> None:
    roles = tokens().colour[mode].role
    assert contrast(roles.line_strong, roles.surface) >= 3.0
    assert contrast(roles.focus, roles.surface) >= 3.0
    assert contrast(roles.on_accent, roles.accent) >= 4.5
    assert contrast(roles.inverse_text, roles.inverse) >= 4.5
    assert contrast(roles.inverse_link, roles.inverse) >= 4.5
    for step in range(5):
        assert contrast(roles.text, getattr(roles, f"heat_{step}")) >= 4.5


def test_every_icon_draws_something(qapp: QApplication) -> None:
    assert len(tokens().icons) == 101
    for name in tokens().icons:
        image = icons.pixmap(name, QColor("#123456"), 32).toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
        assert inked > 8, name


def test_an_icon_is_drawn_once_per_colour_and_scale(qapp: QApplication) -> None:
    first = icons.pixmap("lock", QColor("#111111"), 16, 2.0)
    assert first.cacheKey() == icons.pixmap("lock", QColor("#111111"), 16, 2.0).cacheKey()
    assert first.cacheKey() != icons.pixmap("lock", QColor("#222222"), 16, 2.0).cacheKey()
    assert first.width() == 32 and first.devicePixelRatio() == 2.0


def test_figures_stand_in_columns(qapp: QApplication) -> None:
    metrics = theme().metrics("body")
    widths = {metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}
    assert len(widths) == 1


def test_larger_text_makes_everything_larger(qapp: QApplication) -> None:
    before, row = theme().font("body").pixelSize(), theme().row_height()
    apply(LookSettings(choice=ThemeChoice.LIGHT, text_percent=150))
    assert theme().font("body").pixelSize() == round(before * 1.5)
    assert theme().row_height() == round(row * 1.5)
    apply(LookSettings(choice=ThemeChoice.LIGHT, text_percent=400))
    assert theme().text_percent == 150


def test_labels_follow_a_new_theme_while_they_stand(qapp: QApplication) -> None:
    window = QWidget()
    label = Label("Tuesday", "title", parent=window)
    window.show()
    apply(LookSettings(choice=ThemeChoice.DARK, text_percent=125))
    shown = label.palette().color(QPalette.ColorRole.WindowText)
    assert shown == theme().colour("text")
    assert label.font().pixelSize() == round(18 * 1.25)
    # The same colours, another size: nothing of the old look stays.
    apply(LookSettings(choice=ThemeChoice.DARK, text_percent=150))
    assert label.font().pixelSize() == round(18 * 1.5)
    window.close()
    window.deleteLater()


def test_high_contrast_takes_the_systems_palette_and_keeps_shapes(qapp: QApplication) -> None:
    system = QPalette()
    system.setColor(QPalette.ColorRole.Base, QColor("#000000"))
    system.setColor(QPalette.ColorRole.Text, QColor("#FFFF00"))
    made = in_high_contrast(theme(), system)
    assert made.colour("surface").name() == "#000000"
    assert made.colour("text").name() == made.colour("amber.fg").name() == "#ffff00"
    assert made.status("appointment", "arrived").icon == "pie-2"


def test_motion_stops_where_it_is_not_wanted(qapp: QApplication) -> None:
    assert theme().duration("regular") == 120
    apply(LookSettings(choice=ThemeChoice.LIGHT, reduced_motion=True))
    assert theme().duration("regular") == 0


def test_each_status_has_a_shape_of_its_own_within_its_group() -> None:
    for group, states in tokens().status.items():
        looks = [look.icon for look in states.values()]
        assert len(looks) == len(set(looks)), group
        assert all(look.icon in tokens().icons for look in states.values())
