"""One reader for each file format, and the detection of the format."""
