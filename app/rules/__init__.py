"""Pure decisions: which times are offered and why not, layout, time zones, ranking, duplicates, permissions.

Values in, values out. Nothing here reads a store, a socket, a clock or a screen: what is needed is passed in, so
every rule can be tested in milliseconds and reused by any shell. Only app/model may be imported.
"""
