"""``daybook bench x12``: the speed of the EDI engine against its floor and its peers, each figure in a fresh process.

The floor is ``data.split(b"~")`` with each ``.split(b"*")``, nothing kept, measured in the same process as the figure
and in turn with it; a figure is the median of such pairs. Peers are measured the same way in their own environments
where those are there (``tests/x12/make_judges.py`` makes them), and left out, by name, where they are not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

import msgspec

from app.main.bench import x12_files as files
from app.main.bench import x12_measures as measures
from app.main.bench.command import line_of
from app.main.bench.rows import BenchRow

_FLOOR = "split of the same bytes"


def run(argv: list[str]) -> int:
    """Measure and print every figure; the status is 0 whether or not every bound holds."""
    parser = argparse.ArgumentParser(prog="daybook bench x12", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    parser.add_argument("--size", type=int, default=10, choices=(10, 100), help="megabytes of the files")
    parser.add_argument("--quick", action="store_true", help="leave out what needs a file of 100 MB")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as name:
        folder = Path(name)
        for measure in (_remittances, _claims, _starts, *(() if chosen.quick else (_large,))):
            for row in measure(folder, chosen.size):
                as_json = msgspec.json.encode({**msgspec.to_builtins(row), "holds": row.holds}).decode
                sys.stdout.write((as_json() if chosen.json else line_of(row)) + "\n")
                sys.stdout.flush()
    return 0


def _apart(name: str, *arguments: str) -> dict[str, float]:
    """What ``x12_measures.NAME(*arguments)`` finds in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=measures.answer, args=(theirs, name, *arguments))
    process.start()
    theirs.close()
    try:
        found: dict[str, float] = ours.recv()
    except EOFError:
        raise RuntimeError(f"the measurement {name} ended without an answer") from None
    finally:
        process.join()
    return found


def _row(name: str, value: float, reach: float, floor: str, note: str = "", *, unit: str = "ratio") -> BenchRow:
    return BenchRow(
        bench="x12", name=name, value=value, unit=unit, reach=reach, at_least=unit == "ratio", floor=floor, note=note
    )


def _speed(found: dict[str, float]) -> str:
    return f"{found['megabytes'] / found['seconds']:.0f} MB/s"


def _remittances(folder: Path, size: int) -> list[BenchRow]:
    path = folder / "835.x12"
    path.write_bytes(files.remittances(size * 1_000_000))
    rows = []
    segments = _apart("segments", str(path))
    floor = f"{_FLOOR}, {segments['megabytes'] / segments['floor']:.0f} MB/s"
    rows.append(_row(f"{size} MB 835: segments with places", segments["ratio"], 0.6, floor, _speed(segments)))
    glance, typed = _apart("glance", str(path)), _apart("typed", str(path))
    peer = measures.oxedi(path)
    if peer is None:
        rows.append(_row("835: claims and lines, balances proved", glance["ratio"], 0.52, floor, "oxedi is not there"))
        rows.append(_row("835: every field typed, all checks", typed["ratio"], 0.24, floor, "oxedi is not there"))
        return rows
    note = f"oxedi parses at {peer['ratio']:.2f} of the floor"
    for name, found, reach in (
        ("835: claims and lines, balances proved", glance, 1.3),
        ("835: every field typed, all checks", typed, 0.6),
    ):
        rows.append(
            _row(
                f"{size} MB {name}",
                found["ratio"] / peer["ratio"],
                reach,
                f"oxedi's parse; {note}",
                f"{found['ratio']:.2f} of the floor, {_speed(found)}",
            )
        )
    return rows


def _claims(folder: Path, size: int) -> list[BenchRow]:
    path = folder / "837p.x12"
    path.write_bytes(files.claims(size * 1_000_000))
    read, written = _apart("claims", str(path)), _apart("written", str(path))
    floor = f"{_FLOOR}, {read['megabytes'] / read['floor']:.0f} MB/s"
    rows = [
        _row(f"{size} MB 837P to model, all checks", read["ratio"], 0.15, floor, _speed(read)),
        _row(f"{size} MB model to 837P bytes, all checks", written["ratio"], 0.15, floor, _speed(written)),
    ]
    small = folder / "837p-small.x12"
    small.write_bytes(files.claims(150_000))
    peer = measures.linuxforhealth(small)
    if peer is not None:
        note = f"its models come at {peer['ratio']:.4f} of the floor"
        rows.append(_row("837P to model", read["ratio"] / peer["ratio"], 30, f"linuxforhealth-x12; {note}"))
    return rows


def _starts(folder: Path, size: int) -> list[BenchRow]:
    path = folder / "835-10.x12"
    path.write_bytes(files.remittances(10_000_000))
    first = _apart("first_screen", str(path))
    imported = _apart("imported")
    return [
        _row("open a 10 MB 835 to its first 50 claims", first["seconds"] * 1000, 200, "a fresh process", unit="ms"),
        _row(
            "import app.x12",
            imported["package"] * 1000,
            40,
            "beyond import msgspec",
            f"with all that reads an 835: {imported['reader'] * 1000:.0f} ms",
            unit="ms",
        ),
    ]


def _large(folder: Path, size: int) -> list[BenchRow]:
    path = folder / "835-100.x12"
    path.write_bytes(files.remittances(100_000_000))
    memory = _apart("memory", str(path))
    two = _apart("two_processes", str(path))
    return [
        _row(
            "100 MB 835 streamed, every field: peak memory",
            memory["above"] / 1e6,
            40,
            "above the interpreter",
            unit="MB",
        ),
        _row(
            "100 MB 835 on two processes",
            two["one"] / two["two"],
            1.8,
            f"one process, {two['one']:.2f} s",
            f"{two['two']:.2f} s; work that shares nothing reaches {two['possible']:.2f} here, now",
        ),
    ]
