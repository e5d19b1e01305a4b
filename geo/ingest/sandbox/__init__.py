"""The isolated worker process that reads one file."""
