"""The EDI engine: reads, checks, explains and writes X12 5010 health care transactions.

It stands alone: it imports the words in ``app.model`` and nothing else of ours; no store, no Qt, no network.
Four layers, each usable by itself:

1. ``wire``: bytes to segments, delimiters from the ISA, every oddity of real files (``wire.segments``).
2. ``envelope``: interchanges, groups, transactions, streamed (``envelope.read``).
3. ``guide`` and ``loops``: a guide kept as a table drives one generic reader and one set of checks.
4. mappings (``remittance_835`` ...): loops to the values in ``app.model`` and back.

Checking never changes, reading never raises for content: what is wrong comes back as ``Problem`` values.
Only ``write.build`` sets counts, control numbers, delimiters and padding.
"""
