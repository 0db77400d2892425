"""Service Center's operations: claims, corrections, uploads, file reports, remittances, enrollment, payers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.model.errors import BadInput, NotFound, VendorRejected
from app.model.portal import WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, Written
from vendors.contract import Document, DocumentKind, EnrollmentRecord
from vendors.officeally import portal_reading as reading
from vendors.officeally.pages.claims import ClaimState, CorrectClaim, ManageClaims, box
from vendors.officeally.pages.enrollment import Enrollment, EnrollmentForm, PayerList
from vendors.officeally.pages.files import ClaimReports, EraReports, UploadConfirmation, UploadProfessional
from vendors.officeally.portal_reading import TITLE, PortalClaim, PortalEra, PortalFile, digits
from vendors.portal import failures
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import FilePayload

_APP = "portal"
_UPLOAD_NAME = re.compile(r"[A-Za-z0-9_\-]{1,80}\.(txt|837|x12|edi)", re.IGNORECASE)


class ServiceCenterWork:
    """What is done in Service Center, on one session."""

    def __init__(self, session: PortalSession) -> None:
        self._session = session

    # -- reading

    async def claims(
        self,
        *,
        by_service_date: bool = False,
        start: date | None = None,
        end: date | None = None,
        status: str = "All",
        find: str = "",
        who: str = "",
    ) -> list[PortalClaim]:
        """Claims received (or served) in those days; without days the last 90. ``find``: patient or account."""
        if start and end and end - start > timedelta(days=366):
            raise BadInput("start", f"{TITLE} shows at most one year at once.", "Nothing was asked.")

        async def look(tab: Tab) -> list[PortalClaim]:
            page = await ManageClaims.open(tab)
            rows = await page.search(by_service_date=by_service_date, start=start, end=end, status=status, find=find)
            return [reading.claim(row) for row in rows]

        return await self._session.run("claims", look, app=_APP, who=who, secret=(find,))

    async def claim_status(self, claim_id: str, who: str = "") -> str:
        """The portal's word for one claim. Raises NotFound."""

        async def look(tab: Tab) -> str:
            return await (await ClaimState.open(tab, CorrectClaim.address(digits(claim_id)))).status()

        return await self._session.run("claim_status", look, app=_APP, who=who)

    async def claim_form(self, claim_id: str, who: str = "") -> tuple[dict[str, str], tuple[str, ...]]:
        """The boxes of a rejected claim by label, and why it was rejected. Raises NotFound, VendorRejected."""

        async def look(tab: Tab) -> tuple[dict[str, str], tuple[str, ...]]:
            page = await _the_claim(await CorrectClaim.open(tab, CorrectClaim.address(digits(claim_id))), claim_id)
            return {label: control.words for label, control in (await page.fields()).items()}, await page.reasons()

        return await self._session.run("claim_form", look, app=_APP, who=who)

    async def files(self, start: date | None = None, end: date | None = None) -> list[PortalFile]:
        """Files sent, newest first."""

        async def look(tab: Tab) -> list[PortalFile]:
            return [reading.file(row) for row in await (await ClaimReports.open(tab)).search(start, end)]

        return await self._session.run("files", look, app=_APP)

    async def file_summary(self, file_id: str, start: date | None = None, end: date | None = None) -> Document:
        """The File Summary of a file uploaded in these days (the last 60 without). Raises NotFound."""

        async def look(tab: Tab) -> Document:
            page = await ClaimReports.open(tab)
            shown = {row["File ID"]: row for row in await page.search(start, end)}
            if file_id not in shown or not shown[file_id].links["Report"]:
                raise failures.not_there(TITLE, "report")
            fetched = await page.download(digits(file_id))
            return Document(
                kind=DocumentKind.SUMMARY, name=fetched.name, content=fetched.content, media_type=fetched.media_type
            )

        return await self._session.run("file_summary", look, app=_APP)

    async def eras(self, year: int, month: int, day: int | None = None) -> list[PortalEra]:
        """Remittances reported in a month, or on a day."""

        async def look(tab: Tab) -> list[PortalEra]:
            return [reading.era(row) for row in await (await EraReports.open(tab)).search(year, month, day)]

        return await self._session.run("eras", look, app=_APP)

    async def era_bundle(self, file_id: str, year: int, month: int) -> Document:
        """The zip of a remittance reported in that month: the 835 and its text. Raises NotFound."""

        async def look(tab: Tab) -> Document:
            page = await EraReports.open(tab)
            if file_id not in {row["File ID"] for row in await page.search(year, month)}:
                raise failures.not_there(TITLE, "remittance")
            fetched = await page.download(digits(file_id))
            return Document(
                kind=DocumentKind.REMITTANCE_835, name=fetched.name, content=fetched.content,
                media_type=fetched.media_type,
            )  # fmt: skip

        return await self._session.run("era_bundle", look, app=_APP)

    async def enrollments(self, payer: str = "", transaction: str = "") -> list[tuple[str, EnrollmentRecord]]:
        """(id, record) of each enrollment."""

        async def look(tab: Tab) -> list[tuple[str, EnrollmentRecord]]:
            return [reading.enrollment(row) for row in await (await Enrollment.open(tab)).search(payer, transaction)]

        return await self._session.run("enrollments", look, app=_APP)

    async def payer_list(self) -> Document:
        """The whole payer list, as exported (CSV)."""

        async def look(tab: Tab) -> Document:
            fetched = await (await PayerList.open(tab)).export()
            return Document(
                kind=DocumentKind.OTHER, name=fetched.name, content=fetched.content, media_type=fetched.media_type
            )

        return await self._session.run("payer_list", look, app=_APP)

    # -- correcting a claim

    async def plan_correction(self, claim_id: str, changes: Mapping[str, str], who: str = "") -> WritePlan:
        """What ``changes`` (our box names: ``member_id``, ``line_1_charge`` …) would change on a rejected claim."""
        labels: dict[str, str] = {}
        for name, value in changes.items():
            label = box(name)
            if label is None:
                raise BadInput(name, f"{TITLE}'s form has no box for “{name[:40]}”.", "Nothing was sent.")
            labels[label] = value

        async def look(tab: Tab) -> WritePlan:
            page = await _the_claim(await CorrectClaim.open(tab, CorrectClaim.address(digits(claim_id))), claim_id)
            entries = await page.planned(labels)
            if not entries:
                raise BadInput(
                    "values", "Nothing would be corrected: the claim holds this already.", "Nothing was sent."
                )
            return WritePlan(
                operation=PortalOperation.CORRECT_CLAIM,
                system=TITLE,
                page=CorrectClaim.name,
                record=claim_id,
                address=CorrectClaim.address(claim_id),
                summary=f"Correct claim {claim_id} and send it again",
                entries=entries,
                button="Update",
                marks={"account": await page.account_number()},
            )

        return await self._session.run("plan_correction", look, app=_APP, who=who, secret=tuple(changes.values()))

    async def correct_claim(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Type the plan and press Update; the portal says the new File ID."""
        page = await _the_claim(await CorrectClaim.to_write(tab, plan.address), plan.record)
        if await page.account_number() != plan.marks["account"]:
            raise await tab.drifted(page, ("the account number of this claim",))
        await page.enter(plan)
        await page.commit(plan.button)
        said = await tab.said("[role=alert]:visible")
        if said:
            await page.raise_refusal()
        state = await ClaimState.on(tab)
        notice = await state.notice()
        told = re.fullmatch(rf"Claim {plan.record} was updated and will be sent again\. File ID (\d+)\.", notice)
        if told is None or await state.status() == "Rejected":
            raise failures.unknown(TITLE, "correct_claim: no confirmation")
        return Written(record=plan.record, words=notice)

    async def correction_done(self, plan: WritePlan) -> ReadBack:
        """A claim that is still rejected and holds the old values was not corrected; one that is pending was."""
        status = await self.claim_status(plan.record)
        if status != "Rejected":
            return ReadBack(done=Done.YES, record=plan.record, words=f"The claim is {status.lower()} now.")
        shown, _ = await self.claim_form(plan.record)
        if all(shown.get(entry.field) == entry.before for entry in plan.entries):
            return ReadBack(done=Done.NO, words="The claim is still rejected and holds the old values.")
        return ReadBack(done=Done.UNCLEAR, words="The claim is rejected, with other values than before.")

    # -- uploading

    def plan_upload(self, name: str, content: bytes, *, production: bool) -> WritePlan:
        """What handing over a file means: to payers, or as a test. Raises BadInput where name and mode disagree."""
        is_test = "OATEST" in name.upper()
        if not _UPLOAD_NAME.fullmatch(name) or "837P" not in name.upper():
            raise BadInput("name", "The file's name must contain 837P and plain letters only.", "Nothing was sent.")
        if is_test is production:
            raise BadInput(
                "name",
                "A production file has OATEST in its name." if is_test else "A test file lacks OATEST in its name.",
                "Nothing was sent: the name decides whether claims go to payers.",
            )
        mode = "to payers" if production else "as a test; nothing goes to payers"
        return WritePlan(
            operation=PortalOperation.UPLOAD_CLAIMS,
            system=TITLE,
            page=UploadProfessional.name,
            record="",
            address=UploadProfessional.path,
            summary=f"Upload {name} ({len(content):,} bytes) {mode}",
            entries=(),
            button="Upload",
            marks={"name": name, "sha256": hashlib.sha256(content).hexdigest()},
        )

    async def upload_claims(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Choose the file and press Upload; the portal says its File ID."""
        name = plan.marks["name"]
        page = await UploadProfessional.to_write(tab, plan.address)
        await page.fields()
        await tab.step()
        chosen: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        await page.page.get_by_label("Select File", exact=True).set_input_files([chosen])
        await page.commit("Upload", body=await page.multipart("Upload", "Select File", name, content))
        await page.raise_refusal()
        await UploadConfirmation.on(tab)
        file_id, told = await tab.said("#file-id"), await tab.said("#file-name")
        if not file_id.isdigit() or told != name:
            raise failures.unknown(TITLE, "upload_claims: no confirmation")
        return Written(record=file_id, words=await tab.said("#mode"))

    async def upload_done(self, plan: WritePlan) -> ReadBack:
        """Whether a file of this name is among those received."""
        found = [one for one in await self.files() if one.name == plan.marks["name"]]
        if found:
            return ReadBack(done=Done.YES, record=found[0].file_id, words=f"{TITLE} has the file: {found[0].status}.")
        return ReadBack(done=Done.NO, words=f"{TITLE} has no file of this name.")

    # -- enrolling

    async def plan_enrollment(
        self, payer_id: str, transaction: str, npi: str, *, contact: str, email: str, who: str = ""
    ) -> WritePlan:
        """Ask a payer for enrollment. Raises NotFound, or VendorRejected where it is not open."""

        async def look(tab: Tab) -> WritePlan:
            rows = await (await Enrollment.open(tab)).search(payer_id, transaction)
            mine = [row for row in rows if (row["Payer ID"], row["Provider NPI"]) == (payer_id, npi)]
            if not mine:
                raise failures.not_there(TITLE, "payer")
            if not mine[0].links["Form"]:
                raise VendorRejected(
                    f"{TITLE} offers no form for this enrollment.",
                    f"Its state there is “{mine[0]['Status']}”.",
                    ("Wait for the payer, or ask Office Ally.",),
                )
            form = await EnrollmentForm.open(tab, mine[0].links["Form"])
            return WritePlan(
                operation=PortalOperation.ENROLL,
                system=TITLE,
                page=EnrollmentForm.name,
                record=f"{payer_id}:{transaction}:{npi}",
                address=mine[0].links["Form"],
                summary=f"Send the enrollment form for {mine[0]['Payer']}, {transaction}",
                entries=await form.planned({"Contact Name": contact, "Contact Email": email}),
                button="Submit Enrollment",
                marks={"status": mine[0]["Status"]},
            )

        return await self._session.run("plan_enrollment", look, app=_APP, who=who, secret=(contact, email))

    async def enroll(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Fill, sign and submit the form."""
        page = await EnrollmentForm.to_write(tab, plan.address)
        await page.enter(plan)
        await page.sign()
        await page.commit(plan.button)
        await page.raise_refusal()
        notice = await tab.said("[role=status]:visible")
        if notice != "Enrollment sent.":
            raise failures.unknown(TITLE, "enroll: no confirmation")
        return Written(record=plan.record, words=notice)

    async def enrollment_done(self, plan: WritePlan) -> ReadBack:
        """The state tells: the old one means that nothing was sent."""
        payer_id, transaction, _ = plan.record.split(":")
        states = dict(await self.enrollments(payer_id, transaction))
        if plan.record not in states:
            raise NotFound(f"{TITLE} does not list this enrollment any more.", "", ("Look in the portal.",))
        status = states[plan.record].status_word
        done = Done.NO if status == plan.marks["status"] else Done.YES
        return ReadBack(done=done, record=plan.record, words=f"Its state is “{status}”.")


async def _the_claim(page: CorrectClaim, claim_id: str) -> CorrectClaim:
    """The page, if it is about the claim meant."""
    if await page.claim_id() != claim_id:
        raise await page.tab.drifted(page, ("the number of the claim asked for",))
    return page
