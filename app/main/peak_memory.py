"""How much memory this process has needed at most, on every system we run on."""

from __future__ import annotations

import sys
from pathlib import Path


def peak_bytes() -> int:
    """The highest resident size of this process so far, in bytes."""
    if sys.platform == "win32":
        return _windows_peak()
    if (found := _linux_peak()) is not None:
        return found
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _linux_peak() -> int | None:
    """Linux remembers in ``ru_maxrss`` what the parent had at the fork; its own file says what this process had."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


def _windows_peak() -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            *((name, ctypes.c_size_t) for name in ("a", "b", "c", "d", "e", "f", "g")),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    libraries = getattr(ctypes, "windll")  # noqa: B009 - it exists on Windows only
    libraries.psapi.GetProcessMemoryInfo(libraries.kernel32.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.PeakWorkingSetSize)
