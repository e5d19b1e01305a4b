"""Reads GeoPackage through pyogrio: tables only, with filters as quoted SQL.

GDAL opens a file only after sqlite3 has checked its list of tables. It never opens a view (an
endless one hangs GDAL), nor a file in which a view replaces one of the GeoPackage's own tables.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from geo.store.core.api import Box, LayerInfo, Query, is_finite_box
from geo.store.core.errors import FileFaultError
from geo.store.core.normalise import is_wgs84, parse_crs, parse_kind
from geo.store.formats import gdal_drivers

_MOST_LITERALS = 500
_LISTED = """SELECT c.table_name, m.type, m.sql FROM gpkg_contents c
LEFT JOIN sqlite_master m ON m.name = c.table_name COLLATE NOCASE AND m.type IN ('table', 'view')
WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid"""


def list_tables(path: Path) -> tuple[list[str], list[str]]:
    """Return the names of the layers, in their order: tables, then views and virtual tables.

    FileFaultError: the file is no GeoPackage, is damaged, or is not safe to open with GDAL.
    """
    if "!" in str(path) or str(path).startswith("/vsi"):
        why = "Its path has '!' or begins with /vsi, which GDAL takes for an archive."
        raise FileFaultError(why, "Rename it.")
    with _open_database(path) as database:
        views = database.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
        if any(str(name).lower().startswith(("gpkg_", "rtree_")) for (name,) in views):
            why = "It has a view where a GeoPackage has a table of its own."
            raise FileFaultError(why, "Export it again from its source.")
        listed = database.execute(_LISTED).fetchall()
    good = [name for name, kind, sql in listed if kind == "table" and _is_plain_table(sql)]
    return good, [name for name, *_ in listed if name not in good]


def _is_plain_table(sql: object) -> bool:
    return isinstance(sql, str) and "VIRTUAL" not in sql[:40].upper()


@contextmanager
def _open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file by sqlite3, read-only."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
            yield database
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        why = f"It is not a GeoPackage, or is damaged ({error})."
        raise FileFaultError(why, "Copy or export it again, whole.") from error


class GeopackageReader:
    """One table of a GeoPackage. File order is the order of its feature ids (fid).

    Filtered in SQL: the box, if the table is in EPSG:4326; the date window, ids and ``where``
    on text, integer and date columns. Filtered in memory: lists (JSON columns), more than 500
    literals, and names or texts with a NUL.
    """

    def __init__(self, path: Path, table: str) -> None:
        self._path = path
        self._table = table
        self._about = gdal_drivers.import_pyogrio().read_info(
            path, layer=table, force_feature_count=True, LIST_ALL_TABLES="NO"
        )
        kinds = zip(self._about["ogr_types"], self._about["ogr_subtypes"], strict=True)
        names = [str(name) for name in self._about["fields"]]
        self.columns = dict(zip(names, (_classify_type(*pair) for pair in kinds), strict=True))
        self.columns.pop("geometry", None)
        self.rows = int(self._about["features"])
        self.decoded_bytes = 4 * path.stat().st_size
        crs = self._about["crs"]
        self._crs = parse_crs(crs) if crs else None
        self._has_places = bool(self._about["geometry_name"])

    def read_frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Read rows in the table's CRS, at least those of the query."""
        box = where = None
        if query is not None and info is not None:
            where = self._build_sql(query, info)
            if self._has_places and is_wgs84(self._crs) and is_finite_box(query.bbox):
                box = query.bbox
        data = self._read(where=where, bbox=box, columns=list(self.columns))
        if where is not None or box is not None:
            fids, known = data.index.to_numpy(), self._fids  # a position: the rows before it
            at = fids - known if isinstance(known, int) else known.searchsorted(fids)
            data = data.set_axis(at, axis=0)
        else:
            data = data.reset_index(drop=True)
        for name, kind in self.columns.items():
            if kind == "list":
                cells = [_parse_list(cell) for cell in data[name]]
                data[name] = pd.Series(cells, data.index, object)
        places = data.pop("geometry") if "geometry" in data.columns else [None] * len(data)
        shapes = GeoSeries(np.asarray(places, dtype=object), index=data.index, crs=self._crs)
        return GeoDataFrame(pd.DataFrame(data), geometry=shapes)

    def read_columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Read these columns of all rows."""
        data = self._read(columns=list(names), read_geometry=False)
        return data[list(names)].reset_index(drop=True)

    def read_header(self) -> tuple[str, Box | None] | None:
        """Return the kind of geometry, if it is only one, and the extent from the spatial index."""
        if not self._has_places:
            return "none", None
        kind = parse_kind(self._about["geometry_type"] or "Unknown")
        if kind == "mixed" or not is_wgs84(self._crs):
            return None
        about = gdal_drivers.import_pyogrio().read_info(
            self._path, layer=self._table, force_total_bounds=True, LIST_ALL_TABLES="NO"
        )
        box = about["total_bounds"]
        if box is None or not np.isfinite(box).all():
            return None
        xmin, ymin, xmax, ymax = (float(side) for side in box)
        return kind, (xmin, ymin, xmax, ymax)

    def _read(self, **options: object) -> pd.DataFrame:
        """Read rows by pyogrio, indexed by fid, in its order; None for an invalid geometry."""
        with np.errstate(invalid="ignore"):  # a coordinate that is NaN
            data = gdal_drivers.import_pyogrio().read_dataframe(
                self._path,
                layer=self._table,
                fid_as_index=True,
                on_invalid="ignore",
                LIST_ALL_TABLES="NO",
                **options,
            )
        yes_no = zip(self._about["fields"], self._about["ogr_subtypes"], strict=True)
        for name, subtype in yes_no:
            if subtype == "OFSTBoolean" and name in data.columns:
                data[name] = restore_booleans(data[name])
        return data.sort_index()

    @cached_property
    def _fids(self) -> "int | np.ndarray":
        """All feature ids in order; only the first if there is no gap."""
        table, key = _quote(self._table), _quote(self._about["fid_column"] or "rowid")
        with _open_database(self._path) as database:
            limits = f"SELECT min({key}), max({key}) FROM {table}"
            first, last = database.execute(limits).fetchone()
            if first is None or last - first + 1 == self.rows:
                return first or 0
            every = database.execute(f"SELECT {key} FROM {table} ORDER BY {key}")
            return np.fromiter((row[0] for row in every), dtype=np.int64)

    def _build_sql(self, query: Query, info: LayerInfo) -> str | None:
        """Return the query as SQLite SQL; it may keep more rows than the query."""
        parts = [self._build_window(query, info)]
        if query.ids is not None and info.id_column and not any(i[:1] == "#" for i in query.ids):
            parts.append(self._build_membership(info.id_column, query.ids))
        parts += [self._build_membership(name, allowed) for name, allowed in query.allowed]
        return " AND ".join(f"({part})" for part in parts if part) or None

    def _build_window(self, query: Query, info: LayerInfo) -> str | None:
        """Compare days as ISO text, a day wider on each side: values may be in any time zone."""
        columns = query.find_time_columns(info)
        if columns is None or not query.windowed:
            return None
        first, last = columns
        limits = []
        try:
            if query.date_to is not None:
                limits.append((first, "<", query.date_to + timedelta(days=2)))
            if query.date_from is not None:
                limits.append((last, ">=", query.date_from - timedelta(days=1)))
        except OverflowError:
            return None
        return " AND ".join(
            f"({_quote(name)} {sign} '{day.isoformat()}' OR {_quote(name)} IS NULL)"
            for name, sign, day in limits
            if self.columns.get(name) == "datetime"
        )

    def _build_membership(self, name: str, allowed: tuple[object, ...]) -> str | None:
        kind = self.columns.get(name)
        wanted = [value for value in allowed if value is not None]
        if kind == "integer" and all(_is_integer(value) for value in wanted):
            literals = [str(int(str(value))) for value in wanted]
        elif kind == "text" and all(type(v) is str and "\x00" not in v for v in wanted):
            literals = ["'" + str(value).replace("'", "''") + "'" for value in wanted]
        else:
            return None
        if "\x00" in name or len(literals) > _MOST_LITERALS:
            return None
        empty = f" OR {_quote(name)} IS NULL" if None in allowed else ""
        return f"{_quote(name)} IN ({', '.join(literals)}){empty}"


def _quote(name: str) -> str:
    """Return a name as an SQL identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def _is_integer(value: object) -> bool:
    """Whether a value is an integer that SQLite can hold, or the text of one (an id)."""
    text = str(value).removeprefix("-")
    return type(value) in {int, str} and text.isascii() and text.isdecimal() and len(text) < 19


def _classify_type(ogr_type: str, subtype: str) -> str:
    if subtype == "OFSTJSON":
        return "list"
    if ogr_type in {"OFTInteger", "OFTInteger64"} and subtype == "OFSTNone":
        return "integer"
    return {"OFTString": "text", "OFTDate": "datetime", "OFTDateTime": "datetime"}.get(
        ogr_type, "other"
    )


def restore_booleans(column: pd.Series) -> pd.Series:
    """Return booleans that pyogrio made floats, because some are missing, as True, False, None."""
    if column.dtype.kind != "f":
        return column
    cells = [None if cell != cell else bool(cell) for cell in column]
    return pd.Series(cells, index=column.index, dtype=object)


def _parse_list(cell: object) -> object:
    """Return a JSON cell (text, or parsed by pyogrio) as a list if it is one, else unchanged."""
    if not isinstance(cell, str):
        return cell if isinstance(cell, (list, dict, np.ndarray)) else None
    try:
        value = json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return cell
    return value if isinstance(value, list) else cell
