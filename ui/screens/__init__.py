"""One folder a screen. A screen draws from the store, follows its changes, and asks use cases to act.

Each folder has ``screen.py`` (the widget) and ``actions.py`` (plain data, importable without Qt, so that palette and
keyboard help know every action before its screen was ever opened). Screens are listed in ``registry``; they are
imported and made on their first visit.
"""
