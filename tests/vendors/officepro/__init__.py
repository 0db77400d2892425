"""OfficePro: contract, mapping, simulator."""
