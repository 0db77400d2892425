"""``python -m vendors.scaffold NAME``: lays out a new vendor folder and its contract tests.

What it writes runs as it is: a vendor that offers nothing yet. Then: say in the manifest what is offered, implement the
protocol of each capability (``vendors/contract``), write the simulator, and subclass one contract class after another.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

_FOLDER = {
    "__init__.py": '''"""TITLE: what it is and how it is reached. See BEHAVIOR.md for its surprises."""

from vendors.contract import Adapter, VendorContext
from vendors.NAME.manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]


def connect(context: VendorContext) -> Adapter:
    """An adapter for one practice's account. Nothing is sent yet."""
    from vendors.NAME.adapter import CLASS

    return CLASS(context)
''',
    "manifest.py": '''"""What TITLE is, as data. Every capability is spoken of; what is lacking is said in words."""

from app.model.capabilities import Capability, CapabilityOffer, Standing
from vendors.contract.manifest import AddressField, FormField, Limits, Manifest

_WORDS = "TITLE is not used for this."

MANIFEST = Manifest(
    name="NAME",
    title="TITLE",
    source="SOURCE",
    addresses=(AddressField(name="api", label="Address of the API"),),
    tenant_label="Practice",
    sign_in=(FormField(name="api_key", label="API key", secret=True),),
    offers=tuple(
        CapabilityOffer(capability=capability, standing=Standing.NOT_OFFERED, words=_WORDS) for capability in Capability
    ),
    limits=Limits(requests=60, window_s=60.0, words="60 a minute (our own restraint)"),
)
''',
    "client.py": '''"""TITLE's wire: addresses, sign-in, envelopes. No meaning; that is ``mapping``'s."""

from __future__ import annotations

from vendors.contract import VendorContext
from vendors.NAME.manifest import MANIFEST
from vendors.transport.decode import json_value
from vendors.transport.http import Ask, HttpTransport


class CLASSClient:
    """Speaks to one practice's account."""

    def __init__(self, context: VendorContext) -> None:
        base = context.base_urls.get("api", "")
        self._http = HttpTransport(context, title=MANIFEST.title, base_url=base, parallel=MANIFEST.limits.parallel)

    async def read(self, operation: str, path: str, query: dict[str, str]) -> object:
        """GET; the answer as JSON values."""
        answer = await self._http.ask(Ask(operation=operation, method="GET", path=path, query=query, is_write=False))
        return await json_value(
            answer.body, title=MANIFEST.title, operation=operation
        )

    async def close(self) -> None:
        """Give the sockets back."""
        await self._http.close()
''',
    "mapping.py": '''"""TITLE's records ⇄ ours. Pure: values in, values out; Drifted where a record is not as known."""
''',
    "account.py": '''"""A TITLE account: trying a connection before it is saved, and what the account may do."""

from __future__ import annotations

from app.model.capabilities import CapabilityOffer
from vendors.NAME.client import CLASSClient
from vendors.NAME.manifest import MANIFEST


async def entitlements(client: CLASSClient) -> list[CapabilityOffer]:
    """Read something harmless and say what this account may do."""
    await client.read("test", "/", {})
    return list(MANIFEST.offers)
''',
    "adapter.py": '''"""TITLE as the contract sees it."""

from __future__ import annotations

from app.model.capabilities import CapabilityOffer
from vendors.contract import SessionInfo, VendorContext
from vendors.NAME import account
from vendors.NAME.client import CLASSClient


class CLASS:
    """One practice's account. Implements every capability that ``MANIFEST`` offers."""

    def __init__(self, context: VendorContext) -> None:
        self._client = CLASSClient(context)

    async def sign_in(self) -> SessionInfo:
        """Each request signs in by itself."""
        return SessionInfo(words="Signed in with each request.")

    async def test(self) -> list[CapabilityOffer]:
        """Read something harmless."""
        return await account.entitlements(self._client)

    async def close(self) -> None:
        """Give the sockets back."""
        await self._client.close()
''',
    "BEHAVIOR.md": """# TITLE: what surprises, and why it matters

Number each point, say why it matters and what Daybook chose. Mark what is only the simulator's as *modelled*.
""",
    "sandbox/__init__.py": '''"""A simulator of TITLE. Shares nothing with the adapter it judges but ``app/x12``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from vendors.sandboxkit.plan import Action, Plan
from vendors.sandboxkit.web import Served, answer, serve


class CLASSSandbox:
    """One practice on one address."""

    name = "NAME"

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._served: Served | None = None
        self.actions: Mapping[str, Action] = {}

    async def open(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/", self._root, name="test")
        self._served = await serve(app, self._plan.port, self._plan.tls)

    def announcement(self) -> dict[str, Any]:
        """What a client needs."""
        url = self._served.url if self._served else ""
        return {"base_urls": {"api": url}, "tenant": "Demo", "credentials": {"api_key": "demo"}}

    async def close(self) -> None:
        """Stop listening."""
        if self._served is not None:
            await self._served.close()
            self._served = None

    async def _root(self, request: web.Request) -> web.Response:
        return answer({"name": "TITLE"})


async def open_sandbox(plan: Plan) -> CLASSSandbox:
    """A running simulator of TITLE."""
    sandbox = CLASSSandbox(plan)
    await sandbox.open()
    return sandbox
''',
}

_TESTS = {
    "__init__.py": '"""TITLE: contract, mapping, simulator."""\n',
    "test_contract.py": '''"""TITLE keeps the contract. Subclass ``tests.contracts`` as capabilities are added."""

from __future__ import annotations

from tests.vendors.stage import stage
from vendors.NAME.manifest import MANIFEST


async def test_the_connection_can_be_tried() -> None:
    async with stage("NAME") as running, running.adapter() as adapter:
        assert (await adapter.sign_in()).words
        assert await adapter.test() == list(MANIFEST.offers)
''',
}


def lay_out(name: str, title: str, source: str, root: Path) -> list[Path]:
    """Write the folder ``root/vendors/name`` and ``root/tests/vendors/name``. Raises ValueError, FileExistsError."""
    from vendors.quality import RULES

    if not re.fullmatch(r"[a-z][a-z0-9]+", name):
        raise ValueError("a vendor's name is lower-case letters and digits, such as officepro")
    words = {"CLASS": "".join(re.findall(r"\w+", title)), "NAME": name, "SOURCE": source, "TITLE": title}
    todo = "\n".join(f'{rule} = {{ state = "todo", reason = "new" }}' for rules in RULES.values() for rule in rules)
    folder, tests = root / "vendors" / name, root / "tests" / "vendors" / name
    if folder.exists() or tests.exists():
        raise FileExistsError(f"{name} is there already")
    written = []
    for place, templates in (
        (folder, {**_FOLDER, "quality.toml": f'level = ""\n\n[rules]\n{todo}\n'}),
        (tests, _TESTS),
    ):
        for path, text in templates.items():
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(re.sub("|".join(words), lambda mark: words[mark[0]], text), "utf-8")
            written.append(target)
    return written


def main(argv: Sequence[str] | None = None) -> int:
    """The command. 0: laid out; 2: not possible, in words."""
    parser = argparse.ArgumentParser(prog="python -m vendors.scaffold", description=__doc__)
    parser.add_argument("name", help="the folder, such as officepro")
    parser.add_argument("--title", help="as people write it, such as OfficePro")
    parser.add_argument("--source", help="two letters for the source tag, such as OP")
    arguments = parser.parse_args(argv)
    title = arguments.title or arguments.name.capitalize()
    source = arguments.source or arguments.name[:2].upper()
    try:
        written = lay_out(arguments.name, title, source, Path(__file__).parent.parent)
    except (ValueError, FileExistsError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(str(path) for path in written) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
