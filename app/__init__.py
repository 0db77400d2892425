"""Everything of Daybook that is neither a window nor a vendor.

Rooms, and who may import whom, stand in ``tests/guards/test_imports.py``; each room's own docstring
says what may enter it. Data flows one way: vendors fill the store, screens read the store, and what a
person wants done outside goes through the outbox.
"""
