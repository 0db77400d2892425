"""JSON of the transactions that ask (270, 276): one heading and a list of requests, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import GenericAlias
from typing import Any, Generic, TypeVar

import msgspec

from app.model.claim import Party
from app.model.claim_status import ClaimStatusRequest
from app.model.eligibility import EligibilityRequest
from app.model.inquiry import Heading
from app.x12.parts import envelope_of, moment, plain, priced
from app.x12.write import Body, Built, build

R = TypeVar("R", EligibilityRequest, ClaimStatusRequest)
_HIDDEN = frozenset(("level", "start"))  # where a thing stood says nothing to others


class Inquiries(Generic[R]):
    """``{heading: {...}, NAME: [...]}``: a document with requests of one ``kind`` under ``name``.

    ``money`` are the names of fields that hold amounts.
    """

    def __init__(self, name: str, kind: type[R], money: frozenset[str]) -> None:
        self._name = name
        self._money = money
        requests: tuple[str, Any] = (name, GenericAlias(list, (kind,)))
        self._document = msgspec.defstruct("Document", [requests, ("heading", Heading, Heading())])

    def told(self, found: list[R]) -> dict[str, Any]:
        """Plain data; empty fields are left out."""
        heading = found[0].heading if found else Heading()
        requests = [plain(msgspec.to_builtins(one), _HIDDEN) for one in found]
        for one in requests:
            one.pop("heading", None)
        return {"heading": plain(msgspec.to_builtins(heading)), self._name: requests}

    def heard(self, data: Mapping[str, Any]) -> list[R]:
        """The reverse. Raises ``msgspec.ValidationError`` naming the field that does not fit."""
        given: Any = msgspec.convert(priced(dict(data), self._money), self._document)
        return [msgspec.structs.replace(one, heading=given.heading) for one in getattr(given, self._name)]

    def written(self, data: Mapping[str, Any], body: Callable[[Iterable[R]], Body]) -> Built:
        """A finished document; ``interchange`` and ``group`` as in ``x12 json`` (``sender``, ``control`` ...).

        Without them the receiver's and the payer's own numbers are used. Raises ``NotValid`` or
        ``msgspec.ValidationError``, which name the field at fault.
        """
        requests = self.heard(data)
        if not requests:
            raise msgspec.ValidationError(f"Object missing required field `{self._name}`")
        first = requests[0]
        when = moment(first.heading.date, first.heading.time)
        asking: Party | None = first.receiver
        sender = asking.id if asking is not None else ""
        return build([body(requests)], envelope_of(data, when, "heading.date", sender, first.source.id))
