"""The simulators in a child process: started, listened to for their one line, ended by closing their input."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import urllib.request
from datetime import datetime
from types import TracebackType
from typing import Any

import msgspec

from app.model.errors import SetupError

_PATIENCE_S = 60.0


class SandboxVendor(msgspec.Struct, frozen=True, kw_only=True):
    """One simulator as it announced itself."""

    base_urls: dict[str, str]
    tenant: str
    credentials: dict[str, str]
    control: str


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """The one JSON line of ``daybook sandbox``."""

    vendors: dict[str, SandboxVendor]
    stop: str


def program() -> list[str]:
    """How this program starts itself: as the bundle, or as a module of this Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "app.main"]


class SandboxChild:
    """``await SandboxChild.start(…)``; afterwards ``told`` says where everything listens."""

    def __init__(self, process: subprocess.Popen[bytes], told: Announcement) -> None:
        self._process = process
        self.told = told

    @classmethod
    async def start(
        cls, *, now: datetime | None = None, scale: str = "small", seed: int = 1, faults: str = ""
    ) -> SandboxChild:
        """Start all simulators on loopback. Raises SetupError in words when they do not come up."""
        command = [*program(), "sandbox", "--scale", scale, "--seed", str(seed)]
        if now is not None:
            command += ["--now", now.isoformat()]
        if faults:
            command += ["--faults", faults]
        process = await asyncio.to_thread(_begin, command)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                line = await asyncio.to_thread(process.stdout.readline)
            told = msgspec.json.decode(line, type=Announcement)
        except (TimeoutError, msgspec.DecodeError) as error:
            process.kill()
            process.wait()
            raise SetupError(
                "The sandbox practice did not start.",
                "Its process ended, or said nothing for a minute.",
                ("Try again.", "Run `daybook sandbox` by itself to see what it says.", "Run `daybook doctor`."),
                detail=type(error).__name__,
            ) from error
        return cls(process, told)

    async def control(self, vendor: str, action: str, given: dict[str, Any] | None = None) -> Any:
        """Ask a simulator's control address, which no adapter knows."""
        url = f"{self.told.vendors[vendor].control}/{action}"
        return await asyncio.to_thread(_post, url, given or {})

    async def close(self) -> None:
        """Close its input and wait for its end."""
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    async def __aenter__(self) -> SandboxChild:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()


def _begin(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ))


def _post(url: str, given: dict[str, Any]) -> Any:
    # Always a loopback address that our own child announced.
    request = urllib.request.Request(  # noqa: S310 - loopback
        url, data=msgspec.json.encode(given), headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        return msgspec.json.decode(answer.read())
