"""Connecting systems and looking after connections: tested before anything is kept, one account once, no mixing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

import msgspec

from app.connect.codes import no_question, on_behalf_of
from app.connect.links import Links
from app.connect.permits import draft, must
from app.connect.tasks import TaskOwner
from app.connect.vault import TrialBox, TrialVault
from app.connect.vendor_table import VendorTable, form_of
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState, Environment
from app.model.errors import BadInput, DaybookError
from app.model.ids import new_id
from app.model.outbox import Job, JobState
from app.model.portal import CodeAnswerInput, CodeRequest
from app.model.schedule import Location
from app.model.systems import ConnectionForm, SystemForm, TrialReport
from app.rules.outbox_jobs import evidence_of
from app.rules.timezones import zone
from app.store import connections, outbox, recovery, sealed
from app.store.database import Reader
from app.store.store import Store
from app.store.tx import Tx

_ENVIRONMENTS = {
    Environment.PRODUCTION: "the live system",
    Environment.PREVIEW: "a preview system",
    Environment.SANDBOX: "a sandbox",
}


class Administration:
    """Implements ``app.desk.ports.ConnectionsPort``."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vendors: VendorTable,
        *,
        links: Links,
        owner: Callable[[], TaskOwner],
    ) -> None:
        self._store = store
        self._clock = clock
        self._vendors = vendors
        self._links = links
        self._owner = owner

    def systems(self) -> tuple[SystemForm, ...]:
        """Every system that can be connected, in the order of their titles."""
        forms = (form_of(self._vendors.manifest(name)) for name in self._vendors.names())
        return tuple(sorted(forms, key=lambda form: form.title))

    async def test(self, form: ConnectionForm, actor: Actor) -> TrialReport:
        """Sign in with ``form`` and try each capability read-only; nothing is kept. Raises a VendorError in words."""
        await must(self._store, actor, Permission.MANAGE_CONNECTIONS)
        form, connection = await self._checked(form)
        with on_behalf_of(actor.account_id, f"Testing {connection.name}", actor.full_name):
            report, _ = await self._tried(form, connection)
        return report

    async def add(self, form: ConnectionForm, actor: Actor) -> Connection:
        """Test, then keep the connection (or its new sign-in details) and start to sync.

        Raises BadInput where a field is wrong, the same account is connected already, or live and practice systems
        would be mixed; a VendorError as ``test`` does.
        """
        await must(self._store, actor, Permission.MANAGE_CONNECTIONS)
        form, connection = await self._checked(form)
        with on_behalf_of(actor.account_id, f"Connecting {connection.name}", actor.full_name):
            report, box = await self._tried(form, connection)
        connection = msgspec.structs.replace(
            connection, offers=report.offers, session_words=report.session_words, state_since=self._clock.now()
        )
        action = AuditAction.CHANGE if form.connection_id else AuditAction.CREATE
        line = draft(action, actor, f"Connection {connection.name} ({_ENVIRONMENTS[connection.environment]})")
        kept = await self._store.write(_keep, connection, form.location_name.strip(), form.time_zone, line)
        vault = self._links.vault(kept)
        for name, value in form.secrets.items():
            await vault.put(name, value)
        for name, state in box.state.items():
            await self._store.write(sealed.put, kept.connection_id, name, state)
        await self._links.open(kept)
        return kept

    async def _checked(self, form: ConnectionForm) -> tuple[ConnectionForm, Connection]:
        """The form with known secrets filled in, and the connection it would make. Raises BadInput."""
        manifest = self._vendors.manifest(form.vendor)
        known = await self._store.read(connections.listed)
        before = next((one for one in known if one.connection_id == form.connection_id), None)
        if form.connection_id and before is None:
            raise BadInput("connection_id", "This connection is not here any more.", "Somebody removed it.")
        secrets = await self._secrets(form, before)
        for field in manifest.sign_in:
            if field.required and field.name not in secrets:
                raise BadInput(field.name, f"{field.label} is empty.", "", (f"Enter the {field.label}.",))
        if not form.tenant.strip():
            raise BadInput("tenant", f"{manifest.tenant_label} is empty.", "", (f"Enter the {manifest.tenant_label}.",))
        zone(form.time_zone)
        form = msgspec.structs.replace(form, secrets=secrets, tenant=form.tenant.strip())
        connection = Connection(
            connection_id=form.connection_id or new_id(int(self._clock.now().timestamp() * 1000)),
            vendor=form.vendor,
            source=manifest.source,
            name=form.name.strip() or manifest.title,
            practice=form.practice.strip(),
            environment=form.environment,
            base_urls={name: url.strip().rstrip("/") for name, url in form.base_urls.items()},
            tenant=form.tenant,
        )
        _must_not_clash(connection, known)
        return form, connection

    async def _secrets(self, form: ConnectionForm, before: Connection | None) -> dict[str, str]:
        """What was entered, and what is known already. Raises BadInput where that would go to a new address."""
        manifest = self._vendors.manifest(form.vendor)
        fields = manifest.sign_in
        given = {field.name: form.secrets.get(field.name, "").strip() for field in fields}
        secrets = {name: value for name, value in given.items() if value}
        if before is None:
            return secrets
        vault = self._links.vault(before)
        for field in fields:
            kept = await vault.get(field.name) if field.name not in secrets else None
            # What belongs to no part may go to each of them.
            names = [one.name for one in manifest.addresses if not field.side or one.side in ("", field.side)]
            elsewhere = _hosts(form.base_urls, names) - _hosts(before.base_urls, names)
            if kept is not None and elsewhere and field.secret:
                raise BadInput(
                    field.name,
                    f"The address is another one now, so {field.label} is needed again.",
                    "What was entered for one address is never sent to another. Nothing was sent.",
                    (f"Enter the {field.label}.", "Or put the address back."),
                )
            if kept is not None:
                secrets[field.name] = kept
        return secrets

    async def _tried(self, form: ConnectionForm, connection: Connection) -> tuple[TrialReport, TrialBox]:
        box = TrialBox()
        vault = TrialVault(form.secrets)
        line = self._links.codes.line(
            connection.connection_id, self._vendors.manifest(connection.vendor).title, connection.practice
        )
        adapter = await self._links.trial(connection, form.time_zone, vault, box, line)
        try:
            info = await adapter.sign_in()
            offers = await adapter.test()
            line.settled(None)
        except DaybookError as error:
            line.settled(error)
            raise
        finally:
            line.close()
            await adapter.close()
        form.secrets.update(vault.secrets)
        return TrialReport(offers=tuple(offers), session_words=info.words), box

    async def remove(self, connection_id: str, actor: Actor) -> None:
        """Stop, forget the secrets and wipe everything this connection brought.

        Raises BadInput while a change may be on its way there: nobody would learn what became of it.
        """
        await must(self._store, actor, Permission.MANAGE_CONNECTIONS)
        connection = await self._known(connection_id)
        if await self._store.read(_on_its_way, connection_id):
            raise BadInput(
                "connection",
                "A change to this system has an unclear outcome.",
                "If the connection goes now, nobody would learn what became of it.",
                ("Open Activity and settle it first.",),
            )
        await self._links.close(connection_id)
        await self._links.vault(connection).forget()
        line = draft(AuditAction.WIPE, actor, f"Connection {connection.name} with everything it brought")
        await self._store.write(_remove, connection_id, line)
        await self._store.maintain(recovery.scrub)

    async def check(self, connection_id: str, actor: Actor) -> TrialReport:
        """Test an existing connection again and keep what was found."""
        await must(self._store, actor, Permission.MANAGE_CONNECTIONS)
        connection = await self._known(connection_id)
        with on_behalf_of(actor.account_id, f"Testing {connection.name}", actor.full_name):
            offers, words = await self._links.get(connection_id).session.test()
        return TrialReport(offers=offers, session_words=words)

    async def set_paused(self, connection_id: str, paused: bool, actor: Actor) -> None:
        """Stop asking this system until it is let go on; jobs wait meanwhile."""
        await must(self._store, actor, Permission.MANAGE_CONNECTIONS)
        connection, link = await self._known(connection_id), self._links.get(connection_id)
        await link.session.set_paused(paused)
        await self._store.write(
            _audit, draft(AuditAction.CHANGE, actor, f"{connection.name} {'paused' if paused else 'goes on'}")
        )
        if paused:
            await link.sync.stop()
        else:
            link.sync.start()

    async def give_code(self, connection_id: str, answer: CodeAnswerInput, actor: Actor) -> None:
        """Answer the connection's question for a code. See ``ConnectionsPort.give_code``."""
        await must(self._store, actor, Permission.ANSWER_JOBS)
        line, link = self._links.codes.get(connection_id), self._links.by_id.get(connection_id)
        what = "Sign-in code asked for again" if answer.send_by else "Sign-in code given"
        await self._store.write(_audit, draft(AuditAction.ANSWERED, actor, f"{what}: {line.system}"))
        if line.request is not None or link is None:
            await line.give(answer, _nothing_stands)
            return
        with on_behalf_of(actor.account_id, f"Signing in to {line.system}", actor.full_name):
            await link.session.give_code(answer, lambda name, work: self._owner().start(name, work))

    def codes(self) -> tuple[CodeRequest, ...]:
        """The sign-in codes that systems ask for now, oldest first."""
        return self._links.codes.requests()

    async def pass_code(self, connection_id: str, account_id: str, actor: Actor) -> None:
        """Let the question be another person's, or anybody's."""
        await must(self._store, actor, Permission.ANSWER_JOBS)
        request = await self._links.codes.get(connection_id).pass_to(account_id)
        whom = request.for_name or "anybody at this workstation"
        await self._store.write(
            _audit, draft(AuditAction.ANSWERED, actor, f"Question for the code of {request.system} passed to {whom}")
        )

    async def decline_code(self, connection_id: str, actor: Actor) -> None:
        """Nobody can give the code now: the sign-in ends."""
        await must(self._store, actor, Permission.ANSWER_JOBS)
        line = self._links.codes.get(connection_id)
        line.decline()
        await self._store.write(_audit, draft(AuditAction.ANSWERED, actor, f"No sign-in code for {line.system} now"))

    def pause_all(self, paused: bool) -> None:
        """Syncing rests while the window is locked; the outbox is kept, and goes on."""
        self._owner().start("rest", self._links.rest(paused))

    async def _known(self, connection_id: str) -> Connection:
        connection = await self._store.read(connections.get, connection_id)
        if connection is None:
            raise BadInput("connection", "This connection is not here any more.", "Somebody removed it.")
        return connection


def _nothing_stands() -> None:
    raise no_question()


def _hosts(base_urls: Mapping[str, str], names: Iterable[str]) -> frozenset[str]:
    """The hosts behind the addresses so named, with their ports and how they are spoken with; paths do not matter."""
    urls = (base_urls.get(name, "").strip().lower() for name in names)
    parts = (urlsplit(url) for url in urls if url)
    return frozenset(f"{part.scheme}://{part.netloc}" for part in parts)


def _must_not_clash(wanted: Connection, known: list[Connection]) -> None:
    for other in known:
        if other.connection_id == wanted.connection_id:
            continue
        same_account = (other.vendor, other.tenant.casefold(), other.base_urls) == (
            wanted.vendor,
            wanted.tenant.casefold(),
            wanted.base_urls,
        )
        if same_account:
            raise BadInput(
                "tenant",
                f"This account is connected already, as {other.name}.",
                "Twice connected, every visit would show twice.",
                ("Open the existing connection to give it new sign-in details.",),
            )
        if (other.environment is Environment.PRODUCTION) != (wanted.environment is Environment.PRODUCTION):
            raise BadInput(
                "environment",
                f"{other.name} is {_ENVIRONMENTS[other.environment]}, this is {_ENVIRONMENTS[wanted.environment]}.",
                "Live and practice systems are never mixed: a visit could be booked in the wrong one.",
                ("Use another data folder for practising.",),
            )


def _keep(tx: Tx, connection: Connection, location: str, time_zone: str, line: AuditDraft) -> Connection:
    places = connections.locations(tx.connection)
    place = next((one for one in places if (one.name, one.time_zone) == (location, time_zone)), None)
    if place is None:
        place = Location(location_id=new_id(), name=location, time_zone=time_zone)
        connections.save_location(tx, place)
    before = connections.get(tx.connection, connection.connection_id)
    connection = msgspec.structs.replace(
        connection,
        location_id=place.location_id,
        state=ConnectionState.HEALTHY,
        freshness=before.freshness if before is not None else (),
        last_sync=before.last_sync if before is not None else None,
    )
    connections.save(tx, connection)
    tx.audit(line)
    return connection


def _on_its_way(conn: Reader, connection_id: str) -> bool:
    """A change that is leaving, or that may have happened and waits for a person to say so."""

    def may_have_happened(job: Job) -> bool:
        evidence = evidence_of(job)
        return job.state in {JobState.SENDING, JobState.UNKNOWN} or (evidence is not None and evidence.unsure)

    return any(job.connection_id == connection_id and may_have_happened(job) for job in outbox.unfinished(conn))


def _remove(tx: Tx, connection_id: str, line: AuditDraft) -> None:
    connections.remove(tx, connection_id)
    tx.audit(line)


def _audit(tx: Tx, line: AuditDraft) -> None:
    tx.audit(line)
