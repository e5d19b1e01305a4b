"""What every store shares: the API, errors, the date rule, normalised tables."""
