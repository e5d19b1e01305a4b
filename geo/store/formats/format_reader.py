"""The interface of a reader of one file format, and a check of a file's magic bytes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo.store.core.api import Batch, Box, LayerInfo, Query
from geo.store.core.errors import FileFaultError

PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (*PARQUET, ".gpkg", ".geojson")


class LayerReader(Protocol):
    """One table of one file. Rows are in file order; the index is the position in the file."""

    table: str | None
    columns: dict[str, str]
    """Name -> ``"text"``, ``"integer"``, ``"datetime"``, ``"list"`` or ``"other"``; no geometry."""
    rows: int
    decoded_bytes: int
    """Estimated memory for all decoded rows."""

    def read_frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Read rows in the file's own CRS: at least those of the query, perhaps more."""

    def read_columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Read these columns of all rows."""

    def read_header(self) -> tuple[str, Box | None] | None:
        """Return kind of geometry and extent (EPSG:4326) if the header has them, else None."""


@runtime_checkable
class BatchReader(Protocol):
    """A reader that can read some rows or columns without the rest."""

    supports_batches: bool
    """Whether it can do so for this file."""

    def read_positions(self, positions: np.ndarray) -> GeoDataFrame:
        """Read rows at these positions (ascending) in the file's own CRS."""

    def read_batches(self, names: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Yield these columns of all rows, in file order, and their geometries in EPSG:4326."""


def as_batch_reader(reader: LayerReader) -> BatchReader | None:
    """Return the reader if it can read batches of its table, else None."""
    return reader if isinstance(reader, BatchReader) and reader.supports_batches else None


def check_magic(path: Path) -> None:
    """Raise FileFaultError unless a file's first (and last) bytes fit its suffix.

    GDAL must not choose the format by the content.
    """
    with path.open("rb") as file:
        head = file.read(16)
        tail = _read_tail(file)
    suffix = path.suffix.lower()
    if not head:
        raise FileFaultError("It is empty: 0 bytes.", "Copy it again, or remove it.")
    if suffix in PARQUET:
        if head[:4] != b"PAR1":
            raise _wrong_format_error("Parquet", head)
        if tail != b"PAR1":
            why = "It is a Parquet file that breaks off before its end."
            raise FileFaultError(why, "Copy it again, whole.")
    elif suffix == ".gpkg" and head != b"SQLite format 3\x00":
        raise _wrong_format_error("GeoPackage", head)
    elif suffix == ".geojson":
        first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if first not in {b"{", b""}:
            raise _wrong_format_error("GeoJSON", head)


def _read_tail(file: BinaryIO) -> bytes:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 4))
    return file.read(4)


def _wrong_format_error(kind: str, head: bytes) -> FileFaultError:
    what = "XML" if head.lstrip()[:1] == b"<" else "something else"
    why = f"Its name says {kind}, its content is {what} (it begins with {head[:8]!r})."
    return FileFaultError(why, f"Export it as {kind}, or give it the name that fits.")
