"""The operating system's keyring, where there is one that keeps secrets from other people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.model.errors import SetupError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_USER = "daybook"

#: Backends that encrypt. Plain-text files, the null and the failing backend are not among them.
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


class OsKeyRing:
    """The user's own keyring: Secret Service or KWallet, macOS Keychain, Windows Credential Manager.

    Every call may take 150 ms or ask the user to unlock the keyring: never on the loop. Raises SetupError in words.
    """

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    @classmethod
    def find(cls) -> OsKeyRing:
        """The keyring of this computer. Raises SetupError where there is none that keeps secrets."""
        import keyring  # 100 ms and more: off the path to the first window
        from keyring.errors import KeyringError

        try:
            chosen = _trusted(keyring.get_keyring())
        except (KeyringError, RuntimeError, OSError) as failure:
            raise _no_keyring(type(failure).__name__) from failure
        if chosen is None:
            raise _no_keyring(type(keyring.get_keyring()).__module__)
        return cls(chosen)

    @property
    def name(self) -> str:
        """What this keyring is, for the check-up report."""
        return type(self._backend).__module__.rpartition(".")[2]

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""
        found = self._ask("get_password", name, _USER)
        return None if found is None else str(found)

    def put(self, name: str, value: str) -> None:
        """Keep a secret and read it back, so that a keyring that forgets is found out at once."""
        self._ask("set_password", name, _USER, value)
        if self.get(name) != value:
            raise _no_keyring("it does not give back what it was given")

    def remove(self, name: str) -> None:
        """Forget a secret; one that is not there is forgotten already."""
        from keyring.errors import PasswordDeleteError

        try:
            self._ask("delete_password", name, _USER)
        except PasswordDeleteError:
            return

    def _ask(self, method: str, *args: str) -> Any:
        from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

        try:
            return getattr(self._backend, method)(*args)
        except PasswordDeleteError:
            raise
        except KeyringLocked as failure:
            raise SetupError(
                "This computer's keyring is locked.",
                "Daybook keeps the key to its data there and cannot open them without it.",
                ("Unlock the keyring (sign in to the computer again, or open its password program).", "Try again."),
            ) from failure
        except (KeyringError, RuntimeError, OSError) as failure:
            raise _no_keyring(type(failure).__name__) from failure


def _trusted(backend: KeyringBackend) -> KeyringBackend | None:
    if type(backend).__module__ in _TRUSTED:
        return backend
    chained: Iterable[KeyringBackend] = getattr(backend, "backends", ())  # several, by priority
    for inner in chained:
        if type(inner).__module__ in _TRUSTED:
            return inner
    return None


def _no_keyring(detail: str) -> SetupError:
    return SetupError(
        "This computer has no keyring that Daybook can use.",
        "The key to the data must not lie in a file beside them, so nothing was stored.",
        (
            "Start Daybook in a desktop session, or install a keyring (on Debian: gnome-keyring).",
            "Or choose a passphrase that is asked for at each start.",
        ),
        detail=detail,
    )
