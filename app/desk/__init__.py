"""Use cases of the front desk: look at the schedule, find a slot, book, know a patient, sign in.

Each asks first whether the person may do it, does it in one store transaction together with its audit line, and
speaks in words when it cannot. Live answers and outside writes go through ``ports``. No Qt, vendor or network may
enter.
"""
