"""A simulator of Office Ally: real SFTP, real-time EDI and web portals over its own database, clearinghouse, payers.

Shares nothing with the adapter it judges: only ``app/x12``, which outside validators judge, and the kit. ``control``
says what tests and trainers may ask of it.
"""

from vendors.officeally.sandbox.sandbox import OfficeAllySandbox, open_sandbox

__all__ = ["OfficeAllySandbox", "open_sandbox"]
