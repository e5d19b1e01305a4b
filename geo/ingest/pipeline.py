"""In-process import pipeline: detect the format, read, detect columns, check, build the result."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj.exceptions
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.limits import SPLIT_OR_TRIM, Limits
from geo.ingest.base.model import FileRejectedError, ImportOptions, ImportResult
from geo.ingest.base.safe_text import format_count, format_size, printable
from geo.ingest.checks.axis_order import (
    check_axis_order,
    report_outside_area,
)
from geo.ingest.checks.combine_layers import combine_layers
from geo.ingest.checks.geometry_checks import check_geometries
from geo.ingest.checks.no_position import reject_no_position
from geo.ingest.checks.rival_coordinates import report_rivals
from geo.ingest.detect import role_detection
from geo.ingest.detect.date_roles import find_dates
from geo.ingest.detect.known_schemas import SCHEMA_NAMES, match_schema
from geo.ingest.readers.detect_format import detect_format
from geo.ingest.readers.registry import read_file
from geo.store.core.errors import FileFaultError

_PLURALS = {
    "Point": "points",
    "LineString": "lines",
    "Polygon": "polygons",
    "GeometryCollection": "collections",
    "LinearRing": "rings",
}


def run_pipeline(
    body: bytes, name: str, options: ImportOptions | None = None, limits: Limits | None = None
) -> ImportResult:
    """Import a file in this process; temporary files are written to the current folder.

    It is not isolated: for untrusted files use :func:`geo.ingest.read_upload`, which runs this
    function in a sandboxed worker.
    """
    options, limits = options or ImportOptions(), limits or Limits.from_settings()
    file = printable(name.replace("\\", "/").rpartition("/")[2], 120)
    log = Diagnostics(file, limits, options)
    try:
        format = detect_format(name, body)
        log.detected = replace(log.detected, format=format.name)
        tables = read_file(format, body, log)
        columns = dict.fromkeys(name for table in tables for name in table.data.columns)
        log.detected = replace(
            log.detected,
            layers=log.layers,
            encoding=log.encoding,
            delimiter=log.delimiter,
            columns=tuple(columns),
        )
        return _check_and_build(name, tables, log)
    except (FileRejectedError, FileFaultError) as error:
        log.add_message("error", str(error))
    except pyproj.exceptions.CRSError:
        why = "The coordinate reference system that it names is unknown. "
        log.add_message("error", f"{why}Choose one such as EPSG:4326.")
    return build_rejected(name, log)


def build_rejected(name: str, log: Diagnostics) -> ImportResult:
    """Return the result of a file without accepted rows."""
    empty = GeoDataFrame({"geometry": []}, geometry="geometry", crs="EPSG:4326")
    rejected = sorted(log.rejected, key=lambda row: (row.file, row.row))[: log.limits.reported]
    undated = sorted(log.undated, key=lambda row: (row.file, row.row))[: log.limits.reported]
    return ImportResult(
        name,
        "reject",
        empty,
        pd.DataFrame(index=empty.index),
        tuple(log.messages),
        tuple(rejected),
        log.rejected_lines,
        log.detected,
        tuple(log.repairs.values()),
        tuple(undated),
    )


def _check_and_build(name: str, tables: list[RawTable], log: Diagnostics) -> ImportResult:
    """Detect the role of each column, check each row, and return the result."""
    table = combine_layers(tables, log)
    schema = match_schema(table.data, log)
    if log.options.schema and schema is None:
        why = f"The columns are not those of {printable(log.options.schema, 40)!r}."
        raise FileRejectedError(why, f"Choose one of {', '.join(SCHEMA_NAMES)}, or none.")
    reject_no_position(table, log)
    check_axis_order(table, schema, log)
    report_rivals(table, schema, log)
    check_geometries(table, log)
    dates = find_dates(table, schema, log)
    id_column = role_detection.find_id(table, schema, log)
    role_detection.report_duplicate_rows(table, log)
    report_outside_area(table, log)
    _report_mixed_geometries(table, log)
    if schema:
        log.inform(f"The columns are those of {schema.name}.")
    log.detected = replace(
        log.detected,
        schema=schema.name if schema else "",
        date_from=dates.columns[0].column if dates.columns else None,
        date_to=dates.columns[-1].column if dates.columns else None,
        day_first=dates.columns[0].day_first if dates.columns else None,
        time_zone=dates.zone,
        label=role_detection.find_label(table.data, schema, log),
        id=id_column,
        columns=tuple(table.data.columns),
    )
    return _select_accepted(name, table, dates.times, log)


def _select_accepted(
    name: str, table: RawTable, times: pd.DataFrame, log: Diagnostics
) -> ImportResult:
    """Report how many rows are rejected; return the others as the result."""
    accepted = np.flatnonzero(~table.rejected)
    rejected_count = log.rejected_lines + int(table.rejected.sum())
    if rejected_count:
        total = len(table.data) + log.rejected_lines
        text = f"{format_count(rejected_count, 'row')} of {total:,} rejected."
        if log.fault_count > log.limits.reported:
            faults = format_count(log.fault_count, "fault")
            text += f" The first {log.limits.reported:,} of {faults} are listed."
        log.warn(text)
    if not len(accepted):
        text = "No row can be accepted. Correct the file, or choose one of the repairs, if any is "
        log.add_message("error", f"{text}offered.")
        return replace(build_rejected(name, log), rejected_count=rejected_count)
    _check_size(table, log)
    data = table.data.iloc[accepted].reset_index(drop=True)
    geometries = np.array(table.geometries, dtype=object)[accepted]
    clean = all(message.level == "info" for message in log.messages)
    return replace(
        build_rejected(name, log),
        verdict="accept" if clean else "accept-with-warning",
        frame=GeoDataFrame(data, geometry=geometries, crs="EPSG:4326"),
        times=times.iloc[accepted].reset_index(drop=True),
        rejected_count=rejected_count,
    )


def _check_size(table: RawTable, log: Diagnostics) -> None:
    """Reject a table that needs more memory than a file may unpack to."""
    size = int(table.data.memory_usage(deep=True).sum())
    size += 16 * int(shapely.get_num_coordinates(table.geometries).sum())
    if size > (limit := log.limits.unpacked_bytes):
        why = f"Its rows take {format_size(size)}; the limit is {format_size(limit)}."
        raise FileRejectedError(why, SPLIT_OR_TRIM)


def _report_mixed_geometries(table: RawTable, log: Diagnostics) -> None:
    accepted = np.array(table.geometries, dtype=object)[~table.rejected]
    kinds = {one.geom_type.removeprefix("Multi") for one in accepted}
    if len(kinds) > 1:
        names = " and ".join(sorted(_PLURALS.get(kind, kind) for kind in kinds))
        log.inform(f"The geometries are mixed: {names}. All are kept.")
