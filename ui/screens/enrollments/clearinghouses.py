"""Which of the connected systems carry claims for their payers."""

from __future__ import annotations

from collections.abc import Iterable

from app.model.capabilities import Capability, Standing
from app.model.connection import Connection


def clearinghouses_of(connections: Iterable[Connection]) -> tuple[Connection, ...]:
    """Those that know enrollments: they have a list of payers, too."""
    return tuple(one for one in connections if _knows_enrollments(one))


def _knows_enrollments(connection: Connection) -> bool:
    offers = (one for one in connection.offers if one.capability is Capability.READ_ENROLLMENTS)
    return any(offer.standing is not Standing.NOT_OFFERED for offer in offers)
