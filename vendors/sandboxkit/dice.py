"""Chance that repeats: the same seed gives the same practice on every machine and every Python (splitmix64)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


class Dice:
    """A stream of numbers fixed by ``seeds``."""

    def __init__(self, *seeds: int) -> None:
        self._state = 0x9E3779B97F4A7C15
        for seed in seeds:
            self._state = (self._next() ^ (seed & _MASK)) & _MASK

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return self._next() % limit

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``."""
        return items[self._next() % len(items)]

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)
