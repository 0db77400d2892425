"""The printed day list, provider by provider, with the notes (FEATURES B30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.desk.common import UseCase, draft
from app.desk.picture import Snapshot, source_of, visit_words
from app.model.accounts import Actor, AuditAction, Permission
from app.model.booking import DayListLine, DayListPage
from app.model.schedule import ProviderRow, VisitRow, VisitStatus
from app.rules.names import shown
from app.rules.words import clock_time, short_day
from app.store import patients, visits
from app.store.store import Reader


class DayLists(UseCase):
    """Day lists for paper and PDF."""

    async def pages(
        self, actor: Actor, day: date, provider_ids: Sequence[str] | None = None, *, how: str = "printed"
    ) -> tuple[DayListPage, ...]:
        """One page a provider who has visits. Audited before it is handed out; ``how`` says print or PDF."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "print a day list")
        await self._allow(actor, Permission.VIEW_PATIENTS, "print a day list")
        pages = await self._store.read(_pages, day, provider_ids, self._clock.now())
        names = ", ".join(page.provider.shown_name() for page in pages)
        await self._remember(
            draft(actor, AuditAction.PRINT, f"Day list of {short_day(day)} {how}: {names or 'nobody'}")
        )
        return pages


def _pages(conn: Reader, day: date, provider_ids: Sequence[str] | None, now: datetime) -> tuple[DayListPage, ...]:
    snapshot = Snapshot.read(conn, day, day, provider_ids, now)
    notes = visits.notes(conn, day)
    pages = []
    for provider in snapshot.providers:
        rows = snapshot.visits.get((provider.provider_id, day), [])
        rows = [row for row in rows if row.status is not VisitStatus.CANCELLED]
        if rows:
            pages.append(_page(conn, snapshot, provider, day, rows, notes))
    return tuple(pages)


def _page(
    conn: Reader,
    snapshot: Snapshot,
    provider: ProviderRow,
    day: date,
    rows: Sequence[VisitRow],
    notes: Mapping[str, str],
) -> DayListPage:
    system = snapshot.systems.name(provider.connection_id)
    return DayListPage(
        provider=provider,
        day=day,
        as_of=source_of(snapshot, provider, [day]).as_of,
        lines=tuple(
            _line(conn, row, system, notes.get(row.local_id, ""))
            for row in sorted(rows, key=lambda row: row.start_minute)
        ),
    )


def _line(conn: Reader, row: VisitRow, system: str, note: str) -> DayListLine:
    found = patients.get(conn, row.patient_id) if row.patient_id else None
    title, _ = visit_words(row, system)
    person = found.value if found else None
    notes = [row.reason, note, person.alert if person else ""]
    return DayListLine(
        time=clock_time(row.start_minute),
        minutes=row.minutes,
        patient=title,
        birth_date=person.birth_date if person else None,
        phone=(person.phone or person.cell_phone or person.sms_phone) if person else "",
        visit_type=shown(row.visit_type),
        room=shown(row.room),
        notes=shown(" · ".join(note for note in notes if note), 300),
    )
