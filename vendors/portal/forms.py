"""Forms that are written: planned first, typed as planned, read back before and after the one press that counts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeVar
from urllib.parse import urlsplit

from app.model.errors import BadInput, VendorRejected
from app.model.portal import PlannedEntry, WritePlan
from vendors.portal import failures
from vendors.portal.commit import Answered, Body, Commit
from vendors.portal.page import Control, PortalPage
from vendors.portal.tab import Tab
from vendors.transport import scrub

if TYPE_CHECKING:
    from playwright.async_api import Request

P = TypeVar("P", bound="FormPage")


class FormPage(PortalPage):
    """A page that is written on. ``known`` matches the label of every field it may have; others mean it has changed."""

    known: ClassVar[re.Pattern[str]]

    @classmethod
    async def to_write(cls: type[P], tab: Tab, address: str = "") -> P:
        """Open the page for a write. Raises Drifted where somebody must look at it first."""
        if tab.session.engine.quarantine.blocks(tab.site.vendor, cls.name, cls.digest()):
            raise failures.stopped(tab.site.title, cls.name)
        return await cls.open(tab, address)

    async def fields(self) -> dict[str, Control]:
        """The form. Raises Drifted for a field that nobody knows: it might be needed, or mean something else."""
        form = await self.read_form()
        strange = tuple(_unknown(control) for label, control in form.items() if not self.known.fullmatch(label))
        if strange:
            raise await self.tab.drifted(self, strange)
        return form

    async def planned(self, changes: Mapping[str, str]) -> tuple[PlannedEntry, ...]:
        """What ``changes`` (label → value or words of a choice) would change; what stands there already is left out.

        Raises BadInput for a choice that is not offered and a mark that no key types, Drifted for a field that is not
        there.
        """
        form = await self.fields()
        entries = []
        for label, wanted in changes.items():
            control = form.get(label)
            if control is None:
                raise await self.tab.drifted(self, (f"field “{label}”",))
            after = _as_words(control, wanted)
            if after != control.words:
                entries.append(PlannedEntry(field=label, before=control.words, after=after))
        return tuple(entries)

    async def enter(self, plan: WritePlan) -> None:
        """Type what was planned and read it back. Raises VendorRejected where the page holds something else by now."""
        form = await self.fields()
        for entry in plan.entries:
            control = form.get(entry.field)
            if control is None:
                raise await self.tab.drifted(self, (f"field “{entry.field}”",))
            if control.words != entry.before:
                raise meanwhile(self.tab.site.title, entry.field)
        for entry in plan.entries:
            if form[entry.field].type == "select":
                value = next(value for value, words in form[entry.field].options if words == entry.after)
                await self.select(entry.field, value)
            else:
                await self.fill(entry.field, entry.after)
        typed = await self.fields()
        wrong = tuple(
            f"“{entry.field}” keeps what is typed" for entry in plan.entries if typed[entry.field].words != entry.after
        )
        if wrong:
            raise await self.tab.drifted(self, wrong)

    async def commit(self, button: str, *, body: Body | None = None) -> Answered:
        """Press ``button``, once; see ``Commit.press``."""
        where = self.page.get_by_role("button", name=button, exact=True)
        path = re.compile(f"^{re.escape(urlsplit(self.page.url).path)}$")
        return await Commit(self.tab, path=path, body=body).press(lambda: where.click(no_wait_after=True))

    async def multipart(self, button: str, field: str, name: str, content: bytes) -> Body:
        """The body of a form with a file, made here: the browser shows none. Make it just before ``commit``.

        Everything else in the form (hidden state and the button itself) goes along as the page has it.
        """
        where = self.page.get_by_role("button", name=button, exact=True)
        file_field = self.page.get_by_label(field, exact=True)
        key = await file_field.get_attribute("name") or ""
        pairs: list[tuple[str, str]] = await where.evaluate(
            "button => [...new FormData(button.form, button)].filter((pair) => typeof pair[1] === 'string')"
        )
        boundary = f"----daybook{secrets.token_hex(16)}"
        parts = [_part(boundary, f'name="{_quoted(one)}"', value.encode()) for one, value in pairs]
        about = f'name="{_quoted(key)}"; filename="{_quoted(name)}"\r\nContent-Type: application/octet-stream'
        body = b"".join([*parts, _part(boundary, about, content), f"--{boundary}--\r\n".encode()])

        async def made(request: Request) -> tuple[str, bytes]:
            return f"multipart/form-data; boundary={boundary}", body

        return made

    async def raise_refusal(self) -> None:
        """Raises VendorRejected with the portal's words where the page shows an alert."""
        said = await self.refusal()
        if said:
            raise refused(self.tab.site.title, said, self.tab.secret)


def _unknown(control: Control) -> str:
    """A field that nobody knows, as logs may name it."""
    return "an unknown field in a table" if control.in_row else f"unknown field “{control.label[:60]}”"


def _part(boundary: str, about: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def refused(title: str, said: str, sent: tuple[str, ...]) -> VendorRejected:
    """The portal understood and said no."""
    return VendorRejected(
        f"{title} did not accept this.",
        f"{title} says: “{scrub.reason(said, sent)}”.",
        ("Correct it and send it again.",),
        detail="portal: refused",
    )


def meanwhile(title: str, field: str) -> VendorRejected:
    """What was shown to the person is not what stands there now."""
    return VendorRejected(
        f"Somebody changed “{field}” in {title} meanwhile.",
        "Nothing was typed, because it would overwrite what was not seen.",
        ("Look at it again and repeat the change if it is still wanted.",),
        detail="portal: changed meanwhile",
    )


def _as_words(control: Control, wanted: str) -> str:
    if control.type != "select":
        text = wanted.strip()
        if any(ord(mark) < 32 and not (mark == "\n" and control.type == "textarea") for mark in text):
            raise BadInput(
                control.label,
                f"“{control.label}” holds a line break or another mark that cannot be typed there.",
                "Nothing was sent.",
                ("Take it out.",),
            )
        return text
    for value, words in control.options:
        if wanted in (words, value):
            return words
    raise BadInput(
        control.label,
        f"“{wanted[:40]}” cannot be chosen for “{control.label}”.",
        "Nothing was sent.",
        (f"Choose one of: {', '.join(words for _, words in control.options if words)}."[:300],),
    )
