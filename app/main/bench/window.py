"""Start, unlock and memory: what a person waits for in the morning, each in fresh processes.

The floor of ``start`` and ``memory`` is a bare QMainWindow of the same size in a process of its own, in the same run.
"""

from __future__ import annotations

import compileall
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from app.main.bench.rows import BenchRow, median
from app.main.sandbox_child import program

_TIMES = 5
_KEY_BYTES = 32
_ROOT = Path(__file__).resolve().parents[3]


class _Told(msgspec.Struct, kw_only=True):
    """What a measured process says in its one line."""

    milliseconds: float = 0.0
    resident_mb: float = 0.0


def _compile() -> None:
    """Byte code for every module, as setting up (and the first start) leaves it, also where Python is told not to
    write any: what is measured is starting, not compiling. Only what changed is compiled."""
    for room in ("app", "resources", "ui", "vendors"):
        compileall.compile_dir(_ROOT / room, quiet=1)


def _store(folder: Path, key: bytes) -> None:
    """A store of 200,000 visits, made in a process of its own so that nothing of it stays in this one."""
    _child("fill", folder, key)


def _child(what: str, folder: Path, key: bytes) -> tuple[float, _Told]:
    """Run a measured part; the wall milliseconds from before it was started to its line, and what the line says."""
    command = [*program()[:-1], "app.main.bench.window_child", what, str(folder)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(key)
    process.stdin.close()
    line = process.stdout.readline()
    taken = (time.perf_counter() - begun) * 1000
    process.stdout.close()
    if process.wait() or not line:
        raise RuntimeError(f"the measured process {what!r} failed")
    return taken, msgspec.json.decode(line, type=_Told)


def start() -> list[BenchRow]:
    """Interpreter to first painted schedule, key given and user signed in, against a bare window."""
    if getattr(sys, "frozen", False):
        return []
    key = secrets.token_bytes(_KEY_BYTES)
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as made:
        folder = Path(made)
        _store(folder, key)
        _compile()
        bare, painted = [], []
        for _ in range(_TIMES):
            bare.append(_child("bare", folder, key)[0])
            painted.append(_child("schedule", folder, key)[0])
    floor = median(bare)
    return [
        BenchRow(
            bench="start",
            name="first painted schedule ÷ bare window",
            value=median(painted) / floor,
            unit="ratio",
            reach=2.5,
            floor=f"bare QMainWindow {floor:.0f} ms; schedule {median(painted):.0f} ms, 200,000 visits",
        )
    ]


def unlock() -> list[BenchRow]:
    """Keyring and sign-in, both off the loop."""
    key = secrets.token_bytes(_KEY_BYTES)
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as made:
        taken = [_child("unlock", Path(made) / str(turn), key)[1].milliseconds for turn in range(_TIMES)]
    return [BenchRow(bench="unlock", name="keyring and sign-in", value=median(taken), unit="ms", reach=300)]


def memory() -> list[BenchRow]:
    """Resident memory of the window process after opening every screen, less that of a bare window."""
    key = secrets.token_bytes(_KEY_BYTES)
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as made:
        folder = Path(made)
        _store(folder, key)
        bare = _child("bare", folder, key)[1].resident_mb
        full = _child("screens", folder, key)[1].resident_mb
    return [
        BenchRow(
            bench="memory",
            name="every screen opened − bare window",
            value=full - bare,
            unit="MB",
            reach=90,
            floor=f"bare QMainWindow {bare:.0f} MB; Daybook {full:.0f} MB",
        )
    ]
