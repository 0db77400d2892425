"""The end of the audit chain, kept in the keyring so that a cut tail is found.

The rule. A commit comes first and is durable; its head is kept afterwards, off the loop, several commits at once. So
after a crash the store may be *ahead* of the kept head, by what fell into that moment: fine if the chain fits. It can
never honestly be *behind*, and the line the head names must have the digest the head names: anything else was done to
the file. ``audit.verify`` applies the rule to the head loaded before this start's first write.
"""

from __future__ import annotations

import threading

import msgspec

from app.model.errors import SetupError
from app.store.keys import KeyRing, head_name

_GATHER_SECONDS = 1.0


class AuditHead(msgspec.Struct, frozen=True, kw_only=True):
    """The last line the log is known to have had: its ``sequence`` (0: none yet) and its ``digest``."""

    sequence: int = 0
    digest: str = ""


class HeadKeeper:
    """Writes the newest head to the keyring from a thread of its own, at most once in ``gather_seconds``.

    ``load`` first, then ``store.keep_audit_head(keeper.keep)``, then ``audit.verify`` with what was loaded.
    """

    def __init__(self, ring: KeyRing, store_id: str, *, gather_seconds: float = _GATHER_SECONDS) -> None:
        self._ring = ring
        self._name = head_name(store_id)
        self._gather = gather_seconds
        self._newest: AuditHead | None = None
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        #: Why the last head could not be kept, in words; empty when all is well.
        self.trouble = ""

    def load(self) -> AuditHead | None:
        """The head as it was kept, or None where there is none, or nothing readable (``trouble`` says why). Blocks."""
        try:
            kept = self._ring.get(self._name)
            return None if kept is None else msgspec.json.decode(kept, type=AuditHead)
        except SetupError as failure:
            self.trouble = failure.happened
        except msgspec.DecodeError:
            self.trouble = "The end of the audit log that was kept outside the store cannot be read."
        return None

    def keep(self, head: AuditHead) -> None:
        """Keep ``head`` soon. Any thread; returns at once."""
        self._newest = head
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="audit-head", daemon=True)
            self._thread.start()

    def keep_now(self, head: AuditHead) -> None:
        """Keep ``head`` before returning (a new store's first, a restored store's). Blocks."""
        self._ring.put(self._name, msgspec.json.encode(head).decode())

    def close(self) -> None:
        """Keep what is newest and end the thread. Blocks; call after the store was closed."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        kept: AuditHead | None = None
        while True:
            self._wake.wait()
            self._wake.clear()
            closing = self._closing.is_set()
            head = self._newest
            if head is not None and head != kept:
                try:
                    self.keep_now(head)
                    kept, self.trouble = head, ""
                except SetupError as failure:
                    self.trouble = failure.happened
            if closing:
                return
            self._closing.wait(self._gather)
