"""Manage Claims, correcting a rejected claim, uploading a file."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from vendors.officeally.sandbox import intake
from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.portal import PAGE_SIZE_CLAIMS, Portal, found, paged, pager
from vendors.officeally.sandbox.schema import from_us, plain, us
from vendors.officeally.sandbox.sessions import Session
from vendors.officeally.sandbox.webforms import Page
from vendors.sandboxkit.web import EFFECT

_HEADINGS = (
    "Claim ID", "Account #", "Patient", "Payer", "Payer ID", "Date of Service", "Received", "Charge", "Status",
    "Reason", "Action",
)  # fmt: skip
_STATES = ("All", "Passed", "Pending", "Rejected", "Rejected by Payer")
#: Field of the form → (label, key of the claim's record).
_BOXES = {
    "txt1a": ("1a. Insured's I.D. Number", "member"),
    "txt2Last": ("2. Patient's Last Name", "last"),
    "txt2First": ("2. Patient's First Name", "first"),
    "txt5Address": ("5. Patient's Address", "address"),
    "txt5City": ("5. City", "city"),
    "txt5State": ("5. State", "state"),
    "txt5Zip": ("5. ZIP Code", "zip"),
    "txt11": ("11. Insured's Policy Group", "group"),
    "txt22Code": ("22. Resubmission Code", "frequency"),
    "txt22Ref": ("22. Original Ref. No.", "reference"),
    "txt33a": ("33a. Billing NPI", "npi"),
    "txtPayer": ("Payer ID", "payer"),
}
_LINE_BOXES = {
    "txt24A": ("24A. From", "from"),
    "txt24D": ("24D. CPT/HCPCS", "code"),
    "txt24M": ("24D. Modifier", "modifiers"),
    "txt24E": ("24E. Pointer", "pointers"),
    "txt24F": ("24F. Charges", "charge"),
    "txt24G": ("24G. Units", "units"),
}
_REQUIRED = ("txt1a", "txt2Last", "txt2First", "txt33a", "txtPayer")


class ClaimPages:
    """Pages about claims."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._db = portal.db

    def routes(self) -> list[web.RouteDef]:
        """Their paths."""
        inside = self._portal.signed_in
        return [
            web.get("/claims/manage", inside(self._manage), name="claims_page"),
            web.post("/claims/manage", inside(self._manage), name="search_claims"),
            web.get("/claims/{id}/correct", inside(self._correct_page), name="correct_page"),
            web.post("/claims/{id}/correct", inside(self._correct), name="correct_claim"),
            web.get("/upload/professional", inside(self._upload_page), name="upload_page"),
            web.post("/upload/professional", inside(self._upload), name="upload_claims"),
        ]

    # --- Manage Claims -----------------------------------------------------------------------------------------------

    async def _manage(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        page = self._portal.page(request, session, "Manage Claims")
        today = self._portal.now.date()
        given = {"txtFrom": us(today - timedelta(days=90)), "txtTo": us(today)}
        given |= {key: form.get(key) for key in given if key in form}
        state, by = form.get("ddlStatus") or "All", form.get("ddlSearchBy") or "Received Date"
        page.select("ddlSearchBy", "Search By", ("Received Date", "Date of Service"), by)
        page.field("txtFrom", "From", given["txtFrom"])
        page.field("txtTo", "To", given["txtTo"])
        page.select("ddlStatus", "Status", _STATES, state)
        page.field("txtFind", "Patient or Account", form.get("txtFind"))
        page.button("btnSearch", "Search")
        problem = _range_problem(given["txtFrom"], given["txtTo"])
        if problem:
            page.error(problem)
            return page.response()
        span = (from_us(given["txtFrom"]), from_us(given["txtTo"]))
        rows = self._found(by, span, state, form.get("txtFind"))
        number, pages = paged(form, len(rows), PAGE_SIZE_CLAIMS)
        shown = rows[(number - 1) * PAGE_SIZE_CLAIMS : number * PAGE_SIZE_CLAIMS]
        page.text("found", f"{len(rows)} claims found.")
        page.table("gvClaims", _HEADINGS, [self._row(page, row) for row in shown])
        pager(page, number, pages)
        return page.response()

    def _found(self, by: str, span: tuple[str, str], state: str, text: str) -> list[sqlite3.Row]:
        column = "from_day" if by == "Date of Service" else "substr(received, 1, 10)"
        return self._db.execute(
            f"SELECT * FROM claims WHERE {column} BETWEEN ? AND ? AND (? = 'All' OR status = ?)"  # noqa: S608 - one of two columns
            " AND (? = '' OR account = ? OR fold(last || ',' || first) LIKE ? OR id = ?) ORDER BY received DESC, id",
            (*span, state, state, text, text, f"{text.casefold()}%", text),
        ).fetchall()

    @staticmethod
    def _row(page: Page, row: sqlite3.Row) -> Sequence[object]:
        record: dict[str, Any] = json.loads(row["record"])
        action = page.link(f"/claims/{row['id']}/correct", "Correct") if row["status"] == "Rejected" else ""
        return (
            row["id"], row["account"], f"{row['last']},{row['first']}", record["payer_name"], row["payer"],
            us(row["from_day"]), us(row["received"]), plain(row["charge"]), row["status"],
            "; ".join(json.loads(row["reasons"])), action,
        )  # fmt: skip

    # --- correcting --------------------------------------------------------------------------------------------------

    def _claim(self, request: web.Request) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM claims WHERE id = ?", (request.match_info["id"],)
        ).fetchone()
        return row

    async def _correct_page(self, request: web.Request, session: Session) -> web.Response:
        return self._correct_form(request, session, {}, [])

    def _correct_form(
        self, request: web.Request, session: Session, given: dict[str, str], problems: Sequence[str]
    ) -> web.Response:
        number = request.match_info["id"]
        page = self._portal.page(request, session, f"Correct Claim {number}")
        row = self._claim(request)
        if row is None:
            page.error("Claim not found.")
            return page.response()
        record: dict[str, Any] = json.loads(row["record"])
        page.facts(
            (
                ("claim-id", "Claim ID", row["id"]),
                ("account-no", "Account #", row["account"]),
                ("patient", "Patient", f"{row['last']},{row['first']}"),
                ("claim-status", "Status", row["status"]),
            )
        )
        if row["status"] != "Rejected":
            if "btnUpdate" not in request[FORM] and not request.query.get("done"):
                page.error(f"This claim cannot be corrected: its status is {row['status']}.")
            return page.response()
        items = "".join(f"<li>{one}</li>" for one in map(_escaped, json.loads(row["reasons"])))
        page.raw(f'<ul id="reasons">{items}</ul>')
        page.error(problems)
        values = {**_values(record), **given}
        for key, (label, _) in _BOXES.items():
            page.field(key, label, values[key])
        page.field("txt3", "3. Patient's Birth Date", values["txt3"])
        page.select("ddl3Sex", "3. Sex", ("F", "M", "U"), values["ddl3Sex"])
        for letter in "ABCD":
            page.field(f"txt21{letter}", f"21. Diagnosis {letter}", values[f"txt21{letter}"])
        for place in range(1, len(record["lines"]) + 1):
            for key, (label, _) in _LINE_BOXES.items():
                page.field(f"{key}_{place}", f"{label} (line {place})", values[f"{key}_{place}"])
        page.button("btnUpdate", "Update")
        return page.response()

    async def _correct(self, request: web.Request, session: Session) -> web.Response:
        row, form = self._claim(request), request[FORM]
        if row is None or row["status"] != "Rejected":
            return self._correct_form(request, session, {}, [])
        record: dict[str, Any] = json.loads(row["record"])
        given = {key: form.get(key) for key in _values(record) if key in form}
        problems = _problems(given)
        if problems:
            return self._correct_form(request, session, given, problems)
        _apply(record, given)
        at = self._portal.house.clock.now()
        file_id = self._portal.house.correct(row, record, at)
        request[EFFECT] = {"claim_id": row["id"], "file_id": file_id}
        session.message = f"Claim {row['id']} was updated and will be sent again. File ID {file_id}."
        return found(f"{request.path}?done=1", 303)

    # --- upload ------------------------------------------------------------------------------------------------------

    async def _upload_page(self, request: web.Request, session: Session) -> web.Response:
        return self._upload_form(request, session, "")

    def _upload_form(self, request: web.Request, session: Session, problem: str) -> web.Response:
        page = self._portal.page(request, session, "Upload Professional (CMS-1500/837P) File")
        page.error(problem)
        page.field("fileUpload", "Select File", kind="file")
        page.button("btnUpload", "Upload")
        return page.response()

    async def _upload(self, request: web.Request, session: Session) -> web.Response:
        upload = request[FORM].files.get("fileUpload")
        if upload is None or not upload.content:
            return self._upload_form(request, session, "Select a file first.")
        house = self._portal.house
        if intake.form_of(upload.name) != "837P":
            return self._upload_form(request, session, "The name of the file must contain 837P.")
        file_id = house.receive(upload.content, upload.name, house.clock.now(), "portal")
        request[EFFECT] = {"file_id": file_id, "name": upload.name, "bytes": len(upload.content)}
        page = self._portal.page(request, session, "Upload Confirmation")
        is_test = intake.is_test(upload.name, any_case=house.habits.any_case)
        mode = "Test file: nothing will be sent to payers." if is_test else "Production file."
        page.status("Your file was uploaded.")
        page.facts((("file-id", "File ID", file_id), ("file-name", "File Name", upload.name), ("mode", "Mode", mode)))
        return page.response()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _range_problem(first: str, last: str) -> str:
    try:
        start, end = date.fromisoformat(from_us(first)), date.fromisoformat(from_us(last))
    except ValueError:
        return "Enter dates as MM/DD/YYYY."
    return "Choose a range of one year or less." if not timedelta() <= end - start <= timedelta(days=366) else ""


def _values(record: dict[str, Any]) -> dict[str, str]:
    """What the boxes of the form show of a claim."""
    values = {key: str(record[name]) for key, (_, name) in _BOXES.items()}
    values |= {"txt3": us(record["birth"]), "ddl3Sex": record["sex"]}
    for place, letter in enumerate("ABCD"):
        values[f"txt21{letter}"] = record["diagnoses"][place] if place < len(record["diagnoses"]) else ""
    for place, line in enumerate(record["lines"], 1):
        for key, (_, name) in _LINE_BOXES.items():
            values[f"{key}_{place}"] = _shown(name, line[name])
    return values


def _shown(name: str, value: Any) -> str:
    if name == "charge":
        return plain(value)
    if name == "from":
        return us(value)
    return " ".join(value) if name == "modifiers" else str(value)


def _problems(given: dict[str, str]) -> list[str]:
    found_ = [f"{_BOXES[key][0]} is required" for key in _REQUIRED if not given.get(key)]
    if not given.get("txt21A"):
        found_.append("21. Diagnosis A is required")
    for key, text in given.items():
        if (key == "txt3" or key.startswith("txt24A")) and not _is_us_day(text):
            found_.append(f"{text or 'An empty date'} is not a date: use MM/DD/YYYY")
        if key.startswith("txt24F") and not re.fullmatch(r"\d{1,6}(\.\d\d)?", text):
            found_.append(f"{text or 'An empty charge'} is not an amount")
    return found_


def _is_us_day(text: str) -> bool:
    try:
        from_us(text)
    except ValueError:
        return False
    return True


def _apply(record: dict[str, Any], given: dict[str, str]) -> None:
    """Write what was typed into the claim."""
    for key, text in given.items():
        if key in _BOXES:
            record[_BOXES[key][1]] = text
    record["birth"], record["sex"] = from_us(given["txt3"]), given.get("ddl3Sex", record["sex"])
    record["diagnoses"] = [given[f"txt21{letter}"] for letter in "ABCD" if given.get(f"txt21{letter}")]
    for place, line in enumerate(record["lines"], 1):
        for key, (_, name) in _LINE_BOXES.items():
            if f"{key}_{place}" in given:
                line[name] = _read(name, given[f"{key}_{place}"])
    record["charge"] = sum(line["charge"] for line in record["lines"])


def _read(name: str, text: str) -> Any:
    if name == "charge":
        whole, _, rest = text.partition(".")
        return int(whole) * 100 + int(rest or 0)
    if name == "from":
        return from_us(text)
    return text.split() if name == "modifiers" else text
