"""Connections (11): every system with its health, age and budget, and what it can be asked to do."""
