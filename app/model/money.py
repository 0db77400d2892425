"""Money: whole cents, exact, with the text it was read from."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec


class Money(msgspec.Struct, frozen=True, order=True):
    """An amount of US dollars in integer ``cents``; ``source`` keeps the text as it was written, if it was read."""

    cents: int
    source: str = msgspec.field(default="")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``"12.5"``, ``".5"``, ``"-3"`` exactly. Raises ValueError for anything that is not whole cents."""
        try:
            exact = Decimal(text) * 100
        except InvalidOperation:
            raise ValueError(f"not an amount of money: {text!r}") from None
        if not exact.is_finite() or exact != exact.to_integral_value():
            raise ValueError(f"not a whole number of cents: {text!r}")
        return cls(int(exact), text)

    def plain(self) -> str:
        """``"-1204.44"``: two decimals, no grouping."""
        sign, cents = ("-", -self.cents) if self.cents < 0 else ("", self.cents)
        return f"{sign}{cents // 100}.{cents % 100:02d}"

    def shown(self) -> str:
        """``"−$1,204.44"``: as people read it, with a real minus sign."""
        sign, cents = ("−", -self.cents) if self.cents < 0 else ("", self.cents)
        return f"{sign}${cents // 100:,}.{cents % 100:02d}"
