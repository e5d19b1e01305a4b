"""The command line: `python -m geo` does what the pages do, without a browser."""
