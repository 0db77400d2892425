"""What a document is: transactions we read, by GS08 and ST01, and polite names for those we do not."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.guide import Guide


class Kind(NamedTuple):
    """A transaction we read: its name, its guide's module and the module that maps it to the model.

    The mapping module offers ``read(transaction) -> Iterator[value]``, ``check(transaction)``,
    ``to_json(transaction) -> dict``, ``outline(transaction) -> Iterator[tuple[int, str]]`` (depth and line) and, where
    we write it, ``body(value) -> Body`` and ``from_json(data) -> Built``.
    """

    name: str
    title: str
    st01: str
    versions: tuple[str, ...]
    guide_module: str
    mapping: str


KINDS = (
    Kind("835", "claim payment and remittance advice", "835", ("005010X221",), "g835", "remittance_835"),
    Kind("837P", "professional claim", "837", ("005010X222",), "g837p", "claim_837"),
    Kind("837I", "institutional claim", "837", ("005010X223",), "g837i", "claim_837"),
    Kind("270", "eligibility inquiry", "270", ("005010X279",), "g270", "inquiry_270"),
    Kind("271", "eligibility response", "271", ("005010X279",), "g271", "eligibility_271"),
    Kind("276", "claim status request", "276", ("005010X212",), "g276", "request_276"),
    Kind("277", "claim status response", "277", ("005010X212",), "g277", "status_277"),
    Kind("277CA", "claim acknowledgment", "277", ("005010X214",), "g277ca", "claim_ack_277ca"),
    Kind("999", "implementation acknowledgment", "999", ("005010X231",), "g999", "ack_999"),
)

_OTHERS = {
    "005010X217": "278 services review",
    "005010X220": "834 enrollment",
    "005010X218": "820 premium payment",
    "005010X224": "837D dental claim",
    "005010X298": "837P post-adjudicated claim",
    "005010X292": "837I post-adjudicated or other claim",
    "005010X364": "277CA, a later guide",
    "005010X186": "824 application advice",
    "005010X230": "997 acknowledgment",
    "005010X210": "275 attachment",
    "005010X213": "277 request for information",
    "005010X306": "820 exchange payment",
}
_ST01 = {
    "834": "enrollment",
    "820": "premium payment",
    "278": "services review",
    "824": "application advice",
    "997": "functional acknowledgment",
    "850": "purchase order",
    "810": "invoice",
    "275": "attachment",
    "837": "claim",
    "835": "remittance advice",
    "270": "eligibility inquiry",
    "271": "eligibility response",
    "276": "claim status request",
    "277": "claim status",
    "999": "implementation acknowledgment",
}


def kind_of(transaction: Transaction) -> Kind | None:
    """Which of our transactions this is; ``None`` for one we do not read. Errata twins count as one (point 5)."""
    kind = _kind_of(transaction)
    transaction.reader.recognised += kind is not None
    return kind


def _kind_of(transaction: Transaction) -> Kind | None:
    version, convention = transaction.version[:10], transaction.convention[:10]
    fits = [kind for kind in KINDS if kind.st01 == transaction.kind]
    by_group = next((kind for kind in fits if version in kind.versions), None)
    by_set = next((kind for kind in fits if convention in kind.versions), None)
    of_another = any(version in kind.versions for kind in KINDS)  # a 276 whose GS08 is that of the 270
    if by_group or (version[:6] == "005010" and version[6:7] == "X" and not of_another):
        return (by_set or by_group) if by_group else None  # ST03 speaks for itself between two of ours
    if by_set:
        return by_set
    unsaid = not version or version in ("005010", "999999X999")
    return fits[0] if unsaid and fits and fits[0].st01 != "277" else None


def polite_name(transaction: Transaction) -> str:
    """What to call a transaction we do not read: ``834 enrollment (005010X220A1)``."""
    version = transaction.version
    known = _OTHERS.get(version[:10])
    if known and known.startswith(transaction.kind):
        return f"{known} ({version})"
    word = _ST01.get(transaction.kind, "transaction")
    if version[:6] == "004010":
        return f"{transaction.kind} {word} of the older version 4010 ({version})"
    return f"{transaction.kind or 'unnamed'} {word} ({version or 'no version given'})"


_guides: dict[tuple[str, Delimiters], Guide] = {}


def guide_for(kind: Kind, delimiters: Delimiters = Delimiters()) -> Guide:  # noqa: B008 - an immutable value
    """The guide of a kind, read once for each set of delimiters (its caches hold texts as written with them)."""
    key = (kind.name, delimiters)
    guide = _guides.get(key)
    if guide is None:
        if len(_guides) > 50:
            _guides.clear()
        module = import_module(f"app.x12.guides.{kind.guide_module}")
        guide = _guides[key] = Guide(module.TABLE, getattr(module, "RULES", None))
    return guide


def named(name: str) -> Kind:
    """A kind by its name (``"837P"``). Raises ``KeyError`` for others."""
    return next(iter(kind for kind in KINDS if kind.name == name))


def mapping(kind: Kind) -> Any:
    """The module that maps this kind to the model."""
    return import_module(f"app.x12.{kind.mapping}")


Outline = Callable[[Transaction], Any]
