"""People's own accounts (FEATURES J1 to J7): signing in, locking, being locked out, and looking after accounts.

Passwords are kept as argon2id hashes and checked off the loop. Five wrong ones in a row lock an account for five
minutes, by both clocks: setting the wall clock forward does not shorten it while Daybook runs, and setting it back
does not make it longer than five minutes. An admin may lift it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.desk import short_codes
from app.desk.common import UseCase, draft
from app.model.accounts import Account, Actor, AuditAction, AuditDraft, Permission, Role
from app.model.clock import Clock
from app.model.errors import BadInput, Locked, NotPermitted
from app.model.ids import new_id
from app.rules.permissions import permissions_of, role_words
from app.store import accounts
from app.store.store import Reader, Store, Tx

FAILURES_ALLOWED = 5
LOCK_OUT = timedelta(minutes=5)
_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD = 1000


class Accounts(UseCase):
    """Accounts and sessions of one store."""

    def __init__(self, store: Store, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        super().__init__(store, clock)
        # About 60 ms and 64 MB here: slow to guess, quick enough for a desk (RFC 9106, second recommended option).
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
        #: Until when (monotonic seconds) an account stays locked, as seen by this run.
        self._locked: dict[str, float] = {}
        self._presence = short_codes.Presence(clock)
        #: What a wrong user name is checked against, so that it takes as long as a wrong password.
        self._decoy = ""
        #: One attempt at a time: guesses made side by side are counted one after the other.
        self._gate = asyncio.Lock()

    # ------------------------------------------------------------ signing in

    async def needs_first_admin(self) -> bool:
        """True while nobody has an account."""
        return not await self._store.read(accounts.listed)

    async def first_admin(self, full_name: str, user_name: str, password: str, workstation: str = "") -> Actor:
        """Make the first account, an admin, and sign it in. Raises NotPermitted once there is any account."""
        account = _new_account(full_name, user_name, Role.ADMIN)
        _check_password(password, account.user_name)
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        await self._store.write(_save_first, account, hashed, workstation)
        self._presence.came(account.account_id)
        return _actor(account, workstation)

    async def sign_in(self, user_name: str, password: str, workstation: str = "") -> Actor:
        """Check a password and give back who is there now. A PIN does as well for whoever gave the password today.

        Raises Locked (with ``retry_after`` seconds) while the account is locked out, else BadInput for a user name
        or password that is not right, without saying which.
        """
        return await self._enter(user_name, password, workstation, AuditAction.SIGN_IN)

    async def unlock(self, actor: Actor, password: str) -> Actor:
        """Open a locked window for the same person, with the permissions the account has now."""
        account = await self._store.read(accounts.get, actor.account_id)
        name = account.user_name if account else ""
        return await self._enter(name, password, actor.workstation, AuditAction.UNLOCK)

    async def switch(self, actor: Actor, user_name: str, password: str) -> Actor:
        """Another person takes over this window (FEATURES J4); the one before is signed out in the audit log."""
        entered = await self._enter(user_name, password, actor.workstation, AuditAction.SIGN_IN)
        await self._remember(draft(actor, AuditAction.SIGN_OUT, f"Switched to {entered.full_name}"))
        return entered

    async def lock(self, actor: Actor, why: str = "by key") -> None:
        """Remember that the window was locked."""
        await self._remember(draft(actor, AuditAction.LOCK, f"Locked {why}"))

    async def sign_out(self, actor: Actor) -> None:
        """Remember that somebody left. Their PIN is good again once they have given the password."""
        self._presence.left(actor.account_id)
        await self._remember(draft(actor, AuditAction.SIGN_OUT, "Signed out"))

    async def standing(self, actor: Actor) -> Actor | None:
        """Who ``actor`` is by now, as name and role may have been changed; None where the account is closed."""
        account = await self._store.read(accounts.get, actor.account_id)
        return _actor(account, actor.workstation) if account is not None and account.active else None

    async def names(self) -> list[Account]:
        """Active accounts by name, for the list on the lock screen."""
        return [each for each in await self._store.read(accounts.listed) if each.active]

    async def _enter(self, user_name: str, password: str, workstation: str, action: AuditAction) -> Actor:
        async with self._gate:
            return await self._checked(user_name, password, workstation, action)

    async def _checked(self, user_name: str, password: str, workstation: str, action: AuditAction) -> Actor:
        account, hashed, code = await self._store.read(_account_and_hashes, user_name.strip())
        if account is not None:
            self._refuse_locked(account)
        right = await asyncio.to_thread(self._verify, hashed, password)
        if account is None or not account.active:
            line = AuditDraft(action=AuditAction.FAILED_SIGN_IN, subject="Unknown user name", workstation=workstation)
            await self._remember(line)
            raise _wrong()
        if not right and not await self._right_code(account, code, password):
            await self._failed(account, workstation)
            raise _wrong()
        self._locked.pop(account.account_id, None)
        fresh = ""
        if right and self._hasher.check_needs_rehash(hashed):
            fresh = await asyncio.to_thread(self._hasher.hash, password)
        entered = await self._store.write(_entered, account.account_id, fresh, workstation, action, not right)
        if right:
            self._presence.came(account.account_id)
        return _actor(entered, workstation)

    async def _right_code(self, account: Account, hashed: str, code: str) -> bool:
        if not hashed or not self._presence.is_here(account.account_id):
            return False
        return await asyncio.to_thread(self._verify, hashed, code)

    def _verify(self, hashed: str, password: str) -> bool:
        if not hashed:
            self._decoy = self._decoy or self._hasher.hash(new_id())
        try:
            self._hasher.verify(hashed or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(hashed)

    async def _failed(self, account: Account, workstation: str) -> None:
        after = await self._store.write(_note_failure, account.account_id, workstation)
        if after.locked_until is not None:
            self._locked[account.account_id] = self._clock.monotonic() + LOCK_OUT.total_seconds()
            self._presence.left(account.account_id)
            self._refuse_locked(after)

    def _refuse_locked(self, account: Account) -> None:
        """Raise Locked while the lock-out lasts, by the clock that cannot be set and by the one that can."""
        if account.locked_until is None:
            self._locked.pop(account.account_id, None)
            return
        left = (account.locked_until - self._clock.now()).total_seconds()
        if account.account_id not in self._locked:
            # Locked by an earlier run: what is left by the wall clock, and never more than the whole.
            left = min(left, LOCK_OUT.total_seconds())
            self._locked[account.account_id] = self._clock.monotonic() + left
        left = self._locked[account.account_id] - self._clock.monotonic()
        if left > 0:
            minutes = max(1, -(-int(left) // 60))
            raise Locked(
                "This account is locked for now.",
                f"The passphrase was wrong {FAILURES_ALLOWED} times.",
                (f"Try again in {minutes} minute{'s' * (minutes > 1)}, or ask an admin to lift the lock.",),
                retry_after=left,
            )

    # ------------------------------------------------------------ looking after accounts

    async def listed(self, actor: Actor) -> list[Account]:
        """Every account."""
        await self._allow(actor, Permission.MANAGE_ACCOUNTS, "list accounts")
        return await self._store.read(accounts.listed)

    async def create(self, actor: Actor, full_name: str, user_name: str, role: Role, password: str) -> Account:
        """Make an account for somebody."""
        await self._allow(actor, Permission.MANAGE_ACCOUNTS, "create an account")
        account = _new_account(full_name, user_name, role)
        _check_password(password, account.user_name)
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        line = draft(actor, AuditAction.CREATE, f"Account {account.user_name}", after=role_words(role))
        await self._store.write(_save, account, hashed, line)
        return account

    async def change(self, actor: Actor, account_id: str, *, full_name: str, role: Role, active: bool) -> Account:
        """Change name, role or whether somebody may sign in. The last active admin stays one."""
        await self._allow(actor, Permission.MANAGE_ACCOUNTS, "change an account")
        changed = await self._store.write(_change, actor, account_id, full_name, role, active)
        if not active:
            self._presence.left(account_id)
        return changed

    async def set_password(self, actor: Actor, account_id: str, password: str, current: str = "") -> None:
        """Set one's own password (``current`` is asked for) or, as an admin, anybody's, whose PIN then goes."""
        if account_id == actor.account_id:
            async with self._gate:
                account = await self._proven(actor, current)
        else:
            await self._allow(actor, Permission.MANAGE_ACCOUNTS, "set a passphrase")
            account, _ = await self._store.read(_by_id, account_id)
        _check_password(password, account.user_name)
        fresh = await asyncio.to_thread(self._hasher.hash, password)
        line = draft(actor, AuditAction.CHANGE, f"Passphrase of {account.user_name}")
        if account_id == actor.account_id:
            await self._store.write(_save, account, fresh, line)
        else:
            await self._store.write(_save_for_another, account, fresh, line)
            self._presence.left(account_id)

    async def has_short_code(self, actor: Actor) -> bool:
        """``actor`` has a PIN or badge."""
        return bool(await self._store.read(short_codes.hash_of, actor.account_id))

    async def set_short_code(self, actor: Actor, code: str, current: str) -> None:
        """Set one's own PIN or badge, or take it away (empty). The password in force is asked for.

        Raises BadInput for a wrong password (field ``current``) or a PIN that will not do (``short_code``).
        """
        async with self._gate:
            account = await self._proven(actor, current)
        if code:
            short_codes.check(code, account.user_name)
        hashed = await asyncio.to_thread(self._hasher.hash, code) if code else ""
        words = f"PIN or badge of {account.user_name}{'' if code else ' taken away'}"
        await self._store.write(_keep_code, account.account_id, hashed, draft(actor, AuditAction.CHANGE, words))

    async def _proven(self, actor: Actor, password: str) -> Account:
        """Whoever sits here knows the password of ``actor``; guesses count as they do at the door."""
        account, hashed = await self._store.read(_by_id, actor.account_id)
        self._refuse_locked(account)
        if not await asyncio.to_thread(self._verify, hashed, password):
            await self._failed(account, actor.workstation)
            raise BadInput("current", "The current passphrase is not right.", "", ("Enter it again.",))
        return account

    async def lift_lock(self, actor: Actor, account_id: str) -> None:
        """Let somebody who is locked out try again at once."""
        await self._allow(actor, Permission.MANAGE_ACCOUNTS, "lift a lock-out")
        await self._store.write(_lift, actor, account_id)
        self._locked.pop(account_id, None)


def _actor(account: Account, workstation: str) -> Actor:
    return Actor(
        account_id=account.account_id,
        full_name=account.full_name,
        role=account.role,
        permissions=permissions_of(account.role),
        workstation=workstation,
    )


def _wrong() -> BadInput:
    return BadInput(
        "password",
        "The user name or passphrase is not right.",
        f"After {FAILURES_ALLOWED} wrong passphrases the account is locked for 5 minutes.",
        ("Try again, or ask an admin to set a new passphrase.",),
    )


def _new_account(full_name: str, user_name: str, role: Role) -> Account:
    full_name, user_name = " ".join(full_name.split()), user_name.strip()
    if not full_name:
        raise BadInput("full_name", "The name is missing.", "The audit log shows it.", ("Enter the full name.",))
    if not user_name or any(char.isspace() for char in user_name) or len(user_name) > 60:
        raise BadInput("user_name", "A user name has 1 to 60 characters and no spaces.", "", ("Choose another.",))
    return Account(account_id=new_id(), user_name=user_name, full_name=full_name, role=role)


def _check_password(password: str, user_name: str) -> None:
    if len(password) < _SHORTEST_PASSWORD:
        words = f"The passphrase has fewer than {_SHORTEST_PASSWORD} characters."
        raise BadInput("password", words, "Short ones are soon guessed.", ("Choose a longer one, such as a sentence.",))
    if len(password) > _LONGEST_PASSWORD:
        raise BadInput("password", "The passphrase is too long.", "", ("Choose a shorter one.",))
    if password.casefold() == user_name.casefold() or len(set(password)) < 3:
        raise BadInput("password", "This passphrase is too easy to guess.", "", ("Choose another one.",))


# ---------------------------------------------------------------- on the store's threads


def _account_and_hashes(conn: Reader, user_name: str) -> tuple[Account | None, str, str]:
    account = accounts.by_name(conn, user_name)
    if account is None:
        return None, "", ""
    code = short_codes.hash_of(conn, account.account_id)
    return account, accounts.password_hash(conn, account.account_id) or "", code


def _by_id(conn: Reader, account_id: str) -> tuple[Account, str]:
    account = accounts.get(conn, account_id)
    if account is None:
        raise BadInput("account_id", "There is no such account any more.", "", ("Look at the list again.",))
    return account, accounts.password_hash(conn, account_id) or ""


def _save_first(tx: Tx, account: Account, hashed: str, workstation: str) -> None:
    if accounts.listed(tx.connection):
        raise NotPermitted(
            "There is an account already.", "The first one is made only once.", ("Sign in, or ask an admin.",)
        )
    accounts.save(tx, msgspec.structs.replace(account, last_sign_in=tx.now(), last_seen=tx.now()), hashed)
    actor = _actor(account, workstation)
    tx.audit(draft(actor, AuditAction.CREATE, f"Account {account.user_name}, the first admin"))
    tx.audit(draft(actor, AuditAction.SIGN_IN, "Signed in"))


def _save(tx: Tx, account: Account, hashed: str, line: AuditDraft) -> None:
    accounts.save(tx, account, hashed)
    tx.audit(line)


def _save_for_another(tx: Tx, account: Account, hashed: str, line: AuditDraft) -> None:
    """Whoever forgot the password, or had to lose it, loses the PIN with it."""
    short_codes.keep(tx, account.account_id, "")
    _save(tx, account, hashed, line)


def _keep_code(tx: Tx, account_id: str, hashed: str, line: AuditDraft) -> None:
    short_codes.keep(tx, account_id, hashed)
    tx.audit(line)


def _note_failure(tx: Tx, account_id: str, workstation: str) -> Account:
    """Count a wrong password; the fifth locks. A lock that has run out starts the count anew."""
    account, _ = _by_id(tx.connection, account_id)
    if account.locked_until is not None:
        accounts.lift_lock(tx, account_id)
        account, _ = _by_id(tx.connection, account_id)
    until = tx.now() + LOCK_OUT if account.failures + 1 >= FAILURES_ALLOWED else None
    after = accounts.note_failure(tx, account_id, locked_until=until)
    by = _actor(account, workstation)
    tx.audit(draft(by, AuditAction.FAILED_SIGN_IN, f"Wrong passphrase, {account.failures + 1} in a row"))
    if until is not None:
        tx.audit(draft(by, AuditAction.LOCKED_OUT, "Locked out for 5 minutes"))
    return after or account


def _entered(tx: Tx, account_id: str, fresh_hash: str, workstation: str, action: AuditAction, by_code: bool) -> Account:
    account, _ = _by_id(tx.connection, account_id)
    if not account.active:
        raise _wrong()
    if fresh_hash:
        accounts.save(tx, account, fresh_hash)
    entered = accounts.note_success(tx, account_id) or account
    words = {AuditAction.SIGN_IN: "Signed in", AuditAction.UNLOCK: "Unlocked"}
    by = " by PIN or badge" if by_code else ""
    tx.audit(draft(_actor(entered, workstation), action, words[action] + by))
    return entered


def _change(tx: Tx, actor: Actor, account_id: str, full_name: str, role: Role, active: bool) -> Account:
    before, _ = _by_id(tx.connection, account_id)
    admins = [each for each in accounts.listed(tx.connection) if each.active and each.role is Role.ADMIN]
    if [each.account_id for each in admins] == [account_id] and not (active and role is Role.ADMIN):
        raise BadInput(
            "role",
            "This is the only admin.",
            "Without one nobody could look after accounts or backups.",
            ("Make somebody else an admin first.",),
        )
    if not full_name.strip():
        raise BadInput("full_name", "The name is missing.", "The audit log shows it.", ("Enter the full name.",))
    after = msgspec.structs.replace(before, full_name=" ".join(full_name.split()), role=role, active=active)
    accounts.save(tx, after)
    tx.audit(
        draft(actor, AuditAction.CHANGE, f"Account {after.user_name}", before=_standing(before), after=_standing(after))
    )
    return after


def _standing(account: Account) -> str:
    return f"{account.full_name}, {role_words(account.role)}, {'active' if account.active else 'not active'}"


def _lift(tx: Tx, actor: Actor, account_id: str) -> None:
    account, _ = _by_id(tx.connection, account_id)
    accounts.lift_lock(tx, account_id)
    tx.audit(draft(actor, AuditAction.LIFTED_LOCK_OUT, f"Account {account.user_name}"))
