"""A simulator on the practice's Tuesday morning, and plain clients that know nothing of any adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import asyncssh
import pytest

from tests.vendors.officeally_sandbox.browser import Browser
from vendors.officeally.sandbox import OfficeAllySandbox, open_sandbox
from vendors.officeally.sandbox.sandbox import SFTP_PASSWORD, SFTP_USER
from vendors.sandboxkit.plan import Plan

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


@pytest.fixture
async def box() -> AsyncIterator[OfficeAllySandbox]:
    sandbox = await open_sandbox(Plan(now=NOW))
    try:
        yield sandbox
    finally:
        await sandbox.close()


@pytest.fixture
async def sftp(box: OfficeAllySandbox) -> AsyncIterator[asyncssh.SFTPClient]:
    assert box.sftp is not None
    async with (
        asyncssh.connect(
            "127.0.0.1", box.sftp.port, username=SFTP_USER, password=SFTP_PASSWORD, known_hosts=None, config=None
        ) as connection,
        connection.start_sftp_client() as client,
    ):
        yield client


@pytest.fixture
async def browser(box: OfficeAllySandbox) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(box, session)
