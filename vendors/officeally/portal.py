"""Office Ally's web portals as the adapter uses them: Service Center and Practice Mate behind one login.

Reads return values; writes are planned first (``plan_…``: what will be typed where), then done once by ``write``, and
``read_back`` tells whether one whose answer was lost has happened.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar
from urllib.parse import urlsplit

from app.model.errors import DaybookError, Drifted, VendorError
from app.model.portal import Evidence, PortalUse, PortalView, ScreenChange, WritePlan
from app.model.portal_writes import ReadBack, Written
from vendors.contract import SessionInfo, VendorContext
from vendors.officeally.pages.appointments import Appointments, TimeSchedules
from vendors.officeally.pages.claims import CorrectClaim, ManageClaims
from vendors.officeally.pages.enrollment import Enrollment, EnrollmentForm, PayerList
from vendors.officeally.pages.files import ClaimReports, EraReports, UploadProfessional
from vendors.officeally.pages.gate import SIGNED_OUT, OfficeAllyGate
from vendors.officeally.pages.homes import PracticeMate, ServiceCenter
from vendors.officeally.pages.patients import InsurancePage, PatientChart, PatientEdit, PatientSearch
from vendors.officeally.pages.posting import AutoPost, AutoPostCheck
from vendors.officeally.portal_claims import ServiceCenterWork
from vendors.officeally.portal_practice import PatientWork
from vendors.officeally.portal_reading import TITLE
from vendors.officeally.portal_visits import PostingWork, VisitWork
from vendors.portal import evidence
from vendors.portal.engine import Engine
from vendors.portal.landmarks import heading, place
from vendors.portal.page import PortalPage
from vendors.portal.session import PortalSession
from vendors.portal.site import App, KnownPopup, Site
from vendors.portal.tab import Tab
from vendors.transport.address import checked

Writer = Callable[[Tab, WritePlan, bytes], Awaitable[Written]]
Looker = Callable[[WritePlan], Awaitable[ReadBack]]

#: Pages that can be looked at again by themselves, by their names in quarantine.
_PAGES: tuple[type[PortalPage], ...] = (
    ServiceCenter, PracticeMate, ManageClaims, CorrectClaim, ClaimReports, EraReports, UploadProfessional, Enrollment,
    EnrollmentForm, PayerList, PatientSearch, PatientChart, PatientEdit, InsurancePage, Appointments, TimeSchedules,
    AutoPost, AutoPostCheck,
)  # fmt: skip


def site(context: VendorContext, *, patience_s: float = 3.0) -> Site:
    """Office Ally's portals at the connection's addresses. Raises BadInput for one that must not be used.

    ``patience_s``: how long a loaded page may take to become what is expected of it.
    """
    homes: dict[str, type[PortalPage]] = {"portal": ServiceCenter, "pm": PracticeMate}
    apps = {
        name: App(checked(address, allow_plain_http=context.allow_plain_http, field=name), homes[name])
        for name in homes
        if (address := context.base_urls.get(name, ""))
    }
    bridge = urlsplit(context.base_urls.get("sign_in", "")).hostname
    return Site(
        vendor="officeally",
        title=TITLE,
        apps=apps,
        gate=OfficeAllyGate,
        signed_out=SIGNED_OUT,
        account=place("#account"),
        popups=(KnownPopup(name="What's new", close="Close guide"),),
        trouble=(heading("Server Error in '/' Application."), heading("Runtime Error")),
        trust_cookie="oa_device",
        sign_in_hosts=(bridge,) if bridge else (),
        patience_s=patience_s,
    )


class OfficeAllyPortal:
    """One practice's (and person's) login at the portals. Needs ``portal`` or ``pm`` among the addresses."""

    def __init__(
        self, context: VendorContext, *, engine: Engine | None = None, person: str = "", patience_s: float = 3.0
    ) -> None:
        self._context = context
        self._session = PortalSession(context, site(context, patience_s=patience_s), engine=engine, person=person)
        self.center = ServiceCenterWork(self._session)
        self.patients = PatientWork(self._session)
        self.visits = VisitWork(self._session)
        self.posting = PostingWork(self._session)
        self._writers: dict[str, tuple[str, Writer, Looker]] = {
            "correct_claim": ("portal", self.center.correct_claim, self.center.correction_done),
            "upload_claims": ("portal", self.center.upload_claims, self.center.upload_done),
            "enroll": ("portal", self.center.enroll, self.center.enrollment_done),
            "save_patient": ("pm", self.patients.save_patient, self.patients.patient_done),
            "save_policy": ("pm", self.patients.save_policy, self.patients.policy_done),
            "check_in": ("pm", self.visits.check_in, self.visits.check_in_done),
            "post_remittance": ("pm", self.posting.auto_post, self.posting.posting_done),
        }

    #: The secrets its sign-in form needs; the seed is optional.
    secrets: ClassVar[tuple[str, ...]] = ("portal_user", "portal_password", "portal_totp")

    async def sign_in(self) -> SessionInfo:
        """Be signed in to the main application; the other one follows when first used."""
        return await self._session.sign_in()

    async def test(self) -> dict[str, DaybookError | None]:
        """Sign in to each application and look again at pages known to have changed; lift those that are well.

        Application → None where it works, else what is wrong. Raises what stops both (credentials, code, lock-out).
        """
        found: dict[str, DaybookError | None] = {}
        for app in self._session.site.apps:
            try:
                await self._session.sign_in(app)
                found[app] = None
            except Drifted as error:
                found[app] = error
        await self._look_again()
        return found

    async def _look_again(self) -> None:
        for change in self._session.changed_pages():
            page = next((one for one in _PAGES if one.name == change.page), None)
            if page is None or page.app not in self._session.site.apps or not change.address:
                continue
            try:
                await self._session.run("look_again", _opener(page, change.address), app=page.app)
            except VendorError:
                continue  # It stays stopped; the note of it is there already.
            await self.lift(page.name)

    async def write(self, plan: WritePlan, *, who: str = "", content: bytes = b"") -> Written:
        """Do what was planned, once; ``content`` is the file of an upload.

        Raises OutcomeUnknown where it may have happened, VendorRejected where it was refused or the page has changed
        since the plan, Drifted where the page is not as known; nothing was typed then.
        """
        app, writer, _ = self._writers[plan.operation]
        if plan.record and not plan.entries:
            return Written(record=plan.record, words="It stands there already.")

        async def work(tab: Tab) -> Written:
            return await writer(tab, plan, content)

        typed = tuple(entry.after for entry in plan.entries)
        return await self._session.run(plan.operation, work, app=app, is_write=True, who=who, secret=typed)

    async def read_back(self, plan: WritePlan) -> ReadBack:
        """Whether a write with a lost answer has happened."""
        return await self._writers[plan.operation][2](plan)

    # -- what people see (``vendors.contract.DrivesPortal``)

    async def view(self) -> PortalView:
        """Watch the page, and take it over."""
        return await self._session.view()

    def changed_pages(self) -> tuple[ScreenChange, ...]:
        """Pages on which writing is stopped."""
        return self._session.changed_pages()

    async def lift(self, page: str) -> None:
        """Somebody has looked: writing on ``page`` may go on."""
        await self._session.engine.quarantine.lift(self._session.site.vendor, page)

    async def evidence(self) -> tuple[Evidence, ...]:
        """What failed steps left behind lately, blanked."""
        return await evidence.kept(self._context.state, self._context.clock.now())

    def uses(self) -> tuple[PortalUse, ...]:
        """Who used the login lately."""
        return self._session.uses()

    async def close(self) -> None:
        """Seal the session and give the browser back. Safe to call twice."""
        await self._session.close()


def _opener(page: type[PortalPage], address: str) -> Callable[[Tab], Awaitable[PortalPage]]:
    async def look(tab: Tab) -> PortalPage:
        return await page.open(tab, address)

    return look
