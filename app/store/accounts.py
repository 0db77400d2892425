"""Local accounts. The argon2id hash is made and checked by the use case; here it is only kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.accounts import Account
from app.model.changes import Change, Kind
from app.model.errors import BadInput
from app.store.database import Reader
from app.store.tx import Tx

_decode = msgspec.json.Decoder(Account).decode


def listed(conn: Reader) -> list[Account]:
    """Every account by user name, inactive ones too."""
    return [_decode(row[0]) for row in conn.execute("SELECT value FROM accounts ORDER BY user_name")]


def get(conn: Reader, account_id: str) -> Account | None:
    """One account, or None."""
    row = conn.execute("SELECT value FROM accounts WHERE account_id = ?", (account_id,)).fetchone()
    return _decode(row[0]) if row else None


def by_name(conn: Reader, user_name: str) -> Account | None:
    """The account somebody signs in to, upper and lower case alike; or None."""
    row = conn.execute("SELECT value FROM accounts WHERE user_name = ?", (user_name,)).fetchone()
    return _decode(row[0]) if row else None


def password_hash(conn: Reader, account_id: str) -> str | None:
    """The argon2id hash, or None where there is no such account."""
    row = conn.execute("SELECT password_hash FROM accounts WHERE account_id = ?", (account_id,)).fetchone()
    return str(row[0]) if row else None


def save(tx: Tx, account: Account, password_hash: str | None = None) -> None:
    """Add or replace an account; without ``password_hash`` the old one stays. A new account needs one.

    Raises BadInput where another account has the user name.
    """
    taken = tx.connection.execute(
        "SELECT 1 FROM accounts WHERE user_name = ? AND account_id <> ?", (account.user_name, account.account_id)
    ).fetchone()
    if taken:
        raise BadInput("user_name", "Another account has this user name.", "", ("Choose another user name.",))
    known = tx.connection.execute("SELECT 1 FROM accounts WHERE account_id = ?", (account.account_id,)).fetchone()
    if not known and not password_hash:
        raise BadInput("password", "A new account needs a password.", "", ("Enter a password.",))
    tx.connection.execute(
        "INSERT INTO accounts (account_id, user_name, password_hash, value) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (account_id) DO UPDATE SET user_name = ?2, value = ?4,"
        " password_hash = CASE ?3 WHEN '' THEN password_hash ELSE ?3 END",
        (account.account_id, account.user_name, password_hash or "", msgspec.json.encode(account)),
    )
    tx.changed(Change(kind=Kind.ACCOUNTS, ids=frozenset({account.account_id})))


def note_failure(tx: Tx, account_id: str, *, locked_until: datetime | None = None) -> Account | None:
    """Count a failed sign-in; ``locked_until`` is set by the use case once there were too many."""
    account = get(tx.connection, account_id)
    if account is None:
        return None
    return _replace(tx, account, failures=account.failures + 1, locked_until=locked_until or account.locked_until)


def note_success(tx: Tx, account_id: str) -> Account | None:
    """Count a sign-in: failures start again at none."""
    account = get(tx.connection, account_id)
    if account is None:
        return None
    now = tx.now()
    return _replace(tx, account, failures=0, locked_until=None, last_sign_in=now, last_seen=now)


def lift_lock(tx: Tx, account_id: str) -> Account | None:
    """Let a locked-out person try again at once."""
    account = get(tx.connection, account_id)
    return None if account is None else _replace(tx, account, failures=0, locked_until=None)


def _replace(tx: Tx, account: Account, **fields: object) -> Account:
    after = msgspec.structs.replace(account, **fields)
    save(tx, after)
    return after
