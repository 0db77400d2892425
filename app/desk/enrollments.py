"""Enrollments as a grid: provider × payer, one cell a transaction, with whose turn it is and what it stops."""

from __future__ import annotations

from datetime import date, datetime

from app.desk.common import Systems, UseCase
from app.desk.ports import ClearingPort
from app.model.accounts import Actor, Permission
from app.model.clearing_views import (
    ENROLLMENT_COLUMNS,
    EnrollmentCell,
    EnrollmentFilter,
    EnrollmentGrid,
    EnrollmentRow,
)
from app.model.clock import Clock
from app.model.connection import Topic
from app.model.enrollment import (
    REFUSALS,
    WARNINGS,
    Enrollment,
    EnrollmentBoard,
    EnrollmentState,
    RefusalReason,
    Step,
    Turn,
)
from app.model.errors import BadInput
from app.model.payer_list import plain
from app.model.routing import obstacles
from app.store import enrollments, payers, providers
from app.store.store import Reader, Store


class Enrollments(UseCase):
    """Looking at enrollments, and keeping what a person knows of them."""

    def __init__(self, store: Store, clock: Clock, clearing: ClearingPort) -> None:
        super().__init__(store, clock)
        self._clearing = clearing

    async def grid(self, actor: Actor, wanted: EnrollmentFilter | None = None) -> EnrollmentGrid:
        """Every provider with every payer that has been spoken of."""
        await self._allow(actor, Permission.VIEW_BILLING, "look at enrollments")
        return await self._store.read(_grid, wanted or EnrollmentFilter(), self._clock.now())

    async def history(
        self, actor: Actor, connection_id: str, provider_npi: str, payer_id: str, transaction: str
    ) -> tuple[Step, ...]:
        """What became of one enrollment, oldest first."""
        await self._allow(actor, Permission.VIEW_BILLING, "look at enrollments")
        board = await self._store.read(enrollments.board, connection_id)
        row = board.find(provider_npi, payer_id, transaction)
        return row.history if row is not None else ()

    async def set_state(
        self,
        actor: Actor,
        connection_id: str,
        provider_npi: str,
        payer_id: str,
        transaction: str,
        state: EnrollmentState,
        note: str,
        reason: RefusalReason = RefusalReason.NOT_TOLD,
    ) -> None:
        """Keep what a person knows (a letter, a call). It rules what may be sent, until the system says otherwise.

        ``reason`` is why the payer refused; of other states it says nothing.
        """
        await self._allow(actor, Permission.WORK_CLAIMS, "change an enrollment")
        for field, value in (("provider_npi", provider_npi), ("payer_id", payer_id), ("transaction", transaction)):
            if not value.strip():
                raise BadInput(field, "Provider, payer and transaction are all needed.", "", ("Choose all three.",))
        today, known = await self._store.read(_known, connection_id, self._clock.now())
        before = known.find(provider_npi, payer_id, transaction)
        before = before or Enrollment(
            provider_npi=provider_npi, payer_id=payer_id.strip(), transaction=transaction, state=state
        )
        reason = reason if state is EnrollmentState.REFUSED else RefusalReason.NOT_TOLD
        row = before.moved(
            state,
            today,
            f"{note.strip()} ({actor.full_name})" if note.strip() else f"Noted by {actor.full_name}.",
            reason,
        )
        await self._clearing.keep_enrollment(connection_id, row, actor)

    async def refresh(self, actor: Actor, connection_id: str) -> None:
        """Ask the system how far its enrollments are."""
        await self._allow(actor, Permission.VIEW_BILLING, "look at enrollments")
        await self._clearing.fetch_enrollments(connection_id, actor)

    async def blocked(
        self, actor: Actor, connection_id: str, provider_npi: str, payer_id: str, transaction: str
    ) -> str:
        """Why this transaction may not be used for this provider with this payer; empty where it may (G5)."""
        await self._allow(actor, Permission.VIEW_BILLING, "look at enrollments")
        return await self._store.read(_blocked, connection_id, provider_npi, payer_id, transaction)


def _known(conn: Reader, connection_id: str, now: datetime) -> tuple[date, EnrollmentBoard]:
    return Systems.read(conn).day(now, connection_id), enrollments.board(conn, connection_id)


def _blocked(conn: Reader, connection_id: str, provider_npi: str, payer_id: str, transaction: str) -> str:
    routes = payers.routes(conn, connection_id, [payer_id])
    board = enrollments.board(conn, connection_id)
    said = obstacles(routes, board, payer_id=payer_id, provider_npi=provider_npi, transaction=transaction)
    return " ".join(said)


def _grid(conn: Reader, wanted: EnrollmentFilter, now: datetime) -> EnrollmentGrid:
    systems = Systems.read(conn)
    names = providers.names_by_npi(conn)
    groups: dict[tuple[str, str, str], list[Enrollment]] = {}
    for connection_id, row in enrollments.listed(conn):
        groups.setdefault((connection_id, row.provider_npi, row.payer_name or row.payer_id), []).append(row)
    rows = []
    for (connection_id, npi, payer), members in groups.items():
        today = systems.day(now, connection_id)
        cells = tuple(_cell(name, members, systems.name(connection_id), today) for name in ENROLLMENT_COLUMNS)
        line = EnrollmentRow(
            connection_id=connection_id,
            system=systems.name(connection_id),
            provider_npi=npi,
            provider_name=names.get(npi, ""),
            payer_name=payer,
            cells=cells,
        )
        if _is_wanted(line, members, wanted, today):
            rows.append(line)
    cells_shown = [cell for row in rows for cell in row.cells if cell.state is not None]
    return EnrollmentGrid(
        transactions=ENROLLMENT_COLUMNS,
        rows=tuple(sorted(rows, key=lambda row: (row.provider_name or row.provider_npi, row.payer_name))),
        ours=sum(cell.whose_turn == _WHOSE[Turn.US] for cell in cells_shown),
        stuck=sum(cell.stuck_days > 0 for cell in cells_shown),
        as_of={
            connection.connection_id: fresh.as_of
            for connection in systems.connections.values()
            for fresh in connection.freshness
            if fresh.topic is Topic.ENROLLMENTS and fresh.as_of is not None
        },
    )


_WHOSE = {Turn.NOBODY: "", Turn.US: "We must act", Turn.CLEARINGHOUSE: "With {system}", Turn.PAYER: "At the payer"}


def _cell(transaction: str, members: list[Enrollment], system: str, today: date) -> EnrollmentCell:
    row = next((one for one in members if one.transaction == transaction), None)
    if row is None:
        return EnrollmentCell(transaction=transaction)
    stuck = row.is_stuck(today) and row.since is not None
    return EnrollmentCell(
        transaction=transaction,
        payer_id=row.payer_id,
        state=row.state,
        whose_turn=_WHOSE[row.turn].format(system=system),
        since=row.since,
        stuck_days=(today - row.since).days if stuck and row.since is not None else 0,
        words=row.words,
        reason=row.reason,
        blocked="" if row.is_live else _blocking(row),
        warnings=WARNINGS.get(transaction, ()) if row.turn is Turn.US else (),
        history=row.history,
    )


def _blocking(row: Enrollment) -> str:
    said = f"{row.transaction} is not used with this payer: {row.state.value}."
    return f"{said} {REFUSALS[row.reason]}" if row.state is EnrollmentState.REFUSED else said


def _is_wanted(row: EnrollmentRow, members: list[Enrollment], wanted: EnrollmentFilter, today: date) -> bool:
    text = plain(wanted.payer)
    return (
        wanted.connection_id in ("", row.connection_id)
        and wanted.provider_npi in ("", row.provider_npi)
        and (not text or text in plain(row.payer_name) or any(text in plain(one.payer_id) for one in members))
        and (wanted.turn is None or any(one.turn is wanted.turn for one in members))
        and (not wanted.stuck_only or any(one.is_stuck(today) for one in members))
    )
