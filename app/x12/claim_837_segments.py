"""Parts of a claim to segments: parties, dates, numbers, amounts, adjustments, diagnoses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.model.adjustment import Adjustment
from app.model.claim import (
    Contact,
    Diagnosis,
    Party,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Raw,
    Reference,
)
from app.model.money import Money
from app.model.people import Address
from app.x12.values import amount
from app.x12.write import Row

Rows = list[Row]
_MOST_IN_HI = 12
_HI_SETS = (
    ("ABK", "BK"),
    ("ABJ", "BJ"),
    ("APR", "PR"),
    ("ABN", "BN"),
    ("DR",),
    ("ABF", "BF"),
    ("BBR", "BR", "CAH"),
    ("BBQ", "BQ"),
    ("BP", "BO"),
    ("BI",),
    ("BH",),
    ("BE",),
    ("BG",),
    ("TC",),
)
_ALONE = ("ABK", "BK", "ABJ", "BJ", "DR", "BBR", "BR", "CAH")


def party_rows(party: Party) -> Rows:
    """NM1 and what follows it."""
    out: Rows = [name_row(party), *address_rows(party.address)]
    if party.birth_date or party.sex:
        out.append(["DMG", "D8", party.birth_date, party.sex])
    if party.taxonomy:
        out.append(["PRV", party.provider_role, "PXC", party.taxonomy])
    return [*out, *map(dtp, party.dates), *map(ref, party.references), *map(per, party.contacts)]


def name_row(party: Party) -> Row:
    """NM1."""
    return [
        "NM1",
        party.role,
        "1" if party.is_person else "2",
        party.name,
        party.first_name,
        party.middle_name,
        party.prefix,
        party.suffix,
        party.id_qualifier,
        party.id,
    ]


def address_rows(address: Address | None) -> Rows:
    """N3 and N4, where there are any."""
    out: Rows = []
    if address and (address.street or address.unit):
        out.append(["N3", address.street, address.unit])
    if address and (address.city or address.state or address.postal_code or address.country):
        place = (address.city, address.state, address.postal_code, address.country)
        out.append(["N4", *place, "", "", address.subdivision])
    return out


def per(found: Contact) -> Row:
    """PER."""
    return ["PER", found.function, found.name, *(part for pair in found.numbers for part in pair)]


def dtp(found: QualifiedDate) -> Row:
    """DTP."""
    return ["DTP", found.qualifier, found.format, found.text]


def ref(found: Reference) -> Row:
    """REF."""
    payer: str | tuple[str, ...] = ("2U", found.payer) if found.payer else ""
    return ["REF", found.qualifier, found.value, found.description, payer]


def amt(found: QualifiedAmount) -> Row:
    """AMT."""
    return ["AMT", found.qualifier, written(found.amount)]


def written(money: Money) -> str:
    """An amount as it was written, or as X12 writes it."""
    return money.source or amount(money.cents)


def procedure_value(procedure: Procedure | None) -> str | tuple[str, ...]:
    """The composite of SV101, SV202, SVD03."""
    if procedure is None:
        return ""
    modifiers = (*procedure.modifiers, "", "", "", "")[:4]
    return (procedure.qualifier, procedure.code, *modifiers, procedure.description, procedure.end_code)


def raws(found: tuple[Raw, ...], *ids: str) -> Iterator[Row]:
    """Segments kept as written, of those ids."""
    return (list(row) for row in found if row and row[0] in ids)


def cas_rows(adjustments: Sequence[Adjustment]) -> Iterator[Row]:
    """CAS segments: one a group (and a segment as read), six triplets each at most (point 12)."""
    for (_, group), run in groupby(adjustments, lambda one: (one.segment, one.group)):
        triplets = [(one.reason, written(one.amount), one.quantity) for one in run]
        for at in range(0, len(triplets), 6):
            yield ["CAS", group, *(part for triplet in triplets[at : at + 6] for part in triplet)]


def hi_rows(diagnoses: Sequence[Diagnosis], counts: Sequence[int], kind: str) -> Iterator[Row]:
    """HI segments: as they were read, or by the guide's sets, twelve at most in each."""
    if sum(counts) == len(diagnoses):
        at = 0
        for count in counts:
            yield ["HI", *map(_hi, diagnoses[at : at + count])]
            at += count
        return
    sets = _HI_SETS if kind == "837I" else (("ABK", "BK", "ABF", "BF"), ("BP", "BO"), ("BG",))
    for names in sets:
        members = [one for one in diagnoses if one.qualifier in names]
        size = 1 if kind == "837I" and names[0] in _ALONE else _MOST_IN_HI
        for at in range(0, len(members), size):
            yield ["HI", *map(_hi, members[at : at + size])]


def _hi(one: Diagnosis) -> tuple[str, ...]:
    money = written(one.amount) if one.amount is not None else ""
    return (
        one.qualifier,
        one.code,
        one.date_format,
        one.date,
        money,
        one.quantity,
        one.version,
        one.end_code,
        one.present_on_admission,
    )
