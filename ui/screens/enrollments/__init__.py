"""Enrollments: which provider may use which transaction with which payer, how far that is, and whose turn it is."""
