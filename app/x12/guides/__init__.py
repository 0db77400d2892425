"""Guides as data: one table a transaction, in the words of its implementation guide.

A module here holds a ``TABLE`` (grammar: ``app.x12.guide``) and, where the guide has rules that a table cannot say,
``RULES``: functions called when a loop is complete. Nothing else may enter.
"""
