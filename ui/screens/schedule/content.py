"""From the desk's day and week to what the grid paints."""

from __future__ import annotations

from collections.abc import Iterable

from app.model.capabilities import Capability, Standing
from app.model.connection import ConnectionState
from app.model.outbox import JobState
from app.model.rules import Window
from app.model.schedule import ProviderRow, VisitRow, VisitStatus
from app.model.views import ColumnSource, DayColumn, DayView, FreeSlot, PendingBlock, VisitBlock, WeekView
from app.rules import words
from app.rules.names import initials, masked, shown
from ui.grid.content import GridColumn, GridContent, GridItem, ItemKind, Notice
from ui.grid.grid import Refused
from ui.screens.schedule.settings import Look, arranged
from ui.theme import theme

#: The shape that says why data is old, by state of the connection.
_CAUSES = {
    ConnectionState.NEEDS_CODE: "key",
    ConnectionState.WRONG_CREDENTIALS: "key",
    ConnectionState.LOCKED: "lock",
    ConnectionState.OFFLINE: "cloud-off",
    ConnectionState.VENDOR_DOWN: "cloud-off",
    ConnectionState.DRIFTED: "drift",
    ConnectionState.REAUTHENTICATING: "refresh",
    ConnectionState.PAUSED: "pause",
}
_ACTS = {
    "move": (Capability.MOVE_VISIT, "Not moved", "move a visit", "Move it"),
    "resize": (Capability.MOVE_VISIT, "Length not changed", "change a visit's length", "Change it"),
    "cancel": (Capability.CANCEL_VISIT, "Not cancelled", "cancel a visit", "Cancel it"),
    "arrived": (Capability.CHANGE_VISIT_STATUS, "Not checked in", "check a visit in", "Check it in"),
    "status": (Capability.CHANGE_VISIT_STATUS, "Status not changed", "change a visit's status", "Change it"),
}
_PENDING = {
    JobState.HELD: "being booked",
    JobState.QUEUED: "being booked",
    JobState.SENDING: "being booked",
    JobState.UNKNOWN: "checking whether it was booked",
    JobState.NEEDS_PERSON: "needs an answer",
}


def cause_icon(state: ConnectionState) -> str:
    """The shape for data that is old because its connection is in ``state``."""
    return _CAUSES.get(state, "clock")


def source_notice(source: ColumnSource) -> Notice | None:
    """What a column's header says of its source: nothing while it is fresh and takes bookings."""
    if source.stale:
        return Notice(words=source.stale_words, icon=cause_icon(source.state), family="amber")
    if source.view_only:
        return Notice(words="View only", icon="eye", family="grey")
    return None


def refused(source: ColumnSource, act: str) -> Refused | None:
    """Why ``act`` (move, resize, cancel, arrived, status) cannot be done there, and what to do; None where it can."""
    capability, title, what, instead = _ACTS[act]
    offer = next((offer for offer in source.offers if offer.capability is capability), None)
    # Some systems take a check-in and no other step of a visit.
    enough = {Standing.YES, Standing.PARTLY} if act == "arrived" else {Standing.YES}
    if offer is not None and offer.standing in enough:
        return None
    why = f" {offer.words.rstrip('.')}." if offer is not None and offer.words else ""
    said = f"{source.name} gives Daybook no way to {what}.{why} {instead} in {source.name}, then press Ctrl+R here."
    return Refused(title, said)


def cannot_words(source: ColumnSource) -> str:
    """What is done to visits in the system itself, in one sentence; empty where all of it can be done here."""
    status = "change the status of" if refused(source, "arrived") is not None else "otherwise change"
    named = (("move", "move"), ("cancel", "cancel"), ("status", status))
    lacking = [verb for act, verb in named if refused(source, act) is not None]
    if not lacking:
        return ""
    return (
        f"{source.name} gives Daybook no way to {words.listed(lacking, 'or')} a visit. Do that in {source.name} itself."
    )


_NEW = (("user", "text-3"),)


class Painter:
    """Makes grid items from visits of one source; ``private`` shows initials only (FEATURES B31)."""

    def __init__(self, look: Look, *, private: bool, visit_type: str = "") -> None:
        self._look = look
        self._private = private
        self._visit_type = visit_type

    def items(self, column: DayColumn, source: ColumnSource) -> tuple[GridItem, ...]:
        """Everything that stands in a column, blocks first."""
        visits = [block for block in column.visits if not self._left_out(block)]
        blocks = enumerate(column.blocks)
        return (
            *(self._block(at, block.label, block.start_minute, block.end_minute) for at, block in blocks),
            *(self._free(slot) for slot in column.free),
            *(self._visit(block, source) for block in visits),
            *(self._pending(block) for block in column.pending),
        )

    def _left_out(self, block: VisitBlock) -> bool:
        gone = block.visit.status in (VisitStatus.CANCELLED, VisitStatus.NO_SHOW)
        return gone and self._look.hide_cancelled

    def _visit(self, block: VisitBlock, source: ColumnSource) -> GridItem:
        visit = block.visit
        known = names_somebody(visit)
        return GridItem(
            key=visit.local_id,
            kind=ItemKind.VISIT,
            start=visit.start_minute,
            minutes=visit.minutes,
            title=visit_title(block, private=self._private),
            subtitle=block.detail if known else f"patient not shown by {source.name}",
            brief="" if known else "patient not shown",
            status=visit.status,
            patient_known=known,
            marks=_NEW if visit.is_new_patient else (),
            patient_id=visit.patient_id,
            lane=block.lane,
            lanes=block.lanes,
            faded=bool(self._visit_type) and visit.visit_type != self._visit_type,
        )

    def _pending(self, block: PendingBlock) -> GridItem:
        return GridItem(
            key=f"job:{block.job_id}",
            kind=ItemKind.PENDING,
            start=block.start_minute,
            minutes=block.minutes,
            title=initials(block.title) if self._private else block.title,
            subtitle=_PENDING.get(block.state, "being booked"),
            brief="not booked yet",
            patient_id=block.patient_id,
            lane=block.lane,
            lanes=block.lanes,
        )

    @staticmethod
    def _free(slot: FreeSlot) -> GridItem:
        return GridItem(
            key=f"free:{slot.start_minute}",
            kind=ItemKind.FREE,
            start=slot.start_minute,
            minutes=slot.minutes,
            bookable=slot.bookable,
            subtitle=f"{slot.minutes} minutes"
            if slot.bookable
            else f"{slot.minutes} minutes, not to be booked from here now",
        )

    @staticmethod
    def _block(index: int, label: str, start: int, end: int) -> GridItem:
        return GridItem(
            key=f"block:{index}:{start}",
            kind=ItemKind.BLOCK,
            start=start,
            minutes=end - start,
            title=label,
            subtitle=f"until {words.clock_time(end)}, blocked",
        )


def names_somebody(visit: VisitRow) -> bool:
    """Whether it is known whose visit it is, if only by what its system's schedule says."""
    return bool(visit.patient_id or visit.patient_name or visit.patient_vendor_id)


def visit_title(block: VisitBlock, *, private: bool) -> str:
    """What a visit is called: its patient, or what its system tells; in private initials or a masked number."""
    visit = block.visit
    if not private or not names_somebody(visit):
        return block.title
    return initials(visit.patient_name) if visit.patient_name else f"Patient {masked(visit.patient_vendor_id)}"


def visit_details(block: VisitBlock, source: ColumnSource) -> tuple[str, ...]:
    """The lines of a visit's hover card, its name first."""
    visit = block.visit
    known = names_somebody(visit)
    status = theme().status("appointment", visit.status.value).label
    facts = (
        block.title,
        f"{words.time_range(visit.start_minute, visit.minutes)}, {visit.minutes} min",
        shown(visit.visit_type),
        status if known else f"{status}. Patient not shown by {source.name}.",
        f"Reason: {shown(visit.reason, 300)}" if visit.reason else "",
        f"Room {shown(visit.room)}" if visit.room else "",
        f"Patient {shown(visit.patient_vendor_id)}, not read yet" if known and not visit.patient_id else "",
        "New patient" if visit.is_new_patient else "",
        f"{source.name}, visit {visit.vendor_id}",
    )
    return tuple(fact for fact in facts if fact)


def pending_details(block: PendingBlock, source: ColumnSource) -> tuple[str, ...]:
    """The lines of a booking under way."""
    state = _PENDING.get(block.state, "being booked")
    return (
        block.title,
        words.time_range(block.start_minute, block.minutes),
        f"{state[0].upper()}{state[1:]} in {source.name}.",
        "Not booked yet. Do not promise this time.",
    )


def day_content(view: DayView, look: Look, *, private: bool, visit_type: str = "") -> GridContent:
    """Provider columns of a day."""
    painter = Painter(look, private=private, visit_type=visit_type)
    by_id = {column.provider.provider_id: column for column in view.columns}
    columns = []
    for provider_id in arranged(list(by_id), look):
        each = by_id[provider_id]
        provider, source, column = each.provider, each.source, each.column
        notice = source_notice(source)
        free = sum(1 for slot in column.free if slot.bookable)
        right = column.note or f"{free} free"
        name = shown(provider.shown_name())
        columns.append(
            GridColumn(
                key=provider_id,
                title=name,
                tag=source.source,
                detail=shown(provider.specialty),
                right=right,
                load=column.load,
                notice=notice,
                open_hours=_open(column.closed),
                items=painter.items(column, source),
                spoken=f"{name}, {source.name}, {notice.words if notice else right}",
            )
        )
    first, last = _bounds(view.first_minute, view.last_minute, look)
    return GridContent(columns=tuple(columns), first=first, last=last, now=view.now_minute)


def week_content(view: WeekView, look: Look, *, private: bool, visit_type: str = "") -> GridContent:
    """Day columns of one provider's week."""
    painter = Painter(look, private=private, visit_type=visit_type)
    columns = []
    for day in view.days:
        is_today = day.day == view.today
        free = sum(1 for slot in day.free if slot.bookable)
        visits = sum(1 for block in day.visits if block.visit.status is not VisitStatus.CANCELLED)
        right = day.note or ("closed out" if day.day < view.today else f"{free} free")
        name = words.long_weekday(day.day)
        columns.append(
            GridColumn(
                key=day.day.isoformat(),
                title=name if is_today else f"{name}  {day.day.day}",
                pill=str(day.day.day) if is_today else "",
                detail=words.count(visits, "visit"),
                right=right,
                load=day.load,
                notice=source_notice(view.source) if is_today else None,
                accented=is_today and not view.source.stale,
                open_hours=_open(day.closed),
                items=painter.items(day, view.source),
                spoken=f"{name} {day.day.day}, {words.count(visits, 'visit')}, {right}",
            )
        )
    today = frozenset(day.day.isoformat() for day in view.days if day.day == view.today)
    first, last = _bounds(view.first_minute, view.last_minute, look)
    return GridContent(
        columns=tuple(columns), first=first, last=last, now=view.now_minute if today else None, now_columns=today
    )


def _bounds(first: int, last: int, look: Look) -> tuple[int, int]:
    return (min(first, look.start_minute) if look.start_minute >= 0 else first), max(last, first + 60)


def _open(closed: Iterable[Window]) -> tuple[tuple[int, int], ...]:
    """The hours that are not closed; empty where no hours are set, since then nothing is known to be closed."""
    edges = sorted((window.start, window.end) for window in closed)
    if not edges:
        return ()
    opened, at = [], 0
    for start, end in edges:
        if start > at:
            opened.append((at, start))
        at = max(at, end)
    if at < 1440:
        opened.append((at, 1440))
    return tuple(opened) or ((0, 0),)


def provider_label(provider: ProviderRow) -> str:
    """A provider's name, safe to show."""
    return shown(provider.shown_name())
