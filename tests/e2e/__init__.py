"""Ends to ends: the program as a person starts it."""
