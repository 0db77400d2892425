from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from app.desk.accounts import Accounts
from app.model.accounts import AuditAction, Role
from app.model.errors import BadInput, Locked, NotPermitted
from app.store import accounts as stored

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


@pytest.fixture
async def people(practice):
    made = Accounts(practice.store, practice.clock, QUICK)
    admin = await made.first_admin("Ada Admin", "ada", PASSWORD, "Desk 1")
    rosa = await made.create(admin, "Rosa Mallow", "Rosa", Role.FRONT_DESK, PASSWORD)
    return made, admin, rosa


async def fail(people, times, name="rosa"):
    for _ in range(times):
        with pytest.raises((BadInput, Locked)):
            await people.sign_in(name, "wrong")


async def test_the_first_admin_is_made_once(practice):
    people = Accounts(practice.store, practice.clock, QUICK)
    assert await people.needs_first_admin()
    admin = await people.first_admin("Ada  Admin", "ada", PASSWORD)
    assert (admin.full_name, admin.role) == ("Ada Admin", Role.ADMIN)
    assert not await people.needs_first_admin()
    with pytest.raises(NotPermitted):
        await people.first_admin("Eve", "eve", PASSWORD)


async def test_signing_in_gives_the_roles_permissions_and_is_audited(practice, people):
    accounts, _, _ = people
    actor = await accounts.sign_in("ROSA", PASSWORD, "Desk 2")
    assert (actor.full_name, actor.role, actor.workstation) == ("Rosa Mallow", Role.FRONT_DESK, "Desk 2")
    line = (await practice.log(AuditAction.SIGN_IN))[0]
    assert (line.actor_name, line.workstation) == ("Rosa Mallow", "Desk 2")
    hashed = await practice.store.read(stored.password_hash, actor.account_id)
    assert hashed.startswith("$argon2id$")


async def test_a_wrong_password_and_an_unknown_name_read_alike(people):
    accounts, _, _ = people
    told = []
    for name in ("rosa", "nobody"):
        with pytest.raises(BadInput) as refused:
            await accounts.sign_in(name, "wrong")
        told.append(refused.value.as_dict())
    assert told[0] == told[1]


async def test_five_failures_lock_for_five_minutes(practice, people):
    accounts, _, _ = people
    await fail(accounts, 4)
    with pytest.raises(Locked) as locked:
        await accounts.sign_in("rosa", "wrong")
    assert locked.value.retry_after == 300
    with pytest.raises(Locked):
        await accounts.sign_in("rosa", PASSWORD)
    practice.clock.advance(299)
    with pytest.raises(Locked):
        await accounts.sign_in("rosa", PASSWORD)
    practice.clock.advance(2)
    assert (await accounts.sign_in("rosa", PASSWORD)).full_name == "Rosa Mallow"
    assert len(await practice.log(AuditAction.LOCKED_OUT)) == 1
    assert len(await practice.log(AuditAction.FAILED_SIGN_IN)) == 5


async def test_after_a_lock_out_the_count_starts_anew(practice, people):
    accounts, _, _ = people
    await fail(accounts, 5)
    practice.clock.advance(301)
    await fail(accounts, 4)
    assert await accounts.sign_in("rosa", PASSWORD)


async def test_a_right_password_clears_the_count(people):
    accounts, _, _ = people
    await fail(accounts, 4)
    await accounts.sign_in("rosa", PASSWORD)
    await fail(accounts, 4)
    await accounts.sign_in("rosa", PASSWORD)


async def test_setting_the_clock_forward_does_not_open_the_lock(practice, people):
    accounts, _, _ = people
    await fail(accounts, 5)
    practice.clock.set_wall(practice.clock.now() + timedelta(days=1))
    with pytest.raises(Locked):
        await accounts.sign_in("rosa", PASSWORD)
    practice.clock.advance(301)
    assert await accounts.sign_in("rosa", PASSWORD)


async def test_setting_the_clock_back_does_not_lock_for_longer_also_after_a_restart(practice, people):
    accounts, _, _ = people
    await fail(accounts, 5)
    practice.clock.set_wall(datetime(2020, 1, 1, tzinfo=UTC))
    again = Accounts(practice.store, practice.clock, QUICK)
    with pytest.raises(Locked) as locked:
        await again.sign_in("rosa", PASSWORD)
    assert locked.value.retry_after == 300
    practice.clock.advance(301)
    assert await again.sign_in("rosa", PASSWORD)
    assert await accounts.sign_in("rosa", PASSWORD)


async def test_guesses_side_by_side_are_counted_one_by_one(people):
    accounts, _, _ = people
    answers = await asyncio.gather(*(accounts.sign_in("rosa", "wrong") for _ in range(9)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [BadInput] * 4 + [Locked] * 5


async def test_an_admin_lifts_the_lock(practice, people):
    accounts, admin, rosa = people
    await fail(accounts, 5)
    with pytest.raises(Locked):
        await accounts.sign_in("rosa", PASSWORD)
    await accounts.lift_lock(admin, rosa.account_id)
    actor = await accounts.sign_in("rosa", PASSWORD)
    assert len(await practice.log(AuditAction.LIFTED_LOCK_OUT)) == 1
    with pytest.raises(NotPermitted):
        await accounts.lift_lock(actor, rosa.account_id)


async def test_guessing_at_the_change_of_ones_own_password_counts_and_does_not_lift_the_lock(practice, people):
    accounts, _, rosa = people
    actor = await accounts.sign_in("rosa", PASSWORD)
    guesses = [await _refused(accounts.set_password(actor, rosa.account_id, "another good one", "x")) for _ in range(8)]
    assert guesses == [BadInput] * 4 + [Locked] * 4
    assert await _refused(accounts.sign_in("rosa", PASSWORD)) is Locked
    assert len(await practice.log(AuditAction.FAILED_SIGN_IN)) == 5


async def _refused(doing) -> type[Exception]:
    with pytest.raises((BadInput, Locked)) as refusal:
        await doing
    return refusal.type


async def test_unlock_and_fast_switch(practice, people):
    accounts, admin, _ = people
    actor = await accounts.sign_in("rosa", PASSWORD, "Desk 3")
    await accounts.lock(actor)
    with pytest.raises(BadInput):
        await accounts.unlock(actor, "wrong")
    assert await accounts.unlock(actor, PASSWORD) == actor
    other = await accounts.switch(actor, "ada", PASSWORD)
    assert (other.account_id, other.workstation) == (admin.account_id, "Desk 3")
    assert [line.subject for line in await practice.log(AuditAction.SIGN_OUT)] == ["Switched to Ada Admin"]
    await accounts.sign_out(other)
    assert [line.action for line in await practice.log(AuditAction.UNLOCK)] == [AuditAction.UNLOCK]


async def test_an_inactive_account_does_not_enter(people):
    accounts, admin, rosa = people
    await accounts.change(admin, rosa.account_id, full_name="Rosa Mallow", role=Role.BILLER, active=False)
    with pytest.raises(BadInput):
        await accounts.sign_in("rosa", PASSWORD)
    assert [each.user_name for each in await accounts.names()] == ["ada"]
    assert len(await accounts.listed(admin)) == 2


async def test_the_last_admin_stays_one(people):
    accounts, admin, _ = people
    for role, active in ((Role.MANAGER, True), (Role.ADMIN, False)):
        with pytest.raises(BadInput):
            await accounts.change(admin, admin.account_id, full_name="Ada", role=role, active=active)


async def test_passwords(people):
    accounts, admin, rosa = people
    for weak in ("short", "aaaaaaaaaa", "x" * 1001):
        with pytest.raises(BadInput):
            await accounts.create(admin, "New One", "new", Role.BILLER, weak)
    with pytest.raises(BadInput):
        await accounts.create(admin, "New One", "newperson1", Role.BILLER, "NewPerson1")
    with pytest.raises(BadInput):
        await accounts.create(admin, "Other Rosa", "rosa", Role.BILLER, PASSWORD)
    actor = await accounts.sign_in("rosa", PASSWORD)
    with pytest.raises(BadInput):
        await accounts.set_password(actor, rosa.account_id, "another good one", current="wrong")
    await accounts.set_password(actor, rosa.account_id, "another good one", current=PASSWORD)
    with pytest.raises(NotPermitted):
        await accounts.set_password(actor, admin.account_id, "another good one")
    await accounts.set_password(admin, rosa.account_id, "a third good one")
    assert await accounts.sign_in("rosa", "a third good one")


async def test_an_old_hash_is_made_anew_at_sign_in(practice, people):
    _, _, rosa = people
    stronger = Accounts(practice.store, practice.clock, PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    before = await practice.store.read(stored.password_hash, rosa.account_id)
    await stronger.sign_in("rosa", PASSWORD)
    assert await practice.store.read(stored.password_hash, rosa.account_id) != before
    assert await stronger.sign_in("rosa", PASSWORD)


async def test_the_loop_stays_free_while_a_password_is_checked(practice, people):
    gate = threading.Event()

    class Waiting(PasswordHasher):
        def verify(self, hash, password):
            return gate.wait(60) and super().verify(hash, password)

    slow = Accounts(practice.store, practice.clock, Waiting(time_cost=1, memory_cost=8, parallelism=1))
    entering = asyncio.ensure_future(slow.sign_in("rosa", PASSWORD))
    for _ in range(10):
        await asyncio.sleep(0.001)
    assert not entering.done()
    gate.set()
    assert (await entering).full_name == "Rosa Mallow"


CODE = "482915"


async def test_a_pin_is_good_only_after_the_password_and_not_for_ever(practice, people):
    accounts, admin, _ = people
    rosa = await accounts.sign_in("rosa", PASSWORD, "Desk 1")
    await accounts.set_short_code(rosa, CODE, PASSWORD)
    assert await accounts.has_short_code(rosa) and not await accounts.has_short_code(admin)
    assert (await accounts.switch(admin, "rosa", CODE)).full_name == "Rosa Mallow"
    assert (await accounts.unlock(rosa, CODE)).account_id == rosa.account_id
    assert "Unlocked by PIN or badge" in [line.subject for line in await practice.log(AuditAction.UNLOCK)]
    another_run = Accounts(practice.store, practice.clock, QUICK)
    with pytest.raises(BadInput):
        await another_run.sign_in("rosa", CODE)
    practice.clock.advance(13 * 3600)
    with pytest.raises(BadInput):
        await accounts.unlock(rosa, CODE)
    await accounts.unlock(rosa, PASSWORD)
    await accounts.unlock(rosa, CODE)
    await accounts.sign_out(rosa)
    with pytest.raises(BadInput):
        await accounts.sign_in("rosa", CODE)


async def test_guessing_a_pin_locks_out_and_then_only_the_password_counts(practice, people):
    accounts, _, _ = people
    rosa = await accounts.sign_in("rosa", PASSWORD)
    await accounts.set_short_code(rosa, CODE, PASSWORD)
    await fail(accounts, 5)
    practice.clock.advance(360)
    with pytest.raises(BadInput):
        await accounts.sign_in("rosa", CODE)
    await accounts.sign_in("rosa", PASSWORD)
    await accounts.sign_in("rosa", CODE)


async def test_a_pin_goes_with_a_password_that_an_admin_sets_and_with_a_closed_account(people):
    accounts, admin, rosa = people
    here = await accounts.sign_in("rosa", PASSWORD)
    await accounts.set_short_code(here, CODE, PASSWORD)
    await accounts.set_password(admin, rosa.account_id, "another sentence")
    with pytest.raises(BadInput):
        await accounts.sign_in("rosa", CODE)
    await accounts.sign_in("rosa", "another sentence")
    assert not await accounts.has_short_code(here)
    await accounts.set_short_code(here, CODE, "another sentence")
    await accounts.change(admin, rosa.account_id, full_name="Rosa Mallow", role=Role.FRONT_DESK, active=False)
    with pytest.raises(BadInput):
        await accounts.sign_in("rosa", CODE)


@pytest.mark.parametrize("code", ["1234", "123456", "654321", "111111", "121212", "x" * 101, "Rosa"])
async def test_a_pin_that_is_guessed_at_once_is_refused(people, code):
    accounts, _, _ = people
    rosa = await accounts.sign_in("rosa", PASSWORD)
    with pytest.raises(BadInput) as refused:
        await accounts.set_short_code(rosa, code, PASSWORD)
    assert refused.value.field == "short_code"
    assert not await accounts.has_short_code(rosa)


async def test_a_pin_needs_the_password_in_force_and_can_be_taken_away(practice, people):
    accounts, _, _ = people
    rosa = await accounts.sign_in("rosa", PASSWORD)
    with pytest.raises(BadInput) as refused:
        await accounts.set_short_code(rosa, CODE, CODE)
    assert refused.value.field == "current"
    await accounts.set_short_code(rosa, CODE, PASSWORD)
    await accounts.set_short_code(rosa, "", PASSWORD)
    with pytest.raises(BadInput):
        await accounts.unlock(rosa, CODE)
