"""Threads that own a connection each, and hand results back to the loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.store.database import DatabaseFailure, Reader, failure_in_words, is_damage, not_a_text

P = ParamSpec("P")
T = TypeVar("T")

#: The loop to answer on, the future to settle, and what to do (None: close the connection and end).
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[Reader], Any] | None]


class Lane:
    """Up to ``width`` threads on one queue. Each opens its connection with ``connect`` when its first job comes.

    With ``droppable``, a job whose caller gave up before it began is not begun.
    """

    def __init__(self, name: str, width: int, connect: Callable[[], Reader], *, droppable: bool) -> None:
        self._name = name
        self._width = width
        self._connect = connect
        self._droppable = droppable
        self._queue: SimpleQueue[_Job] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._waiting = 0
        self._lock = threading.Lock()

    async def run(self, fn: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(connection, …)`` on one of the threads; database failures come back as StoreError in words."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            self._waiting += 1
            if len(self._threads) < min(self._width, self._waiting):
                thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._queue.put((loop, future, lambda connection: fn(connection, *args, **kwargs)))
        return await future

    async def close(self) -> None:
        """Do what is queued, close the connections, end the threads."""
        loop = asyncio.get_running_loop()
        ends: list[asyncio.Future[None]] = [loop.create_future() for _ in self._threads]
        for end in ends:
            self._queue.put((loop, end, None))
        if ends:
            await asyncio.wait(ends)
        for thread in self._threads:
            thread.join()  # has said its last word: microseconds
        self._threads.clear()

    def _work(self) -> None:
        connection: Reader | None = None
        while True:
            loop, future, call = self._queue.get()
            if call is None:
                if connection is not None:
                    connection.close()
                _answer(loop, future, None, None)
                return
            result: object = None
            error: BaseException | None = None
            try:
                if not (self._droppable and future.cancelled()):
                    if connection is None:
                        connection = self._connect()
                    result = call(connection)
            except DatabaseFailure as failure:
                error = failure_in_words(failure, opened=connection is not None)
                error.__cause__ = failure
                if connection is not None and is_damage(failure):
                    # The cipher refuses all further work on a connection that met a damaged page.
                    connection.close()
                    connection = None
            except UnicodeEncodeError:
                error = not_a_text()
            except BaseException as failure:  # handed to whoever awaits, never lost here
                error = failure
            with self._lock:
                self._waiting -= 1
            _answer(loop, future, result, error)
            del loop, future, call, result, error  # an idle thread keeps nothing alive


def _answer(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], result: object, error: BaseException | None
) -> None:
    # A loop that is gone has nobody left to tell.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(_settle, future, result, error)


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
