"""The window around the pages: header, menu, status bar, palette, lock, tray, keys.

What holds on every page may enter. A page's own matters stay in ``ui/screens``.
"""
