"""Run as a script, never imported: opens the Parquet files named on standard input, one by one.

It writes a dot when it is ready, and one after each file that did not crash it.
"""

import json
import os
import sys
from contextlib import suppress

import pyarrow.parquet as pq


def read_footer(path: str) -> None:
    """Read the parts of a footer that the store reads."""
    about = pq.ParquetFile(path).metadata
    for number in range(about.num_row_groups):
        group = about.row_group(number)
        for column in range(group.num_columns):
            chunk = group.column(column)
            _ = chunk.encodings, chunk.physical_type, chunk.num_values, chunk.path_in_schema


if __name__ == "__main__":
    os.write(1, b".")
    for named in json.load(sys.stdin):
        with suppress(Exception):  # the store reports it
            read_footer(named)
        os.write(1, b".")
