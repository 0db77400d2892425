"""The client against OpenSSH's own server, which nobody here wrote."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncssh
import pytest

from app.model.errors import Drifted, NotFound
from tests.vendors.officeally.desk import Desk
from tests.vendors.stage import Memory
from vendors.officeally.sandbox.sftp import Door

SERVERS = ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/libexec/sftp-server")
SERVER = next((path for path in SERVERS if Path(path).exists()), "")

pytestmark = pytest.mark.skipif(not SERVER, reason="OpenSSH's sftp-server is not on this machine")


class Bridge(asyncssh.SSHServerSession[bytes]):
    """One session: what comes in goes to sftp-server, what that says goes out. Not a byte is looked at."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._chan: asyncssh.SSHServerChannel[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._chan = chan

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    def session_started(self) -> None:
        self._child = subprocess.Popen(
            [SERVER, "-d", str(self._root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._reader = threading.Thread(target=self._pass_on, args=(asyncio.get_running_loop(), self._child))
        self._reader.start()

    def _pass_on(self, loop: asyncio.AbstractEventLoop, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        while data := child.stdout.read(65536):
            loop.call_soon_threadsafe(self._out, data)

    def _out(self, data: bytes) -> None:
        if self._chan is not None and not self._chan.is_closing():
            self._chan.write(data)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        self._child.stdin.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._chan = None
        if self._child is not None and self._reader is not None:
            assert self._child.stdin is not None
            assert self._child.stdout is not None
            self._child.stdin.close()
            self._child.wait(60)
            self._reader.join(10)
            self._child.stdout.close()


class WideDoor(Door):
    """Passwords only; behind it the one folder."""

    def __init__(self, root: Path) -> None:
        super().__init__({"user": "password"})
        self._root = root

    def session_requested(self) -> Bridge:
        return Bridge(self._root)


@asynccontextmanager
async def openssh(root: Path, key: asyncssh.SSHKey, port: int = 0) -> AsyncIterator[str]:
    """sftp-server itself behind a door that knows passwords: it speaks the file protocol, start to end."""
    server = await asyncssh.create_server(
        lambda: WideDoor(root), "127.0.0.1", port, server_host_keys=[key], encoding=None, reuse_address=True
    )
    try:
        yield f"sftp://127.0.0.1:{server.get_port()}"
    finally:
        server.close()
        await server.wait_closed()


async def test_claims_and_reports_with_openssh(office: Desk, tmp_path: Path) -> None:
    for folder in ("inbound", "outbound"):
        (tmp_path / folder).mkdir()
    names = [name for name in await office.act("outbound") if not name.endswith(".zip")][:5]
    for name in names:
        text = (await office.act("outbound", name=name))["text"]
        (tmp_path / "outbound" / name).write_bytes(text.encode("latin-1"))
    (tmp_path / "outbound" / "folder").mkdir()
    key = asyncssh.generate_private_key("ssh-ed25519")
    secrets = office.secrets(sftp_user="user", sftp_password="password")
    state = Memory()
    batch = await office.claims("DBK-1")
    async with (
        openssh(tmp_path, key) as url,
        office.production(base_urls={"sftp": url}, secrets=secrets, state=state) as clearing,
    ):
        assert sorted(entry.name for entry in await clearing.reports()) == sorted(names)
        document = await clearing.report(names[0])
        assert document.content == (tmp_path / "outbound" / names[0]).read_bytes()
        with pytest.raises(NotFound):
            await clearing.report("not there.txt")
        receipt = await clearing.submit_claims(batch)
    [there] = (tmp_path / "inbound").iterdir()
    assert there.name == receipt.vendor_reference
    assert hashlib.sha256(there.read_bytes()).digest() == hashlib.sha256(batch.content).digest()
    assert len(list((tmp_path / "outbound").iterdir())) == len(names) + 1


async def test_openssh_with_another_key_is_refused(office: Desk, tmp_path: Path) -> None:
    (tmp_path / "inbound").mkdir()
    (tmp_path / "outbound").mkdir()
    secrets = office.secrets(sftp_user="user", sftp_password="password")
    state = Memory()
    first, second = (asyncssh.generate_private_key(kind) for kind in ("ecdsa-sha2-nistp256", "ssh-ed25519"))
    changes = {"secrets": secrets, "state": state}
    async with openssh(tmp_path, first) as url, office.clearing(base_urls={"sftp": url}, **changes) as clearing:
        await clearing.sign_in()
    port = int(url.rpartition(":")[2])
    async with openssh(tmp_path, second, port) as url, office.clearing(base_urls={"sftp": url}, **changes) as clearing:
        with pytest.raises(Drifted):
            await clearing.sign_in()
