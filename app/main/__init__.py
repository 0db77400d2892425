"""The command line and the composition root: the only room that wires the others together.

Everything may be imported here, and nothing may import this room. Qt and ``ui`` are imported inside functions, so
that ``daybook call`` or ``daybook x12`` start without them.
"""
