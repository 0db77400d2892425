"""Settings: one's own look, keys and passphrase; the practice's lock, accounts, schedule rules and backups."""
