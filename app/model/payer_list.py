"""A clearinghouse's list of payers: one row a payer and transaction, because ids differ by transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

TRANSACTIONS = ("837P", "837I", "837D", "835", "270", "276")


class PayerEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row. ``transaction`` is one of ``TRANSACTIONS``; ``liability`` is ``Work Comp``, ``Auto``, both or nothing.

    ``non_par`` payers cost a fee. ``secondary`` and ``attachment`` say what the payer takes electronically. ``notes``
    keep their line breaks.
    """

    name: str
    payer_id: str
    transaction: str
    available: bool = True
    non_par: bool = False
    enrollment_needed: bool = False
    secondary: bool = False
    attachment: bool = False
    liability: str = ""
    notes: str = ""


class PayerMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A payer id found for one transaction, with every name that the list gives it."""

    entry: PayerEntry
    aliases: tuple[str, ...] = ()


class PayerList(msgspec.Struct, frozen=True, kw_only=True):
    """The whole list; ``doubts`` tell in words which rows were left out when it was read."""

    entries: tuple[PayerEntry, ...] = ()
    doubts: tuple[str, ...] = ()

    def of(self, payer_id: str, transaction: str) -> tuple[PayerEntry, ...]:
        """The rows of that id for that very transaction (several names may share an id)."""
        wanted = payer_id.strip().upper()
        return tuple(one for one in self.entries if one.transaction == transaction and one.payer_id.upper() == wanted)

    def find(self, text: str, transaction: str = "", limit: int = 50) -> tuple[PayerMatch, ...]:
        """By name, id or alias, best first; ``transaction`` keeps to rows of that transaction.

        An id of one transaction also finds the payer's ids of others: what the desk knows is the number on a claim.
        """
        asked = plain(text)
        if not asked:
            return ()
        names = {plain(one.name) for one in self.entries if _rank(one, asked) < 4}
        groups: dict[tuple[str, str], list[PayerEntry]] = {}
        for one in self.entries:
            if (not transaction or one.transaction == transaction) and (
                plain(one.name) in names or _rank(one, asked) < 4
            ):
                groups.setdefault((one.payer_id.upper(), one.transaction), []).append(one)
        found = [_match(members, self._aliases(members[0]), asked) for members in groups.values()]
        found.sort(key=lambda match: (_rank(match.entry, asked), match.entry.name, match.entry.transaction))
        return tuple(found[:limit])

    def _aliases(self, entry: PayerEntry) -> Iterator[str]:
        return (one.name for one in self.of(entry.payer_id, entry.transaction))


def _match(members: list[PayerEntry], names: Iterable[str], asked: str) -> PayerMatch:
    best = min(members, key=lambda one: _rank(one, asked))
    aliases = tuple(dict.fromkeys(name for name in names if name != best.name))
    return PayerMatch(entry=best, aliases=aliases)


def _rank(entry: PayerEntry, asked: str) -> int:
    """0 the id itself, 1 the beginning of the name or id, 2 all words in the name, 4 not meant."""
    name, number = plain(entry.name), plain(entry.payer_id)
    if asked in {number, name}:
        return 0
    if name.startswith(asked) or (number.startswith(asked) and len(asked) > 1):
        return 1
    return 2 if all(word in name for word in asked.split()) else 4


def plain(text: str) -> str:
    """As names are compared: lower case, signs as blanks."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())
