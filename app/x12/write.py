"""Writing: ``build`` alone sets counts, control numbers, delimiters and padding, and refuses what cannot be valid.

A mapping hands over segments as lists, ``["NM1", "85", "2", "BLUE RIVER CLINIC"]``: a tuple is a composite, a list
inside is a repeated element, empty ends are dropped here (point 7). ST and SE are ours to add.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Self

from app.model.problem import Place, Problem, Severity
from app.x12.delimiters import STANDARD, Delimiters
from app.x12.envelope import read
from app.x12.guide import Guide
from app.x12.kinds import guide_for, mapping, named
from app.x12.loops import Walk
from app.x12.problems import has_errors

Value = str | tuple[str, ...] | list["Value"]
Row = Sequence[Value]

BASIC = r"A-Z0-9 !\"&'()*+,\-./:;?="
EXTENDED = BASIC + r"a-z%~@\[\]_{}\\|<>#$^`"


class Envelope(NamedTuple):
    """Who sends to whom, and the numbers that are never used twice (point 45). ``usage`` is T or P."""

    sender: str
    receiver: str
    when: datetime
    interchange_control: int
    group_control: int
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    usage: str = "T"
    acknowledge: str = "0"
    first_control: int = 1


class Written(str):
    """Whole segments that a mapping wrote itself, with the standard delimiters and nothing to repair.

    Only for speed: what ``build`` gives out is read again all the same, and where such a text stands in it unchanged,
    the mapping's ``prove`` need not look at what it looked at when it wrote the text.
    """

    __slots__ = ("segments",)
    segments: int

    def __new__(cls, text: str) -> Self:
        """Written text; ``segments`` counts its segments."""
        self = super().__new__(cls, text)
        self.segments = text.count(STANDARD.terminator)
        return self

    def rows(self) -> Iterator[Row]:
        """The segments taken apart, for a document with other delimiters."""
        d = STANDARD
        for text in self.split(d.terminator)[:-1]:
            yield [
                tuple(value.split(d.component)) if d.component in value else value for value in text.split(d.element)
            ]


class Body(NamedTuple):
    """One transaction to be written: its kind (``"837P"``) and its segments without ST and SE."""

    kind: str
    rows: Sequence[Row | Written]


class Repair(NamedTuple):
    """A character changed so that the document may be sent: where, what it was, what it is now."""

    segment: str
    element: str
    before: str
    after: str


class Built(NamedTuple):
    """A finished document, what was repaired on the way, and warnings that did not stop it."""

    data: bytes
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()


class NotValid(ValueError):
    """The document cannot be valid; ``problems`` name the fields of the form that are at fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{problem.place.segment}{problem.place.element} {problem.code}" for problem in problems[:5])
        )


def build(
    bodies: Sequence[Body],
    envelope: Envelope,
    *,
    delimiters: Delimiters = STANDARD,
    charset: str = "extended",
    acknowledgments: Sequence[Row] = (),
    lines: bool = False,
    check: bool = True,
) -> Built:
    """Write one interchange with these transactions, in groups by guide; ``acknowledgments`` are TA1 rows.

    Letters go out in upper case; others outside ``charset`` (``"basic"`` or ``"extended"``) are transliterated and
    listed as repairs. Raises ``NotValid`` for separators inside data, for numbers that do not fit the envelope, and
    for everything that the guide's own checks call an error.
    """
    _check_envelope(envelope, delimiters)
    repairs: list[Repair] = []
    text = _Text(delimiters, charset, repairs, "\n" if lines else "")
    out = [text.isa(envelope)]
    out += [text.row(row) for row in acknowledgments]
    groups: dict[str, list[Body]] = {}
    for body in bodies:
        groups.setdefault(body.kind, []).append(body)
    control = envelope.first_control
    for index, (kind, members) in enumerate(groups.items()):
        guide = guide_for(named(kind), delimiters)
        number = envelope.group_control + index
        out.append(text.gs(envelope, guide, number))
        for body in members:
            out += text.transaction(guide, body, f"{control:04d}")
            control += 1
        out.append(text.row(["GE", str(len(members)), str(number)]))
    out.append(text.row(["IEA", str(len(groups)), f"{envelope.interchange_control:09d}"]))
    data = "".join(out).encode("latin-1")
    problems = _proof(data, groups, as_written=text.as_written) if check else []
    return Built(data, tuple(repairs), tuple(problems))


def _check_envelope(envelope: Envelope, delimiters: Delimiters) -> None:
    plain = "".join(char for char in map(chr, range(33, 127)) if char not in delimiters)
    ids = re.compile(f"(?! )[{re.escape(plain)} ]{{1,15}}(?<! )").fullmatch
    faults = [
        (segment, field, f"the {word} id has {least} to 15 plain characters, none of them a separator")
        for segment, field, value, word, least in (
            ("ISA", "06", envelope.sender, "sender", 1 if envelope.group_sender else 2),
            ("ISA", "08", envelope.receiver, "receiver", 1 if envelope.group_receiver else 2),
            ("GS", "02", envelope.group_sender, "group sender's", 2),
            ("GS", "03", envelope.group_receiver, "group receiver's", 2),
        )
        if (value or segment == "ISA") and (not ids(value) or len(value) < least)
    ]
    faults += [
        ("ISA", field, "the qualifier has two letters or digits")
        for field, value in (("05", envelope.sender_qualifier), ("07", envelope.receiver_qualifier))
        if not re.fullmatch("[A-Z0-9]{2}", value)
    ]
    if envelope.acknowledge not in ("0", "1"):
        faults.append(("ISA", "14", "whether a TA1 is asked for is 0 or 1"))
    if not 0 < envelope.interchange_control <= 999_999_999:
        faults.append(("ISA", "13", "the interchange control number runs from 1 to 999999999"))
    if not 0 < envelope.group_control <= 999_999_999:
        faults.append(("GS", "06", "the group control number runs from 1 to 999999999"))
    if envelope.usage not in ("T", "P"):
        faults.append(("ISA", "15", "usage is T for test or P for production"))
    separators = [part for part in delimiters if part]
    if len(set(separators)) != len(separators) or any(part.isalnum() or len(part) != 1 for part in separators):
        faults.append(("ISA", "16", "the four separators must be four different characters, none a letter or digit"))
    if faults:
        raise NotValid(
            [
                Problem(
                    code="envelope",
                    message=f"{segment}{element}: {words}.",
                    place=Place(segment=segment, element=element),
                    next_step="Correct it in the connection's settings.",
                )
                for segment, element, words in faults
            ]
        )


class _Text:
    """Rows to text with one set of delimiters."""

    def __init__(self, delimiters: Delimiters, charset: str, repairs: list[Repair], ending: str) -> None:
        self.delimiters = delimiters
        self.end = delimiters.terminator + ending
        self.as_written = delimiters == STANDARD and not ending and charset == "extended"
        self.repairs = repairs
        allowed = BASIC if charset == "basic" else EXTENDED
        self.fits = re.compile(f"[{allowed}]*").fullmatch
        self.allowed = re.compile(f"[{allowed}]")
        self.inside = re.compile("[" + re.escape("".join(delimiters)) + "]").search

    def isa(self, envelope: Envelope) -> str:
        d = self.delimiters
        fields = (
            "ISA",
            "00",
            " " * 10,
            "00",
            " " * 10,
            envelope.sender_qualifier,
            envelope.sender.upper().ljust(15),
            envelope.receiver_qualifier,
            envelope.receiver.upper().ljust(15),
            f"{envelope.when:%y%m%d}",
            f"{envelope.when:%H%M}",
            d.repetition or "U",
            "00501",
            f"{envelope.interchange_control:09d}",
            envelope.acknowledge,
            envelope.usage,
            d.component,
        )
        return d.element.join(fields) + self.end

    def gs(self, envelope: Envelope, guide: Guide, number: int) -> str:
        return self.row(
            [
                "GS",
                guide.functional,
                envelope.group_sender or envelope.sender,
                envelope.group_receiver or envelope.receiver,
                f"{envelope.when:%Y%m%d}",
                f"{envelope.when:%H%M}",
                str(number),
                "X",
                guide.version,
            ]
        )

    def transaction(self, guide: Guide, body: Body, control: str) -> Iterator[str]:
        st = ["ST", named(body.kind).st01, control]
        if guide.kind != "835":  # ST03 is not used there (point 5)
            st.append(guide.version)
        yield self.row(st)
        count = 2
        for row in body.rows:
            if not isinstance(row, Written):
                yield self.row(row)
                count += 1
            elif self.as_written:
                yield row
                count += row.segments
            else:
                taken_apart = list(row.rows())
                yield from map(self.row, taken_apart)
                count += len(taken_apart)
        yield self.row(["SE", str(count), control])

    def row(self, row: Row) -> str:
        parts: list[str] = []
        for index, value in enumerate(row):
            if isinstance(value, str):
                parts.append(self.plain(value, row, index) if value else "")
            elif isinstance(value, tuple):
                parts.append(self.composite(value, row, index))
            else:
                repeats = [
                    self.composite(one, row, index) if isinstance(one, tuple) else self.plain(str(one), row, index)
                    for one in value
                ]
                parts.append((self.delimiters.repetition or self.delimiters.component).join(repeats))
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return self.delimiters.element.join(parts) + self.end

    def composite(self, value: tuple[str, ...], row: Row, index: int) -> str:
        parts = [self.plain(part, row, index) if part else "" for part in value]
        while parts and not parts[-1]:
            parts.pop()
        return self.delimiters.component.join(parts)

    def plain(self, value: str, row: Row, index: int) -> str:
        """One value in the character set; separators inside it are refused."""
        done = value.strip(" ")
        if not done.isupper() and "@" not in done and done.isascii():
            done = done.upper()
        if not self.fits(done):
            done = self.transliterate(done)
            if not done:
                raise _no_letters(row, index)
            self.repairs.append(Repair(str(row[0]), f"{index:02d}", value, done))
        if self.inside(done):
            raise NotValid(
                [
                    Problem(
                        code="separator-in-data",
                        message=f"{row[0]}{index:02d} contains a character that separates fields in this document.",
                        next_step="Take the characters "
                        + " ".join(part for part in self.delimiters if part)
                        + " out of this field.",
                        place=Place(segment=str(row[0]), element=f"{index:02d}"),
                    )
                ]
            )
        return done

    def transliterate(self, value: str) -> str:
        """Letters without their marks, typographic signs as plain ones; what has no likeness is left out."""
        value = value.translate(_LIKENESS)
        plain = unicodedata.normalize("NFKD", value)
        if "@" not in plain or not self.allowed.match("a"):
            plain = plain.upper()
        return " ".join("".join(char for char in plain if self.allowed.match(char)).split())


def _no_letters(row: Row, index: int) -> NotValid:
    """Leaving a whole field out is no repair: what was typed would be gone."""
    return NotValid(
        [
            Problem(
                code="no-letters-left",
                message=f"Nothing in {row[0]}{index:02d} can be written with the characters of this document.",
                next_step="Write it in Latin letters, as it stands on the insurance card.",
                place=Place(segment=str(row[0]), element=f"{index:02d}"),
            )
        ]
    )


_LIKENESS = {
    ord(char): plain
    for char, plain in {
        "ß": "SS",
        "ẞ": "SS",
        "Æ": "AE",
        "æ": "AE",
        "Ø": "O",
        "ø": "O",
        "Œ": "OE",
        "œ": "OE",
        "Ł": "L",
        "ł": "L",
        "Đ": "D",
        "đ": "D",
        "Þ": "TH",
        "þ": "TH",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "…": "...",
        "\u00a0": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
        "ı": "I",
    }.items()
}


def _proof(data: bytes, groups: dict[str, list[Body]], *, as_written: bool) -> list[Problem]:
    """Check what was written by the reader's own rules, strictly; raise for errors."""
    reader = read(data)
    bodies = [body for members in groups.values() for body in members]
    found: list[Problem] = []
    for transaction, body in zip(reader, bodies, strict=False):
        kind = named(body.kind)
        prove = getattr(mapping(kind), "prove", None)
        if prove is not None:
            prove(transaction, {row: row for row in body.rows if isinstance(row, Written)} if as_written else {})
        else:
            for _ in Walk(transaction, guide_for(kind, transaction.delimiters), ours=True).units():
                pass
        found += [_with_field(body.kind, problem) for problem in transaction.problems.done()]
    found += reader.problems.done()
    if has_errors(found):
        raise NotValid([problem for problem in found if problem.severity is Severity.ERROR])
    return found


def _with_field(kind: str, problem: Problem) -> Problem:
    """Name the field of the form, as the guide's module lists them (``FIELDS``: "2010AA/NM1/09" → words)."""
    from importlib import import_module

    fields = getattr(import_module(f"app.x12.guides.{named(kind).guide_module}"), "FIELDS", {})
    place = problem.place
    for key in (f"{place.loop}/{place.segment}/{place.element}", f"{place.loop}/{place.segment}"):
        if key in fields:
            return Problem(
                code=problem.code,
                message=f"{fields[key]}: {problem.message}",
                next_step=problem.next_step,
                severity=problem.severity,
                place=place,
            )
    return problem
