"""Levels (HL) of 270, 271, 276, 277 and 277CA: numbers without gaps, the level above, the flag for levels below.

Loops are complete from the innermost outwards, so the first level that closes counts those above it first: that is the
order of the file, and nothing has to be remembered of levels that were let go.
"""

from __future__ import annotations

from app.model.problem import Severity
from app.x12.loops import Loop, Report


def soft(report: Report) -> Severity:
    """An error in what we build, a warning in what we receive."""
    return Severity.ERROR if report.ours else Severity.WARNING


def tally(loop: Loop) -> dict[str, int]:
    """What is remembered of a loop while its inner loops come and go."""
    if loop.tally is None:
        loop.tally = {}
    return loop.tally


def level(loop: Loop, report: Report) -> None:
    """Count this level and those above it that are not yet counted; then look at its own flag."""
    chain: list[Loop] = []
    outer: Loop | None = loop
    while outer is not None and outer.parent is not None:
        chain.append(outer)
        outer = outer.parent
    root = outer or loop
    for parent, one in zip([None, *chain[::-1]], chain[::-1], strict=False):
        if not tally(one).get("HL"):
            tally(one)["HL"] = 1
            _count(root, parent, one, report)
    hl = loop.first("HL")
    below = tally(loop).get("HL below", 0)
    if hl is not None and hl[4] in ("0", "1") and (hl[4] == "1") != bool(below):
        words = (
            "says that levels follow below, but none does"
            if hl[4] == "1"
            else "says that no level follows below, but one does"
        )
        report(
            loop, hl, "04", "hl-child", f"HL04 {words}.", "Set HL04 to 1 only when a level follows below.", soft(report)
        )


def _count(root: Loop, parent: Loop | None, loop: Loop, report: Report) -> None:
    hl = loop.first("HL")
    if hl is None:
        return
    expected = tally(root).get("HL", 0) + 1
    number = int(hl[1]) if hl[1].isascii() and hl[1].isdigit() and len(hl[1]) <= 12 else 0
    if number != expected:
        report(
            loop, hl, "01", "hl-number", f"This level has the number {hl[1] or 'none'}; {expected} comes next.",
            "Number the levels from 1 without gaps.",
        )  # fmt: skip
    tally(root)["HL"] = number or expected
    above = parent.value("HL", 1) if parent is not None else ""
    if hl[2] != above:
        report(
            loop, hl, "02", "hl-parent",
            f"This level names {hl[2] or 'none'} as the one above it; it stands under {above or 'none'}.",
            "Name the level above.",
        )  # fmt: skip
    if parent is not None:
        tally(parent)["HL below"] = 1
