"""Activity: every change that was asked of a system, where it stands, its history, and what it waits for."""
