"""The two folders: claims go into ``inbound`` once and under their right name, reports are read from ``outbound``.

Nothing in ``outbound`` is deleted: another program of the practice may read there too.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime

import msgspec

from app.model.claim_news import ReportKind, SentFile
from app.model.errors import BadDocument, NotEntitled, NotFound, VendorRejected
from app.model.portal_writes import Done, ReadBack
from vendors.contract import Document, DocumentEntry, DocumentKind, Receipt, VendorContext
from vendors.officeally import names, reports, unzip
from vendors.officeally.memory import Memory, Seen
from vendors.officeally.sending import Obstacles, Sending
from vendors.transport.sftp import LARGEST_FILE, RemoteFile, SftpTransport

INBOUND, OUTBOUND = "inbound", "outbound"
_INSIDE = "!"
_KEPT_BYTES = 16_000_000


class Mailbox:
    """One SFTP account of Office Ally."""

    def __init__(self, context: VendorContext, sftp: SftpTransport, memory: Memory, sending: Sending) -> None:
        self._context = context
        self._sftp = sftp
        self._memory = memory
        self._sending = sending
        self._last_look: dict[str, RemoteFile] = {}
        #: What was fetched to be noticed, for whoever reads it next; the oldest go first.
        self._kept: dict[str, bytes] = {}
        self._looking = asyncio.Lock()

    async def test(self) -> None:
        """Sign in and look at both folders. Reads only."""
        await self._sftp.listing(INBOUND)
        await self._sftp.listing(OUTBOUND)

    # --- claims out --------------------------------------------------------------------------------------------------

    async def submit(self, batch: Document, obstacles: Obstacles) -> Receipt:
        """Send a file of claims, once. Raises BadDocument, VendorRejected (sent before, or a way is closed),
        Unreachable (certainly not sent), OutcomeUnknown.
        """
        file = (await self._sending.ready(batch.content, obstacles)).file
        async with self._sending.turn:
            await self._sending.refuse_again(file, self._in_inbound)
            async with self._sending.leaving(file):
                names.checked(file.name, is_test=file.is_test)
                await self._sftp.put(INBOUND, file.name, batch.content, part=names.part_of(file.sha256))
        return Receipt(vendor_reference=file.name, words=self._sending.words(file))

    async def _in_inbound(self, file: SentFile) -> tuple[bool, str]:
        if file.name in {one.name for one in await self._sftp.listing(INBOUND)}:
            return True, "and lies in inbound now."
        return False, "and is not in inbound, so it was taken or lost."

    async def look_for(self, content: bytes) -> ReadBack:
        """What became of a file whose sending had no clear end, by our memory and what lies in ``inbound``."""
        digest = hashlib.sha256(content).hexdigest()
        file = (await self._memory.sent()).get(digest)
        if file is None:
            return ReadBack(done=Done.NO, words="It never left.")
        there = set() if file.is_sure else {one.name for one in await self._sftp.listing(INBOUND)}
        if file.is_sure or file.name in there:
            await self._sending.settle(digest, is_there=True)
            return ReadBack(done=Done.YES, record=file.name, words=f"It left as {file.name}.")
        if names.part_of(digest) in there:
            await self._sending.settle(digest, is_there=False)
            return ReadBack(done=Done.NO, words="It lies there without its name, so nobody takes it.")
        return ReadBack(
            done=Done.UNCLEAR,
            record=file.name,
            words=f"It may have left as {file.name}: it is not in inbound, so it was taken or lost.",
        )

    # --- reports in --------------------------------------------------------------------------------------------------

    async def entries(self, since: datetime | None, *, remittances: bool) -> list[DocumentEntry]:
        """Reports (or remittances) known now, oldest first, each content once. ``since`` is when we first saw it."""
        async with self._looking:
            await self._notice()
        seen = (await self._memory.seen()).values()
        found = [one for one in seen if not one.copy_of and (since is None or one.noticed_at >= since)]
        found.sort(key=lambda one: (one.modified, one.name))
        return [entry for one in found for entry in _listed(one, self._context, remittances=remittances)]

    async def document(self, vendor_id: str) -> Document:
        """One of them in full: a file by its name, or ``bundle.zip!inner.835``. Raises NotFound, BadDocument."""
        name, _, inner = vendor_id.partition(_INSIDE)
        content = self._kept.get(name)
        if content is None:
            content = await self._fetched(name)
        if inner:
            return await asyncio.to_thread(_member, content, inner)
        kind = await asyncio.to_thread(reports.recognise, content, name)
        held = Seen(
            name=name, size=len(content), modified=0, sha256="", kind=kind, noticed_at=self._context.clock.now()
        )
        return Document(kind=held.document_kind, name=name, content=content)

    async def _fetched(self, name: str) -> bytes:
        """Raises BadDocument for one that was not seen whole before and grows."""
        file = await self._listed(name)
        is_whole = _is_known((await self._memory.seen()).get(name), file)
        if not is_whole:
            await self._pause()
            is_whole = await self._listed(name) == file
        content = await self._content(file) if is_whole else b""
        if not is_whole or len(content) != file.size:
            raise BadDocument(
                "This report is still being written.", "It was not read half.", ("Look again in a minute.",)
            )
        return content

    async def _listed(self, name: str) -> RemoteFile:
        for file in await self._sftp.listing(OUTBOUND):
            if file.name == name:
                return file
        raise NotFound("This report is no longer there.", "Somebody may have removed it.", ("Look again.",))

    async def _pause(self) -> None:
        """Between two looks at what may be growing: a second, usually."""
        await asyncio.sleep(self._context.timing.back_off_s * 2.5)

    async def _content(self, file: RemoteFile) -> bytes:
        """A whole file. Raises VendorRejected where the server refuses this one, also for want of permission."""
        try:
            return await self._sftp.fetch(OUTBOUND, file)
        except NotEntitled as error:
            raise VendorRejected(error.happened, error.means, error.next_steps, detail=error.detail) from None

    def _keep(self, name: str, content: bytes) -> None:
        self._kept.pop(name, None)
        self._kept[name] = content
        while sum(map(len, self._kept.values())) > _KEPT_BYTES:
            self._kept.pop(next(iter(self._kept)))

    async def _notice(self) -> None:
        """Look twice, and take what did not grow between; what is known by name, size and time is not fetched again."""
        listed = await self._sftp.listing(OUTBOUND)
        seen = await self._memory.seen()
        fresh = [file for file in listed if not _is_known(seen.get(file.name), file)]
        waiting = [file for file in fresh if self._last_look.get(file.name) != file]
        if waiting:
            await self._pause()
            self._last_look = {file.name: file for file in fresh}
            again = {file.name: file for file in await self._sftp.listing(OUTBOUND)}
        else:
            again = {file.name: file for file in listed}
        stable = [file for file in fresh if again.get(file.name) == file]
        self._last_look = {name: file for name, file in again.items() if file not in stable}
        try:
            for file in stable:
                await self._take_note(file, seen)
        finally:
            if stable:
                await self._memory.save_seen()

    async def _take_note(self, file: RemoteFile, seen: dict[str, Seen]) -> None:
        now = self._context.clock.now()
        try:
            content = await self._content(file)
        except NotFound:
            return
        except VendorRejected as error:
            words = f"{error.happened} {error.means}"
            unread = _unread(file, words, now)
            # Refused for another reason than its size it may be given at the next look: not known yet, by no size.
            is_final = file.size > LARGEST_FILE
            seen[file.name] = unread if is_final else msgspec.structs.replace(unread, size=0, modified=0)
            return
        if len(content) != file.size:
            return  # It grew after all: next time.
        self._keep(file.name, content)
        seen[file.name] = await asyncio.to_thread(_noted, file, content, now, list(seen.values()))


def _is_known(known: Seen | None, file: RemoteFile) -> bool:
    return known is not None and (known.size, known.modified) == (file.size, file.modified)


def _unread(file: RemoteFile, words: str, now: datetime) -> Seen:
    return Seen(
        name=file.name, size=file.size, modified=file.modified, sha256="", kind=ReportKind.UNKNOWN, noticed_at=now,
        words=words,
    )  # fmt: skip


def _noted(file: RemoteFile, content: bytes, now: datetime, seen: list[Seen]) -> Seen:
    digest = hashlib.sha256(content).hexdigest()
    kind = reports.recognise(content, file.name)
    inside: tuple[str, ...] = ()
    words = ""
    if kind is ReportKind.BUNDLE:
        try:
            members = unzip.members(content)
        except BadDocument as error:
            kind, words = ReportKind.UNKNOWN, f"{error.happened} {error.means}"
        else:
            kinds = {one.name: reports.recognise(one.content, one.name) for one in members}
            if ReportKind.REMITTANCE in kinds.values():
                # What only calls itself one is told beside the others; were it left out, its money would be missed.
                inside = tuple(name for name, found in kinds.items() if reports.may_be_money(found, name))
    copy = next((one.name for one in seen if one.sha256 == digest and one.name != file.name and not one.copy_of), "")
    return Seen(
        name=file.name, size=file.size, modified=file.modified, sha256=digest, kind=kind, noticed_at=now,
        inside=inside, copy_of=copy, words=words,
    )  # fmt: skip


def _listed(seen: Seen, context: VendorContext, *, remittances: bool) -> list[DocumentEntry]:
    """A bundle's remittances one by one; everything else as it lies there."""
    created = datetime.fromtimestamp(seen.modified, tz=context.clock.now().tzinfo) if seen.modified else None
    is_money = seen.kind is ReportKind.REMITTANCE or bool(seen.inside)
    if is_money != remittances:
        return []
    if seen.inside:
        return [
            DocumentEntry(
                vendor_id=f"{seen.name}{_INSIDE}{inner}",
                kind=DocumentKind.REMITTANCE_835,
                name=inner,
                created_at=created,
                # The bundle's own: one that comes again under its name with something else in it is read again.
                bytes_long=seen.size,
            )
            for inner in seen.inside
        ]
    return [
        DocumentEntry(
            vendor_id=seen.name, kind=seen.document_kind, name=seen.name, created_at=created, bytes_long=seen.size
        )
    ]


def _member(content: bytes, name: str) -> Document:
    for one in unzip.members(content):
        if one.name == name:
            is_835 = reports.recognise(one.content, name) is ReportKind.REMITTANCE
            kind = DocumentKind.REMITTANCE_835 if is_835 else DocumentKind.PAGE
            return Document(kind=kind, name=name, content=one.content)
    raise NotFound("This remittance is not in its bundle any more.", "", ("Look again.",))
