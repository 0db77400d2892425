"""Office Ally: its adapter met over real sockets, against its simulator and against servers of others."""
