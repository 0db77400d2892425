"""Tests of the EDI engine: core, each transaction, the corpus beside the clone, the outside judges, the fuzzer."""
