"""What passes between a driven portal and people: what will be typed where, what changed on screen, pictures, input."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

import msgspec


class PlannedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a portal page: what stands there now and what will stand there. ``field`` is the portal's label."""

    field: str
    before: str
    after: str


class WritePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What will be typed where, before anything is typed (shown to a person, and compared again when it is done).

    ``operation`` is the write's name in the adapter, ``page`` the portal page's name, ``record`` the vendor's id of
    what is changed (empty where it is made), ``address`` where the page is, ``button`` what is pressed in the end.
    ``marks`` are facts noted before the write that tell afterwards whether it happened. ``twins`` are the system's ids
    of records that look the same as a new one; ``despite_twin``: a person wants it made all the same.
    """

    operation: str
    system: str
    page: str
    record: str
    address: str
    summary: str
    entries: tuple[PlannedEntry, ...]
    button: str
    marks: dict[str, str] = msgspec.field(default_factory=dict)
    twins: tuple[str, ...] = ()
    despite_twin: bool = False

    def all_the_same(self) -> WritePlan:
        """The same plan, once a person has said that the record is to be made despite its twins."""
        return msgspec.structs.replace(self, despite_twin=True)

    def sentences(self) -> tuple[str, ...]:
        """One line a field, and what is pressed."""
        lines = [
            f"“{entry.field}”: {f'“{entry.before}” becomes' if entry.before else 'gets'} “{entry.after}”"
            if entry.after
            else f"“{entry.field}”: “{entry.before}” is cleared"
            for entry in self.entries
        ]
        return (*lines, f"Then “{self.button}” is pressed on {self.system}'s page “{self.page}”.")


class CodeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in code that a system asks for now, as the code sheet shows it. It lives no longer than ``deadline``.

    ``system`` is the vendor's title, ``practice`` the connection's. ``method`` is the way of the code asked for
    (``totp``, ``sms``, ``email``), ``methods`` all that may be chosen, ``sent_to`` the system's words for where it is.
    ``refused``: the code given before was not accepted. ``for_account_id`` is whose question it is (who was working,
    or whom it was passed to), empty for anybody at this workstation. ``waiting`` says what waits for it.
    ``can_trust``: the system offers to ask this computer for no more codes for a while.
    """

    request_id: str
    connection_id: str
    system: str
    practice: str
    words: str
    asked_at: datetime
    deadline: datetime
    sent_to: str = ""
    method: str = ""
    methods: tuple[str, ...] = ()
    can_resend: bool = False
    refused: bool = False
    for_account_id: str = ""
    for_name: str = ""
    waiting: str = ""
    can_trust: bool = False


class CodeAnswerInput(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said to a ``CodeRequest``: the ``code``, or ``send_by`` one of its methods (the same: again).

    ``trust``: with the code this computer shall be trusted, where the system offers it.
    """

    code: str = ""
    send_by: str = ""
    trust: bool = True

    def __repr__(self) -> str:
        return f"CodeAnswerInput(send_by={self.send_by!r})"


class ScreenChange(msgspec.Struct, frozen=True, kw_only=True):
    """A portal page does not look as we know it: writes on it stop for every connection of that vendor.

    ``missing`` names what was expected and not found (or found and not known), never a value. ``landmarks`` is a digest
    of what was expected, so that an adapter that has learnt the new page is not held back by an old note.
    """

    vendor: str
    page: str
    missing: tuple[str, ...]
    seen_at: datetime
    connection_id: str
    landmarks: str
    address: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a failed step left behind, without anything that may concern a patient: page outline and blanked picture."""

    page: str
    operation: str
    happened: str
    taken_at: datetime
    outline: tuple[str, ...]
    picture: bytes = b""


class PortalUse(msgspec.Struct, frozen=True, kw_only=True):
    """Who used a shared login, for what, from when until when."""

    who: str
    operation: str
    started_at: datetime
    ended_at: datetime | None = None


class ViewFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of the page: JPEG bytes, and the page's size in its own pixels, in which input is given."""

    jpeg: bytes
    width: int
    height: int


class MouseInput(msgspec.Struct, frozen=True, kw_only=True):
    """The mouse over the page. ``x`` and ``y`` in the frame's pixels; ``dx`` and ``dy`` for ``wheel`` only.

    ``modifiers``: 1 Alt, 2 Ctrl, 4 Meta, 8 Shift, added up.
    """

    kind: Literal["move", "press", "release", "wheel"]
    x: float
    y: float
    button: Literal["none", "left", "middle", "right"] = "none"
    clicks: int = 1
    dx: float = 0.0
    dy: float = 0.0
    modifiers: int = 0


class KeyInput(msgspec.Struct, frozen=True, kw_only=True):
    """A key over the page: ``key`` as browsers name it (``Enter``, ``a``), ``text`` what it types, if anything."""

    kind: Literal["press", "release"]
    key: str
    code: str = ""
    text: str = ""
    windows_code: int = 0
    modifiers: int = 0


@runtime_checkable
class PortalView(Protocol):
    """Watching a portal's page and taking it over, in the session that is signed in already.

    Watching changes nothing. After ``pause`` the work waits before its next act and input is passed on; after
    ``hand_back`` a read begins again and a write is read back before anything is sent.
    """

    @property
    def is_paused(self) -> bool:
        """The person has the page; the work waits."""
        ...

    def frames(self) -> AsyncIterator[ViewFrame]:
        """The newest picture whenever there is one; ends when the page or the view closes."""
        ...

    def pause(self) -> None:
        """Take over."""
        ...

    def hand_back(self) -> None:
        """Let the work go on."""
        ...

    async def send_mouse(self, mouse: MouseInput) -> None:
        """Pass the mouse on; ignored unless taken over."""
        ...

    async def send_key(self, key: KeyInput) -> None:
        """Pass a key on; ignored unless taken over."""
        ...

    async def close(self) -> None:
        """Stop watching; hands back what was taken. Safe to call twice."""
        ...
