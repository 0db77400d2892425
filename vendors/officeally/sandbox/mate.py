"""Practice Mate: the practice's own patients, appointments, schedules and remittances to post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from aiohttp import web

from vendors.officeally.sandbox.bridge import Bridge
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.mate_eras import EraPages
from vendors.officeally.sandbox.mate_patients import PatientPages
from vendors.officeally.sandbox.mate_visits import VisitPages
from vendors.officeally.sandbox.portal import Portal
from vendors.officeally.sandbox.sessions import Session, Sessions

WRITES = ("save_patient", "save_policy", "check_in", "auto_post_proceed")
#: Forms and the pages they stand on.
PAGES = {
    "search_patients": "patients_page",
    "save_patient": "edit_page",
    "save_policy": "policy_page",
    "appointments_day": "appointments_page",
    "check_in": "appointments_page",
    "show_schedule": "schedules_page",
    "auto_post": "era_checks",
    "auto_post_proceed": "era_checks",
}
#: One path, several operations: by the button that was pressed.
RENAMES = {"appointments_day": {"btnCheckIn": "check_in"}, "auto_post": {"btnProceed": "auto_post_proceed"}}


class Mate(Portal):
    """Practice Mate."""

    app = "pm"
    cookie = "OAPM_Session"
    login_path = "/Login.aspx"
    home = "/emr/Home.aspx"
    product = "Practice Mate"
    links: ClassVar[Mapping[str, str]] = {
        "Home": "/emr/Home.aspx",
        "Patients": "/emr/PatientCharts/PatientSearch.aspx",
        "Appointments": "/emr/Appointments/ViewAppointments.aspx?Tab=A",
        "Time Schedules": "/ManageOffice/TimeSchedules.aspx",
        "Auto-Post ERA": "/Accounting/AutoPostEra.aspx",
    }

    def __init__(self, sessions: Sessions, bridge: Bridge, house: Clearinghouse) -> None:
        super().__init__(sessions, bridge, house)
        self._pages = (PatientPages(self), VisitPages(self), EraPages(self))

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        own = [web.get(self.home, self.signed_in(self._home), name="home")]
        return [*self.entry_routes(), *own, *(route for pages in self._pages for route in pages.routes())]

    async def _home(self, request: web.Request, session: Session) -> web.Response:
        page = self.page(request, session, "Practice Mate")
        page.raw("<p>Welcome.</p>")
        return page.response()
