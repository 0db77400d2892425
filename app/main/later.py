"""What is not needed before the first paint is imported and made when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class _Later(Generic[T]):
    """Hands every question on to what ``make`` gives, which is made once, with the first question."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: T | None = None

    def __getattr__(self, name: str) -> object:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def later(make: Callable[[], T]) -> T:
    """Stands for what ``make`` gives, for whoever calls its methods; ``make`` runs with the first of these calls."""
    return cast(T, _Later(make))
