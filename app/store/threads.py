"""Threads that own a connection each, and hand results back to the loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.store.database import DatabaseFailure, Reader, failure_in_words

P = ParamSpec("P")
T = TypeVar("T")

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[Reader], Any]]


class Lane:
    """``width`` threads on one queue. Each opens its connection with ``connect`` when its first job comes."""

    def __init__(self, name: str, width: int, connect: Callable[[], Reader]) -> None:
        self._name = name
        self._width = width
        self._connect = connect
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
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
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._threads.clear()

    def _work(self) -> None:
        connection: Reader | None = None
        while (job := self._queue.get()) is not None:
            loop, future, call = job
            result: object = None
            error: BaseException | None = None
            try:
                if connection is None:
                    connection = self._connect()
                result = call(connection)
            except DatabaseFailure as failure:
                error = failure_in_words(failure)
                error.__cause__ = failure
            except BaseException as failure:  # handed to whoever awaits, never lost here
                error = failure
            with self._lock:
                self._waiting -= 1
            # A loop that is gone has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, result, error)
            del job, call, future, result, error
        if connection is not None:
            connection.close()


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
