"""File formats that a store reads and writes."""
