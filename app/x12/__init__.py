"""The EDI engine: reads, checks, explains and writes X12 5010 health care transactions.

It stands alone: it imports the words in ``app.model`` and the tables in ``resources``; no store, no Qt, no network.
Four layers, each usable by itself, all of them streaming:

1. ``wire``: bytes to segments, delimiters from the ISA, every oddity of real files (``wire.segments``).
2. ``envelope``: interchanges, groups, transactions (``envelope.read``), with their counts and control numbers.
3. ``guide`` and ``loops``: a guide kept as a table drives one generic reader and one set of checks (``Walk``).
4. mappings (``remittance_835``, ``claim_837`` ...): loops to the values in ``app.model`` and back.

Checking never changes, reading never raises for content: what is wrong comes back as ``Problem`` values on
``transaction.problems``. Only ``write.build`` sets counts, control numbers, delimiters and padding.

To add a transaction, write one table and one mapping:

* ``guides/gNAME.py``: ``TABLE``, one line a loop or a segment in the guide's order (the grammar is the docstring of
  ``guide``; a segment that the dictionary lacks gets a line in ``dictionary``). Rules that a table cannot say are
  functions in ``RULES``, called with each complete loop; ``FIELDS`` names the fields of the form for ``build``.
* ``NAME.py``: ``read(transaction)`` yields model values, usually ``for loop in Walk(transaction, guide).units()``;
  ``check(transaction)`` reads to the end so that the problems are complete; ``to_json`` and ``outline`` serve
  ``daybook x12``; what can be written gives rows (lists, tuples for composites) in a ``write.Body``.
* one line in ``kinds.KINDS``. Samples go to ``tests/x12/samples``; the corpus, the fuzzer and the quick checks take the
  new kind in by themselves.

Where speed matters, a mapping may read texts of the usual shape by expressions of its own, as ``remittance_835`` and
``claim_837_quick`` do; whatever is not of that shape goes to the generic reader, and tests hold both to the same
values.
"""
