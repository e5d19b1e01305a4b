"""What every step of reading a file shares: results, diagnostics, limits."""
