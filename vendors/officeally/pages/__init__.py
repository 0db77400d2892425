"""Office Ally's web pages as page objects: one class a page, locators in one place, methods named as people say them.

A page reads what is on the screen and types what it is told; what that means for a practice is decided in the portal's
operations. Only the portal engine and ``app/model`` may be imported.
"""
