"""Proof that Daybook does what it says: guards, units, properties, contracts, screens, ends to ends."""
