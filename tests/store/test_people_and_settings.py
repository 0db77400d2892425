from __future__ import annotations

from datetime import timedelta

import pytest

from app.model.accounts import Account, Role
from app.model.clock import FixedClock
from app.model.connection import ConnectionState, Freshness, Topic
from app.model.errors import BadInput, StoreError
from app.model.rules import ProviderRules, WorkingHours
from app.model.schedule import Location
from app.store import accounts, connections, drafts, rules, sealed, settings
from app.store.store import Store

from .conftest import NOW, connection

ROSA = Account(account_id="a1", user_name="rosa", full_name="Rosa Mallow", role=Role.FRONT_DESK)


async def test_accounts_are_found_in_either_case_and_keep_their_hash(store: Store) -> None:
    await store.write(accounts.save, ROSA, "$argon2id$one")
    assert await store.read(accounts.by_name, "ROSA") == ROSA
    assert await store.read(accounts.get, "a1") == ROSA
    assert await store.read(accounts.password_hash, "a1") == "$argon2id$one"
    manager = Account(account_id="a1", user_name="rosa.m", full_name="Rosa Mallow", role=Role.MANAGER)
    await store.write(accounts.save, manager)
    assert await store.read(accounts.listed) == [manager]
    assert await store.read(accounts.password_hash, "a1") == "$argon2id$one"
    await store.write(accounts.save, manager, "$argon2id$two")
    assert await store.read(accounts.password_hash, "a1") == "$argon2id$two"
    assert await store.read(accounts.password_hash, "a2") is None


async def test_two_accounts_cannot_share_a_name_nor_one_do_without_a_password(store: Store) -> None:
    await store.write(accounts.save, ROSA, "hash")
    twin = Account(account_id="a2", user_name="Rosa", full_name="Other", role=Role.BILLER)
    with pytest.raises(BadInput) as caught:
        await store.write(accounts.save, twin, "hash")
    assert caught.value.field == "user_name"
    with pytest.raises(BadInput) as caught:
        await store.write(accounts.save, Account(account_id="a3", user_name="new", full_name="New", role=Role.BILLER))
    assert caught.value.field == "password"


async def test_failures_count_until_a_success_or_an_admin(store: Store, clock: FixedClock) -> None:
    await store.write(accounts.save, ROSA, "hash")
    until = NOW + timedelta(minutes=5)
    await store.write(accounts.note_failure, "a1")
    locked = await store.write(lambda tx: accounts.note_failure(tx, "a1", locked_until=until))
    assert locked is not None
    assert (locked.failures, locked.locked_until) == (2, until)
    lifted = await store.write(accounts.lift_lock, "a1")
    assert lifted == ROSA
    await store.write(accounts.note_failure, "a1")
    clock.advance(60)
    signed_in = await store.write(accounts.note_success, "a1")
    assert signed_in is not None
    assert (signed_in.failures, signed_in.last_sign_in) == (0, clock.now())
    assert await store.write(accounts.note_failure, "nobody") is None


async def test_settings_drafts_and_sealed_secrets_keep_bytes(store: Store, clock: FixedClock) -> None:
    await store.write(settings.put, "a1", "columns", b"[1]")
    await store.write(settings.put, "a1", "columns", b"[2]")
    assert await store.read(settings.get, "a1", "columns") == b"[2]"
    assert await store.read(settings.get, "practice", "columns") is None
    await store.write(settings.remove, "a1", "columns")
    assert await store.read(settings.get, "a1", "columns") is None

    await store.write(drafts.put, "a1", "book", b"half")
    clock.advance(1)
    await store.write(drafts.put, "a1", "patient", b"other")
    assert await store.read(drafts.get, "a1", "book") == b"half"
    assert await store.read(drafts.get, "a2", "book") is None
    assert await store.read(drafts.listed, "a1") == ["patient", "book"]
    await store.write(drafts.remove, "a1", "patient")
    assert await store.read(drafts.listed, "a1") == ["book"]

    await store.write(sealed.put, "c1", "browser", bytes(range(256)) * 100)
    assert await store.read(sealed.get, "c1", "browser") == bytes(range(256)) * 100
    await store.write(sealed.remove, "c1", "browser")
    assert await store.read(sealed.get, "c1", "browser") is None


async def test_rules_of_a_provider(store: Store) -> None:
    hours = ProviderRules(hours=(WorkingHours(weekday=0, start=480, end=1020),))
    assert await store.read(rules.get, "p1") is None
    await store.write(rules.save, "p1", hours)
    assert await store.read(rules.get, "p1") == hours
    assert await store.read(rules.all) == {"p1": hours}


async def test_connections_say_how_they_are(store: Store, clock: FixedClock) -> None:
    await store.write(connections.save, connection())
    clock.advance(10)
    changed = clock.now()
    await store.write(connections.set_state, "c1", ConnectionState.OFFLINE, "No network.")
    clock.advance(10)
    now = await store.write(
        lambda tx: connections.set_state(tx, "c1", ConnectionState.OFFLINE, "Still none.", session_words="Signed in")
    )
    assert now is not None
    assert (now.state, now.state_words, now.state_since, now.session_words) == (
        ConnectionState.OFFLINE, "Still none.", changed, "Signed in",
    )  # fmt: skip
    good = Freshness(topic=Topic.VISITS, as_of=NOW)
    await store.write(connections.set_freshness, "c1", good)
    await store.write(connections.set_freshness, "c1", Freshness(topic=Topic.PATIENTS, as_of=NOW + timedelta(1)))
    failed = Freshness(topic=Topic.VISITS, failed_at=clock.now(), failure="No network.")
    await store.write(connections.set_freshness, "c1", failed)
    kept = await store.read(connections.get, "c1")
    assert kept is not None
    visits = next(item for item in kept.freshness if item.topic is Topic.VISITS)
    assert (visits.as_of, visits.failure, kept.last_sync) == (NOW, "No network.", NOW + timedelta(1))
    assert await store.write(connections.set_state, "gone", ConnectionState.HEALTHY) is None
    with pytest.raises(StoreError):
        await store.write(connections.remove, "gone")
    place = Location(location_id="main", name="Main street", time_zone="America/Chicago")
    await store.write(connections.save_location, place)
    assert await store.read(connections.locations) == [place]
