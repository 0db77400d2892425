"""Office Ally: a clearinghouse and its portals. Claims and reports over SFTP, eligibility and claim status in real
time, the rest through web pages. See BEHAVIOR.md for its surprises.

Only the contract, the transports, the portal engine, ``app/model`` and ``app/x12`` may be imported here; ``sandbox``
imports none of these but ``app/x12`` and its own kit.
"""

from vendors.contract import Adapter, VendorContext
from vendors.officeally.manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]


def connect(context: VendorContext) -> Adapter:
    """An adapter for one account. Nothing is sent yet, no browser is started. Raises BadInput for a wrong address."""
    from vendors.officeally.adapter import OfficeAlly

    return OfficeAlly(context)
