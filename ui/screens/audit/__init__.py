"""The audit log as managers and admins read it: filters, an inspector with before and after, export."""
