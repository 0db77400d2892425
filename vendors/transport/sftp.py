"""SFTP as Daybook speaks it: a host key remembered on first use, uploads that appear whole or not at all.

Nothing is written to this machine's disk: what is fetched is held in memory, up to a limit. Nothing is deleted on the
server but a part of our own that was never given its name.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import asyncssh
import msgspec

from app.model.errors import (
    BadInput,
    DaybookError,
    Drifted,
    NotEntitled,
    NotFound,
    OutcomeUnknown,
    Unreachable,
    VendorError,
    VendorRejected,
    WrongCredentials,
)
from vendors.contract import VendorContext
from vendors.transport import failures

log = logging.getLogger("daybook.vendors")

# asyncssh logs user names and file names, and file names may hold a patient's.
logging.getLogger("asyncssh").setLevel(logging.CRITICAL)

#: No report a practice gets is larger.
LARGEST_FILE = 64 * 1024 * 1024

#: What every server must take in one request. Files are read and written one request at a time (``block_size=0``):
#: asyncssh's parallel requests are tasks that outlive a cancelled reader and end unheard.
_CHUNK = 32 * 1024
_PIN = "sftp_host_key"


class RemoteFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file as listed: its size in bytes and its time as the server says (seconds, its own clock)."""

    name: str
    size: int
    modified: int


class SftpSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """User, password, and where a person gave it the fingerprint (``SHA256:…``) that the server must show."""

    user: str
    password: str
    fingerprint: str = ""


class _Client(asyncssh.SSHClient):
    """Compares the host key with the one remembered; notes what it saw."""

    def __init__(self, pinned: str) -> None:
        self._pinned = pinned
        self.seen = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Whether it is the key remembered; any key on first use."""
        self.seen = key.get_fingerprint()
        return not self._pinned or self.seen == self._pinned


class SftpTransport:
    """One SFTP account. Operations take turns on one connection, which is made when needed and kept."""

    def __init__(
        self, context: VendorContext, *, title: str, address: str, sign_in: SftpSignIn, largest: int = LARGEST_FILE
    ) -> None:
        self._context = context
        self._title = title
        self._host, self._port = place_of(address)
        self._sign_in = sign_in
        self._largest = largest
        self._turn = asyncio.Lock()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None
        self._closed = False

    async def listing(self, folder: str) -> list[RemoteFile]:
        """The plain files of a folder, by name. Raises Unreachable, WrongCredentials, NotEntitled, Drifted."""
        async with self._operation("list") as sftp:
            found = [_file(entry) for entry in await sftp.readdir(folder)]
        return sorted((one for one in found if one is not None), key=lambda one: one.name)

    async def fetch(self, folder: str, file: RemoteFile) -> bytes:
        """A whole file, left in place. Raises VendorRejected where it is larger than any report, NotFound."""
        if file.size > self._largest:
            raise self._too_large()
        async with self._operation("fetch", extra_s=file.size / 100_000) as sftp:
            data = bytearray()
            async with sftp.open(f"{folder}/{file.name}", "rb", block_size=0) as handle:
                while chunk := await handle.read(_CHUNK):
                    data += cast(bytes, chunk)  # Opened as "rb", which the library's types do not tell.
                    if len(data) > self._largest:
                        raise self._too_large()
        return bytes(data)

    async def put(self, folder: str, name: str, data: bytes, *, part: str) -> None:
        """Write ``data`` under the name ``part``, which means nothing there, then rename it to ``name``.

        Raises Unreachable or VendorRejected when it was certainly not sent, OutcomeUnknown when it may have been: when
        the answer to the renaming was lost and neither name is in the folder any more, or the part stays there.
        """
        try:
            await self._write(f"{folder}/{part}", data)
        except VendorRejected:
            await self._discard(f"{folder}/{part}")
            raise
        await self._rename(folder, part, name)

    async def close(self) -> None:
        """End what is under way and give the connection back. Safe to call twice."""
        self._closed = True
        await self._drop()

    # --- steps -------------------------------------------------------------------------------------------------------

    async def _write(self, path: str, data: bytes) -> None:
        async with self._operation("write", extra_s=len(data) / 100_000) as sftp:
            async with sftp.open(path, "wb", block_size=0) as handle:
                for start in range(0, len(data), _CHUNK):
                    await handle.write(data[start : start + _CHUNK])
            kept = (await sftp.stat(path)).size
        if kept != len(data):
            raise VendorRejected(
                f"{self._title} stored only a part of the file.",
                "It was withdrawn, so nothing was sent.",
                ("Send it again later.",),
                detail="write: another size than sent",
            )

    async def _rename(self, folder: str, partial: str, name: str) -> None:
        try:
            async with self._operation("rename") as sftp:
                await sftp.rename(f"{folder}/{partial}", f"{folder}/{name}")
        except (VendorRejected, NotEntitled, NotFound) as error:
            await self._discard(f"{folder}/{partial}")
            if isinstance(error, VendorRejected) and name in {file.name for file in await self.listing(folder)}:
                raise self._name_taken() from None
            raise
        except Unreachable as error:
            if not await self._is_there(folder, partial, name):
                raise Unreachable(
                    error.happened, "Nothing was sent.", ("Send it again later.",), detail=error.detail
                ) from None

    async def _is_there(self, folder: str, partial: str, name: str) -> bool:
        """After a lost answer: whether the file got its name. Raises OutcomeUnknown where that cannot be told."""
        try:
            names = {file.name for file in await self.listing(folder)}
        except DaybookError as error:
            raise failures.outcome_unknown(self._title, f"rename: {error.code} when looking") from None
        if name in names:
            return True
        # A slow server may still give it its name: only a part that could be taken away is certainly without one.
        if partial in names:
            if await self._discard(f"{folder}/{partial}"):
                return False
            raise failures.outcome_unknown(self._title, "rename: the part could not be taken away")
        raise OutcomeUnknown(
            f"{self._title} did not say whether it took the file.",
            "It is no longer in the folder, so it was most likely taken. It is not sent again.",
            ("Wait for the reports on it.",),
            detail="rename: neither name is left",
        )

    async def _discard(self, path: str) -> bool:
        """Whether it was taken away. A part without its name means nothing there, so leaving it does no harm."""
        with suppress(VendorError):
            async with self._operation("discard") as sftp:
                await sftp.remove(path)
            return True
        return False

    # --- the connection ----------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _operation(self, name: str, extra_s: float = 0.0) -> AsyncIterator[asyncssh.SFTPClient]:
        """One turn on a live connection; errors of the wire become ours, and a broken connection is given up."""
        timing = self._context.timing
        async with self._turn:
            await self._context.budget.spend()
            sftp = await self._open()
            started = perf_counter()
            outcome = "cancelled"
            # Not by cancelling: the library would then ask a server that has fallen silent to close its file or folder.
            limit = asyncio.get_running_loop().call_later(timing.whole_s + extra_s, self._give_up)
            try:
                yield sftp
                outcome = "done"
            except asyncssh.SFTPError as error:
                outcome = type(error).__name__
                if isinstance(error, (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)):
                    await self._drop()
                raise self._said(error, name) from None
            except (asyncssh.Error, OSError, TimeoutError) as error:
                outcome = type(error).__name__
                await self._drop()
                raise failures.no_answer(self._title, error) from None
            except asyncio.CancelledError:
                await self._drop()
                raise
            finally:
                limit.cancel()
                log.info("%s sftp %s: %s in %d ms", self._title, name, outcome, (perf_counter() - started) * 1000)

    async def _open(self) -> asyncssh.SFTPClient:
        if self._closed:
            raise failures.closed(self._title)
        if self._sftp is not None and self._connection is not None and not self._connection.is_closed():
            return self._sftp
        await self._drop()
        pinned = self._sign_in.fingerprint or await self._pinned()
        client = _Client(pinned)
        try:
            async with asyncio.timeout(self._context.timing.connect_s + self._context.timing.answer_s):
                self._connection = await self._connect(lambda: client)
                self._sftp = await self._connection.start_sftp_client()
        except asyncssh.PermissionDenied:
            raise WrongCredentials(
                f"{self._title} does not accept this SFTP user and password.",
                "Nothing was sent. These are not the ones of the web pages.",
                ("Check both in Connections.", f"Ask {self._title}'s support for new ones."),
                detail="sftp: permission denied",
            ) from None
        except (asyncssh.Error, OSError, TimeoutError) as error:
            await self._drop()
            if client.seen and pinned and client.seen != pinned:
                raise self._another_key(client.seen) from None
            raise failures.not_sent(self._title, error) from None
        await self._remember(client.seen)
        return self._sftp

    async def _connect(self, factory: Callable[[], asyncssh.SSHClient]) -> asyncssh.SSHClientConnection:
        # Nothing of this machine's own SSH is used: no keys, no agent, no configuration, no list of known hosts.
        return await asyncssh.connect(
            self._host,
            self._port,
            client_factory=factory,
            known_hosts=([], [], []),
            config=None,
            client_keys=None,
            agent_path=None,
            gss_host=None,
            x509_trusted_certs=None,
            username=self._sign_in.user,
            password=self._sign_in.password,
            preferred_auth=("password", "keyboard-interactive"),
            connect_timeout=self._context.timing.connect_s,
            login_timeout=self._context.timing.answer_s,
        )

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.abort()

    async def _drop(self) -> None:
        sftp, self._sftp = self._sftp, None
        connection, self._connection = self._connection, None
        if sftp is not None:
            sftp.exit()
        if connection is not None:
            connection.abort()
            with suppress(OSError, asyncssh.Error):
                await connection.wait_closed()

    # --- the host key ------------------------------------------------------------------------------------------------

    async def _pinned(self) -> str:
        return (await self._pins()).get(self._place, "")

    async def _pins(self) -> dict[str, str]:
        held = await self._context.state.get(_PIN)
        return msgspec.json.decode(held, type=dict[str, str]) if held else {}

    async def _remember(self, seen: str) -> None:
        pins = await self._pins()
        if seen and pins.get(self._place) != seen:
            await self._context.state.put(_PIN, msgspec.json.encode({**pins, self._place: seen}))

    @property
    def _place(self) -> str:
        return f"{self._host}:{self._port}"

    # --- words -------------------------------------------------------------------------------------------------------

    def _another_key(self, seen: str) -> Drifted:
        return Drifted(
            f"The server of {self._title} shows another key than the one Daybook remembers.",
            "It may have been renewed, or somebody else may be answering. Nothing was sent and nothing was read.",
            (
                f"Ask {self._title}'s support whether the key of the SFTP server is now {seen}.",
                "If so, enter it as the server's fingerprint in Connections.",
            ),
            detail="sftp: host key changed",
        )

    def _name_taken(self) -> VendorRejected:
        return VendorRejected(
            f"A file of the same name lies at {self._title} already.",
            "It was neither replaced nor sent a second time.",
            ("Wait until it is taken, and for the reports on it.",),
            detail="rename: name taken",
        )

    def _too_large(self) -> VendorRejected:
        return VendorRejected(
            "This file is larger than any report.",
            f"It was not fetched (limit {self._largest // (1024 * 1024)} MB). It stays where it is.",
            (f"Look at it in {self._title} itself, or ask its support.",),
            detail="fetch: too large",
        )

    def _said(self, error: asyncssh.SFTPError, operation: str) -> VendorError:
        detail = f"sftp {operation}: {type(error).__name__}"
        match error:
            case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
                return failures.no_answer(self._title, error)
            case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
                return NotFound(
                    f"{self._title} no longer has this file or folder.",
                    "It may have been taken or removed there.",
                    ("Look again.",),
                    detail=detail,
                )
            case asyncssh.SFTPPermissionDenied() | asyncssh.SFTPWriteProtect():
                return NotEntitled(
                    f"{self._title} does not let this SFTP account do that.",
                    "Nothing was changed there.",
                    (f"Ask {self._title}'s support.",),
                    detail=detail,
                )
        return VendorRejected(
            f"{self._title} refused the file operation.",
            "Nothing was sent." if operation in {"write", "rename"} else "Nothing was changed there.",
            ("Try again later.", "If it stays, its storage may be full: ask its support."),
            detail=detail,
        )


def place_of(address: str) -> tuple[str, int]:
    """Host and port of ``sftp://host:22`` or ``host``. Raises BadInput in words."""
    text = address.strip()
    steps = ("Write it as sftp://ftp.example.com.",)
    try:
        parts = urlsplit(text if "://" in text else f"sftp://{text}")
        port = parts.port or 22
    except ValueError:
        raise BadInput("sftp", "The port in the SFTP address is not a number.", "Nothing was sent.", steps) from None
    if parts.scheme != "sftp" or not parts.hostname or parts.username or parts.password:
        raise BadInput("sftp", "This is not an SFTP address.", "Nothing was sent.", steps)
    return parts.hostname, port


def _file(entry: asyncssh.SFTPName) -> RemoteFile | None:
    """A plain file; None for folders, links, and names that would lead elsewhere."""
    name = entry.filename if isinstance(entry.filename, str) else entry.filename.decode("utf-8", "replace")
    attributes = entry.attrs
    kind = attributes.type
    if name in {".", ".."} or "/" in name or "\\" in name or "\0" in name:
        return None
    if kind not in {asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN, None}:
        return None
    return RemoteFile(name=name, size=attributes.size or 0, modified=int(attributes.mtime or 0))
