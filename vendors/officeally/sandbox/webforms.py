"""Pages as ASP.NET Web Forms would send them: one form with state fields, ids ``ctl00_Main_…``, errors in HTTP 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, LOOK, Form, Look
from vendors.officeally.sandbox.sessions import Session

#: What a redesign calls things; whatever is not listed is called by a number.
_OTHER_WORDS = {
    "Username": "Email or user", "Password": "Secret phrase", "Continue": "Next", "Search": "Find", "Update": "Apply",
    "Correct": "Mend", "Save": "Keep", "Check In": "Arrived", "Upload": "Send", "Submit": "Show", "Verify": "Confirm",
    "Code": "One-time digits", "Status": "Condition", "From": "Since", "To": "Until", "Go": "Display",
    "Last Name": "Family name", "First Name": "Given name", "Auto Post": "Post All", "Proceed": "Yes",
}  # fmt: skip
_STYLE = (
    "body{font:14px sans-serif;margin:0}header,nav,main{padding:8px 16px}nav a{margin-right:14px}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:3px 7px;text-align:left}"
    "label{display:inline-block;min-width:15em}.row{margin:4px 0}[role=alert]{color:#a00}[role=status]{color:#060}"
    "[role=dialog]{position:fixed;inset:0;background:#fffe;padding:15% 30%;z-index:9}"
)
_STATE = ("__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION", "__EVENTTARGET", "__EVENTARGUMENT",
          "__RequestVerificationToken")  # fmt: skip


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def shown(value: object) -> str:
    """A value as markup: escaped, unless it is markup."""
    return value if isinstance(value, Html) else escape(str(value))


class Page:
    """One page in the making. ``frame`` is (product, navigation); ``session`` None on the bridge's pages."""

    form_id = "aspnetForm"

    def __init__(
        self, request: web.Request, title: str, frame: tuple[str, Mapping[str, str]], session: Session | None
    ) -> None:
        self.title = self.head = title
        self.look = request.get(LOOK, Look())
        self._path = request.path
        self._product, self._links = frame
        self._session = session
        self._parts: list[str] = []
        self._buttons: list[str] = []
        self._labels = 0

    # --- names -------------------------------------------------------------------------------------------------------

    def id(self, key: str) -> str:
        """A control's id."""
        return f"ctl00_Body_n{key}" if self.look.reid else f"ctl00_Main_{key}"

    def name(self, key: str) -> str:
        """A control's name in the form."""
        return f"ctl00$Body$n{key}" if self.look.reid else f"ctl00$Main${key}"

    def words(self, text: str) -> str:
        """A label's or button's text as it is today."""
        if not self.look.relabel:
            return text
        self._labels += 1
        return _OTHER_WORDS.get(text, f"Item {self._labels}")

    # --- parts -------------------------------------------------------------------------------------------------------

    def raw(self, markup: str) -> None:
        """Markup as it is."""
        self._parts.append(markup)

    def text(self, id_: str, value: object, tag: str = "p") -> None:
        """A line that clients find by id."""
        self.raw(f'<{tag} id="{id_}">{shown(value)}</{tag}>')

    def span(self, key: str, label: str, value: object) -> None:
        """A fact with its label: ``lbl…`` ids as Web Forms have them."""
        self.raw(f'<div class="row"><b>{escape(label)}</b> <span id="{self.id(key)}">{shown(value)}</span></div>')

    def status(self, words: str) -> None:
        """What was done."""
        if words:
            self.raw(f'<div role="status" id="message">{escape(words)}</div>')

    def error(self, problems: str | Sequence[str]) -> None:
        """Why nothing was done."""
        if not problems:
            return
        if isinstance(problems, str):
            self.raw(f'<div role="alert" id="error">{escape(problems)}</div>')
        else:
            items = "".join(f"<li>{escape(one)}</li>" for one in problems)
            self.raw(f'<div role="alert" id="error"><ul>{items}</ul></div>')

    def hidden(self, name: str, value: str) -> None:
        """A field nobody sees, under its plain name."""
        self.raw(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">')

    def field(self, key: str, label: str, value: str = "", kind: str = "text") -> None:
        """A labelled input."""
        held = "" if kind in {"file", "password"} else f' value="{escape(value)}"'
        self.raw(
            f'<div class="row"><label for="{self.id(key)}">{escape(self.words(label))}</label>'
            f'<input type="{kind}" id="{self.id(key)}" name="{self.name(key)}"{held}></div>'
        )

    def select(
        self, key: str, label: str, options: Mapping[str, str] | Sequence[str], value: str, name: str = ""
    ) -> None:
        """A labelled choice: value → text, or texts alone. ``name`` where the page uses a plain one."""
        pairs = options if isinstance(options, Mapping) else {one: one for one in options}
        inner = "".join(
            f'<option value="{escape(one)}"{" selected" if one == value else ""}>{escape(text)}</option>'
            for one, text in pairs.items()
        )
        self.raw(
            f'<div class="row"><label for="{self.id(key)}">{escape(self.words(label))}</label>'
            f'<select id="{self.id(key)}" name="{name or self.name(key)}">{inner}</select></div>'
        )

    def checkbox(self, key: str, label: str) -> Html:
        """A box with its label, to be put somewhere."""
        return Html(
            f'<input type="checkbox" id="{self.id(key)}" name="{self.name(key)}" value="on">'
            f'<label for="{self.id(key)}">{escape(self.words(label))}</label>'
        )

    def button(self, key: str, label: str) -> None:
        """A button that sends the form, at the foot of what was made so far."""
        opening = f'<button type="submit" id="{self.id(key)}" name="{self.name(key)}" value="1">'
        markup = f"{opening}{escape(self.words(label))}</button>"
        if self.look.move:
            self._buttons.append(markup)
        else:
            self.raw(markup)

    def row_button(self, key: str, value: str, label: str, about: str) -> Html:
        """A button in a table's row; ``about`` tells it from those of other rows."""
        words = self.words(label)
        return Html(
            f'<button type="submit" name="{self.name(key)}" value="{escape(value)}"'
            f' aria-label="{escape(f"{words} {about}")}">{escape(words)}</button>'
        )

    def link(self, target: str, text: str) -> Html:
        """A link, to be put somewhere."""
        return Html(f'<a href="{escape(target)}">{escape(self.words(text))}</a>')

    def table(
        self, key: str, headings: Sequence[str], rows: Iterable[Sequence[object]], marks: Sequence[str] = ()
    ) -> None:
        """A table; ``marks`` are attributes of its rows."""
        head = "".join(f"<th>{escape(one)}</th>" for one in headings)
        lines = []
        for place, row in enumerate(rows):
            mark = f" {marks[place]}" if place < len(marks) and marks[place] else ""
            lines.append(f"<tr{mark}>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>")
        self.raw(f'<table id="{self.id(key)}"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>')

    def facts(self, pairs: Sequence[tuple[str, str, str]]) -> None:
        """A list of (id, label, value)."""
        inner = "".join(f'<dt>{escape(label)}</dt><dd id="{id_}">{escape(value)}</dd>' for id_, label, value in pairs)
        self.raw(f"<dl>{inner}</dl>")

    # --- whole -------------------------------------------------------------------------------------------------------

    def response(self) -> web.Response:
        """The page as it goes out."""
        if self.look.require:
            self.field("txtNew", "Attachment Indicator")
        if self._buttons:
            self.raw(f"<details><summary>More</summary>{''.join(self._buttons)}</details>")
        body = "".join(self._parts)
        links = "".join(f'<a href="{target}">{escape(text)}</a>' for text, target in self._links.items())
        header = ""
        if self._session is not None:
            name = self._session.user.name
            header = (
                '<header><span id="account">Larkspur Family Medicine · Account LARKSPUR</span> '
                f'<span id="user">{escape(name)}</span> <a href="/logout">Log Out</a></header>'
                f'<nav aria-label="Main">{links}</nav>'
            )
        text = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.head)} | {self._product}'
            f"</title><style>{_STYLE}</style></head><body>{header}{self._guide()}{self._popup()}<main>"
            f"<h1>{escape(self.title)}</h1>"
            f'<form method="post" id="{self.form_id}" enctype="multipart/form-data">{self._state()}{body}</form>'
            "</main></body></html>"
        )
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    def _state(self) -> str:
        if self._session is None:
            return ""
        values = state_of(self._session, self._path)
        return "".join(f'<input type="hidden" name="{name}" id="{name}" value="{values[name]}">' for name in _STATE)

    def _guide(self) -> str:
        session = self._session
        if session is None or session.app in session.user.guides_closed:
            return ""
        return (
            '<div role="dialog" aria-label="What\'s new" id="guide"><p>Claims have a new look. Take the tour.</p>'
            "<button type=\"button\" onclick=\"fetch('/guide/close',{method:'POST'});this.parentElement.remove()\">"
            "Close guide</button></div>"
        )

    def _popup(self) -> str:
        if not self.look.popup:
            return ""
        return (
            f'<div role="dialog" aria-label="Notice" id="notice"><p>{escape(self.look.popup)}</p>'
            '<button type="button" onclick="this.parentElement.remove()">I Agree</button></div>'
        )


def state_of(session: Session, path: str) -> dict[str, str]:
    """The state fields of a page for one session."""
    inner = base64.b64encode(json.dumps({"page": path, "app": session.app}).encode()).decode()
    signed = hmac.new(session.secret, inner.encode(), hashlib.sha256).hexdigest()
    values = dict.fromkeys(_STATE, "")
    values["__VIEWSTATE"] = f"{inner}.{signed[:32]}"
    values["__VIEWSTATEGENERATOR"] = hashlib.sha256(path.encode()).hexdigest()[:8].upper()
    values["__EVENTVALIDATION"] = signed[32:]
    values["__RequestVerificationToken"] = hmac.new(session.secret, b"token", hashlib.sha256).hexdigest()
    return values


def state_holds(request: web.Request, session: Session) -> bool:
    """Whether the state fields came back unchanged."""
    form: Form = request[FORM]
    wanted = state_of(session, request.path)
    return all(form.values.get(name, "") == value for name, value in wanted.items() if value)
