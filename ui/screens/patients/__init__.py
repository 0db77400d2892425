"""Patients: search, recent, profile, create and edit with duplicates side by side, linked records, desk note."""
