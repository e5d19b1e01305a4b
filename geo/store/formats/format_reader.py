"""What each file format must be able to do, and which format a file really is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo.store.bulk.batches import Batch
from geo.store.core.api import Box, LayerInfo, Query
from geo.store.core.errors import FileFaultError

PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (*PARQUET, ".gpkg", ".geojson")


class LayerReader(Protocol):
    """One table of one file. Rows come in file order; the index is the position in the file."""

    table: str | None
    columns: dict[str, str]
    """Name -> ``"text"``, ``"integer"``, ``"datetime"``, ``"list"`` or ``"other"``; no geometry."""
    rows: int
    size: int
    """Bytes that all of it takes when decoded, roughly."""

    def frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Rows in the file's own CRS: at least those that the query asks for, perhaps more."""

    def attributes(self, names: Sequence[str]) -> pd.DataFrame:
        """These columns of all rows."""

    def facts(self) -> tuple[str, Box | None] | None:
        """Kind of geometry and extent (EPSG:4326) where the header tells them, else None."""


@runtime_checkable
class BatchReader(Protocol):
    """A reader that can read a part of its table without the rest."""

    partwise: bool
    """Whether it can for this very file."""

    def take(self, positions: np.ndarray) -> GeoDataFrame:
        """Rows at these positions (ascending) in the file's own CRS."""

    def batches(self, names: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """These columns of all rows, in file order, and their places in EPSG:4326."""


def as_batch_reader(reader: LayerReader) -> BatchReader | None:
    """The reader, if it can give parts of its table."""
    return reader if isinstance(reader, BatchReader) and reader.partwise else None


def check_magic(path: Path) -> None:
    """FileFaultError unless the file begins (and ends) as its name says: GDAL must not choose."""
    with path.open("rb") as file:
        head = file.read(16)
        tail = _tail(file)
    suffix = path.suffix.lower()
    if not head:
        raise FileFaultError("It is empty: 0 bytes.", "Copy it again, or remove it.")
    if suffix in PARQUET:
        if head[:4] != b"PAR1":
            raise _not_a("Parquet", head)
        if tail != b"PAR1":
            why = "It is a Parquet file that breaks off before its end."
            raise FileFaultError(why, "Copy it again, whole.")
    elif suffix == ".gpkg" and head != b"SQLite format 3\x00":
        raise _not_a("GeoPackage", head)
    elif suffix == ".geojson" and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {
        b"{",
        b"",
    }:
        raise _not_a("GeoJSON", head)


def _tail(file: BinaryIO) -> bytes:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 4))
    return file.read(4)


def _not_a(kind: str, head: bytes) -> FileFaultError:
    what = "XML" if head.lstrip()[:1] == b"<" else "something else"
    why = f"Its name says {kind}, its content is {what} (it begins with {head[:8]!r})."
    return FileFaultError(why, f"Export it as {kind}, or give it the name that fits.")
