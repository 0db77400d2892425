"""Fuzzing the EDI engine: ``python -m tests.x12.fuzz --documents 200000``.

Documents are mutations of the corpus and of our own samples (cut, swapped, doubled, wrong delimiters, random bytes,
long loops, long elements) and documents made from the guides' own tables. For each: no exception escapes, nothing
hangs, memory stays bounded; and what was read can be written, which reads the same.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from app.main.peak_memory import peak_bytes
from app.x12 import envelope, kinds, wire
from app.x12.guide import ElementSpec, LoopSpec, SegmentSpec
from app.x12.remittance_glance import Glance
from app.x12.rewrite import rewrite
from tests.x12.corpus import FOLDER

SAMPLES = Path(__file__).parent / "samples"
LONGEST = 20.0  # seconds of the processor for one document, the long ones included
HUNG = 600.0  # seconds by the clock, on however busy a machine
MOST_MEMORY = 1_500_000_000


def seeds() -> list[bytes]:
    """Documents to start from: our samples, and the corpus where it stands beside the clone; the short ones."""
    paths = [*SAMPLES.rglob("*.x12"), *FOLDER.rglob("*.x12")]
    found = sorted(path for path in paths if path.stat().st_size < 30_000)
    return [path.read_bytes() for path in found]


def exercise(data: bytes) -> None:
    """Everything that reads, on one document. Raises whatever escapes."""
    for _ in wire.segments(data):
        pass
    reader = envelope.read(data)
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        if kind is None:
            kinds.polite_name(transaction)
        else:
            kinds.mapping(kind).to_json(transaction)
        transaction.problems.done()
    reader.problems.done()
    for transaction in envelope.read(data):
        kind = kinds.kind_of(transaction)
        if kind is not None and kind.name == "835":
            for claim in Glance(transaction):
                claim.open()
        elif kind is not None:
            for _ in kinds.mapping(kind).outline(transaction):
                pass
    if all(map(_is_whole, envelope.read(data))):
        written = b"".join(rewrite(envelope.read(data)))
        same = _bodies(written) == _bodies(data) or _bodies(written, as_bytes=True) == _bodies(data, as_bytes=True)
        assert same, "writing changed what was read"


def _bodies(data: bytes, *, as_bytes: bool = False) -> list[list[list[str]]]:
    """Every transaction without its SE, empty ends left out; ``as_bytes`` takes each byte for a character.

    A byte in SE that is no UTF-8 decides how a whole body is read, and SE is written anew: then only bytes compare.
    """
    found = []
    for transaction in envelope.read(data):
        if as_bytes:
            end, element = transaction.delimiters.terminator, transaction.delimiters.element
            text = b"".join(piece for _, piece in transaction.pieces()).decode("latin-1")
            rows = [row.split(element) for row in text.split(end)[:-1]]
        else:
            rows = [segment for _, segment in transaction.segments()]
        rows = [row for row in rows if row[0] != "SE"]
        rows[0] = rows[0][:1] + [part.strip() for part in rows[0][1:]]
        for row in rows:
            while len(row) > 1 and not row[-1]:
                row.pop()
        found.append(rows)
    return found


def _is_whole(transaction: envelope.Transaction) -> bool:
    """Whether its ISA says what it must, so that it can be read again."""
    isa, separators = transaction.interchange.isa, [part for part in transaction.delimiters if part]
    sound = len(set(separators)) == len(separators) and not any(part.isalnum() or part.isspace() for part in separators)
    transaction.skip()
    return sound and isa[12].strip().isdigit() and isa[16] == transaction.delimiters.component


# -- mutations ------------------------------------------------------------------------------------------------------


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.5 else data[chance.randrange(len(data) + 1) :]


def _segments(data: bytes) -> list[bytes]:
    return data.split(b"~") if b"~" in data else data.split(b"\n")


def _swap(data: bytes, chance: random.Random) -> bytes:
    rows = _segments(data)
    for _ in range(chance.randint(1, 4)):
        a, b = chance.randrange(len(rows)), chance.randrange(len(rows))
        rows[a], rows[b] = rows[b], rows[a]
    return b"~".join(rows)


def _double(data: bytes, chance: random.Random) -> bytes:
    rows = _segments(data)
    at = chance.randrange(len(rows))
    rows[at:at] = rows[at : at + chance.randint(1, 6)] * chance.randint(1, 30)
    return b"~".join(rows)


def _drop(data: bytes, chance: random.Random) -> bytes:
    rows = _segments(data)
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(rows) or 1)
        del rows[at : at + chance.randint(1, 3)]
    return b"~".join(rows)


def _delimiters(data: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice(b"*:~^>|\n"), chance.choice(b"*:~^>|\n+A 0")
    return data.replace(bytes((old,)), bytes((new,)), chance.choice((-1, 1, 5)))


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _element(data: bytes, chance: random.Random) -> bytes:
    rows = _segments(data)
    at = chance.randrange(len(rows))
    parts = rows[at].split(b"*")
    odd = (
        b"",
        b" ",
        b"-",
        b".",
        b"-.5",
        b"+1",
        b"1e9",
        b"9" * 30,
        b"20230229",
        b"A" * 300,
        "é".encode(),
        b"\xff",
        b"::",
        b"^",
    )
    parts[chance.randrange(len(parts))] = chance.choice(odd)
    rows[at] = b"*".join(parts)
    return b"~".join(rows)


def _join(data: bytes, chance: random.Random) -> bytes:
    return data + chance.choice((b"", b"\n", b"junk", b"\x00", data[: len(data) // 2], data))


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _swap, _double, _drop, _delimiters, _bytes, _element, _join,
)  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A document with one to three things done to it."""
    for _ in range(chance.randint(1, 3)):
        seed = chance.choice(MUTATIONS)(seed, chance)
    return seed


# -- documents from the guides ----------------------------------------------------------------------------------------


def made(chance: random.Random, kind: kinds.Kind | None = None) -> bytes:
    """A document that follows a guide's table in order, with elements of the right shape more often than not."""
    kind = kind or chance.choice(kinds.KINDS)
    guide = kinds.guide_for(kind)
    rows = [row for row in _loop_rows(guide.root, chance, 0) if row[:3] not in ("ST*", "SE*")]
    control = f"{chance.randint(1, 9999):04d}"
    body = [f"ST*{kind.st01}*{control}*{guide.version}", *rows, f"SE*{len(rows) + 2}*{control}"]
    return (
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*0930*^*00501*000000001*0*T*:~"
        f"GS*{guide.functional}*SENDER*RECEIVER*20260105*0930*1*X*{guide.version}~"
        + "~".join(body)
        + "~GE*1*1~IEA*1*000000001~"
    ).encode()


def _loop_rows(loop: LoopSpec, chance: random.Random, depth: int) -> Iterator[str]:
    for item in loop.items:
        wanted = item.usage == "R" or chance.random() < (0.4 if depth < 3 else 0.15)
        repeats = chance.randint(1, 3 if item.most != 1 else 1) if wanted else 0
        for _ in range(repeats):
            if isinstance(item, SegmentSpec):
                yield _row(item, chance)
            else:
                yield from _loop_rows(item, chance, depth + 1)


def _row(spec: SegmentSpec, chance: random.Random) -> str:
    parts = [spec.id]
    for element in spec.elements:
        given = element.usage == "R" or (element.usage == "S" and chance.random() < 0.3)
        parts.append(_value(element, chance) if given else "")
    _relate(spec, parts, chance)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "*".join(parts)


def _relate(spec: SegmentSpec, parts: list[str], chance: random.Random) -> None:
    """Fill in or take out what the rules between elements ask for (P all or none, C the rest, R and L one, E one)."""
    for kind, numbers in spec.rules:
        inside = [number for number in numbers if number < spec.width]
        given = [number for number in inside if parts[number]]
        wanted = [number for number in inside if not parts[number] and spec.elements[number - 1].usage != "N"]
        if kind == "E":
            for number in given[1:]:
                parts[number] = ""
        elif (kind in "PC" and given and (kind == "P" or given[0] == numbers[0])) or (kind == "R" and not given):
            for number in wanted if kind != "R" else wanted[:1]:
                parts[number] = _value(spec.elements[number - 1], chance)


def _value(element: ElementSpec, chance: random.Random) -> str:
    if element.parts:
        return ":".join(
            _value(part, chance) if part.usage != "N" else "" for part in element.parts[: chance.randint(1, 4)]
        )
    if element.codes:
        return chance.choice(sorted(element.codes))
    if element.type in ("DT", "PD"):
        return f"2025{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    if element.type == "TM":
        return "0930"
    if element.type in ("R", "N0"):
        return str(chance.randint(0, 10 ** min(element.most, 4) - 1))
    return (
        "".join(
            chance.choice("ABCDEFG 123") for _ in range(chance.randint(element.least, min(element.most, 12)))
        ).strip()
        or "A"
    )


# -- the long ones ----------------------------------------------------------------------------------------------------


def long_ones(segments: int = 100_000) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Loops of so many segments and elements of 10 MB, for every sample of ours; each is made when it is called for."""
    for name in ("835/plain", "837P/plain", "271/plain", "277/plain", "277CA/plain"):
        data = (SAMPLES / f"{name}.x12").read_bytes()
        rows = _segments(data)
        for at in range(2, len(rows) - 3):
            if rows[at][:3] in (b"CLP", b"SVC", b"CAS", b"REF", b"CLM", b"LX*", b"HL*", b"NM1", b"XXX"):
                yield f"{name}: {segments:,} {rows[at][:3]!r}", partial(_repeated, rows, at, rows[at], segments)
                break
        yield f"{name}: {segments:,} unknown", partial(_repeated, rows, 8, b"ZZZ*1", segments)
        yield f"{name}: 10 MB element", partial(_with_long_name, data)
        yield f"{name}: 10 MB without an end", partial(_without_end, data)


def _repeated(rows: list[bytes], at: int, row: bytes, times: int) -> bytes:
    return b"~".join(rows[:at] + [row] * times + rows[at:])


def _with_long_name(data: bytes) -> bytes:
    return data.replace(b"LARKSPUR", b"L" * 10_000_000, 1)


def _without_end(data: bytes) -> bytes:
    return data[:400] + b"A" * 10_000_000


def run(documents: int, seed: int = 1, *, first: int = 0, say: Callable[[str], None] = lambda _: None) -> int:
    """Exercise so many documents, from the ``first`` on; raises ``AssertionError`` naming the one that did harm."""
    chance = random.Random(seed)
    start = seeds()
    begun = time.monotonic()
    for number in range(documents):
        data = made(chance) if number % 10 == 0 else mutated(chance.choice(start), chance)
        if number >= first:
            _one(data, f"document {number} of seed {seed}")
        if number % 5_000 == 4_999:
            say(f"{number + 1} documents, {time.monotonic() - begun:.0f} s, peak {peak_bytes() >> 20} MB")
    return documents


class _Watch(threading.Thread):
    """Ends the process, naming the document, when one takes as long as only a loop without an end does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.now = ("nothing", b"", time.monotonic())

    def run(self) -> None:
        """Look now and then."""
        while True:
            time.sleep(5)
            name, data, begun = self.now
            if time.monotonic() - begun > HUNG:
                sys.stderr.write(f"{name} hangs: {data[:2_000]!r}\n")
                faulthandler.dump_traceback()
                os._exit(1)


watch = _Watch()


def _one(data: bytes, name: str) -> None:
    watch.now = (name, data, time.monotonic())
    begun = time.process_time()
    try:
        exercise(data)
    except Exception as error:
        raise AssertionError(f"{name}: {type(error).__name__}: {error}; {data[:2_000]!r}") from error
    taken = time.process_time() - begun
    assert taken < LONGEST, f"{name} took {taken:.0f} s"
    assert peak_bytes() < MOST_MEMORY, f"{name}: memory is not bounded"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="go on at this document of the seed")
    chosen = parser.parse_args()
    watch.start()
    for name, make in long_ones() if not chosen.first else ():
        _one(make(), name)
        sys.stdout.write(f"{name}: well\n")
    run(chosen.documents, chosen.seed, first=chosen.first, say=lambda words: print(words, flush=True))  # noqa: T201 - a command
    sys.stdout.write(f"{chosen.documents} documents: no exception escaped, nothing hung.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
