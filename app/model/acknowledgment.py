"""Answers to what we sent, before any claim is looked at: TA1 for the envelope, 999 for syntax and guide.

They name our own control numbers; nothing in them is about money. 277CA, which speaks about single claims, stands in
``app.model.claim_status``.
"""

from __future__ import annotations

import msgspec

ACCEPTED = frozenset(("A", "E"))


class InterchangeAcknowledgment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """TA1: what became of one interchange of ours, found by its ISA13 and its date and time (point 32).

    ``code`` A accepted, E accepted with errors, R refused: then nothing of it was read. ``note`` 000-031.
    """

    control_number: str
    date_text: str = ""
    time_text: str = ""
    code: str = ""
    note: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the interchange was read."""
        return self.code in ACCEPTED


class Context(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """CTX: what a finding belongs to or what set off a rule.

    ``name`` and ``value`` are CTX01 (``CLM01`` and our claim number, or ``SITUATIONAL TRIGGER``), ``also`` its further
    repeats. The trigger's place follows: segment, number from ST = 1, loop, element, component, repeat (0 where not
    given) and the element's reference as written.
    """

    name: str
    value: str = ""
    also: tuple[tuple[str, str], ...] = ()
    segment: str = ""
    number: int = 0
    loop: str = ""
    element: int = 0
    component: int = 0
    repeat: int = 0
    reference: str = ""


class ElementError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """IK4: one element at fault: its number, component and repeat (0 where not given), its code and the bad value."""

    element: int
    component: int = 0
    repeat: int = 0
    reference: str = ""
    code: str = ""
    bad_value: str = ""
    contexts: tuple[Context, ...] = ()


class SegmentError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """IK3: one segment at fault: its id, its number counted from ST = 1, its loop, the code (point 30).

    ``contexts`` name the claim (CLM01) or what set off a situational rule.
    """

    segment: str
    number: int
    loop: str = ""
    code: str = ""
    contexts: tuple[Context, ...] = ()
    elements: tuple[ElementError, ...] = ()


class SetAcknowledgment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """AK2…IK5: what became of one transaction: our ST01 and ST02, the code and the errors found (point 31).

    ``code`` A, E (accepted with errors: do not send again), R, M, W, X.
    """

    kind: str
    control_number: str
    version: str = ""
    code: str = ""
    codes: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it needs no sending again."""
        return self.code in ACCEPTED


class Acknowledgment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A 999: what became of one functional group: AK1 names our GS01, GS06 and GS08, AK9 sums up.

    ``code`` A, E, P (part: only the refused transactions go again), R. Accepted transactions may be left out of
    ``sets``.
    """

    group_kind: str
    group_control: str
    version: str = ""
    sets: tuple[SetAcknowledgment, ...] = ()
    code: str = ""
    included: int = 0
    received: int = 0
    accepted_count: int = 0
    codes: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing of the group needs sending again."""
        return self.code in ACCEPTED
