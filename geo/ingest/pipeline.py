"""Reading a file in this very process: what the worker runs, and tests that need no process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyproj.exceptions
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted, listed
from geo.ingest.base.limits import MB, Limits
from geo.ingest.base.model import (
    SHAPES,
    FileRejectedError,
    ImportOptions,
    ImportResult,
    RejectedRow,
    Verdict,
)
from geo.ingest.base.safe_text import printable
from geo.ingest.checks import axis_order, geometry_checks
from geo.ingest.checks.combine_layers import combine
from geo.ingest.detect import date_columns, known_schemas, role_detection
from geo.ingest.readers.databases import read_geopackage, read_parquet
from geo.ingest.readers.delimited_text import read_text
from geo.ingest.readers.detect_format import FileFormat, kind_of
from geo.ingest.readers.excel import read_workbook
from geo.ingest.readers.geojson import read_geojson
from geo.ingest.readers.gpx import read_gpx
from geo.ingest.readers.kml import read_kml, read_kmz
from geo.ingest.readers.shapefile import read_shapefiles


@dataclass(frozen=True)
class _Source:
    """What a format's reader gave."""

    tables: list[RawTable]
    names: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""


def read_here(
    body: bytes, name: str, choices: ImportOptions | None = None, limits: Limits | None = None
) -> ImportResult:
    """Read a file in this process and in its current folder, which gets files of ours.

    It has no guard of its own but the limits on sizes: files of others go through
    :func:`geo.ingest.read_upload`, which runs this in a worker.
    """
    choices, limits = choices or ImportOptions(), limits or Limits.from_settings()
    log = Diagnostics(
        printable(name.replace("\\", "/").rpartition("/")[2], 120),
        limits,
        frozenset(choices.repairs),
    )
    try:
        kind = kind_of(name, body)
        log.learn(format=kind.name)
        source = _source(kind, body, log, choices)
        log.learn(
            layers=source.names,
            encoding=source.encoding,
            delimiter=source.delimiter,
            columns=_columns(source.tables),
        )
        return _judged(name, source.tables, choices, log)
    except FileRejectedError as error:
        log.add_message("error", str(error))
    except pyproj.exceptions.CRSError:
        log.add_message(
            "error",
            "The coordinate reference system that it names is not known. Choose one "
            "such as EPSG:4326.",
        )
    return rejected(name, log)


def rejected(name: str, log: Diagnostics) -> ImportResult:
    """Return the reading of a file of which nothing is accepted."""
    empty = GeoDataFrame({"geometry": []}, geometry="geometry", crs="EPSG:4326")
    faults = tuple(sorted(log.faults, key=_order))[: log.limits.reported]
    return ImportResult(
        name,
        "reject",
        empty,
        pd.DataFrame(index=empty.index),
        tuple(log.messages),
        faults,
        log.lost,
        log.guessed,
        tuple(log.repairs.values()),
    )


def _source(kind: FileFormat, body: bytes, log: Diagnostics, choices: ImportOptions) -> _Source:
    """Read a file by the reader of its format."""
    layers: Sequence[str] = ()
    encoding = delimiter = ""
    match kind.name:
        case "GeoJSON":
            table, encoding = read_geojson(body, log, choices)
            tables = [table]
        case "GeoPackage":
            tables, layers = read_geopackage(body, log, choices.layer)
        case "KML":
            tables, encoding = read_kml(body, log)
        case "KMZ":
            tables, encoding = read_kmz(body, log)
        case "zipped Shapefile":
            tables, layers, encoding = read_shapefiles(body, log, choices)
        case "GPX":
            tables, encoding = read_gpx(body, log)
        case "GeoParquet":
            tables = [read_parquet(body, log)]
        case "XLSX":
            tables = read_workbook(body, log)
        case _:
            text = read_text(body, log, choices, tabs=kind.name == "TSV")
            tables, encoding, delimiter = [text.table], text.encoding, text.delimiter
    names = tuple(layers) or tuple(table.name for table in tables if table.name)
    if choices.layer is not None:
        tables = [table for table in tables if table.name == choices.layer]
        if not tables:
            why = f"There is no layer {printable(choices.layer, 60)!r}."
            raise FileRejectedError(why, f"Choose among {listed(names, 20) or 'none'}.")
    return _Source(tables, names, encoding, delimiter)


def _columns(tables: Sequence[RawTable]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for table in tables for name in table.data.columns))


def _judged(
    name: str, tables: list[RawTable], choices: ImportOptions, log: Diagnostics
) -> ImportResult:
    """Check what was read, row by row, and give the verdict."""
    table = combine(tables, choices, log)
    known = known_schemas.known(table.data, log.guessed.format, choices.shape)
    if choices.shape and known is None:
        why = f"The columns are not those of {printable(choices.shape, 40)!r}."
        raise FileRejectedError(why, f"Choose one of {', '.join(SHAPES)}, or none.")
    axis_order.check_axis_order(table, known, log)
    geometry_checks.check(table, log)
    when = role_detection.times(table, choices, known, log)
    ids = role_detection.find_id(table, choices, known, log)
    role_detection.copies(table, log)
    times = _times(table, when, log)
    axis_order.outside(table, log)
    _say_kinds(table, log)
    if known:
        log.add_message("info", f"The columns are those of {known.name}.")
    log.learn(
        shape=known.name if known else "",
        date_from=when.first.column if when.first else None,
        date_to=when.last.column if when.last else None,
        day_first=when.first.day_first if when.first else None,
        time_zone=when.zone,
        label=role_detection.label(table.data, choices, known, log.guessed.coordinates),
        id=ids,
        columns=tuple(table.data.columns),
    )
    return _reading(name, table, times, log)


def _reading(name: str, table: RawTable, times: pd.DataFrame, log: Diagnostics) -> ImportResult:
    good = np.flatnonzero(~table.bad)
    aside = log.lost + int(table.bad.sum())
    if aside:
        many = f" The first {log.limits.reported:,} of {counted(log.faulty, 'fault')} are listed."
        log.add_message(
            "warning",
            f"{counted(aside, 'row')} of {len(table.data) + log.lost:,} set aside."
            + (many if log.faulty > log.limits.reported else ""),
        )
    if not len(good):
        log.add_message(
            "error",
            "No row is left that can be shown. Correct the file, or choose one of "
            "the repairs where any is offered.",
        )
        return replace(rejected(name, log), set_aside_rows=aside)
    _check_size(table, log)
    data = table.data.iloc[good].reset_index(drop=True)
    shapes = np.array(table.shapes, dtype=object)[good]
    frame = GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")
    faults = tuple(sorted(log.faults, key=_order))[: log.limits.reported]
    loud = any(message.level != "info" for message in log.messages)
    verdict: Verdict = "accept-with-warning" if loud else "accept"
    return ImportResult(
        name,
        verdict,
        frame,
        times.iloc[good].reset_index(drop=True),
        tuple(log.messages),
        faults,
        aside,
        log.guessed,
        tuple(log.repairs.values()),
    )


def _check_size(table: RawTable, log: Diagnostics) -> None:
    """Refuse rows that take more than a file may unpack to: the caller has to hold them."""
    size = int(table.data.memory_usage(deep=True).sum())
    size += 16 * int(shapely.get_num_coordinates(table.shapes).sum())
    if size > (most := log.limits.unpacked_bytes):
        why = f"Its rows take {size / MB:,.0f} MB; the limit is {most / MB:,.0f} MB."
        raise FileRejectedError(why, "Split it, or keep the rows and columns that are needed.")


def _times(table: RawTable, when: role_detection.Times, log: Diagnostics) -> pd.DataFrame:
    """Return the dates of each row as two columns, without any where no column has dates."""
    if when.first is None or when.last is None:
        return pd.DataFrame(index=table.data.index)
    if when.first is when.last:
        first = last = when.first.values
    else:
        first, last = date_columns.check_order(table, when.first, when.last, log)
    times = pd.DataFrame({"from": first, "to": last}, index=table.data.index)
    if when.zone:
        times = times.apply(lambda column: column.dt.tz_localize("UTC"))
    return times


def _say_kinds(table: RawTable, log: Diagnostics) -> None:
    shapes = [one for one, bad in zip(table.shapes, table.bad, strict=True) if not bad]  # type: ignore[arg-type]
    kinds = {one.geom_type.removeprefix("Multi") for one in shapes}
    if len(kinds) > 1:
        words = {
            "Point": "points",
            "LineString": "lines",
            "Polygon": "polygons",
            "GeometryCollection": "collections",
            "LinearRing": "rings",
        }
        told = " and ".join(sorted(words.get(kind, kind) for kind in kinds))
        log.add_message("warning", f"The geometries are mixed: {told}. All are kept.")


def _order(fault: RejectedRow) -> tuple[str, int]:
    return fault.file, fault.row
