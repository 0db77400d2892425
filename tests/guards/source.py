"""What the guards read: every Python file of the project, parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "ui", "vendors", "resources")


@cache
def files(*tops: str) -> tuple[Path, ...]:
    found = (path for top in (tops or PACKAGES) for path in (ROOT / top).rglob("*.py"))
    return tuple(sorted(found))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
