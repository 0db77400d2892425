"""Whose window this is, read from the connections: known anew as soon as the first system is connected."""

from __future__ import annotations

from app.model.connection import Environment
from app.store import connections
from app.store.database import Reader
from ui.services import Practice


def practice_of(conn: Reader, workstation: str) -> Practice:
    """The practice, place and zone of the first connection; an environment that is not production wins over one that
    is, so that nobody takes a sandbox for the real thing. ``workstation`` names this desk to the audit."""
    known = connections.listed(conn)
    places = {place.location_id: place for place in connections.locations(conn)}
    first = known[0] if known else None
    place = places.get(first.location_id) if first else None
    least = Environment.PRODUCTION
    for one in known:
        if one.environment is not Environment.PRODUCTION:
            least = one.environment
    return Practice(
        name=first.practice if first else "",
        location=place.name if place else "",
        time_zone=place.time_zone if place else "America/Chicago",
        environment=least,
        workstation=workstation,
    )
