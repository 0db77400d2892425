"""The browser's own processes, found by who started whom."""

from __future__ import annotations

import os
import signal
import subprocess


def children_of(parent: int) -> list[int]:
    """Processes that ``parent`` started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def commands_below(parent: int) -> list[str]:
    """The command lines of all processes that ``parent`` started, and theirs."""
    told = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(parent), "-ww"], capture_output=True, text=True, check=False
    )
    return told.stdout.splitlines() + [line for child in children_of(parent) for line in commands_below(child)]


def browser_processes() -> list[int]:
    """The browser of this program: what its helper has started."""
    return [pid for helper in children_of(os.getpid()) for pid in children_of(helper)]


def kill_browser() -> None:
    """The browser dies at once: where its helper started a launcher, with what that started."""
    for pid in browser_processes():
        os.killpg(pid, signal.SIGKILL)
