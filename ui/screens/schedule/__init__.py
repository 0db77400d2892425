"""The schedule: day and week grids, the day's figures, the month beside them, printing the day list.

Only what is seen of the schedule may enter; times, columns and figures come worked out from the desk.
"""
