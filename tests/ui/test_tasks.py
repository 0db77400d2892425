"""Tasks have an owner: joined, replaced, cancelled, heard."""

from __future__ import annotations

import asyncio

from tests.ui.loop import until
from ui.tasks import TaskOwner


async def test_a_second_click_joins_the_first() -> None:
    errors: list[BaseException] = []
    owner = TaskOwner("test", errors.append)
    ran = []
    go = asyncio.Event()

    async def work(name: str) -> None:
        await go.wait()
        ran.append(name)

    first = owner.start_once("refresh", work("first"))
    assert owner.start_once("refresh", work("second")) is first
    assert owner.running("refresh")
    go.set()
    assert first is not None
    await first
    await asyncio.sleep(0)
    assert ran == ["first"] and not owner.running("refresh") and owner.count() == 0
    assert owner.start_once("refresh", work("third")) is not first
    await owner.close()
    assert errors == []


async def test_the_newest_keystroke_wins() -> None:
    owner = TaskOwner("test", lambda error: None)
    ran = []

    async def search(text: str) -> None:
        await asyncio.sleep(0.01)
        ran.append(text)

    for text in ("f", "fe", "fen"):
        last = owner.restart("search", search(text))
    assert last is not None
    await last
    assert ran == ["fen"]
    await owner.close()


async def test_an_error_is_heard_and_cancelling_is_none() -> None:
    errors: list[BaseException] = []
    owner = TaskOwner("test", errors.append)

    async def fail() -> None:
        raise ValueError("no")

    owner.start(fail())
    owner.start(asyncio.sleep(60))
    await until(lambda: errors)
    await owner.close()
    assert [type(error) for error in errors] == [ValueError]


async def test_nothing_starts_after_the_end() -> None:
    owner = TaskOwner("test", lambda error: None)
    await owner.close()
    assert owner.start(asyncio.sleep(0)) is None
    assert owner.start_once("x", asyncio.sleep(0)) is None
