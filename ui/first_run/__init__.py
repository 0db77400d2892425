"""The first start: protect this computer, make the first account, open the demo or connect a system.

Shown before anybody has an account; nothing here shows a patient.
"""
