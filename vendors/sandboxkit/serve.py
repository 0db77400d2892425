"""``daybook sandbox``: the simulators as a process of their own.

Prints one JSON line when all of them listen, and ends when its standard input closes, so that it never outlives who
started it; ``--stay`` lets it live on, for crash tests, until it is told to stop on its control address.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import pkgutil
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import vendors
from vendors.sandboxkit import faults
from vendors.sandboxkit.control import open_control
from vendors.sandboxkit.plan import SCALES, Plan, Sandbox, moment

#: Each vendor after the first listens on the next port.
_LAST_PORT = 65_000


def names() -> tuple[str, ...]:
    """The vendors that are served unasked: those with a simulator and an adapter to meet it."""
    return tuple(name for name in simulators() if find_spec(f"vendors.{name}.adapter") is not None)


def simulators() -> tuple[str, ...]:
    """Every vendor that has a simulator, also one that no adapter can meet yet."""
    return tuple(
        sorted(
            module.name
            for module in pkgutil.iter_modules(vendors.__path__)
            if module.ispkg and find_spec(f"vendors.{module.name}.sandbox") is not None
        )
    )


async def open_sandbox(name: str, plan: Plan) -> Sandbox:
    """Start one vendor's simulator in this process."""
    sandbox: Sandbox = await import_module(f"vendors.{name}.sandbox").open_sandbox(plan)
    return sandbox


def run(argv: Sequence[str]) -> int:
    """Serve until standard input closes (or for good, with ``--stay``). Exit status 2: not to be had, in words."""
    arguments = _arguments(argv)
    plan = Plan(
        now=arguments.now, seed=arguments.seed, scale=arguments.scale, port=arguments.port, faults=arguments.faults
    )
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(_serve(arguments.vendor or list(names()), plan, stay=arguments.stay))
        except OSError as error:
            sys.stderr.write(f"The sandbox cannot listen on port {arguments.port}: {error.strerror}.\n")
            return 2
    return 0


async def _serve(wanted: list[str], plan: Plan, *, stay: bool) -> None:
    stop = asyncio.Event()
    running: list[Sandbox] = []
    async with contextlib.AsyncExitStack() as stack:
        for place, name in enumerate(wanted):
            port = plan.port + place if plan.port else 0
            sandbox = await open_sandbox(
                name, Plan(now=plan.now, seed=plan.seed, scale=plan.scale, port=port, faults=plan.faults)
            )
            stack.push_async_callback(sandbox.close)
            running.append(sandbox)
        control = await open_control(running, stop)
        stack.push_async_callback(control.close)
        if not stay:
            _stop_at_end_of_input(stop)
        sys.stdout.write(json.dumps(announcement(running, control.url)) + "\n")
        sys.stdout.flush()
        await stop.wait()


def announcement(running: Sequence[Sandbox], control_url: str) -> dict[str, Any]:
    """The one line: per vendor its addresses, tenant, credentials and control address."""
    return {
        "vendors": {
            sandbox.name: {**sandbox.announcement(), "control": f"{control_url}/{sandbox.name}"} for sandbox in running
        },
        "stop": f"{control_url}/stop",
    }


def _stop_at_end_of_input(stop: asyncio.Event) -> None:
    """A thread reads standard input, because no other way of waiting for its end works on every system."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        with contextlib.suppress(OSError, ValueError):
            # Not through Python's buffer, whose lock would be held when an interrupt ends the process.
            while os.read(sys.stdin.fileno(), 1024):
                pass
        with contextlib.suppress(RuntimeError):  # The loop has ended by itself.
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="end of input", daemon=True).start()


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="daybook sandbox", description=__doc__, epilog=faults.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--vendor", action="append", choices=simulators(), help="only this one (repeat for several)")
    parser.add_argument("--port", type=_port, metavar="PORT", default=0, help="first port; 0 takes any free one")
    parser.add_argument("--faults", default="", metavar="SPEC", type=_faults, help="fail on purpose, see below")
    parser.add_argument("--now", type=moment, help="the moment to begin at, such as 2026-03-10T09:43")
    parser.add_argument("--scale", choices=SCALES, default="small", help="how much the practice has done")
    parser.add_argument("--seed", type=int, default=1, help="another number, another practice")
    parser.add_argument("--stay", action="store_true", help="do not end with standard input")
    return parser.parse_args(list(argv))


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port lies between 0 and {_LAST_PORT}")
    return port


def _faults(spec: str) -> str:
    try:
        faults.parse(spec)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return spec
