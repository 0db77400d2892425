"""A simulator of OfficePro: its documented surface over real HTTP, its own database and rules, a ledger of writes.

Shares nothing with the adapter it judges: no contract, no mapping, no model; only the kit.
"""

from vendors.officepro.sandbox.sandbox import OfficeProSandbox, open_sandbox

__all__ = ["OfficeProSandbox", "open_sandbox"]
