"""Models between rows and views: they hold values and hand them out as typed roles.

Only Qt's model classes over plain values may enter; a model asks the store through what its screen gives it.
"""
