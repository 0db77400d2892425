"""Every task of the window has an owner: it hears the task's error and cancels it when the screen closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

ErrorListener = Callable[[BaseException], None]


class TaskOwner:
    """Starts coroutines for one screen and answers for them.

    ``on_error`` is called on the loop with what a task raised; cancelling is not an error. After ``cancel`` or
    ``close`` nothing starts any more.
    """

    def __init__(self, name: str, on_error: ErrorListener, whole: TaskOwner | None = None) -> None:
        self.name = name
        self._on_error = on_error
        self._whole = whole
        self._tasks: set[asyncio.Task[Any]] = set()
        self._named: dict[str, asyncio.Task[Any]] = {}
        self._closed = False

    def part(self) -> TaskOwner:
        """An owner for a part of the place: with keys of its own; what it runs is run, heard and ended by this one."""
        return TaskOwner(self.name, self._on_error, self)

    def start(self, work: Coroutine[Any, Any, Any], key: str = "") -> asyncio.Task[Any] | None:
        """Run ``work``; None (and ``work`` closed unrun) when this owner has closed."""
        if self._closed:
            work.close()
            return None
        if self._whole is None:
            name = f"{self.name}: {key or getattr(work, '__qualname__', 'task')}"
            task = asyncio.get_running_loop().create_task(work, name=name)
        elif (begun := self._whole.start(work, key)) is None:
            return None
        else:
            task = begun
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def start_once(self, key: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """Run ``work`` unless ``key`` is still running: a second click joins the first."""
        running = self._named.get(key)
        if running is not None and not running.done():
            work.close()
            return running
        return self._keep(key, self.start(work, key))

    def restart(self, key: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """Run ``work`` in place of what runs under ``key``: the newest keystroke wins."""
        running = self._named.get(key)
        if running is not None:
            running.cancel()
        return self._keep(key, self.start(work, key))

    def stop(self, key: str) -> None:
        """Cancel what runs under ``key``, if anything does."""
        running = self._named.pop(key, None)
        if running is not None:
            running.cancel()

    def running(self, key: str) -> bool:
        """True while something runs under ``key``."""
        task = self._named.get(key)
        return task is not None and not task.done()

    async def ended(self, key: str) -> None:
        """Wait until what runs under ``key``, if anything does, has come to its end, good or bad."""
        task = self._named.get(key)
        if task is not None:
            await asyncio.wait({task})

    async def finished(self) -> None:
        """Wait until nothing runs here any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def count(self) -> int:
        """How many tasks run."""
        return len(self._tasks)

    def cancel(self) -> None:
        """Cancel all and start nothing any more (for places that cannot wait)."""
        self._closed = True
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """Cancel all and wait until all have ended."""
        self.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, key: str, task: asyncio.Task[Any] | None) -> asyncio.Task[Any] | None:
        if task is not None:
            self._named[key] = task
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        for key in [key for key, kept in self._named.items() if kept is task]:
            del self._named[key]
        if task.cancelled() or self._whole is not None:
            return
        error = task.exception()
        if error is not None:
            self._on_error(error)
