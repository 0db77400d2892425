"""Python's garbage collector over the life of the window.

Left to itself, Python looks for garbage in whichever thread makes the next object. What Qt owns and is found in a
thread of the store is then destroyed from there, while the window works with it: Qt crashes, seldom and anywhere.
So the window's own thread looks, between its turns, and nobody else.

While starting, everything that is made stays: looking for garbage then only costs time (a whole look takes 15 to 20 ms
once the widgets stand). After the first paint what stands is set apart for good, so that later looks are short.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QTimer

#: New objects between two looks. Lists of a day or of a page of patients come and go below it.
_YOUNG, _MIDDLE, _OLD = 5_000, 20, 50
#: How often it is asked whether a look is due: so often that a look is short while a sync is busy.
_ASK_MS = 50


class _State:
    """``rested``: somebody asked for rest at the start; ``looking``: it is over, or was never asked for."""

    rested = False
    looking = True


def rest() -> None:
    """Until ``settle``: do not look for garbage."""
    gc.disable()
    _State.rested, _State.looking = True, False


def settle() -> None:
    """The window stands: never look at what is there again, and look at new things from now on. Again, once more of it
    stands.

    Does nothing where ``rest`` was not asked for: a second window of the same process, a test.
    """
    if _State.rested:
        gc.freeze()
        _State.looking = True


def keep_to_this_thread(owner: QObject) -> QTimer:
    """From now on only this thread, whose loop ``owner`` belongs to, looks for garbage, by the timer given back."""
    from PySide6.QtCore import QTimer

    gc.disable()
    timer = QTimer(owner)
    timer.timeout.connect(look)
    timer.start(_ASK_MS)
    return timer


def look() -> None:
    """Look for garbage if so much was made since the last time, at the old only as often as Python itself would."""
    young, middle, old = gc.get_count()
    if not _State.looking or young < _YOUNG:
        return
    gc.collect(2 if middle > _MIDDLE and old > _OLD else 1 if middle > _MIDDLE else 0)
