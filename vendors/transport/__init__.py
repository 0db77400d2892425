"""Manners on the wire, the same for every vendor: verified TLS, time limits, safe repeats, budgets, size limits.

What only one vendor does stays in its folder. Nothing that leaves here as an error or a log line holds a patient's
data, a secret or a full address.
"""
