"""The browser's own processes, found by who started whom."""

from __future__ import annotations

import os
import subprocess


def children_of(parent: int) -> list[int]:
    """Processes that ``parent`` started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def browser_processes() -> list[int]:
    """The browser of this program: what its helper has started."""
    return [pid for helper in children_of(os.getpid()) for pid in children_of(helper)]
