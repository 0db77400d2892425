"""``daybook x12``: show, check, convert and write EDI files. Opens neither store nor keyring."""

from __future__ import annotations

import argparse
import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec

from app.main.x12_terminal import harmless, in_colour, settle, warn
from app.model.problem import Place, Problem, Severity
from app.x12 import collector, envelope, kinds
from app.x12.envelope import Reader, Transaction

_SHAPES = """\
json prints one object a line for each transaction:
  {"type": "835", "interchange": {"control", "sender", "receiver", ...}, "group": {"control", "version", ...},
   "transaction": {"control", "version"}, ...}
Money is text with two decimals, dates and codes are as written (20260105), what is unknown is "" or null; 837P, 837I,
270 and 276 leave out what is empty.
  835    payer_name, payee_npi, trace_number, payment_amount, payment_date, claims: [{patient_control_number,
         payer_control_number, status, charge, paid, patient_responsibility, adjustments: [{group, reason, amount,
         quantity}], lines: [{procedure, modifiers, charge, paid, units, control_number, adjustments, ...}], ...}],
         provider_adjustments: [{reason, reference, amount, ...}], balanced, difference
  277CA  claims: [{patient_control_number, payer_control_number, accepted, statuses: [{category, status, entity,
         action, ...}], amount, ...}], accepted_count, rejected_count, levels: [{level, accepted, statuses, ...}]
  837P, 837I  claim_count, submitter, receiver, claims: [...] with the fields of the claim's own loops;
         this is what `write 837P` and `write 837I` read
  270    heading: {reference, date, time}, requests: [{source, receiver, subscriber, dependent}], each person with
         traces and questions: [{services, procedure, dates, ...}]; this is what `write 270` reads
  271    reports: [{source_name, receiver_name, trace_number, subscriber, dependent, standing (active, inactive,
         unknown), reason, benefits: [{information, service, coverage_level, network, period, amount, remaining, used,
         percent, messages, ...}], rejections: [{level, reason, text, field, follow_up, resend}], other_payers,
         primary_care}]
  276    heading, claims: [{source, receiver, provider, subscriber, patient, trace, references, amounts, dates,
         lines}]; this is what `write 276` reads
  277    source_name, receiver_name, claims: [{trace_number, patient_control_number, payer_control_number, stage,
         statuses: [{category, status, entity, date, charge, paid, ...}], lines, ...}], levels: [{level, statuses}]
  999    group_control, code, accepted, included, received, accepted_count, sets: [{control_number, code, accepted,
         errors: [{segment, number, loop, code, elements: [{element, code, bad_value, ...}], contexts}], ...}], ...
  TA1    control_number, date, time, code, note, accepted
A transaction that Daybook does not read has "type", "name" and "read": false.
check ends with 0 when nothing is wrong, 1 with errors, 2 when a file could not be read as one of our transactions.
check --json prints one object a file: {"file", "status" (0, 1 or 2), "interchanges", "groups", "transactions",
  "segments", "problems": [{"code", "message", "next_step", "severity" (error, warning, info),
  "place": {"transaction", "loop", "segment", "segment_number" (from ST = 1), "position" (in the file), "element"}}]}
"""


def run(argv: list[str]) -> int:
    """Run one of the subcommands; the answer is the exit status."""
    arguments = _parser().parse_args(argv)
    settle()
    with collector.held():
        try:
            status: int = arguments.run(arguments)
        except BrokenPipeError:  # whoever was reading has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 0
        except OSError as error:
            return _unreadable(error)
    return status


def _source(path: Path) -> Path | BinaryIO:
    return sys.stdin.buffer if path == Path("-") and sys.stdin is not None else path


def _unreadable(error: OSError) -> int:
    sys.stderr.write(f"{error.filename}: {error.strerror or 'could not be read'}.\n")
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="daybook x12",
        description="Show, check, convert and write EDI files (X12 5010); - is standard input.",
        epilog=_SHAPES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="show|check|json|write")
    show = commands.add_parser("show", help="a readable outline: loops, plain words, money")
    show.add_argument("file", type=Path)
    show.add_argument("--no-color", action="store_true", help="plain text, also on a terminal")
    show.set_defaults(run=_show)
    check = commands.add_parser("check", help="what is wrong, where, and what to do")
    check.add_argument("file", type=Path, nargs="+")
    check.add_argument("--json", action="store_true", help="one JSON object a file")
    check.set_defaults(run=_check)
    as_json = commands.add_parser(
        "json",
        help="one JSON object a transaction",
        epilog=_SHAPES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    as_json.add_argument("file", type=Path)
    as_json.set_defaults(run=_json)
    write = commands.add_parser("write", help="a finished document from the JSON that `json` prints")
    write.add_argument("kind", choices=["837P", "837I", "270", "276"])
    write.add_argument("file", type=Path)
    write.add_argument("-o", "--output", type=Path, help="write there instead of standard output")
    write.set_defaults(run=_write)
    return parser


# -- show -----------------------------------------------------------------------------------------------------


def _show(arguments: argparse.Namespace) -> int:
    color = in_colour() and not arguments.no_color
    reader = envelope.read(_source(arguments.file), arguments.file.name)
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        title = f"{kind.name} {kind.title}" if kind else kinds.polite_name(transaction)
        sender = transaction.interchange
        if sender.number:
            whence = f", from {sender.isa[6].strip()} to {sender.isa[8].strip()}, interchange {sender.control}"
        else:
            whence = ", without an envelope"
        _say(0, f"{title}, transaction {transaction.control}{whence}", color, bold=True)
        if kind is None:
            _say(1, "Daybook does not read this kind of transaction.", color)
            continue
        for depth, line in kinds.mapping(kind).outline(transaction):
            _say(depth + 1, line, color)
        _say_problems(transaction.problems.done(), color)
    for found in reader.acknowledgments:
        _say(0, _acknowledgment_line(found), color, bold=True)
    problems = reader.problems.done()
    _say_problems(problems, color)
    return 2 if _is_unreadable(reader) else 0


def _say(depth: int, text: str, color: bool, *, bold: bool = False, tint: str = "") -> None:
    style = ("1" if bold else "") or tint
    line = "  " * depth + harmless(text)
    sys.stdout.write(f"\x1b[{style}m{line}\x1b[0m\n" if color and style else line + "\n")


def _say_problems(problems: list[Problem], color: bool) -> None:
    for problem in problems:
        tint = {"error": "31", "warning": "33"}.get(problem.severity, "2")
        _say(1, f"{problem.severity}: {problem.message}{_where(problem.place)}", color, tint=tint)


def _where(place: Place) -> str:
    spot = f"{place.segment}{place.element}" if place.segment else ""
    parts = [
        f"loop {place.loop}" if place.loop else "",
        spot,
        f"segment {place.segment_number} of {place.transaction}"
        if place.segment_number
        else f"segment {place.position} of the file"
        if place.position
        else "",
    ]
    listed = ", ".join(part for part in parts if part)
    return f"   ({listed})" if listed else ""


def _acknowledgment_line(found: envelope.Acknowledged) -> str:
    from resources.codes import meaning

    word = {"A": "was accepted", "E": "was accepted with errors", "R": "was refused"}.get(
        found.ta1[4], "got no clear answer"
    )
    note = f": {meaning('ta1_note', found.ta1[5]).text}" if found.ta1[5] not in ("", "000") else ""
    return f"TA1: interchange {found.ta1[1]} {word}{note}"


# -- check ----------------------------------------------------------------------------------------------------


class _Watched:
    """A file that says how far it has been read, on standard error, when it is big and someone is looking."""

    def __init__(self, path: Path) -> None:
        source = _source(path)
        self._stream = source.open("rb") if isinstance(source, Path) else source
        self._name = path.name
        self._size = os.fstat(self._stream.fileno()).st_size
        self._done = 0
        self._shown = -1
        self._watch = sys.stderr.isatty() and self._size > 5_000_000

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not _source(Path("-")):
            self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        self._done += len(piece)
        percent = self._done * 100 // max(self._size, 1)
        if self._watch and (percent != self._shown or not piece):
            self._shown = percent
            shown = f"{self._name}: {percent} %"
            sys.stderr.write(f"\r{shown}" if piece else f"\r{' ' * len(shown)}\r")
            sys.stderr.flush()
        return piece


def _check(arguments: argparse.Namespace) -> int:
    worst = 0
    for path in _expanded(arguments.file):
        try:
            with _Watched(path) as source:
                reader = envelope.read(source, path.name)
                problems = list(_problems(reader))
        except OSError as error:  # the other files are checked all the same
            worst = max(worst, _unreadable(error))
            if arguments.json:
                _print_json(_report(path, 2, None, [_unread(path, error)]))
            continue
        status = 2 if _is_unreadable(reader) else int(any(p.severity is Severity.ERROR for p in problems))
        worst = max(worst, status)
        if arguments.json:
            _print_json(_report(path, status, reader, problems))
            continue
        for problem in problems:
            step = f" {problem.next_step}" if problem.next_step else ""
            said = harmless(f"{problem.message}{step}{_where(problem.place)}")
            sys.stdout.write(f"{path}: {problem.severity}: {said}\n")
        if not problems:
            told = f"{len(reader.acknowledgments)} TA1, " if reader.acknowledgments else ""
            sys.stdout.write(
                f"{path}: nothing wrong in {_counted(reader.transactions, 'transaction')}, "
                f"{told}{_counted(reader.position, 'segment')}.\n"
            )
    return worst


def _expanded(paths: list[Path]) -> Iterator[Path]:
    """``*.x12`` as the files it means: not every system's shell puts them in its place."""
    for path in paths:
        pattern = not {"*", "?"}.isdisjoint(path.name) and not path.exists()
        yield from (sorted(path.parent.glob(path.name)) if pattern else ()) or (path,)


def _report(path: Path, status: int, reader: Reader | None, problems: list[Problem]) -> dict[str, Any]:
    return {
        "file": str(path),
        "status": status,
        "interchanges": reader.interchanges if reader else 0,
        "groups": reader.groups if reader else 0,
        "transactions": reader.transactions if reader else 0,
        "segments": reader.position if reader else 0,
        "problems": problems,
    }


def _unread(path: Path, error: OSError) -> Problem:
    return Problem(
        code="unreadable",
        message=f"The file could not be read: {error.strerror or 'no reason was given'}.",
        next_step="Look whether it is there and may be read.",
        place=Place(file=path.name),
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _problems(reader: Reader) -> Iterator[Problem]:
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        if kind is None:
            yield Problem(
                code="not-read",
                message=f"This is a {kinds.polite_name(transaction)}; Daybook does not read it.",
                next_step="Nothing was checked in it but the envelope.",
                severity=Severity.WARNING,
                place=transaction.place(segment="ST", segment_number=1),
            )
            transaction.skip()
        else:
            kinds.mapping(kind).check(transaction)
        yield from transaction.problems.done()
    yield from reader.problems.done()


def _is_unreadable(reader: Reader) -> bool:
    """Whether nothing in the file was one of our transactions."""
    return not reader.recognised and not reader.acknowledgments


# -- json and write ---------------------------------------------------------------------------------------------


def _json(arguments: argparse.Namespace) -> int:
    reader = envelope.read(_source(arguments.file), arguments.file.name)
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        if kind is None:
            _print_json(
                {**_heading(transaction, transaction.kind), "name": kinds.polite_name(transaction), "read": False}
            )
        else:
            _print_json({**_heading(transaction, kind.name), **kinds.mapping(kind).to_json(transaction)})
    for found in reader.acknowledgments:
        _print_json(
            {
                "type": "TA1",
                "interchange": _interchange(found.interchange),
                "control_number": found.ta1[1],
                "date": found.ta1[2],
                "time": found.ta1[3],
                "code": found.ta1[4],
                "note": found.ta1[5],
                "accepted": found.ta1[4] in ("A", "E"),
            }
        )
    if _is_unreadable(reader):
        for problem in reader.problems.done():
            sys.stderr.write(f"{arguments.file}: {problem.message} {problem.next_step}\n")
        return 2
    return 0


def _heading(transaction: Transaction, name: str) -> dict[str, Any]:
    group = transaction.group
    return {
        "type": name,
        "interchange": _interchange(transaction.interchange),
        "group": {
            "control": group.control,
            "sender": group.gs[2].strip(),
            "receiver": group.gs[3].strip(),
            "date": group.gs[4],
            "time": group.gs[5],
            "version": group.version,
        },
        "transaction": {"control": transaction.control, "version": transaction.convention},
    }


def _interchange(found: envelope.Interchange) -> dict[str, str]:
    isa = [part.strip() for part in found.isa]
    return {
        "control": isa[13],
        "sender_qualifier": isa[5],
        "sender": isa[6],
        "receiver_qualifier": isa[7],
        "receiver": isa[8],
        "date": isa[9],
        "time": isa[10],
        "usage": isa[15],
    }


def _print_json(found: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


def _write(arguments: argparse.Namespace) -> int:
    from app.x12.write import Built, NotValid

    try:
        source = _source(arguments.file)
        given = msgspec.json.decode(_text(source.read_bytes() if isinstance(source, Path) else source.read()))
        if not isinstance(given, dict):
            raise msgspec.ValidationError("Expected one object")
        if given.get("type", arguments.kind) != arguments.kind:
            raise msgspec.ValidationError(f"Expected {arguments.kind} - at `$.type`")
        built: Built = kinds.mapping(kinds.named(arguments.kind)).from_json({**given, "type": arguments.kind})
    except NotValid as error:
        for problem in error.problems:
            warn(f"{problem.message} {problem.next_step}{_where(problem.place)}")
        return 1
    except RecursionError:
        sys.stderr.write(f"{arguments.file}: the JSON does not fit: it is nested too deep.\n")
        return 1
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{arguments.file}: the JSON does not fit: {error}.\n")
        return 1
    if arguments.output:
        arguments.output.write_bytes(built.data)
    else:
        sys.stdout.buffer.write(built.data)
    for repair in built.repairs:
        warn(f"repaired: {repair.segment}{repair.element} was {repair.before!r} and is written {repair.after!r}.")
    for problem in built.problems:
        warn(f"{problem.severity}: {problem.message} {problem.next_step}{_where(problem.place)}")
    return 0


def _text(raw: bytes) -> str:
    """The text of a file; where a shell wrote ``json > FILE`` it may be UTF-16 or begin with a mark."""
    return raw.decode("utf-16" if raw[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig")
