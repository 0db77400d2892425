"""Texts that repeat, taken apart once: a table that makes what it lacks and forgets when it holds too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.model.money import Money
from app.x12.values import cents


class Texts(dict[str, Any]):
    """Text → what it means, made on demand; emptied when it holds ``most``."""

    __slots__ = ("make", "most")

    def __init__(self, make: Callable[[str], Any], most: int = 8_000) -> None:
        super().__init__()
        self.make = make
        self.most = most

    def __missing__(self, text: str) -> Any:
        if len(self) >= self.most:
            self.clear()
        made = self[text] = self.make(text)
        return made


def _money(text: str) -> Money:
    return Money(cents(text), text)


MONEY = Texts(_money, 20_000)
