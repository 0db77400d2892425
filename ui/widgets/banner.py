"""The banner: one at a time under the toolbar, the most serious wins. Says what is still possible."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Ground, Line, clear

_ORDER = ("red", "amber", "violet", "grey")


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """What a banner says: ``strong`` first, ``words`` after it, at most one button."""

    key: str
    family: str
    icon: str
    strong: str
    words: str = ""
    button: str = ""
    button_icon: str = ""
    on_button: Callable[[], None] | None = None


class BannerSlot(QWidget):
    """Where a page shows its banner; empty it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[str, Banner] = {}
        self._shown: Banner | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.hide()

    def put(self, banner: Banner) -> None:
        """Show ``banner`` (in place of one of the same key) unless a more serious one stands."""
        self._banners[banner.key] = banner
        self._pick()

    def take(self, key: str) -> None:
        """What ``key`` warned of is over."""
        self._banners.pop(key, None)
        self._pick()

    def shown(self) -> Banner | None:
        """The banner people see now."""
        return self._shown

    def _pick(self) -> None:
        best = min(self._banners.values(), key=lambda banner: _ORDER.index(banner.family), default=None)
        if best == self._shown:
            return
        self._shown = best
        clear(self._box)
        self.setVisible(best is not None)
        if best is not None:
            self._box.addWidget(banner_row(best))
            self._box.addWidget(Line())
            self.setAccessibleName(f"{best.strong} {best.words}")


def banner_row(banner: Banner, *, radius: int = 0) -> Ground:
    """The banner as a widget."""
    made = Ground(f"{banner.family}.bg", radius=radius)
    made.setMinimumHeight(theme().px(42))
    line = QHBoxLayout(made)
    line.setContentsMargins(16, 5, 12, 5)
    line.setSpacing(8)
    line.addWidget(IconView(banner.icon, f"{banner.family}.solid"))
    line.addWidget(Label(banner.strong, "body-strong", "text"))
    line.addWidget(Label(banner.words, "body", "text-2", wrap=True), 1)
    if banner.button:
        button = Button(banner.button, "plain", icon=banner.button_icon, size="small")
        if banner.on_button is not None:
            button.clicked.connect(banner.on_button)
        line.addWidget(button)
    return made
