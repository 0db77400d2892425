"""Failing on purpose.

A fault is ``KIND[=VALUE][*TIMES][@OPERATION][%CHANCE]``; several are joined by ``,``. Without TIMES it stays until it
is cleared; without OPERATION it meets every request; CHANCE is a percentage.

===============  ======================================================================================
before anything happens
latency=S        wait S seconds first
hang=S           wait S seconds (an hour) and then drop the connection, nothing done
rate_limit=S     429 with ``Retry-After: S`` (30)
fail=STATUS      this status (500) with a JSON error
drop_before      close the connection, nothing done
expire           every token given so far is worth nothing from now on
redirect=URL     302 to another place
take             somebody else takes the time just before this booking
after it was done
drop_after       close the connection instead of answering
hang_after=S     wait S seconds (an hour) and then drop it
fail_after=ST    this status (500) instead of the answer
malformed        half of the JSON
drift=FIELD      FIELD comes under another name
alter=FIELD      FIELD comes with another value
html             a web page with status 200
huge=MB          an answer of MB megabytes (50)
empty            status 200 and nothing
pages of a portal
relabel          other words on labels and buttons
reid             other ids and names of fields
move             buttons inside a closed menu, elsewhere
interstitial     a page of its own stands before the page
popup=TEXT       a dialog nobody knows covers the page
require          a new field that must be filled
kill_before      the session ends when the form arrives, nothing done
kill_after       done, and then the session ends
files
half=S           the next report is half written for S seconds (5)
always
skew=S           the simulator's clock is S seconds wrong
===============  ======================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from vendors.sandboxkit.dice import Dice

BEFORE = ("latency", "expire", "take", "rate_limit", "fail", "redirect", "hang", "drop_before")
AFTER = ("drop_after", "hang_after", "fail_after", "malformed", "drift", "alter", "html", "huge", "empty")
PAGES = ("relabel", "reid", "move", "interstitial", "popup", "require", "kill_before", "kill_after")
KINDS = frozenset((*BEFORE, *AFTER, *PAGES, "half", "skew"))

_FORM = re.compile(
    r"(?P<kind>[a-z_]+)(?:=(?P<value>[^*@%]*))?(?:\*(?P<times>\d+))?(?:@(?P<operation>[a-z_]+))?(?:%(?P<chance>\d+))?"
)


@dataclass(kw_only=True)
class Fault:
    """One fault; ``times`` None means until cleared."""

    kind: str
    value: str = ""
    times: int | None = None
    operation: str = ""
    chance: int = 100

    def number(self, usual: float) -> float:
        """``value`` as a number, or ``usual`` without one."""
        return float(self.value) if self.value else usual


def parse(spec: str) -> list[Fault]:
    """Read a ``--faults`` text. Raises ValueError naming the part that is none."""
    found = []
    for part in filter(None, (part.strip() for part in spec.split(","))):
        match = _FORM.fullmatch(part)
        if match is None or match["kind"] not in KINDS:
            raise ValueError(f"not a fault: {part!r} (known: {', '.join(sorted(KINDS))})")
        found.append(
            Fault(
                kind=match["kind"],
                value=match["value"] or "",
                times=int(match["times"]) if match["times"] else None,
                operation=match["operation"] or "",
                chance=int(match["chance"] or 100),
            )
        )
    return found


@dataclass
class Faults:
    """The faults of one simulator, in the order they were asked for."""

    seed: int = 1
    active: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = Dice(self.seed)

    def due(self, operation: str) -> list[Fault]:
        """The faults that meet this request; each is spent by being due."""
        due = []
        for fault in self.active:
            if fault.times == 0 or fault.operation not in {"", operation}:
                continue
            if fault.chance < 100 and self._dice.below(100) >= fault.chance:
                continue
            if fault.times is not None:
                fault.times -= 1
            due.append(fault)
        self.active = [fault for fault in self.active if fault.times != 0]
        return due


def renamed(value: Any, name: str) -> Any:
    """``value`` with every field ``name`` under another name."""
    if isinstance(value, dict):
        return {(f"new{key}" if key == name else key): renamed(held, name) for key, held in value.items()}
    return [renamed(held, name) for held in value] if isinstance(value, list) else value


def altered(value: Any, name: str) -> Any:
    """``value`` with every field ``name`` holding something else of the same sort."""
    if isinstance(value, dict):
        return {key: (_other(held) if key == name else altered(held, name)) for key, held in value.items()}
    return [altered(held, name) for held in value] if isinstance(value, list) else value


def _other(held: Any) -> Any:
    if isinstance(held, bool):
        return not held
    if isinstance(held, int):
        return held + 1
    if isinstance(held, str) and re.fullmatch(r"\d\d:\d\d:\d\d", held):
        return f"{(int(held[:2]) + 1) % 24:02d}{held[2:]}"
    if isinstance(held, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", held):
        return f"{int(held[:4]) + 1}{held[4:]}"
    return f"{held} (changed)"
