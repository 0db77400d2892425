"""What the Connections page says above its columns: the sign-in that a person must help with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from app.model.connection import Connection, ConnectionState
from ui import words
from ui.text import clean, count
from ui.widgets.banner import Banner

KEY = "state"


def wants_code(connection: Connection, asked: Collection[str]) -> bool:
    """Whether it waits for a code: its question stands among those ``asked``, or ran out."""
    return connection.connection_id in asked or connection.state is ConnectionState.NEEDS_CODE


def sign_in_banner(
    connections: Sequence[Connection],
    asked: Collection[str],
    waiting: Mapping[str, int],
    act: Callable[[Connection, str], None],
) -> Banner | None:
    """The most serious one: a wrong sign-in, else a code that is wanted. ``waiting`` counts jobs by connection."""
    wrong = next((one for one in connections if one.state is ConnectionState.WRONG_CREDENTIALS), None)
    code = next((one for one in connections if wants_code(one, asked)), None)
    found = wrong or code
    if found is None:
        return None
    state = words.connection_states()[ConnectionState.WRONG_CREDENTIALS if wrong else ConnectionState.NEEDS_CODE]
    jobs = waiting.get(found.connection_id, 0)
    waits = f"{count(jobs, 'change')} wait{'s' if jobs == 1 else ''}. " if jobs else ""
    name = clean(found.name)
    return Banner(
        key=KEY,
        family=state.family,
        icon=state.icon,
        strong=f"{name} does not accept its key." if wrong else f"{name} needs a code to continue.",
        words=f"{waits}What was read before stays readable.",
        button=state.button,
        button_icon="edit" if wrong else state.icon,
        on_button=lambda: act(found, state.act),
    )
