"""Claims, reports, remittances and real-time questions: what needs no web page. Three credentials, kept apart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime

import msgspec

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.claim_news import Report, SentFile
from app.model.enrollment import Enrollment, EnrollmentBoard
from app.model.errors import BadInput, NotEntitled, WrongCredentials
from app.model.payer_list import PayerList
from app.model.portal_writes import ReadBack
from vendors.contract import (
    ClaimInquiry,
    Document,
    DocumentEntry,
    EligibilityInquiry,
    Receipt,
    SessionInfo,
    VendorContext,
)
from vendors.officeally import payers, reports
from vendors.officeally.mailbox import Mailbox
from vendors.officeally.manifest import MANIFEST
from vendors.officeally.memory import Memory
from vendors.officeally.outgoing import Routed
from vendors.officeally.realtime import RealTime, RealTimeSignIn
from vendors.officeally.sending import Obstacles, Sending
from vendors.transport.sftp import SftpSignIn, SftpTransport

_PAYERS = "payer_list"
_BOARD = "enrollments"

BY_SFTP = (Capability.SUBMIT_CLAIMS, Capability.READ_REPORTS, Capability.READ_REMITTANCES)
BY_REALTIME = (Capability.CHECK_ELIGIBILITY, Capability.READ_CLAIM_STATUS)


class Clearing:
    """One practice's account at the clearinghouse. Nothing is sent before something is asked."""

    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._memory = Memory(context.state)
        self._sending = Sending(context, self._memory)
        self._opening = asyncio.Lock()
        self._sftp: SftpTransport | None = None
        self._mailbox: Mailbox | None = None
        self._realtime: RealTime | None = None

    async def sign_in(self) -> SessionInfo:
        """Sign in where a session is kept: SFTP. Raises WrongCredentials where no credential at all was given."""
        has_files, has_realtime = await self.has_sftp(), await self.has_realtime()
        if has_files:
            await (await self._files()).test()
        said = [
            "SFTP signed in." if has_files else "No SFTP user.",
            "Real time signs in with each question." if has_realtime else "No real-time user.",
        ]
        return SessionInfo(words=" ".join(said))

    async def sign_in_to(self, side: str) -> SessionInfo:
        """``files`` or ``realtime``. Raises NotEntitled where its credentials are missing."""
        if side == "files":
            await (await self._files()).test()
            return SessionInfo(words="Signed in over SFTP.")
        if side == "realtime":
            await self._service()
            return SessionInfo(words="Signs in with each question.")
        raise BadInput("side", "Office Ally has no such part.", "Nothing was sent.")

    async def offers(self) -> dict[Capability, CapabilityOffer]:
        """Sign in over SFTP, and say what falls away for want of a credential."""
        missing: dict[Capability, str] = {}
        if not await self.has_sftp():
            words = "The SFTP user and password are missing. Office Ally's support gives them, in two mails."
            missing |= dict.fromkeys(BY_SFTP, words)
        else:
            await (await self._files()).test()
        if not await self.has_realtime():
            words = "The real-time user, password or Sender ID is missing. They come with the real-time agreement."
            missing |= dict.fromkeys(BY_REALTIME, words)
        return {
            capability: msgspec.structs.replace(
                MANIFEST.offer(capability), standing=Standing.NOT_SET_UP, words=missing[capability]
            )
            if capability in missing
            else MANIFEST.offer(capability)
            for capability in (*BY_SFTP, *BY_REALTIME)
        }

    async def close(self) -> None:
        """Give the sockets back. Safe to call twice."""
        if self._sftp is not None:
            await self._sftp.close()
        if self._realtime is not None:
            await self._realtime.close()

    # --- operations --------------------------------------------------------------------------------------------------

    async def check_eligibility(self, inquiry: EligibilityInquiry) -> Document:
        """A 271, or the refusal of the payer in it. ``payer_id`` is the payer's id of the 270 rows."""
        return await (await self._service()).eligibility(inquiry)

    async def claim_status(self, inquiry: ClaimInquiry) -> Document:
        """A 277 at claim level. ``payer_id`` is the payer's id of the 276 rows."""
        return await (await self._service()).claim_status(inquiry)

    async def submit_claims(self, batch: Document) -> Receipt:
        """Send a file of claims, once: as a test (OATEST) unless this is a production connection."""
        return await (await self._files()).submit(batch, await self._obstacles())

    async def _obstacles(self) -> Obstacles:
        """What stands against a claim's way, by the payer list and the enrollments known now."""
        known, board = await self.held_payer_list(), await self.board()

        def obstacles(kind: str, ways: Iterable[Routed]) -> list[str]:
            found: dict[str, None] = {}
            for way in ways:
                said = payers.obstacles(
                    known, board, payer_id=way.payer_id, provider_npi=way.provider_npi, transaction=kind
                )
                found |= dict.fromkeys(said)
            return list(found)

        return obstacles

    async def reports(self, since: datetime | None = None) -> list[DocumentEntry]:
        """Acknowledgments, summaries and whatever else lies in ``outbound``, each content once, oldest first."""
        return await (await self._files()).entries(since, remittances=False)

    async def report(self, vendor_id: str) -> Document:
        """One of them, left in place."""
        return await (await self._files()).document(vendor_id)

    async def remittances(self, since: datetime | None = None) -> list[DocumentEntry]:
        """Remittances, those of a bundle one by one, oldest first."""
        return await (await self._files()).entries(since, remittances=True)

    async def remittance(self, vendor_id: str) -> Document:
        """One of them: an 835."""
        return await (await self._files()).document(vendor_id)

    async def news(self, document: Document) -> Report:
        """What a report says."""
        own = (await self._context.secrets.get("submitter_id")) or ""
        ids = set(own.replace(",", " ").split())
        if ids:
            # A summary names the tax id of the billing provider, which need not be the id that the file came under.
            ids |= {one for file in await self.sent_files() for one in (file.sender, *file.tax_ids)}
        return await asyncio.to_thread(reports.read_report, document.content, document.name, ids)

    async def sent_files(self) -> tuple[SentFile, ...]:
        """Files of claims that left, oldest first."""
        return tuple((await self._memory.sent()).values())

    async def look_for_sent(self, content: bytes) -> ReadBack:
        """What became of a file of claims whose sending had no clear end."""
        return await (await self._files()).look_for(content)

    # --- payers and enrollments --------------------------------------------------------------------------------------

    async def payer_list(self) -> PayerList:
        """The list as it was last imported."""
        return await self.held_payer_list()

    async def held_payer_list(self) -> PayerList:
        """The list that is here, without asking anybody."""
        held = await self._context.state.get(_PAYERS)
        return await asyncio.to_thread(msgspec.msgpack.decode, held, type=PayerList) if held else PayerList()

    async def import_payer_list(self, content: bytes) -> PayerList:
        """Take Office Ally's export (CSV) in place of what was known. Raises BadDocument; the old list then stays."""
        found = await asyncio.to_thread(payers.read, content)
        await self._context.state.put(_PAYERS, await asyncio.to_thread(msgspec.msgpack.encode, found))
        return found

    async def board(self) -> EnrollmentBoard:
        """Every enrollment that is known."""
        held = await self._context.state.get(_BOARD)
        return msgspec.msgpack.decode(held, type=EnrollmentBoard) if held else EnrollmentBoard()

    async def keep_enrollments(self, rows: Iterable[Enrollment]) -> EnrollmentBoard:
        """Put these in place of what was known of them; claims are sent and stopped by it from now on."""
        board = (await self.board()).put(rows)
        await self._context.state.put(_BOARD, msgspec.msgpack.encode(board))
        return board

    # --- credentials -------------------------------------------------------------------------------------------------

    async def has_sftp(self) -> bool:
        """Whether SFTP can be used at all."""
        return bool(self._context.base_urls.get("sftp")) and all(await self._secrets("sftp_user", "sftp_password"))

    async def has_realtime(self) -> bool:
        """Whether real time can be used at all."""
        wanted = await self._secrets("realtime_user", "realtime_password", "sender_id")
        return bool(self._context.base_urls.get("realtime")) and all(wanted)

    async def _secrets(self, *names: str) -> list[str]:
        return [(await self._context.secrets.get(name)) or "" for name in names]

    async def _files(self) -> Mailbox:
        async with self._opening:
            if self._mailbox is None:
                if not await self.has_sftp():
                    raise _missing("SFTP address, user or password", "claims, reports and remittances")
                user, password, fingerprint = await self._secrets("sftp_user", "sftp_password", "sftp_fingerprint")
                sign_in = SftpSignIn(user=user, password=password, fingerprint=fingerprint)
                address = self._context.base_urls["sftp"]
                self._sftp = SftpTransport(self._context, title=MANIFEST.title, address=address, sign_in=sign_in)
                self._mailbox = Mailbox(self._context, self._sftp, self._memory, self._sending)
            return self._mailbox

    async def _service(self) -> RealTime:
        async with self._opening:
            if self._realtime is None:
                if not await self.has_realtime():
                    raise _missing("real-time address, user, password or Sender ID", "eligibility and claim status")
                user, password, sender = await self._secrets("realtime_user", "realtime_password", "sender_id")
                sign_in = RealTimeSignIn(user=user, password=password, sender_id=sender)
                address = self._context.base_urls["realtime"]
                self._realtime = RealTime(self._context, address=address, sign_in=sign_in)
            return self._realtime


def _missing(which: str, what: str) -> NotEntitled:
    return NotEntitled(
        f"The {which} of Office Ally is missing.",
        f"Without them {what} cannot be asked for. Nothing was sent.",
        ("Enter them in Connections.", "Office Ally's support gives them; each has its own."),
    )


def nothing_given() -> WrongCredentials:
    """No credential at all: there is nothing to connect with."""
    return WrongCredentials(
        "No user and password of Office Ally was given.",
        "Nothing was sent. SFTP, real time and the web pages each have their own.",
        ("Enter at least one of the three.",),
    )
