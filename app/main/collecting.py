"""Python's garbage collector over the life of the window.

While starting, everything that is made stays: looking for garbage then only costs time (a whole look takes 15 to 20 ms
once the widgets stand). After the first paint what stands is set apart for good, so that later looks are short.
"""

from __future__ import annotations

import gc

#: New objects between two looks. Lists of a day or of a page of patients come and go below it.
_YOUNG, _MIDDLE, _OLD = 5_000, 20, 50


def rest() -> None:
    """Until ``settle``: do not look for garbage."""
    gc.disable()


def settle() -> None:
    """The window stands: never look at what is there again, and look at new things from now on. Again, once more of it
    stands.

    Does nothing where ``rest`` was not asked for: a second window of the same process, a test.
    """
    if gc.isenabled() and gc.get_threshold()[0] != _YOUNG:
        return
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.enable()
