"""Tests of the composition root: command line, logs, doctor."""
