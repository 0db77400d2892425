"""Guards: habits of the house that a machine can check by reading the code."""
