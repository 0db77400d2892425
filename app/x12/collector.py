"""Holding Python's cyclic collector off while a document is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[None]:
    """Let the collector rest inside this block, and give it back as it was whatever happens.

    Only for processes that do nothing else meanwhile (the command line, a worker): a pass that makes millions of small
    values spends most of its time in the collector otherwise. It is not switched off, only called seldom, so that
    memory stays bounded. Never hold it across a ``yield`` of one's own.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
