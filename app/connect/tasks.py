"""The one place in this room where tasks start: each has an owner who cancels it and hears its error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context, copy_context
from typing import Any, TypeVar

T = TypeVar("T")


class TaskOwner:
    """Owns tasks until they end or ``close`` ends them. ``on_error`` hears every error but a cancellation."""

    def __init__(self, on_error: Callable[[str, BaseException], None]) -> None:
        self._on_error = on_error
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, name: str, work: Coroutine[Any, Any, T], *, by_itself: bool = False) -> asyncio.Task[T]:
        """Run ``work`` until it ends. Raises RuntimeError once the owner is closed.

        It is done on behalf of whom the starter works for; ``by_itself`` is for work that goes on after them.
        """
        if self._closed:
            work.close()
            raise RuntimeError(f"{name}: its owner is closed")
        context = Context() if by_itself else copy_context()
        task = asyncio.get_running_loop().create_task(work, name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(task.get_name(), error)

    async def close(self, grace: float = 0.0) -> None:
        """Give what runs ``grace`` seconds to end, then cancel it and wait until it is gone."""
        self._closed = True
        mine = {task for task in self._tasks if task is not asyncio.current_task()}
        if mine and grace > 0:
            await asyncio.wait(mine, timeout=grace)
        for task in mine:
            task.cancel()
        if mine:
            await asyncio.wait(mine)


async def in_parallel(width: int, works: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Do ``works`` in order, ``width`` at a time. The first error stops the rest and is raised as it is."""
    waiting = iter(works)

    async def hand() -> None:
        for work in waiting:
            await work()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(width, len(works))):
                group.create_task(hand())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
