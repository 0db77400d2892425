"""Actions: registered once; palette, keys, menus and keyboard help read the list.

An action is data with a callback. What it does belongs to a screen or a use case, not here.
"""
