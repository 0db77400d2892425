"""Use cases of the billing side: eligibility, claims, remittances, deposits.

They decide nothing themselves: pure decisions live in app/rules, EDI in app/x12, and what must be asked live goes
through ports. No Qt, no vendor, no network may enter.
"""
