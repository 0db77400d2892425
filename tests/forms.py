"""What a person enters to connect a simulator."""

from __future__ import annotations

from typing import Any

from app.model.connection import Environment
from app.model.systems import ConnectionForm
from vendors import load
from vendors.sandboxkit.plan import Sandbox


def form_of(sandbox: Sandbox, **changes: Any) -> ConnectionForm:
    """At the practice's main location, with the credentials that the simulator names."""
    told, manifest = sandbox.announcement(), load.manifest(sandbox.name)
    wanted = {field.name for field in manifest.sign_in}
    fields: dict[str, Any] = {
        "vendor": sandbox.name,
        "name": manifest.title,
        "practice": "Larkspur Family Medicine",
        "environment": Environment.SANDBOX,
        "base_urls": told["base_urls"],
        "tenant": told["tenant"],
        "location_name": "Main Street",
        "time_zone": "America/Chicago",
        "secrets": {name: value for name, value in told["credentials"].items() if name in wanted},
    }
    return ConnectionForm(**{**fields, **changes})
