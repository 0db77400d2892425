"""The systems behind the desk: one contract, shared manners on the wire, one folder a vendor.

A folder is a vendor when it holds an ``adapter`` module. Adding one touches nothing outside that folder. No store,
no Qt, and no vendor knows another.
"""
