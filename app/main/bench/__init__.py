"""``daybook bench``: what people feel, measured on the real program and put beside a stated floor.

A module a subject, and for each figure that wants a process of its own the part that runs there (``…_child``,
``…_script``). What enters measures and says; it asserts nothing, and nothing of the program may import it.
"""
