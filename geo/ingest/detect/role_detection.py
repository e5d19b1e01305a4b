"""Detect the columns of dates, label and id, and rows that occur twice."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text, find_blank_cells
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import ImportOptions
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.detect import date_columns, date_formats, known_schemas
from geo.ingest.detect.date_columns import DateColumn
from geo.ingest.detect.date_formats import PARTIAL
from geo.ingest.detect.known_schemas import MatchedSchema, index_names

_DATE_WORD = re.compile(r"date|time(?!zone)|дата|تاريخ", re.IGNORECASE)
_DAY_WORD = re.compile(r"date|day|datum|when|fecha|дата|تاريخ", re.IGNORECASE)
_LIKE_A_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].{0,40})?")
_SAMPLE = 300


def find_dates(
    table: RawTable, schema: MatchedSchema | None, log: Diagnostics
) -> tuple[list[DateColumn], str | None]:
    """Detect and parse the date columns; report their faults and reject faulty rows.

    Returns the column of the first day and, if it is another one, that of the last day; and the
    time zone of the times. Raises FileRejectedError if a chosen column or time zone does not exist.
    """
    options = log.options
    date_columns.check_options(table.data, options)
    parsed = []
    for column in dict.fromkeys(_find_date_columns(table.data, schema, options)):
        dates = date_columns.parse_date_column(table.data, column, schema, options)
        date_columns.report_date_faults(table, dates, schema, log)
        parsed.append(dates)
    timed = any(dates.timed.any() for dates in parsed)
    zone = options.time_zone or (schema.zone if schema else None) or "UTC"
    return parsed, zone if timed else None


def find_label(data: pd.DataFrame, schema: MatchedSchema | None, log: Diagnostics) -> str | None:
    """Return the column that names each row, None for none.

    It is the chosen one, else the schema's, else one by name, else the first text without dates.
    """
    if log.options.label is not None:
        return log.options.label or None
    if schema is not None and schema.labels:
        return schema.labels[0]
    names = index_names(data.columns)
    for one in known_schemas.LABELS:
        if one in names and not find_blank_cells(data[names[one]]).all():
            return names[one]
    for name in data.columns:
        other = name in log.detected.coordinates
        is_text = not other and isinstance(data[name].dtype, pd.StringDtype)
        if is_text and not find_blank_cells(data[name]).all() and not _holds_dates(data[name], 0.5):
            return name
    return None


def find_id(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> str | None:
    """Return the column of unique ids, None if there is none.

    Duplicate ids are reported; their rows stay, and the row number is the id of all rows.
    """
    data, chosen = table.data, log.options.id
    name = chosen
    if name is None:
        name = (schema and schema.id) or known_schemas.match_name(
            index_names(data.columns), known_schemas.IDS
        )
    if not name:
        return None
    cells = pd.Series(cells_as_text(data[name]))
    empty = (cells == "").to_numpy()
    twice = cells.duplicated(keep=False).to_numpy() & ~empty
    if not twice.any() and not empty.any():
        return name
    if twice.any():
        repeated = cells.duplicated().to_numpy() & ~empty
        if repeated.sum() * 2 > len(cells) and chosen is None:
            return None  # the id of a track, not of a row
        some = quote_names(cells[repeated].unique()[:3])
        log.warn(
            f"{printable(name, 60)}: the id {some} is in more than one row "
            f"({table.describe_rows(twice)}). All rows are kept, with their row number as id."
        )
    if empty.any() and not empty.all():
        rows = table.describe_rows(empty)
        log.warn(f"{printable(name, 60)}: no id in {rows}. All rows have their row number as id.")
    return None


def report_duplicate_rows(table: RawTable, log: Diagnostics) -> None:
    """Report rows that duplicate an earlier one, and offer to leave them out."""
    columns = [table.data[name] for name in table.data.columns]
    if any(column.dtype != object and column.is_unique for column in columns):
        return  # no two rows are equal
    geometries = np.full(len(table.data), None) if table.geometries is None else table.geometries
    data = table.data.astype(str).assign(**{"\x00geometry": shapely.to_wkb(geometries)})
    duplicate = data.duplicated().to_numpy() & ~table.rejected
    if not duplicate.any():
        return
    what = "leave out rows that repeat an earlier row in everything"
    if log.offer_repair("drop-copies", what, int(duplicate.sum())):
        why, remedy = "It repeats an earlier row.", "Nothing is lost."
        table.reject_rows(log, duplicate, "", why, remedy, lambda _: "")
    else:
        rows = table.describe_rows(duplicate)
        log.warn(f"Repeats of an earlier row in everything: {rows}; kept.")


def _find_date_columns(
    data: pd.DataFrame, schema: MatchedSchema | None, options: ImportOptions
) -> list[str]:
    """Return the columns of the first and the last day, as chosen or detected."""
    if options.date_from is not None or options.date_to is not None:
        return [name for name in (options.date_from, options.date_to) if name]
    if schema is not None and schema.date:
        return [schema.date]
    names = index_names(data.columns)
    first = next(_dated_names(data, names, known_schemas.STARTS, 0.5), None)
    last = next(_dated_names(data, names, known_schemas.ENDS, 0.5), None)
    instants = _dated_names(data, names, known_schemas.INSTANTS, 0.3)
    first = first or next((name for name in instants if name != last), None)
    if first or last:
        return [name for name in (first, last) if name]
    for name in data.columns:
        if _DATE_WORD.search(str(name)) and _holds_dates(data[name], 0.5):
            return [name]
    for name in data.columns:
        if not pd.api.types.is_numeric_dtype(data[name].dtype) and _holds_dates(data[name], 0.9):
            return [name]
    for name in data.columns:
        if _DAY_WORD.search(str(name)) and date_columns.is_spreadsheet_serial(data[name]):
            return [name]
    return []


def _dated_names(
    data: pd.DataFrame, names: dict[str, str], wanted: Sequence[str], min_share: float
) -> Iterator[str]:
    """Yield the columns of some names that hold dates."""
    return (names[n] for n in wanted if n in names and _holds_dates(data[names[n]], min_share))


def _holds_dates(column: pd.Series, min_share: float) -> bool:
    """Return whether a share of the cells are dates; those that only look like one count half."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_float_dtype(column.dtype):
        return False
    cells = [cell for cell in cells_as_text(column.head(_SAMPLE)) if cell]
    good = sum(date_formats.parse_date(cell) not in (None, PARTIAL) for cell in cells)
    similar = sum(bool(_LIKE_A_DATE.fullmatch(cell)) for cell in cells)
    return bool(cells) and max(good, similar / 2) / len(cells) >= min_share
