"""The window: screens, widgets, theme, keyboard. The only room that knows Qt.

Screens read the store's read side and ask ``app/desk`` for everything that changes something; nothing here opens a
socket, writes SQL or knows a vendor. Nothing may wait on the loop: work is awaited in tasks that a ``TaskOwner`` owns,
and painting stays inside its frame.
"""
