"""Writing back what was read, nothing lost: the proof that the reader keeps everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.x12.delimiters import Delimiters
from app.x12.envelope import Group, Interchange, Reader, Transaction
from app.x12.kinds import guide_for, kind_of
from app.x12.loops import in_order, tree


def rewrite(source: Reader) -> Iterator[bytes]:
    """Write a document that was read, segment by segment, with its own delimiters and nothing lost.

    Counts are set anew; TA1, GS and ISA elements and control numbers go out as they came in.
    """
    interchange: Interchange | None = None
    group: Group | None = None
    sets = groups = 0
    for transaction in source:
        d = transaction.delimiters
        if transaction.interchange is not interchange:
            yield from _closing(interchange, group, sets, groups)
            interchange, group, groups = transaction.interchange, None, 0
            if interchange.number:
                yield _joined(interchange.isa, d)
            for found in source.acknowledgments:
                if found.interchange is interchange:
                    yield _joined(found.ta1, d)
        if transaction.group is not group:
            if group is not None:
                yield _joined(("GE", str(sets), group.control), d)
            group, sets = transaction.group, 0
            groups += 1
            if group.number:
                yield _joined(group.gs, d)
        sets += 1
        rows = list(_rows(transaction))
        if rows[-1][0] == "SE":
            rows.pop()
        rows.append(["SE", str(len(rows) + 1), transaction.control])
        yield from (_joined(row, d, transaction.encoding) for row in rows)
    yield from _closing(interchange, group, sets, groups)


def _rows(transaction: Transaction) -> Iterable[list[str]]:
    kind = kind_of(transaction)
    if kind is None:
        return [segment for _, segment in transaction.segments()]
    return in_order(tree(transaction, guide_for(kind, transaction.delimiters)))


def _closing(interchange: Interchange | None, group: Group | None, sets: int, groups: int) -> Iterator[bytes]:
    if interchange is None:
        return
    if group is not None and group.number:
        yield _joined(("GE", str(sets), group.control), interchange.delimiters)
    if interchange.number:
        yield _joined(("IEA", str(groups), interchange.isa[13]), interchange.delimiters)


def _joined(row: Sequence[str], delimiters: Delimiters, encoding: str = "latin-1") -> bytes:
    fixed = list(row)
    if fixed[0] != "ISA":
        least = 1 if fixed[0] else 2  # of what has not even a name, a separator stays
        while len(fixed) > least and not fixed[-1]:
            fixed.pop()
    text = delimiters.element.join(fixed) + delimiters.terminator
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()
