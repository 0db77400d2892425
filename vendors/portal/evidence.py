"""Evidence of a failed step: what the page was made of, with everything that may concern a person blanked.

Kept sealed with the connection, a few at a time, for some days. Structure is kept, texts are not: of labels, buttons
and column heads only those outside of rows and free of digits and of what was typed; in the picture no letter at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from app.model.portal import Evidence
from vendors.portal.quarantine import SealedBytes

if TYPE_CHECKING:
    from playwright.async_api import Page

KEPT_DAYS = 14
KEPT_AT_MOST = 8
_NAME = "portal-evidence"
_LINES = 200

_OUTLINE = """() => {
  const found = [];
  const wanted = 'h1,h2,h3,label,legend,th,button,input,select,textarea,table,form,dialog,nav,a,iframe,[role]';
  for (const node of document.querySelectorAll(wanted)) {
    if (found.length >= 400) break;
    const tag = node.tagName.toLowerCase();
    const names = ['label', 'legend', 'th', 'button'].includes(tag) && !node.closest('td,[role=alert],[role=status]');
    found.push({tag, role: node.getAttribute('role') || '', type: node.getAttribute('type') || '',
      required: !!node.required, hidden: !node.checkVisibility(), inRow: !!node.closest('td'),
      text: names ? (node.innerText || node.value || '').trim() : ''});
  }
  return found;
}"""

_BLANK = """* { color: transparent !important; text-shadow: none !important; caret-color: transparent !important;
  -webkit-text-fill-color: transparent !important; background-image: none !important; }
img, svg, canvas, video, iframe, object, embed { visibility: hidden !important; }
::placeholder { color: transparent !important; } ::before, ::after { content: '' !important; }"""


async def take(
    page: Page, *, name: str, operation: str, happened: str, at: datetime, sent: Iterable[str] = ()
) -> Evidence:
    """Describe what is on the screen. ``sent`` are values that must not appear even in a label."""
    rows: list[dict[str, Any]] = await page.evaluate(_OUTLINE)
    secret = sorted({value.strip().casefold() for value in sent if len(value.strip()) > 1}, key=len, reverse=True)
    outline = tuple(_line(row, secret) for row in rows if not row["inRow"])[:_LINES]
    picture = await page.screenshot(type="jpeg", quality=40, style=_BLANK, timeout=5_000)
    return Evidence(
        page=name, operation=operation, happened=happened, taken_at=at, outline=outline, picture=bytes(picture)
    )


async def keep(state: SealedBytes, evidence: Evidence, now: datetime) -> None:
    """Seal it with the connection's state; older ones go."""
    held = [*(await kept(state, now)), evidence]
    await state.put(_NAME, msgspec.msgpack.encode(held[-KEPT_AT_MOST:]))


async def kept(state: SealedBytes, now: datetime) -> tuple[Evidence, ...]:
    """What is there, not older than ``KEPT_DAYS``; the older is removed by looking."""
    held = await state.get(_NAME)
    if not held:
        return ()
    try:
        found = msgspec.msgpack.decode(held, type=tuple[Evidence, ...])
    except msgspec.DecodeError:
        found = ()
    young = tuple(one for one in found if one.taken_at > now - timedelta(days=KEPT_DAYS))
    if len(young) != len(found):
        await state.put(_NAME, msgspec.msgpack.encode(young))
    return young


def _line(row: dict[str, Any], secret: list[str]) -> str:
    marks = [row["tag"]]
    marks += [f"role={row['role']}"] if row["role"] else []
    marks += [f"type={row['type']}"] if row["type"] else []
    marks += ["required"] if row["required"] else []
    marks += ["hidden"] if row["hidden"] else []
    text = _safe(row["text"], secret)
    return " ".join(marks) + (f" “{text}”" if text else "")


def _safe(text: str, secret: list[str]) -> str:
    line = " ".join(text.split())
    folded = line.casefold()
    if not line or len(line) > 60 or "@" in line or any(value in folded for value in secret):
        return "…" if line else ""
    return re.sub(r"\d{2,}", "…", line)
