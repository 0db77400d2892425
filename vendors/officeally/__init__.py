"""Office Ally: a clearinghouse and its portals. Claims and reports over SFTP, eligibility and claim status in real
time, the rest through web pages.

Only the contract, the transports, the portal engine, ``app/model`` and ``app/x12`` may be imported here; ``sandbox``
imports none of these but ``app/x12`` and its own kit.
"""
