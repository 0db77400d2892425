"""The payer list: which id a payer has for which transaction, and where an enrollment is needed first."""
