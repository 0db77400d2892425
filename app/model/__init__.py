"""The words everyone uses: values, errors, capabilities, the clock.

Only frozen values and pure functions of them may enter. No I/O, no Qt, no SQL, and nothing else of ours is
imported here: every other room speaks in these terms. The names are the field's own (visit, slot, coverage,
claim, remittance, adjustment), so that a newcomer who knows a practice can read the code.
"""
