"""Parse columns of dates, and report cells that are not dates, partial or ambiguous."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.detect import date_formats
from geo.ingest.detect.date_formats import NumericDate, ParsedDate
from geo.ingest.detect.known_schemas import GEOCONFIRMED, MatchedSchema
from geo.store.core.date_window import parse_if_all_datetimes

_REMEDY = "Write it as 2024-12-12, or 2024-12-12T14:30Z."
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_SERIAL_ORIGIN, _FIRST_SERIAL, _LAST_SERIAL = "1899-12-30", 32_874, 73_050  # 1990 to 2100


@dataclass(frozen=True)
class DateColumn:
    """The dates of one column."""

    column: str
    values: np.ndarray
    """datetime64[us], in UTC where ``timed``, NaT where undated."""
    timed: np.ndarray
    """Mask, one bool a row: the cell has a time of day."""
    zoned: bool
    """Whether any value names a time zone."""
    unparseable: np.ndarray
    """Mask: the cell is not empty and not a date."""
    partial: np.ndarray
    """Mask: a year or a month without a day."""
    ambiguous: np.ndarray
    day_first: bool | None
    serial: bool = False
    """Whether the cells are day numbers of a spreadsheet."""


def parse_date_column(
    data: pd.DataFrame, column: str, schema: MatchedSchema | None, options: ImportOptions
) -> DateColumn:
    """Parse one column of dates.

    03/04/2024 is in the chosen order of day and month, else as unambiguous rows of the column
    show, else day first. Times that name no zone are in the chosen one, else in the schema's.
    """
    zone = options.time_zone or (schema.zone if schema else None)
    of_schema = schema if schema is not None and column == schema.date else None
    time = of_schema.time if of_schema else None
    leading = of_schema is not None and of_schema.name == GEOCONFIRMED
    cells = data[column]
    local = ZoneInfo(zone) if zone and zone != "UTC" else dt.UTC
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return _from_datetimes(column, cells, local)
    if is_spreadsheet_serial(cells):
        days = pd.to_numeric(cells).astype(float)
        when = pd.to_datetime(days, unit="D", origin=_SERIAL_ORIGIN).dt.round("s")
        return replace(_from_datetimes(column, when, local), serial=True)
    if time is None and not leading:
        quick = parse_if_all_datetimes(cells)
        if quick is not None and (isinstance(quick.dtype, pd.DatetimeTZDtype) <= (local is dt.UTC)):
            return _from_datetimes(column, quick, local)
    texts = cells_as_text(cells)
    if leading:
        texts = [date_formats.extract_leading_date(text) for text in texts]
    if time is not None:
        pairs = zip(texts, map(_format_clock, cells_as_text(data[time])), strict=True)
        texts = [f"{text} {clock}" if text and clock else text for text, clock in pairs]
    return _parse_cells(column, texts, options.day_first, local)


def is_spreadsheet_serial(cells: pd.Series) -> bool:
    """Return whether all cells are spreadsheet day numbers from 1990 to 2100."""
    given = [cell for cell in cells_as_text(cells) if cell]
    return bool(given) and all(
        _SERIAL.fullmatch(cell) and _FIRST_SERIAL <= float(cell) <= _LAST_SERIAL for cell in given
    )


def _parse_cells(
    column: str, texts: list[str], day_first: bool | None, local: dt.tzinfo
) -> DateColumn:
    """Parse dates in any notation; each distinct text is parsed once."""
    parsed = {text: date_formats.parse_date(text) for text in set(texts)}
    orders = [one.order for one in map(parsed.get, texts) if isinstance(one, NumericDate)]
    if day_first is None:  # as most of the dates that are valid in one order only
        day_first = orders.count(True) >= orders.count(False)
    resolved = {text: _to_utc(one, day_first, local) for text, one in parsed.items()}
    values = np.full(len(texts), "NaT", dtype="datetime64[us]")
    timed, bad, partial, ambiguous = (np.zeros(len(texts), dtype=bool) for _ in range(4))
    for at, text in enumerate(texts):
        one, value = parsed[text], resolved[text]
        ambiguous[at] = isinstance(one, NumericDate) and one.ambiguous
        if one == date_formats.PARTIAL:
            partial[at] = True
        elif value is None:
            bad[at] = bool(text)
        else:
            values[at], timed[at] = value
    zoned = any(isinstance(one, ParsedDate) and one.zone is not None for one in parsed.values())
    used_order = day_first if orders else None
    return DateColumn(column, values, timed, zoned, bad, partial, ambiguous, used_order)


def _to_utc(one: object, day_first: bool, local: dt.tzinfo) -> tuple[np.datetime64, bool] | None:
    moment = one.resolve(day_first) if isinstance(one, NumericDate) else one
    if not isinstance(moment, ParsedDate):
        return None
    when = moment.when
    if moment.timed:
        aware = when.replace(tzinfo=moment.zone or local)
        when = aware.astimezone(dt.UTC).replace(tzinfo=None)
    return np.datetime64(when, "us"), moment.timed


def _from_datetimes(column: str, cells: pd.Series, local: dt.tzinfo) -> DateColumn:
    zoned = isinstance(cells.dtype, pd.DatetimeTZDtype)
    plain = cells.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else cells
    days = plain.dt.normalize()
    timed = ((plain != days) & plain.notna()).to_numpy(dtype=bool)
    if not zoned and timed.any() and local is not dt.UTC:
        aware = plain.dt.tz_localize(local, ambiguous=False, nonexistent="shift_forward")
        moved = aware.dt.tz_convert("UTC").dt.tz_localize(None)
        plain = plain.where(~timed, moved)
    values = plain.to_numpy().astype("datetime64[us]")
    years = values.astype("datetime64[Y]").astype(int) + 1970
    given = ~np.isnat(values)
    bad = given & ((years < date_formats.FIRST_YEAR) | (years > date_formats.LAST_YEAR))
    values[bad] = np.datetime64("NaT")
    none = np.zeros(len(cells), dtype=bool)
    return DateColumn(column, values, timed, zoned, bad, none, none, None)


def _format_clock(text: str) -> str:
    """Return 12, 0012 or 00:12 as 00:12, "" for another text."""
    digits = text.replace(":", "")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 4:
        return ""
    return f"{digits.zfill(4)[:2]}:{digits.zfill(4)[2:]}"


def report_date_faults(
    table: RawTable, dates: DateColumn, schema: MatchedSchema | None, log: Diagnostics
) -> None:
    """Report faulty and ambiguous dates of a column, and reject rows with an unparseable one."""
    name = printable(dates.column, 60)
    if dates.serial:
        example = _format_example(table, dates, ~np.isnat(dates.values))
        log.warn(f"{name}: numbers were read as days of a spreadsheet: {example}.")
    if dates.unparseable.any():
        number = int(dates.unparseable.sum())
        if log.offer_repair("undated", "keep rows with a bad date, as undated", number):
            log.warn(f"{name}: {table.describe_rows(dates.unparseable)} kept without a date.")
        else:
            why = "The value is not a valid date."
            table.reject_rows(log, dates.unparseable, dates.column, why, _REMEDY)
    if dates.partial.any():
        rows = table.describe_rows(dates.partial)
        log.warn(f"{name}: a year or a month, not a day, in {rows}; kept as undated.")
    if dates.ambiguous.any() and log.options.day_first is None:
        _report_ambiguous(table, dates, log)
    if dates.timed.any() and not dates.zoned and (schema is None or schema.zone is None):
        log.inform(f"{name}: times without a zone are taken as UTC unless a time zone is chosen.")


def _report_ambiguous(table: RawTable, dates: DateColumn, log: Diagnostics) -> None:
    """Report the order that was taken; it is certain if a cell is valid in that order only."""
    example = _format_example(table, dates, dates.ambiguous)
    order = "day first" if dates.day_first else "month first"
    text = f"{printable(dates.column, 60)}: {example} ({order})"
    parsed = map(date_formats.parse_date, set(cells_as_text(table.data[dates.column])))
    if any(isinstance(one, NumericDate) and one.order is not None for one in parsed):
        log.inform(f"{text}, as other rows of the column show.")
    else:
        rows = table.describe_rows(dates.ambiguous)
        log.warn(f"{text}, but could be the other way round ({rows}). Choose the order.")


def _format_example(table: RawTable, dates: DateColumn, where: np.ndarray) -> str:
    """Return a cell and its date, such as "03/04/2024 as 3 April 2024", for the first row."""
    first = int(np.flatnonzero(where)[0])
    when = pd.Timestamp(dates.values[first])
    cell = printable(table.data[dates.column].iloc[first], 40)
    return f"{cell} was read as {when.day} {when:%B %Y}"


def check_date_order(
    table: RawTable, start: DateColumn, end: DateColumn, log: Diagnostics
) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last dates; reject rows that end before they start, or swap their dates."""
    first, last = start.values.copy(), end.values.copy()
    whole = ~(start.timed & end.timed)
    a, b = first.copy(), last.copy()
    a[whole], b[whole] = a[whole].astype("datetime64[D]"), b[whole].astype("datetime64[D]")
    wrong = b < a  # False for NaT
    if not wrong.any():
        return first, last
    what = "exchange the two dates where the end is before the start"
    if log.offer_repair("swap-dates", what, int(wrong.sum())):
        first[wrong], last[wrong] = end.values[wrong], start.values[wrong]
        return first, last
    starts = cells_as_text(table.data[start.column])
    why = [
        f"It ends before it starts (“{printable(starts[n], 40)}”)." for n in np.flatnonzero(wrong)
    ]
    remedy = "Correct one of the two dates, or exchange them."
    table.reject_rows(log, wrong, end.column, why, remedy)
    return first, last


def check_options(data: pd.DataFrame, options: ImportOptions) -> None:
    """Raise FileRejectedError if a chosen column or time zone does not exist."""
    chosen = (options.date_from, options.date_to, options.label, options.id)
    missing = [name for name in chosen if name and name not in data.columns]
    if missing:
        remedy = f"Choose among {quote_names(data.columns, 20)}."
        raise FileRejectedError(f"There is no column {quote_names(missing)}.", remedy)
    try:
        ZoneInfo(options.time_zone or "UTC")
    except (KeyError, ValueError, OSError) as error:
        why = f"{printable(options.time_zone, 40)!r} is not a time zone."
        raise FileRejectedError(why, "Choose one such as UTC or Asia/Damascus.") from error
