"""Tests of sessions, sync and the outbox worker."""
