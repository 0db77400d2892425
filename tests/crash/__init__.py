"""The program is killed at random moments of bookings, and the sandbox ledger judges."""
