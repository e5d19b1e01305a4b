"""Text: formatting of dates and counts, and text search."""
