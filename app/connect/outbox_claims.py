"""SEND_CLAIMS: a file of claims leaves once; after a lost answer it is looked for, and never sent again on a guess."""

from __future__ import annotations

from app.connect.offering import submits_claims
from app.connect.outbox_kinds import Answer, Known
from app.connect.outbox_planned import file_content
from app.connect.source import Source
from app.model.capabilities import Capability
from app.model.connection import Environment
from app.model.errors import BadInput
from app.model.outbox import Job, JobResult, PersonReason
from app.model.portal_writes import Done, ReadBack
from app.rules.outbox import Move, ask_whether_there
from app.rules.outbox_jobs import claim_file_of
from app.rules.outbox_plans import planned_found
from app.store import connections
from app.store.tx import Tx
from vendors.contract import Document, DocumentKind, LooksForSent, TellsNews


class SendClaims:
    """Through the clearinghouse's file service."""

    def lane(self, job: Job) -> str:
        """One file at a time."""
        return f"{job.connection_id}/claims"

    async def before(self, source: Source, job: Job) -> Known:
        """The mode must be the one that was shown: a test never becomes the real thing while it waits."""
        connection = await source.store.read(connections.get, job.connection_id)
        is_test = connection is None or connection.environment is not Environment.PRODUCTION
        if claim_file_of(job).is_test is not is_test:
            raise BadInput(
                "is_test",
                "The connection's mode is not the one this file was made for.",
                "Nothing was sent, so that no test reaches a payer and no claim is lost as a test.",
                ("Give it up, and send the file again.",),
            )
        return Known()

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """Hand it over."""
        content = await source.store.read(file_content, job)
        batch = Document(kind=DocumentKind.CLAIM_FILE_837, name=claim_file_of(job).name, content=content)
        receipt = await source.session.call(
            Capability.SUBMIT_CLAIMS, lambda adapter: submits_claims(adapter).submit_claims(batch), is_write=True
        )
        return Answer(result=JobResult(vendor_id=receipt.vendor_reference), words=receipt.words)

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """Where the file lies, or what is remembered of its leaving."""
        content = await source.store.read(file_content, job)
        title = source.session.title
        adapter = source.session.adapter
        if isinstance(adapter, LooksForSent):
            looking = adapter
            found = await source.session.call(Capability.SUBMIT_CLAIMS, lambda _: looking.look_for_sent(content))
        else:
            found = await _remembered(adapter, claim_file_of(job).sha256)
        if found.done is Done.UNCLEAR:
            words = f"{found.words or 'No clear answer came.'} Its reports will tell."
            return ask_whether_there(job, words, PersonReason.MAYBE_DONE, title)
        return planned_found(job, found, title)

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """The next look for reports takes over what was sent."""


async def _remembered(adapter: object, sha256: str) -> ReadBack:
    sent = await adapter.sent_files() if isinstance(adapter, TellsNews) else ()
    mine = next((file for file in sent if file.sha256 == sha256), None)
    if mine is None and isinstance(adapter, TellsNews):
        return ReadBack(done=Done.NO, words="It never left.")
    if mine is not None and mine.is_sure:
        return ReadBack(done=Done.YES, record=mine.name, words=f"It went out as {mine.name}.")
    return ReadBack(done=Done.UNCLEAR)
