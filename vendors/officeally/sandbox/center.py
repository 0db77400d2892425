"""The Service Center: home, and what its pages of claims and of reports have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from aiohttp import web

from vendors.officeally.sandbox.bridge import Bridge
from vendors.officeally.sandbox.center_claims import ClaimPages
from vendors.officeally.sandbox.center_reports import ReportPages
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.portal import Portal
from vendors.officeally.sandbox.sessions import Session, Sessions

WRITES = ("correct_claim", "upload_claims", "enroll")
#: Forms and the pages they stand on.
PAGES = {
    "search_claims": "claims_page",
    "correct_claim": "correct_page",
    "upload_claims": "upload_page",
    "search_reports": "reports_page",
    "search_era": "era_page",
    "search_enrollment": "enrollment_page",
    "enroll": "enrollment_form",
    "login": "login_page",
    "mfa": "mfa_page",
}


class Center(Portal):
    """The Service Center."""

    app = "sc"
    cookie = "OASC_Session"
    login_path = "/sLogin.aspx"
    home = "/home"
    product = "Office Ally"
    links: ClassVar[Mapping[str, str]] = {
        "Home": "/home",
        "Manage Claims": "/claims/manage",
        "Upload Claims": "/upload/professional",
        "Claim Reports": "/reports/claims",
        "Download EOB / ERA 835": "/reports/era",
        "Enrollment": "/enrollment",
        "Payer List": "/payers",
    }

    def __init__(self, sessions: Sessions, bridge: Bridge, house: Clearinghouse) -> None:
        super().__init__(sessions, bridge, house)
        self._claims = ClaimPages(self)
        self._reports = ReportPages(self)

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        own = [web.get("/home", self.signed_in(self._home), name="home")]
        return [*self.entry_routes(), *own, *self._claims.routes(), *self._reports.routes()]

    async def _home(self, request: web.Request, session: Session) -> web.Response:
        page = self.page(request, session, "Service Center")
        waiting = self.db.execute("SELECT count(*) FROM claims WHERE status = 'Rejected'").fetchone()[0]
        page.raw(f"<p>{waiting} rejected claims need correction.</p>")
        return page.response()
