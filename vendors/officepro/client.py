"""OfficePro's wire: addresses, tokens, envelopes. No meaning; that is ``mapping``'s."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from app.model.errors import BadInput, Drifted, NotFound, VendorError, WrongCredentials
from vendors.contract import VendorContext
from vendors.officepro.manifest import MANIFEST
from vendors.officepro.wire import TokenAnswer
from vendors.transport import failures, scrub
from vendors.transport.decode import drifted, json_value, shaped
from vendors.transport.http import Answer, Ask, HttpTransport
from vendors.transport.tokens import Token, TokenKeeper

TITLE = MANIFEST.title

#: May turn a refusal (status, the vendor's scrubbed words) into a better error; None leaves the usual one.
Explain = Callable[[int, str], VendorError | None]

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class OfficeProClient:
    """Speaks to one tenant. Answers are JSON values without their envelope, still in OfficePro's words."""

    def __init__(self, context: VendorContext) -> None:
        if not context.tenant.strip():
            raise BadInput("tenant", "The practice pass is missing.", "", ("Enter it as OfficePro gave it.",))
        base = context.base_urls.get("api", "").rstrip("/")
        self._tenant = context.tenant.strip()
        prefix = f"/v1/{quote(self._tenant, safe='')}"
        base = base.removesuffix(prefix).removesuffix("/v1")
        self._context = context
        self._prefix = prefix
        self._http = HttpTransport(context, title=TITLE, base_url=base, parallel=MANIFEST.limits.parallel)
        self._tokens = TokenKeeper(context.clock, self._fetch_token)

    async def sign_in(self) -> Token:
        """A fresh token, whatever was kept."""
        self._tokens.forget()
        return await self._tokens.current()

    async def close(self) -> None:
        """Forget the token and give the sockets back."""
        self._tokens.forget()
        await self._http.close()

    async def read(self, operation: str, path: str, query: Mapping[str, str], explain: Explain | None = None) -> Any:
        """GET; the value inside the envelope."""
        ask = Ask(operation=operation, method="GET", path=self._prefix + path, query=dict(query), is_write=False)
        answer = await self._authorised(ask, query.values(), explain)
        return await self._value(answer, operation)

    async def write(
        self, operation: str, method: str, path: str, fields: Mapping[str, Any], explain: Explain | None = None
    ) -> Any:
        """POST or PUT, once; the value inside the envelope. Raises OutcomeUnknown where the answer is not clear."""
        ask = Ask(
            operation=operation,
            method=method,
            path=self._prefix + path,
            headers={"Content-Type": "application/json"},
            body=msgspec.json.encode(fields),
            is_write=True,
        )
        sent = [str(value) for value in fields.values()]
        answer = await self._authorised(ask, sent, explain)
        if answer.status == 202:
            raise failures.outcome_unknown(TITLE, f"{operation}: taken in, not done yet (HTTP 202)")
        try:
            return await self._value(answer, operation, explain, sent)
        except Drifted as error:
            raise failures.outcome_unknown(TITLE, error.detail) from None

    async def _authorised(self, ask: Ask, sent: Any, explain: Explain | None) -> Answer:
        token = await self._tokens.current()
        answer = await self._http.ask(_bearing(ask, token))
        if answer.status == 401:
            # Refused before anything was done, so even a write may go again, once, under a new token.
            token = await self._tokens.instead_of(token)
            answer = await self._http.ask(_bearing(ask, token))
        if 200 <= answer.status < 300:
            return answer
        said = scrub.reason(await _said(answer, ask.operation), sent)
        better = explain(answer.status, said) if explain else None
        raise better or failures.for_status(
            TITLE, answer.status, operation=ask.operation, write=ask.is_write, said=said
        )

    async def _value(self, answer: Answer, operation: str, explain: Explain | None = None, sent: Any = ()) -> Any:
        if answer.status == 204:
            return {}
        value = await json_value(answer.body, title=TITLE, operation=operation)
        if not isinstance(value, dict):
            return value
        if _is_refusal(value):
            if value.get("data"):
                raise drifted(TITLE, operation, "both an error and a result")
            said = scrub.reason(_words(value), sent)
            better = explain(answer.status, said) if explain else None
            raise better or failures.for_status(TITLE, 400, operation=operation, write=False, said=said)
        return value

    async def _fetch_token(self) -> Token:
        key = await self._context.secrets.get("api_key")
        if not key:
            raise WrongCredentials(
                "The API key for OfficePro is missing.", "Nothing was sent.", ("Enter the key in Connections.",)
            )
        ask = Ask(
            operation="sign_in",
            method="POST",
            path=f"{self._prefix}/auth/token",
            headers={"Content-Type": "application/json"},
            body=msgspec.json.encode({"apiKey": key}),
            is_write=False,  # A token more does no harm.
        )
        answer = await self._http.ask(ask)
        if not 200 <= answer.status < 300:
            said = scrub.reason(await _said(answer, "sign_in"), (key, self._tenant))
            raise _no_token(answer.status, said)
        value = await json_value(answer.body, title=TITLE, operation="sign_in")
        if isinstance(value, dict) and isinstance(value.get("data"), dict):
            value = value["data"]
        if isinstance(value, dict) and value.get("error") and "accessToken" not in value:
            raise _no_token(401, scrub.reason(_words(value), (key, self._tenant)))
        token = shaped(value, TokenAnswer, title=TITLE, operation="sign_in")
        if not re.fullmatch(r"[\x21-\x7e]{8,16384}", token.access_token) or token.token_type.lower() != "bearer":
            raise drifted(TITLE, "sign_in", "a token of another kind")
        return Token(text=token.access_token, lifetime_s=lifetime(token.expires_in))


def _is_refusal(value: Mapping[str, Any]) -> bool:
    """Whether an answer beside a good status says that it is none (BEHAVIOR.md, 13)."""
    failed = str(value.get("status")).casefold() in {"error", "fail", "failed", "failure"}
    return bool(value.get("error") or value.get("errors") or value.get("success") is False or failed)


def lifetime(expires_in: float | str | None) -> float | None:
    """``"24h"``, ``"30m"``, ``"3600"``, ``3600`` → seconds; None for anything else, so that only a refusal ends it."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\w*\s*", str(expires_in).lower())
    return float(match[1]) * _UNITS[match[2]] if match else None


def _bearing(ask: Ask, token: Token) -> Ask:
    return msgspec.structs.replace(ask, headers={**ask.headers, "Authorization": f"Bearer {token.text}"})


def _no_token(status: int, said: str) -> VendorError:
    says = f"OfficePro says: “{said}”." if said else ""
    if status in {400, 401, 403, 422}:
        return WrongCredentials(
            "OfficePro does not accept this API key.",
            says or "The key is wrong, was withdrawn, or belongs to another practice.",
            ("Check the key and the practice pass.", "Ask OfficePro for a new key."),
            detail=f"sign_in: HTTP {status}",
        )
    if status == 404:
        return NotFound(
            "OfficePro knows no practice of this name at this address.",
            says or "The practice pass or the address is wrong.",
            ("Check the practice pass and the address of this connection.",),
            detail="sign_in: HTTP 404",
        )
    return failures.for_status(TITLE, status, operation="sign_in", write=False, said=said)


async def _said(answer: Answer, operation: str) -> str:
    """The vendor's own words in a refusal, where it sent any as JSON."""
    try:
        value = await json_value(answer.body, title=TITLE, operation=operation)
    except VendorError:
        return ""
    return _words(value) if isinstance(value, dict) else ""


def _words(value: Mapping[str, Any]) -> str:
    for name in ("error", "message", "errors", "detail"):
        words = value.get(name)
        if isinstance(words, dict):
            words = words.get("message") or words.get("detail") or "; ".join(str(item) for item in words.values())
        if isinstance(words, list):
            words = "; ".join(str(item.get("message", "")) if isinstance(item, dict) else str(item) for item in words)
        if isinstance(words, str) and words.strip():
            return words
    return ""
