"""835 ⇄ remittances: every claim and line as typed values, streamed, with all checks and the three balances.

Claims that are written the usual way are found and checked by a few expressions; any claim that is not goes through
the generic reader, which says what is wrong. Both ways give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from app.model.claim import Reference
from app.model.remittance import ClaimPayment, Remittance, ServicePayment
from app.x12 import remittance_parts as parts
from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.kinds import guide_for, named
from app.x12.loops import Loop, Walk
from app.x12.remittance_checks import check_claim, check_remittance
from app.x12.remittance_loops import claim_from_loop, summary
from app.x12.wire import decode
from app.x12.write import Written

_LONGEST_CLAIM = 1 << 22  # beyond 4 MB a claim is read piece by piece by the generic reader

__all__ = ["Advice", "check", "read", "remittance"]


class _Form:
    """The usual shape of a claim and of a line, for one set of delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        guide = guide_for(named("835"), delimiters)
        self.guide = guide
        self.claim_runs = parts.Runs(guide, "2100", delimiters)
        self.line_runs = parts.Runs(guide, "2110", delimiters)
        self.clp = self.claim_runs.specs["CLP"][0].quick
        end, element = re.escape(delimiters.terminator), re.escape(delimiters.element)

        def run(name: str) -> str:
            one = f"{name}{element}[^{end}]*{end}"
            return f"({one}(?:{one})*)?"

        head = "".join(map(run, ("CAS", "NM1", "MIA", "MOA", "REF", "DTM", "PER", "AMT", "QTY")))
        self.head = re.compile(f"(CLP{element}[^{end}]*){end}{head}").match
        before, after = "".join(map(run, ("DTM", "CAS"))), "".join(map(run, ("REF", "AMT", "QTY", "LQ")))
        alone = f"(?:{self.line_runs.single_reference}(?!REF{element}))?"
        self.line = re.compile(f"(SVC{element}[^{end}]*){end}{before}{alone}{after}").match


_forms: dict[Delimiters, _Form] = {}


def _form(delimiters: Delimiters) -> _Form:
    form = _forms.get(delimiters)
    if form is None:
        if len(_forms) > 20:
            _forms.clear()
        form = _forms[delimiters] = _Form(delimiters)
    return form


class Advice:
    """One 835 being read: iterate ``claims()`` once; then ``remittance`` (without claims) is complete.

    ``header()`` gives payer, payee and payment as soon as the first claim is reached. Problems go to
    ``transaction.problems``.
    """

    def __init__(self, transaction: Transaction, *, ours: bool = False) -> None:
        self.transaction = transaction
        delimiters = transaction.delimiters
        self._form = _form(delimiters)
        self._walk = Walk(transaction, self._form.guide, ours=ours)
        self._claim_mark = "CLP" + delimiters.element
        self._end = delimiters.terminator
        self._among_claims = False
        self._header = ("", "")
        self.count = 0
        self.paid = 0
        self.remittance: Remittance | None = None

    def claims(self) -> Iterator[ClaimPayment]:
        """Every claim, in the order of the file, each as soon as it is complete."""
        carry, number = "", 1
        mark = self._end + self._claim_mark
        for first, piece in self.transaction.pieces():
            text = decode(piece)
            if carry:
                text = carry + text
            else:
                number = first
            cut = text.rfind(mark) + 1
            if not cut and len(text) > _LONGEST_CLAIM:
                cut = len(text)
            if cut:
                yield from self._claims(text[:cut], number)
                number += text.count(self._end, 0, cut)
            carry = text[cut:]
        yield from self._claims(carry, number)
        for loop in self._walk.finish():
            yield self._from_loop(loop)
        self.remittance = self._summary()
        check_remittance(self.remittance, self._walk.root, self._walk.report)

    def header(self) -> Remittance:
        """What stands before the first claim: payment, trace, payer, payee."""
        return self._summary()

    def _claims(self, text: str, number: int) -> Iterator[ClaimPayment]:
        """The claims of a text that ends with a claim's end; ``number`` is that of its first segment."""
        at, size = 0, len(text)
        mark, end = self._claim_mark, self._end
        while at < size:
            if text.startswith(mark, at) and (self._among_claims or self._walk.at_unit()):
                if not self._among_claims:
                    for loop in self._walk.leave_unit():
                        yield self._from_loop(loop)
                    self._among_claims = True
                    self._header = (self._walk.loop.value("LX", 1), self._walk.loop.value("TS3", 1))
                made = self._usual(text, at, number)
                if made is not None:
                    claim, stop = made
                    yield self._counted(claim)
                    number += text.count(end, at, stop)
                    at = stop
                    continue
            self._among_claims = False
            found = text.find(end + mark, at)
            stop = found + 1 if found >= 0 else size
            rows = text[at:stop].split(end)
            rows.pop()
            for loop in self._walk.feed(number, rows):
                yield self._from_loop(loop)
            number += len(rows)
            at = stop

    def _counted(self, claim: ClaimPayment) -> ClaimPayment:
        self.count += 1
        self.paid += claim.paid.cents
        return claim

    def _usual(self, text: str, at: int, number: int) -> tuple[ClaimPayment, int] | None:
        """A claim in its usual shape, clean in every element and balanced; ``None`` for any other."""
        form = self._form
        head = form.head(text, at)
        if head is None:
            return None
        clp, cas, nm1, mia, moa, ref, dtm, per, amt, qty = head.groups()
        if mia or moa or not nm1 or form.clp is None or not form.clp(clp):
            return None
        runs = form.claim_runs
        taken = runs.adjustments[cas] if cas else _NO_ADJUSTMENTS
        parties = runs.parties(nm1)
        references = runs.references_of(ref) if ref else ()
        dates = runs.dates[dtm] if dtm else ()
        contacts = runs.contacts[per] if per else ()
        amounts = runs.amounts_of(amt) if amt else ()
        quantities = runs.quantities[qty] if qty else ()
        if taken is None or parties is None or references is None or dates is None:
            return None
        if contacts is None or amounts is None or quantities is None:
            return None
        own, total = taken
        fields = clp.split(self.transaction.delimiters.element)
        fields += _BLANK[len(fields) :]
        charge, paid = parts.MONEY[fields[3]], parts.MONEY[fields[4]]
        stop = head.end()
        start = number + text.count(self._end, at, stop)
        lines, adjusted, charges, stop = self._lines(text, stop, start)
        if adjusted is None or charge.cents - total - adjusted != paid.cents:
            return None
        if (lines and charges != charge.cents) or fields[2] == "22" or fields[2] == "25":
            return None
        beside = (own, parties, (), (), references, dates, contacts, amounts, quantities, lines, ())
        return parts.claim_payment(fields, *beside, *self._header, number), stop

    def _lines(self, text: str, at: int, number: int) -> tuple[tuple[ServicePayment, ...], int | None, int, int]:
        """The lines from ``at``, the sum of their CAS (``None`` if any is not usual), of SVC02, and the end."""
        match, runs = self._form.line, self._form.line_runs
        lines: list[ServicePayment] = []
        adjusted = charges = 0
        while found := match(text, at):
            svc, dtm, cas, kind, reference, ref, amt, qty, lq = found.groups()
            opening = runs.opening[svc]
            dates = runs.dates[dtm] if dtm else ()
            taken = runs.adjustments[cas] if cas else _NO_ADJUSTMENTS
            references = (Reference(kind, reference),) if kind else runs.references_of(ref) if ref else ()
            amounts = runs.amounts[amt] if amt else ()
            quantities = runs.quantities[qty] if qty else ()
            remarks = runs.remarks[lq] if lq else ()
            if opening is None or dates is None or taken is None or references is None:
                return (), None, 0, at
            if amounts is None or quantities is None or remarks is None:
                return (), None, 0, at
            procedure, charge, paid, revenue, units, submitted, original = opening
            own, total = taken
            if charge.cents - total != paid.cents:
                return (), None, 0, at
            adjusted += total
            charges += charge.cents
            lines.append(
                ServicePayment(
                    procedure,
                    charge,
                    paid,
                    revenue,
                    units,
                    submitted,
                    original,
                    dates,
                    own,
                    references,
                    amounts,
                    quantities,
                    remarks,
                    (),
                    number,
                )
            )
            stop = found.end()
            number += text.count(self._end, at, stop)
            at = stop
        following = text[at : at + 4]
        if not following or following[:3] in (
            "CLP",
            "LX" + self.transaction.delimiters.element,
            "PLB",
            "SE" + self.transaction.delimiters.element,
        ):
            return tuple(lines), adjusted, charges, at
        return (), None, 0, at

    def _from_loop(self, loop: Loop) -> ClaimPayment:
        """Any claim, as the generic reader found it."""
        claim = claim_from_loop(loop, self.transaction.delimiters)
        check_claim(claim, loop, self._walk.report)
        return self._counted(claim)

    def _summary(self) -> Remittance:
        return summary(self.transaction, self._walk.root, self.count, self.paid)


_NO_ADJUSTMENTS: tuple[tuple[Any, ...], int] = ((), 0)
_BLANK = [""] * 15


def read(transaction: Transaction) -> Iterator[ClaimPayment]:
    """The claims of an 835, streamed; use ``Advice`` for what stands around them."""
    return Advice(transaction).claims()


def remittance(transaction: Transaction) -> Remittance:
    """A whole 835 as one value, its claims inside."""
    advice = Advice(transaction)
    claims = tuple(advice.claims())
    assert advice.remittance is not None
    return msgspec.structs.replace(advice.remittance, claims=claims)


def check(transaction: Transaction) -> None:
    """Read everything, so that ``transaction.problems`` is complete."""
    for _ in read(transaction):
        pass


def prove(transaction: Transaction, _written: Mapping[str, Written]) -> None:
    """The same for a document of our own making: what is a warning in others' is an error in ours."""
    for _ in Advice(transaction, ours=True).claims():
        pass


def to_json(transaction: Transaction) -> dict[str, Any]:
    """See ``app.x12.remittance_views.to_json``."""
    from app.x12 import remittance_views

    return remittance_views.to_json(transaction)


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """See ``app.x12.remittance_views.outline``."""
    from app.x12 import remittance_views

    return remittance_views.outline(transaction)
