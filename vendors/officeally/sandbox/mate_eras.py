"""Accounting, Auto-Post ERA: checks, their lines, and posting what was ticked after one more look."""

from __future__ import annotations

import sqlite3
from html import escape

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.payers import BY_KEY
from vendors.officeally.sandbox.portal import Portal, found
from vendors.officeally.sandbox.schema import plain, us
from vendors.officeally.sandbox.sessions import Session
from vendors.officeally.sandbox.webforms import Html, Page
from vendors.sandboxkit.web import EFFECT

_PATH = "/Accounting/AutoPostEra.aspx"
_NEGATIVE = "Checks with negative payments cannot be auto-posted."


class EraPages:
    """Pages about posting."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._db = portal.db

    def routes(self) -> list[web.RouteDef]:
        """One path for all of it, as the vendor has it."""
        inside = self._portal.signed_in
        return [
            web.get(_PATH, inside(self._page), name="era_checks"),
            web.post(_PATH, inside(self._post), name="auto_post"),
        ]

    async def _page(self, request: web.Request, session: Session) -> web.Response:
        number = request.query.get("check", "")
        return self._check(request, session, number, "") if number else self._checks(request, session)

    def _checks(self, request: web.Request, session: Session) -> web.Response:
        page = self._portal.page(request, session, "Auto-Post ERA")
        rows = self._db.execute(
            "SELECT c.*, coalesce(sum(l.posted), 0) AS posted, count(l.line) AS lines FROM checks c"
            " LEFT JOIN check_lines l ON l.check_number = c.number GROUP BY c.number ORDER BY c.day DESC, c.number DESC"
        ).fetchall()
        listed = [
            (
                Html(f'<a href="{_PATH}?check={row["number"]}">{row["number"]}</a>'), BY_KEY[row["plan"]].name,
                us(row["day"]), plain(row["amount"]), row["claims"], _status(row["posted"], row["lines"]),
            )
            for row in rows
        ]  # fmt: skip
        page.table("gvChecks", ("Check #", "Payer", "Check Date", "Amount", "Claims", "Status"), listed)
        return page.response()

    def _lines(self, number: str) -> list[sqlite3.Row]:
        return self._db.execute(
            "SELECT * FROM check_lines WHERE check_number = ? ORDER BY account, line", (number,)
        ).fetchall()

    def _check(self, request: web.Request, session: Session, number: str, problem: str) -> web.Response:
        page = self._portal.page(request, session, f"Auto-Post ERA Check {number}")
        lines = self._lines(number)
        if not lines:
            page.error("This check does not exist.")
            return page.response()
        page.error(problem)
        rows: list[tuple[object, ...]] = []
        marks = []
        for account in dict.fromkeys(line["account"] for line in lines):
            members = [line for line in lines if line["account"] == account]
            rows.append((account, members[0]["patient"], *_sums(members), _opener(account)))
            marks.append("")
            for line in members:
                rows.append(("", self._box(page, line), *_sums([line]), "Posted" if line["posted"] else ""))
                marks.append(f'class="line" data-account="{escape(account)}" hidden')
        headings = ("Account #", "Patient", "Charge", "Paid", "Adjusted", "Patient Resp.", "Lines")
        page.table("gvClaims", headings, rows, marks)
        page.button("btnAutoPost", "Auto Post")
        return page.response()

    @staticmethod
    def _box(page: Page, line: sqlite3.Row) -> object:
        label = f"Line {line['account']} {line['line']}"
        return label if line["posted"] else page.checkbox(f"chk_{line['account']}_{line['line']}", label)

    async def _post(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        number = request.query.get("check", "")
        chosen = [
            line for line in self._lines(number)
            if f"chk_{line['account']}_{line['line']}" in form and not line["posted"]
        ]  # fmt: skip
        if "btnCancel" in form:
            return found(f"{_PATH}?check={number}", 303)
        if any(line["paid"] < 0 for line in self._lines(number)) or self._amount(number) < 0:
            return self._check(request, session, number, _NEGATIVE)
        if not chosen:
            return self._check(request, session, number, "Tick the lines to be posted.")
        if "btnProceed" not in form:
            return self._confirm(request, session, number, chosen)
        for line in chosen:
            self._db.execute(
                "UPDATE check_lines SET posted = 1 WHERE check_number = ? AND account = ? AND line = ?",
                (number, line["account"], line["line"]),
            )
        self._db.commit()
        request[EFFECT] = {"check": number, "lines": [f"{line['account']} {line['line']}" for line in chosen]}
        session.message = f"{len(chosen)} lines posted."
        return found(f"{_PATH}?check={number}", 303)

    def _amount(self, number: str) -> int:
        row = self._db.execute("SELECT amount FROM checks WHERE number = ?", (number,)).fetchone()
        return int(row["amount"]) if row is not None else 0

    def _confirm(self, request: web.Request, session: Session, number: str, chosen: list[sqlite3.Row]) -> web.Response:
        page = self._portal.page(request, session, "Confirm Auto-Post")
        total = plain(sum(line["paid"] for line in chosen))
        page.text("confirm", f"Post {len(chosen)} lines of check {number}, {total}?")
        for line in chosen:
            page.hidden(page.name(f"chk_{line['account']}_{line['line']}"), "on")
        page.button("btnProceed", "Proceed")
        page.button("btnCancel", "Cancel")
        return page.response()


def _status(posted: int, lines: int) -> str:
    if not posted:
        return "Unposted"
    return "Posted" if posted >= lines else "Partly Posted"


def _sums(lines: list[sqlite3.Row]) -> tuple[str, ...]:
    return tuple(plain(sum(line[name] for line in lines)) for name in ("charge", "paid", "adjusted", "patient_share"))


def _opener(account: str) -> Html:
    """The "+" that shows a claim's lines."""
    name = escape(account)
    return Html(
        f'<button type="button" aria-label="Open {name}" data-open="{name}" onclick="'
        "document.querySelectorAll('tr.line').forEach(r=>{if(r.dataset.account===this.dataset.open)r.hidden=!r.hidden})"
        '">+</button>'
    )
