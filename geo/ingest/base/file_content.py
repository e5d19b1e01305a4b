"""What a reader returns for a file: the tables of its layers and how it was decoded."""

from __future__ import annotations

from dataclasses import dataclass

from geo.ingest.base.raw_table import RawTable


@dataclass(frozen=True)
class FileContent:
    """The layers of one file."""

    tables: list[RawTable]
    layers: tuple[str, ...] = ()
    """Names of all layers with rows, where not all are in ``tables``."""
    encoding: str = ""
    delimiter: str = ""
