"""``daybook``: one program, its commands. No argument opens the window."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from app.model.errors import DaybookError, SetupError

#: name → (module with ``run(argv) -> int``, what it does in one line)
COMMANDS: dict[str, tuple[str, str]] = {
    "open": ("app.main.window_command", "open the window (the same as no command at all)"),
    "demo": ("app.main.demo_command", "a sandbox practice in a throw-away store, and the window on it"),
    "sandbox": ("vendors.sandboxkit.serve", "only the vendor simulators; prints their addresses as one JSON line"),
    "call": ("app.main.call_command", "one operation of one vendor's adapter, printed as JSON"),
    "x12": ("app.main.x12_command", "show, check, convert and write EDI files"),
    "shots": ("app.main.shots_command", "a picture of every screen on the sandbox practice"),
    "bench": ("app.main.bench.command", "measure what people feel"),
    "doctor": ("app.main.doctor_command", "what this machine has and lacks, with the remedy"),
}

#: The disk's own ways to refuse: no fault of the program, so told in words.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS})


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {words}" for name, (_, words) in COMMANDS.items()]
    return "usage: daybook [command] [options]\n\n" + "\n".join(lines) + "\n\n`daybook COMMAND --help` says more."


def say(error: DaybookError) -> None:
    """Tell an error on standard error: what happened, what it means, what to do."""
    if sys.stderr is None:  # A desktop program on Windows has none.
        return
    words = [error.happened, error.means, *(f"- {step}" for step in error.next_steps)]
    sys.stderr.write("\n".join(word for word in words if word) + "\n")


def in_words(error: Exception) -> DaybookError | None:
    """``error`` as one that can be told; None where it is a fault of the program."""
    if isinstance(error, DaybookError):
        return error
    if not isinstance(error, OSError) or error.errno not in _DISK:
        return None
    steps = ("Check the disk: its free space, and whether you may write there.", "Then try again.")
    return SetupError("A file could not be read or written.", f"The system says: {error.strerror}.", steps)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the process's exit status is its answer. Errors are told in words, on standard error."""
    if getattr(sys, "frozen", False):
        # The bundle's worker processes start as this very program.
        from multiprocessing import freeze_support

        freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments.pop(0) if arguments and not arguments[0].startswith("--data-dir") else "open"
    if name in {"-h", "--help", "help"}:
        sys.stdout.write(_usage() + "\n")
        return 0
    if name not in COMMANDS:
        sys.stderr.write(f"There is no command {name!r}.\n\n{_usage()}\n")
        return 2
    run: Callable[[list[str]], int] = import_module(COMMANDS[name][0]).run
    try:
        return run(arguments)
    except (DaybookError, OSError) as error:
        told = in_words(error)
        if told is None:
            raise
        say(told)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
