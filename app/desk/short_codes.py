"""PINs and badges: coming back fast to a desk that several people share (FEATURES J4).

A PIN is short, so alone it opens nothing. It lets in only whoever gave the passphrase in this run of the program and
within the last twelve hours, and a lock-out ends that. A badge reader types what stands on the badge as a keyboard
would: to Daybook a badge is a long PIN. Only its argon2id hash is kept, in the encrypted store.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from app.model.clock import Clock
from app.model.errors import BadInput
from app.store import settings
from app.store.store import Reader, Tx

GOOD_FOR = timedelta(hours=12)
SHORTEST, LONGEST = 6, 100
_KEY = "short-code"


class Presence:
    """Who gave the passphrase in this run, and until when that is good for a PIN, by the clock that cannot be set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def came(self, account_id: str) -> None:
        """The passphrase was right."""
        self._until[account_id] = self._clock.monotonic() + GOOD_FOR.total_seconds()

    def left(self, account_id: str) -> None:
        """Next time only the passphrase counts."""
        self._until.pop(account_id, None)

    def is_here(self, account_id: str) -> bool:
        """A PIN may let this person in."""
        return self._until.get(account_id, float("-inf")) > self._clock.monotonic()


def check(code: str, user_name: str) -> None:
    """Raises BadInput for a PIN that is too short, too long or guessed at once."""
    if not SHORTEST <= len(code) <= LONGEST:
        raise _refused(f"A PIN or badge has {SHORTEST} to {LONGEST} characters.")
    steps = {ord(after) - ord(before) for before, after in pairwise(code)}
    if steps in ({0}, {1}, {-1}) or len(set(code)) < 3 or code.casefold() == user_name.casefold():
        raise _refused("This PIN is guessed at once.")


def hash_of(conn: Reader, account_id: str) -> str:
    """The argon2id hash of a person's PIN, empty where there is none."""
    return (settings.get(conn, account_id, _KEY) or b"").decode()


def keep(tx: Tx, account_id: str, hashed: str) -> None:
    """Keep the hash of a new PIN; an empty one takes the PIN away."""
    if hashed:
        settings.put(tx, account_id, _KEY, hashed.encode())
    else:
        settings.remove(tx, account_id, _KEY)


def _refused(happened: str) -> BadInput:
    return BadInput("short_code", happened, "Others stand near this desk.", ("Choose another one.",))
