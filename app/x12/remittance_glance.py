"""835 at a glance: every claim and line found, every balance proved, in one pass of one expression.

Only what the balances need is taken apart (CLP01-05, SVC02-03, CAS); the rest of a claim is read when it is opened.
For lists, first screenfuls and reconciling; ``remittance_835`` reads every field and runs every check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.model.remittance import ClaimPayment
from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.guide import Segment
from app.x12.kinds import guide_for, named
from app.x12.loops import Loop
from app.x12.remittance_loops import claim_from_loop
from app.x12.values import cents
from app.x12.wire import decode

_MOST = 50_000
_LONGEST = 1 << 22


class ClaimGlance(NamedTuple):
    """One claim as a list shows it; money in cents. ``balanced``: the claim and all of its lines."""

    patient_control_number: str
    status: str
    charge: int
    paid: int
    responsibility: int
    lines: int
    balanced: bool
    text: bytes
    delimiters: Delimiters

    def open(self) -> ClaimPayment:
        """Every field of the claim. Nothing is checked here."""
        return claim_from_text(self.text, self.delimiters)


class _Cents(dict[bytes, int]):
    """Amount as written → cents."""

    def __missing__(self, text: bytes) -> int:
        if len(self) >= _MOST:
            self.clear()
        value = self[text] = cents(text.decode("latin-1"))
        return value


class _Taken(dict[bytes, tuple[int, int]]):
    """A run of CAS segments → the sum of their amounts in cents, and how many CAS it has."""

    def __init__(self, delimiters: Delimiters) -> None:
        super().__init__({b"": (0, 0)})
        self.element = delimiters.element.encode("latin-1")
        self.terminator = delimiters.terminator.encode("latin-1")

    def __missing__(self, run: bytes) -> tuple[int, int]:
        if len(self) >= _MOST:
            self.clear()
        rows = run.split(self.terminator)[1:]
        total = sum(_CENTS[amount] for row in rows for amount in row.split(self.element)[3::3])
        value = self[run] = (total, len(rows))
        return value


_CENTS = _Cents()


class _Marks(NamedTuple):
    find: re.Pattern[bytes]
    taken: _Taken
    clp: bytes
    svc: bytes
    cas: bytes
    plb: bytes


_marks: dict[Delimiters, _Marks] = {}


def _marks_for(delimiters: Delimiters) -> _Marks:
    found = _marks.get(delimiters)
    if found is None:
        end, element = delimiters.terminator.encode("latin-1"), delimiters.element.encode("latin-1")
        t, e = re.escape(end), re.escape(element)
        field, rest = b"([^" + t + e + b"]*)", b"[^" + t + b"]*"
        clp = b"CLP" + e + field + e + field + e + field + e + field + b"(?:" + e + field + b")?" + rest
        svc = b"SVC" + e + b"[^" + t + e + b"]*" + e + field + e + field + rest + b"(?:" + t + b"DTM" + rest + b")*"
        cas = t + b"CAS" + e + rest
        pattern = t + b"(?:" + clp + b"|" + svc + b")(" + cas + b"(?:" + cas + b")*)?"
        if len(_marks) > 20:
            _marks.clear()
        found = _marks[delimiters] = _Marks(
            re.compile(pattern),
            _Taken(delimiters),
            *(end + name + element for name in (b"CLP", b"SVC", b"CAS", b"PLB")),
        )
    return found


class Glance:
    """One 835, passed over once: iterate it for claims; then totals and ``difference`` are complete.

    ``payment`` BPR02, ``charge``, ``paid``, ``responsibility`` the sums of CLP03-05, ``withheld`` the sum of PLB, all
    in cents; ``unbalanced`` counts claims that do not balance, themselves or in a line.
    """

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.payment = self.charge = self.paid = self.responsibility = self.withheld = 0
        self.claims = self.lines = self.unbalanced = 0
        self._marks = _marks_for(transaction.delimiters)

    @property
    def difference(self) -> int:
        """BPR02 - (sum of CLP04 - sum of PLB): 0 when the payment balances (point 10)."""
        return self.payment - (self.paid - self.withheld)

    def __iter__(self) -> Iterator[ClaimGlance]:
        """Every claim, in the order of the file."""
        marks = self._marks
        terminator = self.transaction.delimiters.terminator.encode("latin-1")
        carry = terminator
        for _, piece in self.transaction.pieces():
            text = carry + piece
            cut = text.rfind(marks.clp)
            if cut <= 0 and len(text) <= _LONGEST:
                carry = text
                continue
            if cut <= 0:
                cut = len(text) - 1
            yield from self._claims(text[: cut + 1])
            carry = text[cut:]
        yield from self._claims(carry)

    def _claims(self, text: bytes) -> Iterator[ClaimGlance]:
        """The claims of a text that begins and ends with a terminator."""
        first = text.find(self._marks.clp)
        if not self.claims:
            self._payment(text[: first if first >= 0 else len(text)])
        if self._marks.plb in text:
            self._withheld(text)
        if first < 0:
            return
        marks = self._marks
        rows: list[tuple[bytes, ...]] = marks.find.findall(text)
        claims = self._add_up(text, first, rows)
        if claims is None:  # something stands where it seldom does: look at every segment
            claims = self._add_up(text, first, _slow_rows(text[first:], self.transaction.delimiters), slow=True)
        yield from claims or ()

    def _add_up(
        self, text: bytes, at: int, rows: list[tuple[bytes, ...]], *, slow: bool = False
    ) -> list[ClaimGlance] | None:
        """The claims of these rows, added to the totals; ``None`` when a CLP, SVC or CAS was overlooked."""
        marks, amounts, runs, delimiters = self._marks, _CENTS, self._marks.taken, self.transaction.delimiters
        found: list[ClaimGlance] = []
        numbers = status = b""
        charge = paid = share = left = lines = all_lines = all_cas = unbalanced = 0
        good = True
        text_end = len(text) - 1
        count = len(rows)
        for index, (clp1, clp2, clp3, clp4, clp5, svc2, svc3, run) in enumerate(rows):
            taken, cas = runs[run]
            all_cas += cas
            if clp1 or clp2 or clp3 or not (svc2 or svc3):
                numbers, status, lines, good = clp1, clp2, 0, True
                charge, paid, share = amounts[clp3], amounts[clp4], amounts[clp5]
                left = charge - taken - paid
            else:
                lines += 1
                left -= taken
                if amounts[svc2] - taken != amounts[svc3]:
                    good = False
            following = rows[index + 1] if index + 1 < count else None
            if following is None or following[0] or following[1]:
                stop = text.find(marks.clp, at + 1)
                if stop < 0:
                    stop = text_end
                balanced = good and not left
                unbalanced += not balanced
                all_lines += lines
                found.append(
                    ClaimGlance(
                        numbers.decode("latin-1"),
                        status.decode("latin-1"),
                        charge,
                        paid,
                        share,
                        lines,
                        balanced,
                        text[at + 1 : stop + 1],
                        delimiters,
                    )
                )
                at = stop
        if not slow:
            whole = (len(found), all_lines, all_cas)
            if whole != (text.count(marks.clp), text.count(marks.svc), text.count(marks.cas)):
                return None
        self._total(found, all_lines, unbalanced)
        return found

    def _total(self, found: list[ClaimGlance], lines: int, unbalanced: int) -> None:
        self.claims += len(found)
        self.lines += lines
        self.unbalanced += unbalanced
        for claim in found:
            self.charge += claim.charge
            self.paid += claim.paid
            self.responsibility += claim.responsibility

    def _payment(self, head: bytes) -> None:
        """BPR02 from what stands before the first claim."""
        delimiters = self.transaction.delimiters
        element = delimiters.element.encode("latin-1")
        for row in head.split(delimiters.terminator.encode("latin-1")):
            fields = row.split(element, 3)
            if fields[0] == b"BPR" and len(fields) > 2:
                self.payment = _CENTS[fields[2]]

    def _withheld(self, text: bytes) -> None:
        delimiters = self.transaction.delimiters
        element = delimiters.element.encode("latin-1")
        for row in text.split(delimiters.terminator.encode("latin-1")):
            if row.startswith(b"PLB" + element):
                self.withheld += sum(_CENTS[amount] for amount in row.split(element)[4::2])


def _slow_rows(text: bytes, delimiters: Delimiters) -> list[tuple[bytes, ...]]:
    """The same rows, found segment by segment wherever a CAS stands."""
    end, element = delimiters.terminator.encode("latin-1"), delimiters.element.encode("latin-1")
    rows: list[list[bytes]] = []
    for row in text.split(end):
        fields = row.split(element)
        if fields[0] == b"CLP":
            fields += [b""] * 6
            rows.append([fields[1] or b" ", *fields[2:6], b"", b"", b""])
        elif fields[0] == b"SVC" and rows:
            fields += [b""] * 4
            rows.append([b"", b"", b"", b"", b"", fields[2] or b"0", fields[3], b""])
        elif fields[0] == b"CAS" and rows:
            rows[-1][7] += end + row
    return [tuple(row) for row in rows]


def claim_from_text(text: bytes, delimiters: Delimiters) -> ClaimPayment:
    """A claim, CLP to its last segment, with every field; nothing is checked."""
    guide = guide_for(named("835"), delimiters)
    claim = loop = Loop(guide.loops["2100"], None, 1)
    for row in decode(text).split(delimiters.terminator):
        segment = Segment(row.split(delimiters.element))
        if segment[0] == "SVC":
            loop = Loop(guide.loops["2110"], claim, 1)
            claim.loops.append(loop)
        elif segment[0] in ("", "LX", "TS3", "TS2", "PLB", "SE"):
            continue
        segment += [""] * (24 - len(segment))
        loop.segments.append(segment)
    return claim_from_loop(claim, delimiters)
