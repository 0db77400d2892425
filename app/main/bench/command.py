"""``daybook bench``: the figures people feel, each against its stated floor. Shown, never asserted by a test."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

import msgspec

from app.main.bench.rows import BenchRow

#: name → (module, function). Each function measures and returns its rows.
BENCHMARKS: dict[str, tuple[str, str]] = {
    "start": ("app.main.bench.window", "start"),
    "unlock": ("app.main.bench.window", "unlock"),
    "memory": ("app.main.bench.window", "memory"),
    "grid": ("app.main.bench.grid", "grid"),
    "day": ("app.main.bench.grid", "day"),
    "search": ("app.main.bench.store", "search"),
    "slots": ("app.main.bench.slots", "slots"),
    "heartbeat": ("app.main.bench.heartbeat", "heartbeat"),
    "upsert": ("app.main.bench.store", "upsert"),
    "portal": ("app.main.bench.portal", "portal"),
}


def line_of(row: BenchRow) -> str:
    """A row as one line of text: figure, bound, whether it holds, floor."""
    sign = "≥" if row.at_least else "≤"
    verdict = "holds" if row.holds else "MISSED"
    floor = f"   floor: {row.floor}" if row.floor else ""
    note = f"   {row.note}" if row.note else ""
    return (
        f"{row.bench:<10} {row.name:<44} {row.value:>10.2f} {row.unit:<7} {sign} {row.reach:g}  {verdict}{floor}{note}"
    )


def run(argv: list[str]) -> int:
    """Run the named benchmark, or all. Exit 0 when measured, whether or not every bound holds."""
    if argv and argv[0] == "x12":
        run_x12: int = import_module("app.main.bench.x12").run(argv[1:])
        return run_x12
    parser = argparse.ArgumentParser(prog="daybook bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*BENCHMARKS, "x12"], help="one benchmark; all without it")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    chosen = parser.parse_args(argv)
    for name, (module, function) in BENCHMARKS.items():
        if chosen.name not in (None, name):
            continue
        rows: list[BenchRow] = getattr(import_module(module), function)()
        for row in rows:
            text = (
                msgspec.json.encode({**msgspec.to_builtins(row), "holds": row.holds}).decode()
                if chosen.json
                else line_of(row)
            )
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    return 0
