"""The process that reads one file: isolated, limited, and able to fail alone."""
