"""Tests of the Office Ally simulator by itself, over the wire: its checklist, point by point."""
