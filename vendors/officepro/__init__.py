"""OfficePro EMR: a JSON API with bearer tokens; schedules, bookings and prospects. See BEHAVIOR.md for its surprises.

Only the contract, the transport, ``app/model`` and ``app/x12`` may be imported here; ``sandbox`` imports none of these
but its own kit.
"""

from vendors.contract import Adapter, VendorContext
from vendors.officepro.manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]


def connect(context: VendorContext) -> Adapter:
    """An adapter for one practice's account. Nothing is sent yet. Raises BadInput for an address not to be used."""
    from vendors.officepro.adapter import OfficePro

    return OfficePro(context)
