"""Write data files: the rows that a view shows, with the source of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from geo.export.data.table import ExportTable, ExtraColumn, claims_table, layer_table
from geo.export.formats import FORMATS, check_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.export.data.csv import CsvGeometry
    from geo.large_layer import LargeLayerRows
    from geo.selection import Selection
    from geo.store import LayerInfo
    from geo.view_layers import LayerRows


def export_data(
    selection: Selection,
    fmt: str,
    *,
    link: str,
    version: str,
    extra: ExtraColumn | None = None,
    geometry: CsvGeometry | None = None,
) -> bytes:
    """Write the claims of a selection to a file; the same input gives the same bytes.

    Parameters
    ----------
    fmt : str
        One of FORMATS: csv, geojson, gpkg, kml, parquet.
    link, version : str
        The view's link and the data version, which are written to the file.
    extra : ExtraColumn, optional
        A column that the page adds, last.
    geometry : {"point", "wkt"}, optional
        How CSV has the geometry (`csv.to_csv`); other formats have it as it is.

    Returns
    -------
    bytes
        One row for each of ``selection.ids``, in their order, with the columns
        `table.PROVENANCE` and the geometry, EPSG:4326.

    Raises
    ------
    geo.errors.ExportError
        If there is no such format.
    """
    check_format(fmt, FORMATS)
    return _write(claims_table(selection, link=link, version=version, extra=extra), fmt, geometry)


def export_layer(
    rows: LayerRows | LargeLayerRows,
    info: LayerInfo,
    fmt: str,
    *,
    link: str,
    version: str,
    geometry: CsvGeometry | None = None,
) -> bytes:
    """Write the shown rows of a further layer to a file, as `export_data` does.

    `rows` is one of ``selection.layers``. The file has all columns of its frame; names that differ
    only in case are numbered.

    Raises
    ------
    geo.errors.ExportError
        If there is no such format.
    geo.errors.LimitError
        If there are more rows than one file may hold.
    """
    check_format(fmt, FORMATS)
    return _write(layer_table(rows, info, link=link, version=version), fmt, geometry)


def _write(table: ExportTable, fmt: str, geometry: CsvGeometry | None) -> bytes:
    from geo.export.data import arrow, csv, geojson, kml

    writers: dict[str, Callable[[ExportTable], bytes]] = {
        "csv": partial(csv.to_csv, geometry=geometry),
        "geojson": geojson.to_geojson,
        "gpkg": arrow.to_gpkg,
        "kml": kml.to_kml,
        "parquet": arrow.to_parquet,
    }
    return writers[fmt](table)
