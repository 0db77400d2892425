"""Tasks have an owner: joined, replaced, cancelled, heard."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from tests.ui.loop import until
from ui.screens.patients.people import PatientPicker, Person
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


async def test_a_part_has_keys_of_its_own_and_ends_with_the_whole() -> None:
    errors: list[BaseException] = []
    owner = TaskOwner("test", errors.append)
    first, second = owner.part(), owner.part()
    go = asyncio.Event()

    async def work() -> None:
        await go.wait()
        raise ValueError

    assert first.start_once("read", work()) is not second.start_once("read", work())
    assert (first.count(), second.count(), owner.count()) == (1, 1, 2)
    go.set()
    await first.finished()
    await second.finished()
    assert len(errors) == 2 and owner.count() == 0
    go.clear()
    waiting = first.start(work())
    await owner.close()
    assert waiting is not None and waiting.cancelled() and first.start(work()) is None


async def test_a_search_that_outlives_its_field_ends_in_peace(place: QWidget) -> None:
    errors: list[BaseException] = []
    owner = TaskOwner("test", errors.append)
    go = asyncio.Event()

    async def find(text: str) -> tuple[Person, ...]:
        await go.wait()
        return ()

    picker = PatientPicker(find, owner, parent=place)
    picker.set_text("fennimore")
    await asyncio.sleep(0)
    delete(picker)
    go.set()
    await owner.finished()
    await owner.close()
    assert errors == []
