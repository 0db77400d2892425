"""Sessions, sync and the outbox worker: everything that speaks with vendors, on asyncio and without a window.

What belongs here keeps connections alive, fills the store from them, and carries jobs out. It receives the table of
vendors and never names one; it decides nothing that ``app/rules`` can decide; no Qt, and no SQL of its own. A secret
passes through on its way to the keyring and is kept nowhere else.

Jobs leave in the order in which they were asked for, unless a person puts one before or after the others (FEATURES
I16); what a job depends on always leaves before it.
"""
