"""Find a slot: filters, the three best times, days with every provider's times, what to read to the patient."""
