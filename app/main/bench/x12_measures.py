"""What ``daybook bench x12`` measures, each function in a fresh process; ours is imported only where it is meant."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.x12.envelope import Transaction

_PAIRS = 5
_ROOT = Path(__file__).resolve().parents[3]
_FIRST_SCREEN = 50


def answer(pipe: Connection, name: str, *arguments: str) -> None:
    """Run one measurement here and send back what it found."""
    pipe.send(globals()[name](*arguments))
    pipe.close()


def _floor(data: bytes) -> None:
    for segment in data.split(b"~"):
        segment.split(b"*")


def _timed(work: Callable[[], object]) -> float:
    """Seconds of the processor: all of this is computing, and what else the machine does must not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _pairs(data: bytes, work: Callable[[], object], pairs: int = _PAIRS) -> dict[str, float]:
    """Floor and figure in turn, so that what else the machine does falls on both; medians."""
    from app.x12 import collector

    if len(data) > 50_000_000:
        pairs = 2
    floors, figures = [], []
    with collector.held():
        for _ in range(pairs):
            floors.append(_timed(lambda: _floor(data)))
            figures.append(_timed(work))
            gc.collect()
    floor, seconds = statistics.median(floors), statistics.median(figures)
    return {"floor": floor, "seconds": seconds, "ratio": floor / seconds, "megabytes": len(data) / 1e6}


def segments(path: str) -> dict[str, float]:
    """Every segment with its place, streamed."""
    from app.x12 import wire

    data = Path(path).read_bytes()

    def work() -> None:
        for _ in wire.segments(data):
            pass

    return _pairs(data, work)


def glance(path: str) -> dict[str, float]:
    """835: every claim and line found, all three balances proved, totals exact."""
    from app.x12 import envelope
    from app.x12.remittance_glance import Glance

    data = Path(path).read_bytes()
    lines = data.count(b"~SVC*")

    def work() -> None:
        found = 0
        for transaction in envelope.read(data):
            seen = Glance(transaction)
            for _ in seen:
                pass
            found += seen.lines
            _must(not seen.difference and not seen.unbalanced)
        _must(found == lines)

    return _pairs(data, work)


def typed(path: str) -> dict[str, float]:
    """835: every field of every claim and line as typed values, all checks run."""
    from app.x12 import envelope
    from app.x12.remittance_835 import Advice

    data = Path(path).read_bytes()
    lines = data.count(b"~SVC*")

    def work() -> None:
        found = 0
        for transaction in envelope.read(data):
            for claim in Advice(transaction).claims():
                found += len(claim.lines)
            _must(not transaction.problems.done())
        _must(found == lines)

    return _pairs(data, work)


def claims(path: str) -> dict[str, float]:
    """837P to model, all checks run."""
    from app.x12 import claim_837, envelope

    data = Path(path).read_bytes()
    lines = data.count(b"~SV1*")

    def work() -> None:
        found = 0
        for transaction in envelope.read(data):
            for claim in claim_837.read(transaction):
                found += len(claim.lines)
            _must(not transaction.problems.done())
        _must(found == lines)

    return _pairs(data, work)


def written(path: str) -> dict[str, float]:
    """Model to 837P bytes, with everything that ``build`` refuses: each document as it would be sent."""
    from datetime import UTC, datetime

    from app.x12 import claim_837, envelope
    from app.x12.write import Envelope, build

    data = Path(path).read_bytes()
    submissions = [claim_837.read_submission(transaction) for transaction in envelope.read(data)]
    header = Envelope(
        sender="BENCHSENDER",
        receiver="BENCHRECEIVER",
        when=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
        interchange_control=1,
        group_control=1,
    )

    def work() -> None:
        size = sum(len(build([claim_837.body(one)], header).data) for one in submissions)
        _must(size > len(data) * 0.9)

    gc.freeze()
    return _pairs(data, work)


def first_screen(path: str) -> dict[str, float]:
    """From nothing imported to the first claims of a file, as a window would show them."""
    begun = time.perf_counter()
    from app.x12 import envelope
    from app.x12.remittance_glance import Glance

    shown = 0
    for transaction in envelope.read(path):
        for claim in Glance(transaction):
            claim.open()
            shown += 1
            if shown == _FIRST_SCREEN:
                return {"seconds": time.perf_counter() - begun}
    raise RuntimeError("the file holds too few claims")


def imported() -> dict[str, float]:
    """Importing ``app.x12``, and then all that reads an 835, beyond msgspec."""
    import msgspec  # noqa: F401 - the line from which we count

    _must(not any(name.startswith("app.x12") for name in sys.modules))
    begun = time.perf_counter()
    import app.x12  # noqa: F401 - measured

    package = time.perf_counter() - begun
    from app.x12 import envelope, remittance_835  # noqa: F401 - measured

    return {"package": package, "reader": time.perf_counter() - begun}


def memory(path: str) -> dict[str, float]:
    """Peak memory of reading every field of a large file, streamed, above the interpreter before it began."""
    from app.main.peak_memory import peak_bytes

    before = peak_bytes()
    from app.x12 import collector, envelope
    from app.x12.remittance_835 import Advice

    claims = 0
    with collector.held():
        for transaction in envelope.read(path):
            for _ in Advice(transaction).claims():
                claims += 1
    _must(claims > 0)
    return {"above": peak_bytes() - before}


def count_claims(transaction: Transaction) -> tuple[int, int]:
    """The work of one transaction in ``two_processes``: every field, all checks; (claims, problems)."""
    from app.x12.remittance_835 import Advice

    return sum(1 for _ in Advice(transaction).claims()), len(transaction.problems)


def two_processes(path: str) -> dict[str, float]:
    """One large file by one process and by two, in turn; the processes are there and warm, as they are in the program.

    ``possible`` is what two processes reach on this machine, now, with work that shares nothing.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from app.x12 import across

    file, context = Path(path), get_context("spawn")
    times: dict[str, list[float]] = {"one": [], "two": [], "alone": [], "beside": []}
    with ProcessPoolExecutor(1, context) as single, ProcessPoolExecutor(2, context) as double:
        pools = {"one": (single, 1), "two": (double, 2)}
        for pool, processes in pools.values():
            list(pool.map(_warm, [path] * processes * 2))
        for _ in range(3):
            for name, (pool, processes) in pools.items():
                begun = time.perf_counter()
                answers = list(across.across(file, count_claims, processes=processes, pool=pool))
                times[name].append(time.perf_counter() - begun)
                _must(sum(problems for _, problems in answers) == 0)
            for name, (pool, processes) in zip(("alone", "beside"), pools.values(), strict=True):
                begun = time.perf_counter()
                list(pool.map(_apart, [path] * processes))
                times[name].append(time.perf_counter() - begun)
    found = {name: min(seconds) for name, seconds in times.items()}
    return {**found, "possible": 2 * found["alone"] / found["beside"]}


def _warm(path: str) -> None:
    """A worker that has read something before, as those of a pool have."""
    from app.x12 import envelope

    for transaction in envelope.read(path):
        count_claims(transaction)
        break
    time.sleep(0.3)


def _apart(path: str) -> None:
    """Work of about a second on bytes of its own."""
    with Path(path).open("rb") as stream:
        data = stream.read(5_000_000)
    for _ in range(10):
        _floor(data)


def _must(good: bool) -> None:
    """A figure of work that was not done right would be worth nothing."""
    if not good:
        raise RuntimeError("the measured work did not come out right")


# -- peers --------------------------------------------------------------------------------------------------------

_PEER = """
import json, statistics, sys, time
data = open(sys.argv[1], "rb").read()
def floor():
    for segment in data.split(b"~"):
        segment.split(b"*")
def timed(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun
%s
floors, figures = [], []
for _ in range(int(sys.argv[2])):
    floors.append(timed(floor))
    figures.append(timed(work))
print(json.dumps({"ratio": statistics.median(floors) / statistics.median(figures)}))
"""
_OXEDI = "import oxedi\ndef work():\n    assert oxedi.parse(data).diagnostics == []"
_LINUXFORHEALTH = (
    "from linuxforhealth.x12.io import X12ModelReader\n"
    "def work():\n    with X12ModelReader(sys.argv[1]) as reader:\n        assert list(reader.models())"
)


def oxedi(path: Path) -> dict[str, float] | None:
    """oxedi's parse of the same file, against the floor in its own process; ``None`` where it is not there."""
    return _peer("oxedi", _PEER % _OXEDI, path, _PAIRS)


def linuxforhealth(path: Path) -> dict[str, float] | None:
    """linuxforhealth-x12's models, against the floor in its own process; ``None`` where it is not there."""
    return _peer("linuxforhealth", _PEER % _LINUXFORHEALTH, path, 1)


def _peer(name: str, script: str, path: Path, times: int) -> dict[str, float] | None:
    below = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    python = _ROOT.joinpath(f".venv-judge-{name}", *below)
    if not python.exists():
        return None
    command = [str(python), "-c", script, str(path), str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
