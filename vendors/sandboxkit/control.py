"""The control address: tests read the ledger and set faults there, the demo gets its seed links.

``GET`` or ``POST /VENDOR/ACTION`` with JSON in and out; ``POST /stop`` ends the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from vendors.sandboxkit.plan import Sandbox
from vendors.sandboxkit.web import Served, answer, serve


async def open_control(sandboxes: Sequence[Sandbox], stop: asyncio.Event | None = None, port: int = 0) -> Served:
    """Serve the actions of all simulators on one address."""
    by_name = {sandbox.name: sandbox for sandbox in sandboxes}

    async def act(request: web.Request) -> web.Response:
        sandbox = by_name.get(request.match_info["vendor"])
        action = sandbox.actions.get(request.match_info["action"]) if sandbox else None
        if action is None:
            return answer({"error": "no such action"}, 404)
        given: Any = await request.json() if request.can_read_body else {}
        try:
            return answer(await action(given))
        except (KeyError, TypeError, ValueError) as error:
            return answer({"error": str(error)}, 400)

    async def end(request: web.Request) -> web.Response:
        if stop is not None:
            stop.set()
        return answer({"stopping": stop is not None})

    app = web.Application()
    app.router.add_route("*", "/{vendor}/{action}", act)
    app.router.add_post("/stop", end)
    return await serve(app, port)
