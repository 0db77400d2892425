"""Entering the practice's own rules: hours, blocks, visit types, rooms of each provider (A11, A19, A21 to A24)."""

from __future__ import annotations

import msgspec

from app.desk.common import UseCase, draft
from app.model.accounts import Actor, AuditAction, Permission
from app.model.errors import BadInput
from app.model.rules import BlockRule, ProviderRules, VisitTypeRule, WorkingHours
from app.model.schedule import ProviderRow
from app.store import providers, rules
from app.store.providers import VisitTypeRow
from app.store.store import Tx

_DAY = 24 * 60
_LONGEST_BUFFER = 4 * 60
_STEPS = (5, 10, 15, 20, 30, 60)


class Rules(UseCase):
    """Rules per provider; they only take away from what the vendor offers, and explain."""

    async def get(self, actor: Actor, provider_id: str) -> ProviderRules:
        """A provider's rules, empty ones where none were entered."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "look at schedule rules")
        return await self._store.read(rules.get, provider_id) or ProviderRules()

    async def providers(self, actor: Actor) -> list[ProviderRow]:
        """Active providers by name."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "list providers")
        return await self._store.read(providers.listed)

    async def visit_types(self, actor: Actor) -> list[VisitTypeRow]:
        """Active visit types of every system by name."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "list visit types")
        return await self._store.read(providers.visit_types, active_only=True)

    async def save(self, actor: Actor, provider_id: str, wanted: ProviderRules) -> None:
        """Replace a provider's rules. Raises BadInput naming the part that cannot be."""
        await self._allow(actor, Permission.MANAGE_RULES, "change schedule rules")
        check(wanted)
        await self._store.write(_save, actor, provider_id, wanted)


def check(wanted: ProviderRules) -> None:
    """Raise BadInput for rules that make no sense."""
    for hours in wanted.hours:
        _check_hours(hours)
    for block in wanted.blocks:
        _check_block(block)
    names = [rule.visit_type for rule in wanted.visit_types]
    for rule in wanted.visit_types:
        _check_type(rule, names)
    if wanted.lead_minutes < 0 or wanted.horizon_days < 0:
        raise BadInput("lead_minutes", "Notice and horizon cannot be negative.", "", ("Enter 0 for no limit.",))
    if wanted.step not in _STEPS:
        words = f"The grid can step by {', '.join(map(str, _STEPS))} minutes."
        raise BadInput("step", words, "", ("Choose one of these.",))


def _check_hours(hours: WorkingHours) -> None:
    if not 0 <= hours.weekday <= 6 or not 0 <= hours.start < hours.end <= _DAY:
        raise BadInput("hours", "Working hours end before they begin.", "", ("Enter the start before the end.",))


def _check_block(block: BlockRule) -> None:
    if not 0 <= block.start < block.end <= _DAY:
        words = f"The block “{block.label}” ends before it begins."
        raise BadInput("blocks", words, "", ("Enter the start before the end.",))
    if not block.label.strip():
        raise BadInput("blocks", "A block needs a label.", "People see it on the grid.", ("Enter a label.",))
    if block.day is None and not block.weekdays:
        words = f"The block “{block.label}” stands on no day."
        raise BadInput("blocks", words, "", ("Choose a date or weekdays.",))


def _check_type(rule: VisitTypeRule, names: list[str]) -> None:
    if names.count(rule.visit_type) > 1:
        words = f"“{rule.visit_type}” has two sets of rules."
        raise BadInput("visit_types", words, "", ("Keep one of them.",))
    lengths = (rule.minutes, rule.buffer_before, rule.buffer_after, rule.provider_offset, rule.provider_minutes)
    if min(lengths) < 0 or max(rule.buffer_before, rule.buffer_after) > _LONGEST_BUFFER or rule.minutes > _DAY // 2:
        words = f"A length of “{rule.visit_type}” cannot be."
        raise BadInput("visit_types", words, "", ("Enter minutes, buffers up to 4 hours.",))
    if rule.minutes and rule.provider_offset + rule.provider_minutes > rule.minutes:
        words = f"The provider's time in “{rule.visit_type}” is longer than the visit."
        raise BadInput("visit_types", words, "", ("Shorten it, or lengthen the visit.",))


def _save(tx: Tx, actor: Actor, provider_id: str, wanted: ProviderRules) -> None:
    provider = providers.get(tx.connection, provider_id)
    if provider is None:
        raise BadInput("provider_id", "This provider is not listed any more.", "", ("Choose another provider.",))
    before = rules.get(tx.connection, provider_id)
    rules.save(tx, provider_id, wanted)
    tx.audit(
        draft(
            actor,
            AuditAction.SETTING,
            f"Schedule rules of {provider.shown_name()}",
            before=msgspec.json.encode(before).decode() if before else "",
            after=msgspec.json.encode(wanted).decode(),
        )
    )
