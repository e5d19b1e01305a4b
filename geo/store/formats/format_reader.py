"""The interface of a reader of one file format, and a check of a file's magic bytes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd
from geopandas import GeoDataFrame

from geo.store.core.api import Box, LayerInfo, Query
from geo.store.core.errors import FileFaultError

PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (*PARQUET, ".gpkg", ".geojson")


class LayerReader(Protocol):
    """One table of one file. Rows are in file order; the index is the position in the file."""

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


def check_magic(path: Path) -> None:
    """Raise FileFaultError unless a file's first (and last) bytes fit its suffix.

    GDAL must not choose the format by the content.
    """
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(max(0, file.seek(0, 2) - 4))
        tail = file.read(4)
    if not head:
        raise FileFaultError("It is empty: 0 bytes.", "Copy it again, or remove it.")
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kinds = {
        ".gpkg": ("GeoPackage", head == b"SQLite format 3\x00"),
        ".geojson": ("GeoJSON", first in {b"{", b""}),
    } | dict.fromkeys(PARQUET, ("Parquet", head[:4] == b"PAR1"))
    kind, fits = kinds.get(path.suffix.lower(), ("", True))
    if not fits:
        what = "XML" if head.lstrip()[:1] == b"<" else "something else"
        why = f"Its name says {kind}, its content is {what} (it begins with {head[:8]!r})."
        raise FileFaultError(why, f"Export it as {kind}, or give it the name that fits.")
    if kind == "Parquet" and tail != b"PAR1":
        why = "It is a Parquet file that breaks off before its end."
        raise FileFaultError(why, "Copy it again, whole.")
