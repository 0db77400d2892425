"""Office Ally as the contract sees it: the clearinghouse over SFTP and real time, the rest through its web pages.

The browser starts when something is first asked of a web page, and never for what SFTP or real time can do.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.claim_news import SentFile
from app.model.errors import BadInput, NotEntitled, NotFound, VendorRejected
from app.model.payer_list import PayerList
from app.model.people import Patient
from app.model.portal import Evidence, PortalUse, PortalView, ScreenChange, WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, WriteWish, Written
from app.model.schedule import Provider, Visit, VisitStatus
from app.model.sourced import Sourced
from vendors.contract import (
    AddressField,
    CoverageRecord,
    EnrollmentRecord,
    Page,
    Payment,
    Receipt,
    SessionInfo,
    VendorContext,
)
from vendors.officeally import names, wishes
from vendors.officeally.core import Clearing, nothing_given
from vendors.officeally.manifest import MANIFEST
from vendors.transport.address import checked
from vendors.transport.sftp import place_of

if TYPE_CHECKING:
    from vendors.officeally.portal import OfficeAllyPortal

T = TypeVar("T")

#: What is done on which web application.
BY_PORTAL = {
    "portal": (Capability.READ_ENROLLMENTS,),
    "pm": (
        Capability.READ_PROVIDERS,
        Capability.READ_SCHEDULE,
        Capability.CHANGE_VISIT_STATUS,
        Capability.SEARCH_PATIENTS,
        Capability.CREATE_PATIENT,
        Capability.UPDATE_PATIENT,
        Capability.READ_COVERAGE,
        Capability.POST_PAYMENTS,
    ),
}


class OfficeAlly(Clearing):
    """One practice's account. Implements every capability that ``MANIFEST`` offers.

    ``patience_s``: how long a loaded page may take to become what is expected of it.
    """

    def __init__(self, context: VendorContext, *, patience_s: float = 3.0) -> None:
        super().__init__(context)
        for field in MANIFEST.addresses:
            if address := context.base_urls.get(field.name, ""):
                _check(address, field, context)
        self._patience_s = patience_s
        self._portal: OfficeAllyPortal | None = None

    async def sign_in(self) -> SessionInfo:
        """Sign in wherever a session is kept. Raises WrongCredentials, NeedsMfa, Locked-out words, Unreachable."""
        if not (await self.has_sftp() or await self.has_realtime() or await self.has_portal()):
            raise nothing_given()
        session = await super().sign_in()
        if not await self.has_portal():
            return session
        web = await (await self._web()).sign_in()
        return SessionInfo(words=f"{session.words} Web pages: {web.words}", expires_at=web.expires_at)

    async def sign_in_to(self, side: str) -> SessionInfo:
        """One of the manifest's sides alone, so that trouble of one does not stop the others."""
        return await (await self._web()).sign_in() if side == "web" else await super().sign_in_to(side)

    async def test(self) -> list[CapabilityOffer]:
        """Sign in to each of the three surfaces that has credentials, and say what falls away for want of one."""
        if not (await self.has_sftp() or await self.has_realtime() or await self.has_portal()):
            raise nothing_given()
        found = await self.offers()
        found |= await self._portal_offers()
        return [found.get(offer.capability, offer) for offer in MANIFEST.offers]

    async def close(self) -> None:
        """Give sockets and browser back."""
        if self._portal is not None:
            await self._portal.close()
        await super().close()

    # --- Practice Mate -----------------------------------------------------------------------------------------------

    async def providers(self) -> list[Sourced[Provider]]:
        """Everybody with a schedule in Practice Mate."""
        return [self._sourced(key, one) for key, one in await (await self._web()).visits.providers()]

    async def provider(self, vendor_id: str) -> Sourced[Provider]:
        """One of them. Raises NotFound."""
        for one in await self.providers():
            if one.vendor_id == vendor_id:
                return one
        raise NotFound("Office Ally does not know this provider.", "", ("Update from the system and look again.",))

    async def visits(
        self, provider_vendor_id: str, start: date, end: date, visit_type: str = ""
    ) -> list[Sourced[Visit]]:
        """Appointments from ``start`` to ``end``, both included; one page a day, so keep the span short."""
        if end < start:
            raise BadInput("end", "The last day lies before the first.", "Nothing was sent.")
        if (end - start).days >= MANIFEST.limits.window_days:
            raise BadInput("end", f"At most {MANIFEST.limits.window_days} days at once.", "Nothing was sent.")
        found = await (await self._web()).visits.day(provider_vendor_id, start, end)
        return [self._sourced(key, one) for key, one in found if not visit_type or one.visit_type == visit_type]

    async def change_visit_status(self, visit_vendor_id: str, status: VisitStatus) -> Sourced[Visit]:
        """Check in a visit of today. Practice Mate knows no other step from outside."""
        if status is not VisitStatus.ARRIVED:
            raise VendorRejected(
                "Office Ally only takes a check-in from here.",
                "Nothing was changed.",
                ("Change the status in Practice Mate.",),
            )
        today = self._today()
        await self._do(WriteWish(operation=PortalOperation.CHECK_IN, record=visit_vendor_id))
        for key, visit in await (await self._web()).visits.day("", today, today):
            if key == visit_vendor_id:
                return self._sourced(key, visit)
        raise NotFound("The visit is no longer on today's page.", "It was checked in before.", ("Look again.",))

    async def search_patients(
        self, search: str = "", page: str = "", limit: int = 0, leads_only: bool = False
    ) -> Page[Sourced[Patient]]:
        """By ``last first``, a birth date, or the patient id; 50 a page. Practice Mate has no leads."""
        part = _part(page)
        if leads_only:
            return Page(items=(), next_page="", total=0)
        asked = _asked(search)
        found, total, more = await (await self._web()).patients.search(
            last=asked.last, first=asked.first, born=asked.born, patient_id=asked.patient_id, part=part
        )
        items = tuple(self._sourced(key, one) for key, one in found)
        return Page(items=items, next_page=str(part + 1) if more else "", total=total)

    async def create_patient(self, patient: Patient) -> Sourced[Patient]:
        """Make a record, once. Practice Mate refuses a second one of the same name and birth date."""
        written = await self._do(
            WriteWish(operation=PortalOperation.SAVE_PATIENT, values=wishes.patient_fields(patient))
        )
        return (await self.chart(written.record))[0]

    async def update_patient(self, vendor_id: str, changes: dict[str, str]) -> Sourced[Patient]:
        """Change the named fields, once, and read the chart back."""
        await self._do(WriteWish(operation=PortalOperation.SAVE_PATIENT, record=vendor_id, values=changes))
        return (await self.chart(vendor_id))[0]

    async def coverage(self, patient_vendor_id: str) -> list[Sourced[CoverageRecord]]:
        """The policies on a patient's chart, primary first."""
        return (await self.chart(patient_vendor_id))[1]

    async def chart(self, patient_vendor_id: str) -> tuple[Sourced[Patient], list[Sourced[CoverageRecord]]]:
        """The chart's header and policies, primary first."""
        patient, policies = await (await self._web()).patients.chart(patient_vendor_id)
        told = [self._sourced(f"{patient_vendor_id}/{one.rank}", one) for one in policies]
        return self._sourced(patient_vendor_id, patient), told

    async def post_payment(self, payment: Payment) -> Receipt:
        """Auto-post a remittance's check: every line that is still open. ``reference`` is the check's number."""
        values = {"amount": payment.amount.plain()}
        written = await self._do(
            WriteWish(operation=PortalOperation.POST_REMITTANCE, record=payment.reference, values=values)
        )
        return Receipt(vendor_reference=written.record, words=written.words)

    # --- writes, planned first (``vendors.contract.PlansWrites``) ----------------------------------------------------

    def planned_writes(self) -> frozenset[PortalOperation]:
        """Those of the web applications whose address is known."""
        return frozenset(one for one, app in wishes.APP_OF.items() if self._context.base_urls.get(app))

    async def plan(self, wish: WriteWish, *, who: str = "", content: bytes = b"") -> WritePlan:
        """What will be typed where. An upload is looked at as a file for SFTP is, and named by the same rule."""
        if wish.operation is PortalOperation.UPLOAD_CLAIMS:
            wishes.only(wish)
            file = (await self._sending.ready(content, await self._obstacles())).file
            await self._sending.refuse_again(file, _by_upload)
            return (await self._web()).center.plan_upload(file.name, content, production=not file.is_test)
        return await wishes.plan(await self._web(), wish, today=self._today(), who=who)

    async def write(self, plan: WritePlan, *, who: str = "", content: bytes = b"") -> Written:
        """Do what was planned, once."""
        web = await self._web()
        if plan.operation != PortalOperation.UPLOAD_CLAIMS:
            return await web.write(plan, who=who)
        file = (await self._sending.ready(content, await self._obstacles())).file
        if file.sha256 != plan.marks["sha256"]:
            raise BadInput("content", "This is not the file that was planned.", "Nothing was sent.")
        file = msgspec.structs.replace(file, name=names.checked(plan.marks["name"], is_test=file.is_test))
        async with self._sending.turn:
            await self._sending.refuse_again(file, _by_upload)
            async with self._sending.leaving(file):
                return await web.write(plan, who=who, content=content)

    async def read_back(self, plan: WritePlan) -> ReadBack:
        """Whether a write whose answer was lost has happened."""
        found = await (await self._web()).read_back(plan)
        if plan.operation == PortalOperation.UPLOAD_CLAIMS and found.done is not Done.UNCLEAR:
            await self._sending.settle(plan.marks["sha256"], is_there=found.done is Done.YES)
        return found

    async def _do(self, wish: WriteWish) -> Written:
        return await self.write(await self.plan(wish))

    # --- Service Center ----------------------------------------------------------------------------------------------

    async def enrollments(self) -> list[Sourced[EnrollmentRecord]]:
        """How far each payer's enrollment is; from now on claims are stopped or let through by it."""
        found = await (await self._web()).center.enrollments()
        await self.keep_enrollments(row for _, one in found if (row := one.enrollment()) is not None)
        return [self._sourced(key, one) for key, one in found]

    async def payer_list(self) -> PayerList:
        """The list as it was last imported; where there is none yet, it is exported from Service Center."""
        held = await self.held_payer_list()
        if held.entries or not await self.has_portal() or not self._context.base_urls.get("portal"):
            return held
        return await self.fetch_payer_list()

    async def fetch_payer_list(self) -> PayerList:
        """Export it anew from Service Center."""
        document = await (await self._web()).center.payer_list()
        return await self.import_payer_list(document.content)

    # --- what people see of the web pages ----------------------------------------------------------------------------

    async def view(self) -> PortalView:
        """Watch the page, and take it over."""
        return await (await self._web()).view()

    def changed_pages(self) -> tuple[ScreenChange, ...]:
        """Pages on which writing is stopped."""
        return self._portal.changed_pages() if self._portal is not None else ()

    async def lift(self, page: str) -> None:
        """Somebody has looked: writing on ``page`` may go on."""
        await (await self._web()).lift(page)

    async def evidence(self) -> tuple[Evidence, ...]:
        """What failed steps left behind lately, blanked."""
        return await (await self._web()).evidence() if await self.has_portal() else ()

    def uses(self) -> tuple[PortalUse, ...]:
        """Who used the login lately."""
        return self._portal.uses() if self._portal is not None else ()

    # --- credentials -------------------------------------------------------------------------------------------------

    async def has_portal(self) -> bool:
        """Whether the web pages can be used at all."""
        addresses = self._context.base_urls.get("portal") or self._context.base_urls.get("pm")
        return bool(addresses) and all(await self._secrets("portal_user", "portal_password"))

    async def _web(self) -> OfficeAllyPortal:
        async with self._opening:
            if self._portal is None:
                if not await self.has_portal():
                    raise NotEntitled(
                        "The address, user or password of Office Ally's web pages is missing.",
                        "Without them patients, appointments, posting and enrollments cannot be asked for.",
                        ("Enter them in Connections.",),
                    )
                from vendors.officeally.portal import OfficeAllyPortal

                self._portal = OfficeAllyPortal(self._context, patience_s=self._patience_s)
            return self._portal

    async def _portal_offers(self) -> dict[Capability, CapabilityOffer]:
        lacking: dict[str, tuple[Standing, str]] = {}
        if not await self.has_portal():
            words = "The user and password of Office Ally's web pages are missing."
            lacking = dict.fromkeys(BY_PORTAL, (Standing.NOT_SET_UP, words))
        else:
            for app, error in (await (await self._web()).test()).items():
                if error is not None:
                    lacking[app] = Standing.PAUSED, f"{error.happened} {error.means}"
            for app in BY_PORTAL:
                if not self._context.base_urls.get(app):
                    lacking[app] = Standing.NOT_SET_UP, f"{_LABELS[app]} has no address in this connection."
        return {
            capability: msgspec.structs.replace(MANIFEST.offer(capability), standing=standing, words=words)
            for app, (standing, words) in lacking.items()
            for capability in BY_PORTAL[app]
        }

    def _today(self) -> date:
        return self._context.clock.now().astimezone(ZoneInfo(self._context.time_zone)).date()

    def _sourced(self, vendor_id: str, value: T) -> Sourced[T]:
        return Sourced(
            value=value,
            connection_id=self._context.connection_id,
            vendor_id=vendor_id,
            as_of=self._context.clock.now(),
        )


_LABELS = {field.name: field.label for field in MANIFEST.addresses}


def _check(address: str, field: AddressField, context: VendorContext) -> None:
    """Raises BadInput for an address that must not be used."""
    if field.scheme == "sftp":
        place_of(address)
    else:
        checked(address, allow_plain_http=context.allow_plain_http, field=field.name)


async def _by_upload(file: SentFile) -> tuple[bool, str]:
    """Only reading back tells what became of it."""
    return False, "and nobody knows whether it arrived."


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    last: str = ""
    first: str = ""
    born: date | None = None
    patient_id: str = ""


def _part(page: str) -> int:
    """Which part of a list, from 1; empty is the first."""
    if not page:
        return 1
    if re.fullmatch(r"[1-9][0-9]{0,5}", page) is None:
        raise BadInput("page", "“page” is not a whole number from 1.", "Nothing was sent.", ("Start at page 1.",))
    return int(page)


def _asked(search: str) -> _Asked:
    """``Fennimore, Marigold 3/14/1984``, ``fenn mar``, ``1001``: as people type it."""
    words = search.replace(",", " ").split()
    born = next((day for word in words if (day := _day(word)) is not None), None)
    if len(words) == 1 and words[0].isdigit():
        return _Asked(patient_id=words[0])
    names = [word for word in words if _day(word) is None]
    return _Asked(last=names[0] if names else "", first=" ".join(names[1:]), born=born)


def _day(word: str) -> date | None:
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"):
        try:
            return datetime.strptime(word, form).date()
        except ValueError:
            continue
    return None
