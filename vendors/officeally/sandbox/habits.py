"""How long things take here, what the account asked for, and modelling that can be switched."""

from __future__ import annotations

from dataclasses import dataclass, field

_DAY = 24 * 60


@dataclass
class Timetable:
    """How long things take, in minutes (from, to); seconds for ``pickup_s``."""

    pickup_s: int = 60
    ack: tuple[int, int] = (20, 120)
    summary: tuple[int, int] = (6 * 60, 12 * 60)
    status: tuple[int, int] = (1 * _DAY, 5 * _DAY)
    pay: tuple[int, int] = (7 * _DAY, 42 * _DAY)


@dataclass
class Habits:
    """What the account asked for, and what a test may want otherwise.

    ``reports`` are the kinds sent over SFTP; ``split_over`` the number of claims above which a file is split;
    ``any_case`` takes ``oatest`` for OATEST; ``duplicates`` delivers every report twice; by account number
    ``verdicts`` fixes why a payer refuses a claim (empty: it does not) and ``outcomes`` what it pays.
    """

    reports: set[str] = field(default_factory=lambda: {"999", "277", "835"})
    split_over: int = 200
    any_case: bool = False
    duplicates: bool = False
    outcomes: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
