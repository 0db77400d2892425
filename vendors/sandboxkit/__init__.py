"""What every simulator needs: a clock, faults on demand, a ledger that judges, a control address, one cast of people.

A simulator speaks its vendor's real surface over real sockets and shares nothing with the adapter it judges: no
contract, no mapping, no model. Only ``app/x12`` may be imported from the rest of the house.
"""
