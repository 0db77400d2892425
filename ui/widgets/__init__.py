"""The parts every screen is made of, as the design's component page shows them.

Only parts that know no screen and no use case may enter: they take values, paint them, and say what was done. All of
them read the theme while painting, carry an accessible name and role, and show texts as plain text.
"""
