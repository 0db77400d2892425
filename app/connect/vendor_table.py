"""The table of vendors as this room receives it; ``vendors.load`` is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.model.systems import FieldGroup, SystemField, SystemForm
from vendors.contract import Adapter, AddressField, FormField, Manifest, VendorContext

Factory = Callable[[VendorContext], Adapter]


class VendorTable(Protocol):
    """Names → manifest and factory. Raises BadInput for a name it does not know."""

    def names(self) -> tuple[str, ...]:
        """Every vendor there is."""
        ...

    def manifest(self, name: str) -> Manifest:
        """What a vendor says of itself."""
        ...

    def factory(self, name: str) -> Factory:
        """A context in, an adapter out. Called off the loop, because the first call imports the adapter."""
        ...


def form_of(manifest: Manifest) -> SystemForm:
    """A vendor as "Connect a system" offers it."""
    return SystemForm(
        vendor=manifest.name,
        title=manifest.title,
        source=manifest.source,
        tenant_label=manifest.tenant_label,
        tenant_help=manifest.tenant_help,
        addresses=tuple(_field(field, default=field.default) for field in manifest.addresses),
        fields=tuple(_field(field, secret=field.secret) for field in manifest.sign_in),
        offers=manifest.offers,
        limit_words=manifest.limits.words,
        further=tuple(f"{part.name}: {part.words}" for part in manifest.further),
        portal=manifest.portal,
        groups=tuple(FieldGroup(name=side.name, title=side.title, help=side.help) for side in manifest.sides),
    )


def _field(field: AddressField | FormField, *, secret: bool = False, default: str = "") -> SystemField:
    return SystemField(
        name=field.name,
        label=field.label,
        help=field.help,
        secret=secret,
        required=field.required,
        default=default,
        group=field.side,
    )
