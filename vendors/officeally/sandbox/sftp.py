"""A real SFTP server with two folders: ``inbound`` to write, ``outbound`` to read, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from vendors.officeally.sandbox.shelf import INBOUND, OUTBOUND, Entry, Shelf
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.faults import Faults
from vendors.sandboxkit.ledger import Ledger
from vendors.sandboxkit.web import HOST

_DIRECTORY = 0o040755
_FILE = 0o100644
_WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC | asyncssh.FXF_APPEND


@dataclass
class Desk:
    """What a connection works with; ``look`` brings the clearinghouse up to now before anything is shown."""

    shelf: Shelf
    clock: SandboxClock
    faults: Faults
    ledger: Ledger
    look: Callable[[], None]
    writing: set[str] = field(default_factory=set)


@dataclass
class Handle:
    """An open file: reading an entry, or gathering what is written."""

    name: str
    entry: Entry | None = None
    data: bytearray | None = None


def host_key(seed: int, number: int) -> asyncssh.SSHKey:
    """The same key for the same seed, so that a pinned one holds; another ``number`` is another key."""
    secret = hashlib.sha256(f"sandbox host key {seed} {number}".encode()).digest()
    key = Ed25519PrivateKey.from_private_bytes(secret)
    return asyncssh.import_private_key(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))


class Door(asyncssh.SSHServer):
    """Passwords only."""

    def __init__(self, accounts: dict[str, str]) -> None:
        self._accounts = accounts

    def begin_auth(self, username: str) -> bool:
        """Always ask."""
        return True

    def password_auth_supported(self) -> bool:
        """The only way in."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether both are right."""
        return self._accounts.get(username) == password


class Folders(asyncssh.SFTPServer):
    """One client's view."""

    def __init__(self, channel: Any, desk: Desk) -> None:
        super().__init__(channel)
        self._desk = desk
        self._open: set[int] = set()
        self._handles: dict[int, Handle] = {}

    async def _meet(self, operation: str) -> bool:
        """Let faults happen; whether the answer is to be lost after the work is done."""
        due = self._desk.faults.due(operation)
        for fault in due:
            if fault.kind == "latency":
                await asyncio.sleep(fault.number(1.0))
            elif fault.kind in {"drop_before", "hang"}:
                if fault.kind == "hang":
                    await asyncio.sleep(fault.number(3600.0))
                self._cut()
            elif fault.kind == "fail":
                raise asyncssh.SFTPFailure("No space left on device")
        return any(fault.kind in {"drop_after", "hang_after"} for fault in due)

    def _cut(self) -> None:
        self.connection.abort()
        raise asyncssh.SFTPConnectionLost("cut")

    def _note(self, operation: str, body: Any = None, *, is_write: bool = False, delivered: bool = True) -> None:
        self._desk.ledger.note(
            self._desk.clock.now(), operation, is_write=is_write, status=0, body=body, effect=None, delivered=delivered
        )

    def _find(self, path: bytes) -> tuple[str, str]:
        """Folder and name of a path. Raises what a client may not see."""
        parts = [part for part in posixpath.normpath(b"/" + path).decode("utf-8", "replace").split("/") if part]
        if not parts:
            return "", ""
        if parts[0] not in {INBOUND, OUTBOUND} or len(parts) > 2:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return parts[0], parts[1] if len(parts) == 2 else ""

    def realpath(self, path: bytes) -> bytes:
        """Where a relative path leads; the client starts at the root."""
        return posixpath.normpath(b"/" + path)

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        """The names in a folder, with sizes and times."""
        folder, name = self._find(path)
        if name:
            raise asyncssh.SFTPNoSuchFile("Not a directory")
        lost = await self._meet("sftp_list")
        self._desk.look()
        self._note("sftp_list", delivered=not lost)
        if lost:
            self._cut()
        for dots in (b".", b".."):
            yield asyncssh.SFTPName(dots, attrs=_directory())
        if not folder:
            for one in (INBOUND, OUTBOUND):
                yield asyncssh.SFTPName(one.encode(), attrs=_directory())
            return
        for entry in self._desk.shelf.listed(folder):
            yield asyncssh.SFTPName(entry.name.encode(), attrs=_attributes(entry))

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        """Size and time of a file or folder."""
        folder, name = self._find(path)
        if not name:
            return _directory()
        self._desk.look()
        entry = self._desk.shelf.entry(folder, name)
        if entry is None:
            raise asyncssh.SFTPNoSuchFile("No such file")
        return _attributes(entry)

    lstat = stat

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """A file to read (both folders) or to write (inbound only)."""
        folder, name = self._find(path)
        if not name:
            raise asyncssh.SFTPPermissionDenied("Is a directory")
        self._desk.look()
        if pflags & _WRITING:
            if folder != INBOUND:
                raise asyncssh.SFTPPermissionDenied("Permission denied")
            await self._meet("sftp_put_start")
            self._desk.writing.add(name)
            handle = Handle(name, data=bytearray())
            self._handles[id(handle)] = handle
            return handle
        entry = self._desk.shelf.entry(folder, name)
        if entry is None:
            raise asyncssh.SFTPNoSuchFile("No such file")
        await self._meet("sftp_get")
        self._note("sftp_get", {"name": name})
        return Handle(name, entry=entry)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        """A part of an open file."""
        handle = _handle(file_obj)
        if handle.entry is None:
            raise asyncssh.SFTPPermissionDenied("Not open for reading")
        await self._meet("sftp_read")
        return self._desk.shelf.read(handle.entry, offset, size)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """A part of a file that comes in."""
        handle = _handle(file_obj)
        if handle.data is None:
            raise asyncssh.SFTPPermissionDenied("Not open for writing")
        await self._meet("sftp_write")
        if offset > len(handle.data):
            handle.data.extend(bytes(offset - len(handle.data)))
        handle.data[offset : offset + len(data)] = data
        return len(data)

    async def close(self, file_obj: object) -> None:
        """The end of a file: what was written lies there now, a half where the client is gone."""
        handle = _handle(file_obj)
        if handle.data is not None and self._handles.pop(id(handle), None) is not None:
            if self.channel.is_closing():
                self._keep(handle, is_whole=False, delivered=False)
                return
            lost = await self._meet("sftp_put")
            self._keep(handle, is_whole=True, delivered=not lost)
            if lost:
                self._cut()

    def exit(self) -> None:
        """The client is gone: halves stay as halves."""
        while self._handles:
            self._keep(self._handles.popitem()[1], is_whole=False, delivered=False)

    def _keep(self, handle: Handle, *, is_whole: bool, delivered: bool) -> None:
        data = bytes(handle.data or b"")
        self._desk.writing.discard(handle.name)
        self._desk.shelf.put(INBOUND, handle.name, data, self._desk.clock.now())
        digest = hashlib.sha256(data).hexdigest()
        body = {"name": handle.name, "bytes": len(data), "sha256": digest, "whole": is_whole}
        self._note("sftp_put", body, is_write=True, delivered=delivered)

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        """Size of an open file."""
        handle = _handle(file_obj)
        if handle.entry is not None:
            return _attributes(handle.entry)
        return asyncssh.SFTPAttrs(size=len(handle.data or b""), permissions=_FILE)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Modes and times are not kept; asking is no error."""

    lsetstat = setstat

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        """As above, for an open file."""

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Another name inside ``inbound``; not over a file that is there."""
        await self._move(oldpath, newpath, over=False)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        """The same, over whatever is there."""
        await self._move(oldpath, newpath, over=True)

    async def _move(self, oldpath: bytes, newpath: bytes, *, over: bool) -> None:
        (folder, name), (target, new) = self._find(oldpath), self._find(newpath)
        if folder != INBOUND or target != INBOUND or not name or not new:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        lost = await self._meet("sftp_rename")
        if self._desk.shelf.entry(folder, name) is None:
            raise asyncssh.SFTPNoSuchFile("No such file")
        if not over and self._desk.shelf.entry(target, new) is not None:
            raise asyncssh.SFTPFailure("File exists")
        self._desk.shelf.rename(folder, name, new)
        self._note("sftp_rename", {"from": name, "to": new}, is_write=True, delivered=not lost)
        if lost:
            self._cut()

    async def remove(self, path: bytes) -> None:
        """Take a file away, in both folders."""
        folder, name = self._find(path)
        await self._meet("sftp_remove")
        if not name or not self._desk.shelf.remove(folder, name):
            raise asyncssh.SFTPNoSuchFile("No such file")
        self._note("sftp_remove", {"folder": folder, "name": name}, is_write=True)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Not here."""
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    def rmdir(self, path: bytes) -> None:
        """Not here."""
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        """Not here."""
        raise asyncssh.SFTPPermissionDenied("Permission denied")

    link = symlink

    def readlink(self, path: bytes) -> bytes:
        """There are none."""
        raise asyncssh.SFTPNoSuchFile("No such file")


def _handle(file_obj: object) -> Handle:
    if not isinstance(file_obj, Handle):
        raise asyncssh.SFTPFailure("No such handle")
    return file_obj


def _directory() -> asyncssh.SFTPAttrs:
    return asyncssh.SFTPAttrs(type=asyncssh.FILEXFER_TYPE_DIRECTORY, permissions=_DIRECTORY, size=4096)


def _attributes(entry: Entry) -> asyncssh.SFTPAttrs:
    seconds = int(entry.written.timestamp())
    kind = asyncssh.FILEXFER_TYPE_REGULAR
    return asyncssh.SFTPAttrs(type=kind, size=entry.size, permissions=_FILE, mtime=seconds, atime=seconds)


class SftpServed:
    """The listening server."""

    def __init__(self, acceptor: asyncssh.SSHAcceptor, seed: int) -> None:
        self._acceptor = acceptor
        self._seed = seed
        self._key = 0
        self.port = acceptor.get_port()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"sftp://{HOST}:{self.port}"

    def change_host_key(self, number: int | None = None) -> str:
        """From the next connection on another key (or number 0, the first); its fingerprint."""
        self._key = self._key + 1 if number is None else number
        key = host_key(self._seed, self._key)
        self._acceptor.update(server_host_keys=[key])
        return key.get_fingerprint()

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        self._acceptor.close()
        await self._acceptor.wait_closed()


async def serve_sftp(desk: Desk, accounts: dict[str, str], seed: int) -> SftpServed:
    """Listen on loopback, on any free port."""
    acceptor = await asyncssh.create_server(
        lambda: Door(accounts),
        HOST,
        0,
        server_host_keys=[host_key(seed, 0)],
        sftp_factory=lambda channel: Folders(channel, desk),
        allow_scp=False,
        encoding=None,
    )
    return SftpServed(acceptor, seed)
