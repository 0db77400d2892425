"""What the adapter remembers of ``inbound`` and ``outbound``, sealed: files that left, reports that were seen."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.claim_news import ReportKind, SentFile
from vendors.contract import DocumentKind, SealedState

_SENT = "sent_files"
_SEEN = "seen_reports"

#: Files of claims remembered; a practice sends one or two a day, so these are years.
MOST_SENT = 5_000


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report as it was seen whole: name and hash tell it again. ``inside`` are the remittances of a bundle.

    ``copy_of`` names an earlier report with the very same content. ``words`` say why it was not read.
    """

    name: str
    size: int
    modified: int
    sha256: str
    kind: ReportKind
    noticed_at: datetime
    inside: tuple[str, ...] = ()
    copy_of: str = ""
    words: str = ""

    @property
    def document_kind(self) -> DocumentKind:
        """The contract's word for its kind."""
        return _KINDS.get(self.kind, DocumentKind.OTHER)


_KINDS = {
    ReportKind.INTERCHANGE: DocumentKind.ACKNOWLEDGMENT_TA1,
    ReportKind.SYNTAX: DocumentKind.ACKNOWLEDGMENT_999,
    ReportKind.CLAIM_ACKNOWLEDGMENT: DocumentKind.CLAIM_ACKNOWLEDGMENT_277CA,
    ReportKind.FILE_SUMMARY: DocumentKind.SUMMARY,
    ReportKind.PAYER_STATUS: DocumentKind.SUMMARY,
    ReportKind.REMITTANCE: DocumentKind.REMITTANCE_835,
    ReportKind.READABLE_REMITTANCE: DocumentKind.PAGE,
}


class Memory:
    """Both lists, read once and written after each change."""

    def __init__(self, state: SealedState) -> None:
        self._state = state
        self._sent: dict[str, SentFile] | None = None
        self._seen: dict[str, Seen] | None = None

    async def sent(self) -> dict[str, SentFile]:
        """Files that left, by hash, in order of sending."""
        if self._sent is None:
            held = await self._state.get(_SENT)
            files = msgspec.json.decode(held, type=list[SentFile]) if held else []
            self._sent = {file.sha256: file for file in files}
        return self._sent

    async def keep_sent(self, file: SentFile) -> None:
        """Remember a file before it leaves, and again when it is certain that it did."""
        files = await self.sent()
        files[file.sha256] = file
        while len(files) > MOST_SENT:
            files.pop(next(iter(files)))
        await self._save_sent(files)

    async def forget_sent(self, sha256: str) -> None:
        """It certainly did not leave."""
        files = await self.sent()
        if files.pop(sha256, None) is not None:
            await self._save_sent(files)

    async def _save_sent(self, files: dict[str, SentFile]) -> None:
        await self._state.put(_SENT, msgspec.json.encode(list(files.values())))

    async def seen(self) -> dict[str, Seen]:
        """Reports seen, by name."""
        if self._seen is None:
            held = await self._state.get(_SEEN)
            reports = msgspec.json.decode(held, type=list[Seen]) if held else []
            self._seen = {report.name: report for report in reports}
        return self._seen

    async def save_seen(self) -> None:
        """Write down what was added to ``seen``."""
        reports = await self.seen()
        await self._state.put(_SEEN, msgspec.json.encode(list(reports.values())))
