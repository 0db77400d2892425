"""The embedded browser that drives vendors' portals: one browser, one isolated context per connection and person.

Shared by every portal vendor and knowing none. It keeps nothing readable on disk, stops where a page is not what it
expects, asks people for codes, sends each write once and lets people watch and take over. A vendor brings a ``Site``
and page objects. Only the contract, the transport's manners and ``app/model`` may be imported; Playwright only when the
first browser starts.
"""
