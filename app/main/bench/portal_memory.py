"""How much memory the browser of this program takes, where the system tells (Linux): proportional, with its helper."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path

_PROC = Path("/proc")


def browser_mb() -> float:
    """Of the browser's processes and its helper, each page counted once; 0 where the system does not say."""
    if not (_PROC / "self" / "smaps_rollup").exists():
        return 0.0
    children: dict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)):
            children[parent].append(int(entry.name))
    found, waiting = 0, list(children[os.getpid()])
    while waiting:
        process = waiting.pop()
        waiting += children[process]
        found += _kilobytes(process)
    return found / 1024


def _parent(process: Path) -> int:
    try:
        return int(process.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0  # It ended meanwhile.


def _kilobytes(process: int) -> int:
    try:
        words = (_PROC / str(process) / "cmdline").read_bytes()
        if b"python" in words.partition(b"\0")[0]:
            return 0  # Simulators and workers of ours.
        told = re.search(r"^Pss:\s+(\d+) kB", (_PROC / str(process) / "smaps_rollup").read_text("ascii"), re.MULTILINE)
    except OSError:
        return 0
    return int(told[1]) if told else 0
