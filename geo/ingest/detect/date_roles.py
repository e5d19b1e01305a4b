"""The first and last day of each row: columns, time zones, faults; a bad date costs no row."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.detect import date_formats, date_reports
from geo.ingest.detect.date_columns import DateColumn, parse_date_column
from geo.ingest.detect.date_detection import (
    find_clock_column,
    find_date_columns,
    find_zone_column,
    format_clock,
    names_utc,
    report_other_columns,
)
from geo.ingest.detect.date_parts import find_date_parts, join_date_parts
from geo.ingest.detect.known_schemas import GEOCONFIRMED, MatchedSchema
from geo.store.core.time_zone import case_time_zone


@dataclass(frozen=True)
class RowDates:
    """The dates of all rows."""

    times: pd.DataFrame
    """``from`` and ``to``: datetimes, in UTC if any has a time of day; no columns: no dates."""
    columns: tuple[DateColumn, ...] = ()
    zone: str | None = None
    """The time zone in which days are cut; None without times of day."""


def find_dates(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> RowDates:
    """Detect and parse the dates of all rows, and report their faults.

    Rows with an unreadable date or an end before their start are kept without it, unless the
    repair that rejects them is chosen. Raises FileRejectedError if a chosen column or time zone
    does not exist.
    """
    _check_zone(log.options)
    found, others = find_date_columns(table.data, schema, log, table.layers)
    names = list(dict.fromkeys([*found, *(name for one in others for name in one)]))
    parsed = {name: _parse_column(table.data, name, schema, log) for name in names}
    columns = list(parsed.values())
    report_other_columns(
        table.data, [*names, *(name for one in columns for name in one.beside)], log
    )
    if not columns:
        return RowDates(pd.DataFrame(index=table.data.index))
    timed = any(one.timed.any() for one in columns)
    regions = {one.zone for one in columns if one.timed.any()}
    region = regions.pop() if len(regions) == 1 else None
    zone = log.options.time_zone or region or case_time_zone() if timed else "UTC"
    pair = [parsed[name] for name in found]
    first, last, wrong = _combine(pair, zone, log)
    reversed_rows = [(pair[0], pair[-1], wrong)]
    for other in others:
        more = [parsed[name] for name in other]
        first, last, wrong = _fill(pair, more, first, last, zone, log)
        reversed_rows.append((more[0], more[-1], wrong))
    for one in columns:
        date_reports.report_reading(table, one, log)
    undated = np.isnat(first) & np.isnat(last)
    date_reports.report_faults(table, columns, reversed_rows, undated, log)
    if timed:
        whose = "as in the file" if region == zone else "the zone of this map"
        date_reports.report_zone(table, columns, zone, whose, log)
    times = pd.DataFrame({"from": first, "to": last}, index=table.data.index)
    if times.isna().all(axis=None):
        times = pd.DataFrame(index=table.data.index)
    elif timed:
        times = times.apply(lambda column: column.dt.tz_localize("UTC"))
    return RowDates(times, tuple(pair), zone if timed else None)


def _check_zone(options: ImportOptions) -> None:
    try:
        ZoneInfo(options.time_zone or "UTC")
    except (KeyError, ValueError, OSError) as error:
        why = f"{printable(options.time_zone, 40)!r} is not a time zone."
        raise FileRejectedError(why, "Choose one such as UTC or Europe/Paris.") from error


def _reading_zone(name: str, schema: MatchedSchema | None, options: ImportOptions) -> str:
    """Return the zone of times that name none: the schema's, the column name's, the chosen one."""
    if schema is not None and schema.zone:
        return schema.zone
    return "UTC" if names_utc(name) else options.time_zone or case_time_zone()


def _parse_column(
    data: pd.DataFrame, name: str, schema: MatchedSchema | None, log: Diagnostics
) -> DateColumn:
    """Parse a column, with the times of day and the time zones of other columns if it has none."""
    of_schema = schema if schema is not None and name == schema.date else None
    cells, zone = data[name], _reading_zone(name, schema, log.options)
    if of_schema and of_schema.name == GEOCONFIRMED:
        leading = [date_formats.extract_leading_date(text) for text in cells_as_text(cells)]
        cells = pd.Series(leading, index=cells.index, name=name, dtype="str")
    parts = find_date_parts(data, name) or (name,)
    if len(parts) > 1:
        cells = join_date_parts(data, parts)
        log.inform(f"The dates are put together from {quote_names(parts)}.")
    parsed = _parse(cells, zone, log)
    clock = of_schema.time if of_schema else find_clock_column(data, name)
    if clock and not parsed.timed.any():
        zone = _reading_zone(clock, schema, log.options) if zone != "UTC" else zone
        clocks = list(map(format_clock, cells_as_text(data[clock])))
        parsed = _parse_with(parsed, cells, zone, clock, clocks, log)
    beside = find_zone_column(data) if parsed.local else None
    if beside:
        zones = [f"+{one}" if one.isdecimal() else one for one in cells_as_text(data[beside])]
        if parsed.beside:
            zones = [f"{a} {b}" for a, b in zip(clocks, zones, strict=True)]
        parsed = _parse_with(parsed, cells, zone, beside, zones, log)
    return replace(parsed, beside=(*parts[1:], *parsed.beside))


def _parse(
    cells: pd.Series, zone: str, log: Diagnostics, added: list[str] | None = None
) -> DateColumn:
    parsed = parse_date_column(cells, zone, log.options.day_first, added)
    return replace(parsed, read_in=zone)


def _parse_with(
    parsed: DateColumn, cells: pd.Series, zone: str, name: str, added: list[str], log: Diagnostics
) -> DateColumn:
    """Parse a column together with another one, unless that makes dates unreadable."""
    both = _parse(cells, zone, log, added)
    what = "time zones" if parsed.timed.any() else "times of day"
    column = printable(parsed.column, 60)
    wrong = np.flatnonzero(both.unreadable & ~parsed.unreadable)
    if len(wrong):
        count, example = format_count(len(wrong), "row"), printable(added[wrong[0]], 40)
        log.warn(
            f"{printable(name, 60)}: not used in {count}, such as “{example}”, for the {what} of "
            f"{column}."
        )
        for at in wrong.tolist():
            added[at] = ""
        both = _parse(cells, zone, log, added)
    if not any(added):
        return parsed
    log.inform(f"{column}: the {what} are those of {printable(name, 60)}.")
    return replace(both, beside=(*parsed.beside, name))


def _combine(
    columns: list[DateColumn], zone: str, log: Diagnostics
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first and last moments, and the mask of rows that end before they start."""
    start, end = columns[0], columns[-1]
    first, last = start.moments(start.first, zone), end.moments(end.last, zone)
    if start is end:
        return first, last, np.zeros(len(first), dtype=bool)
    days = start.days(start.first, zone) > end.days(end.last, zone)  # False for NaT
    wrong = np.where(start.timed & end.timed, start.first > end.last, days)
    what = "exchange the two dates where the end is before the start"
    if wrong.any() and log.offer_repair("swap-dates", what, int(wrong.sum())):
        other_first, other_last = end.moments(end.first, zone), start.moments(start.last, zone)
        first, last = np.where(wrong, other_first, first), np.where(wrong, other_last, last)
        wrong = np.zeros(len(first), dtype=bool)
    first[wrong] = last[wrong] = np.datetime64("NaT")
    return first, last, wrong


def _fill(
    pair: list[DateColumn],
    other: list[DateColumn],
    first: np.ndarray,
    last: np.ndarray,
    zone: str,
    log: Diagnostics,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Date rows that have neither a first nor a last day by other columns; as `_combine`."""
    empty = np.isnat(pair[0].first) & np.isnat(pair[-1].last) & np.isnat(first) & np.isnat(last)
    other_first, other_last, wrong = _combine(other, zone, log)
    filled = empty & ~(np.isnat(other_first) & np.isnat(other_last))
    if filled.any():
        count = format_count(int(filled.sum()), "row")
        given, used = (
            " and ".join(printable(one.column, 60) for one in some) for some in (pair, other)
        )
        log.inform(f"{count} without {given} dated by {used}.")
    first, last = np.where(empty, other_first, first), np.where(empty, other_last, last)
    return first, last, wrong & empty
