"""The practice's own rules for each provider."""

from __future__ import annotations

import msgspec

from app.model.changes import Change, Kind
from app.model.rules import ProviderRules
from app.store.database import Reader
from app.store.tx import Tx

_decode = msgspec.json.Decoder(ProviderRules).decode


def get(conn: Reader, provider_id: str) -> ProviderRules | None:
    """A provider's rules, or None where none were entered."""
    row = conn.execute("SELECT value FROM provider_rules WHERE provider_id = ?", (provider_id,)).fetchone()
    return _decode(row[0]) if row else None


def all(conn: Reader) -> dict[str, ProviderRules]:
    """Every provider's rules by provider id."""
    return {row[0]: _decode(row[1]) for row in conn.execute("SELECT provider_id, value FROM provider_rules")}


def save(tx: Tx, provider_id: str, rules: ProviderRules) -> None:
    """Replace a provider's rules."""
    tx.connection.execute(
        "INSERT INTO provider_rules (provider_id, value) VALUES (?,?)"
        " ON CONFLICT (provider_id) DO UPDATE SET value = excluded.value",
        (provider_id, msgspec.json.encode(rules)),
    )
    tx.changed(Change(kind=Kind.RULES, ids=frozenset({provider_id})))
