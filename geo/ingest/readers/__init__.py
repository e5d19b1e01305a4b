"""One reader for each file format, and how the format is found."""
