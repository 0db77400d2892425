"""Claim Reports, Download EOB / ERA 835, Enrollment, Payer List."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.payers import BY_KEY, TITLES, TRANSACTIONS, by_id, export
from vendors.officeally.sandbox.portal import Portal, download, found
from vendors.officeally.sandbox.practice import BILLING_NPI
from vendors.officeally.sandbox.schema import from_us, us
from vendors.officeally.sandbox.sessions import Session
from vendors.sandboxkit.plan import ZONE
from vendors.sandboxkit.web import EFFECT

_OPEN_STATES = ("Not started", "Refused", "Expired")


class ReportPages:
    """Pages about reports, remittances and enrollments."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._db = portal.db

    def routes(self) -> list[web.RouteDef]:
        """Their paths."""
        inside = self._portal.signed_in
        return [
            web.get("/reports/claims", inside(self._reports), name="reports_page"),
            web.post("/reports/claims", inside(self._reports), name="search_reports"),
            web.get("/reports/claims/{id}/download", inside(self._summary), name="file_summary"),
            web.get("/reports/era", inside(self._eras), name="era_page"),
            web.post("/reports/era", inside(self._eras), name="search_era"),
            web.get("/reports/era/{id}/view", inside(self._bundle), name="era_bundle"),
            web.get("/enrollment", inside(self._enrollments), name="enrollment_page"),
            web.post("/enrollment", inside(self._enrollments), name="search_enrollment"),
            web.get("/enrollment/form", inside(self._form_page), name="enrollment_form"),
            web.post("/enrollment/form", inside(self._enroll), name="enroll"),
            web.get("/payers", inside(self._payers), name="payers_page"),
            web.get("/payers/export.csv", inside(self._export), name="payer_export"),
        ]

    # --- Claim Reports -----------------------------------------------------------------------------------------------

    async def _reports(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        today = self._portal.now.date()
        first, last = form.get("txtFrom") or us(today - timedelta(days=60)), form.get("txtTo") or us(today)
        page = self._portal.page(request, session, "Claim Reports")
        page.field("txtFrom", "From", first)
        page.field("txtTo", "To", last)
        page.button("btnSearch", "Search")
        try:
            span = (from_us(first), from_us(last))
        except ValueError:
            page.error("Enter dates as MM/DD/YYYY.")
            return page.response()
        rows = self._db.execute(
            "SELECT * FROM files WHERE substr(uploaded, 1, 10) BETWEEN ? AND ? ORDER BY uploaded DESC, id", span
        ).fetchall()
        headings = ("File ID", "File Name", "Uploaded", "Claims", "Accepted", "Rejected", "Status", "Report")
        listed = [
            (
                row["id"], row["name"], us(row["uploaded"]), row["claims"], row["accepted"], row["rejected"],
                row["status"],
                page.link(f"/reports/claims/{row['id']}/download", "Download") if row["summary"] else "",
            )
            for row in rows
        ]  # fmt: skip
        page.table("gvFiles", headings, listed)
        return page.response()

    async def _summary(self, request: web.Request, session: Session) -> web.Response:
        row = self._db.execute("SELECT * FROM files WHERE id = ?", (request.match_info["id"],)).fetchone()
        if row is None or row["summary"] is None:
            return self._missing(request, session)
        return download(bytes(row["summary"]), f"FS_HCFA_{row['id']}_IN_C.txt", "text/plain")

    def _missing(self, request: web.Request, session: Session) -> web.Response:
        page = self._portal.page(request, session, "Report not found")
        page.error("This report is not available.")
        return page.response()

    # --- remittances -------------------------------------------------------------------------------------------------

    async def _eras(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        today = self._portal.now.date()
        month, year = form.get("ddlMonth") or str(today.month), form.get("ddlYear") or str(today.year)
        day, kind = form.get("ddlDay") or str(today.day), form.get("ddlType") or "All"
        by = form.get("ddlBy") or "Report Date"
        page = self._portal.page(request, session, "Download EOB / ERA 835")
        page.select("ddlBy", "Select Report By", ("Report Date", "Check Date"), by)
        page.select("ddlType", "Report Type", ("All", "ERA 835"), kind)
        page.select("ddlMonth", "Month", [str(one) for one in range(1, 13)], month)
        page.select("ddlDay", "Day", ["All", *(str(one) for one in range(1, 32))], day)
        page.select("ddlYear", "Year", [str(today.year - back) for back in range(3)], year)
        page.button("btnSubmit", "Submit")
        if "btnSubmit" not in form:
            return page.response()
        shown = f"{month}/{day}/{year}" if day != "All" else f"{month}/{year}"
        page.text("heading", f"Daily EOB / ERA 835 Reports for {shown} - [Report Type = {kind}]", "h2")
        pattern = f"{year}-{int(month):02d}-" + ("%" if day == "All" else f"{int(day):02d}")
        rows = self._db.execute(
            "SELECT file_id, name, day, min(number) AS eob, sum(claims) AS records FROM checks WHERE day LIKE ?"
            " GROUP BY file_id ORDER BY file_id",
            (pattern,),
        ).fetchall()
        page.table(
            "gvEra",
            ("Date", "Report Type", "File ID", "File Name", "EOB ID", "# Records", "View"),
            [
                (
                    us(row["day"]), "ERA 835", row["file_id"], row["name"], row["eob"], row["records"],
                    page.link(f"/reports/era/{row['file_id']}/view", "VIEW"),
                )
                for row in rows
            ],
        )  # fmt: skip
        return page.response()

    async def _bundle(self, request: web.Request, session: Session) -> web.Response:
        row = self._db.execute(
            "SELECT name, bundle FROM checks WHERE file_id = ?", (request.match_info["id"],)
        ).fetchone()
        return (
            self._missing(request, session) if row is None else download(row["bundle"], row["name"], "application/zip")
        )

    # --- enrollment --------------------------------------------------------------------------------------------------

    async def _enrollments(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        wanted, npi = form.get("ddlTransaction") or "All", form.get("ddlNpi") or "All"
        page = self._portal.page(request, session, "Enrollment")
        page.field("txtPayer", "Payer", form.get("txtPayer"))
        page.select("ddlTransaction", "Transaction", ("All", *TRANSACTIONS), wanted)
        page.select("ddlNpi", "Provider NPI", ("All", BILLING_NPI), npi)
        page.button("btnSearch", "Search")
        rows = self._db.execute("SELECT * FROM enrollments ORDER BY plan, txn, npi").fetchall()
        text = form.get("txtPayer").upper()
        listed = []
        for row in rows:
            plan = BY_KEY[row["plan"]]
            number = plan.ids[row["txn"]]
            if wanted not in {"All", row["txn"]} or npi not in {"All", row["npi"]}:
                continue
            if text and text not in plan.name and text != number:
                continue
            query = urlencode({"payer": number, "transaction": row["txn"], "npi": row["npi"]})
            link = page.link(f"/enrollment/form?{query}", "Enroll") if row["status"] in _OPEN_STATES else ""
            listed.append((plan.name, number, row["txn"], row["npi"], row["status"], us(row["since"]), link))
        headings = ("Payer", "Payer ID", "Transaction", "Provider NPI", "Status", "Since", "Form")
        page.table("gvEnrollment", headings, listed)
        return page.response()

    async def _form_page(self, request: web.Request, session: Session) -> web.Response:
        return self._enrollment_form(request, session, [])

    def _enrollment_form(self, request: web.Request, session: Session, problems: list[str]) -> web.Response:
        page = self._portal.page(request, session, "Enrollment Form")
        plan = by_id(request.query.get("transaction", ""), request.query.get("payer", ""))
        if plan is None:
            page.error("This payer does not offer this transaction.")
            return page.response()
        page.facts(
            (
                ("payer", "Payer", plan.name),
                ("transaction", "Transaction", TITLES[request.query["transaction"]]),
                ("npi", "Provider NPI", request.query.get("npi", "")),
            )
        )
        if request.query.get("done"):
            return page.response()
        page.error(problems)
        form: Form = request[FORM]
        page.field("txtContact", "Contact Name", form.get("txtContact"))
        page.field("txtEmail", "Contact Email", form.get("txtEmail"))
        page.raw(f'<div class="row">{page.checkbox("chkSign", "I am authorized to sign for this provider")}</div>')
        page.button("btnSubmit", "Submit Enrollment")
        return page.response()

    async def _enroll(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        transaction, npi = request.query.get("transaction", ""), request.query.get("npi", "")
        plan = by_id(transaction, request.query.get("payer", ""))
        if plan is None:
            return self._enrollment_form(request, session, [])
        problems = [f"{label} is required" for key, label in _NEEDED.items() if not form.get(key)]
        row = self._db.execute(
            "SELECT status FROM enrollments WHERE plan = ? AND txn = ? AND npi = ?", (plan.key, transaction, npi)
        ).fetchone()
        if row is None or row["status"] not in _OPEN_STATES:
            problems.append("This enrollment cannot be sent now.")
        if problems:
            return self._enrollment_form(request, session, problems)
        today = self._portal.house.clock.now().astimezone(ZONE).date().isoformat()
        self._db.execute(
            "UPDATE enrollments SET status = 'Sent', since = ?, contact = ? WHERE plan = ? AND txn = ? AND npi = ?",
            (today, form.get("txtContact"), plan.key, transaction, npi),
        )
        self._db.commit()
        request[EFFECT] = {"payer": plan.key, "transaction": transaction, "npi": npi}
        session.message = "Enrollment sent."
        return found(f"{request.path_qs}&done=1", 303)

    # --- payers ------------------------------------------------------------------------------------------------------

    async def _payers(self, request: web.Request, session: Session) -> web.Response:
        page = self._portal.page(request, session, "Payer List")
        page.raw(f"<p>{page.link('/payers/export.csv', 'Export')}</p>")
        return page.response()

    async def _export(self, request: web.Request, session: Session) -> web.Response:
        return download(export(), "OA_Payer_List.csv", "text/csv")


_NEEDED = {
    "txtContact": "Contact Name",
    "txtEmail": "Contact Email",
    "chkSign": "I am authorized to sign for this provider",
}
