"""Report how dates were read, each date that could not be read, and the time zone of days."""

import re

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import cells_as_text, restore_integers
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import printable
from geo.ingest.detect import date_formats
from geo.ingest.detect.date_columns import DateColumn

_REMEDY = "Write it as 2024-05-03, or 2024-05-03T14:30Z."
_EXCHANGE = "Correct one of the two dates, or exchange them."
_MOST_READ, _MONTHS = 50, 12
_REAL_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TEXT_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_OTHER = "The row is kept with its other date."


def report_reading(table: RawTable, dates: DateColumn, log: Diagnostics) -> None:
    """Report how the values of a column were read, where that is not certain."""
    name, given = printable(dates.column, 60), ~np.isnat(dates.first)
    counted = given
    if dates.unit and "spreadsheet" not in dates.unit:
        cells = cells_as_text(restore_integers(table.data[dates.column]))
        counted = given & np.array([date_formats.is_epoch(cell) for cell in cells], dtype=bool)
    if dates.unit and counted.any():
        example = _format_example(table, dates, counted)
        text = f"{name}: numbers were read as {dates.unit}: {example}."
        log.warn(text) if "spreadsheet" in dates.unit else log.inform(text)
    if dates.short_years and given.any():
        example = _format_example(table, dates, given)
        log.warn(f"{name}: {example}. Write years with four digits if that is wrong.")
    if dates.ends_of_day:
        log.inform(f"{name}: 24:00 is read as the end of its day, and counts on that day.")
    if log.detected.format == "XLSX":
        _report_exchanged(table, dates, log)
    if dates.ambiguous.any() and log.options.day_first is None:
        _report_ambiguous(table, dates, log)


def _report_exchanged(table: RawTable, dates: DateColumn, log: Diagnostics) -> None:
    """Warn of date cells whose day and month a spreadsheet may have exchanged as it read texts.

    It leaves the dates as text that its own order of day and month does not allow: then all days
    of the texts are beyond 12, and all of the cells are not.
    """
    cells = sorted(set(cells_as_text(table.data[dates.column])))
    real = [cell for cell in cells if _REAL_DATE.match(cell)]
    texts = [cell for cell in cells if _TEXT_DATE.match(cell)][:_MOST_READ]
    if not real or not texts or any(int(cell[8:10]) > _MONTHS for cell in real):
        return
    read = map(date_formats.parse_date, texts)
    if all(isinstance(one, date_formats.NumericDate) and one.order is not None for one in read):
        name, text = printable(dates.column, 60), printable(texts[0], 40)
        log.warn(
            f"{name}: some dates are text, such as “{text}”, and no date cell has a day after the "
            "12th: the spreadsheet may have exchanged day and month in the others, such as "
            f"{printable(real[0], 40)}. Compare them with their source."
        )


def _report_ambiguous(table: RawTable, dates: DateColumn, log: Diagnostics) -> None:
    """Report the order that was taken; it is certain if a cell is valid in that order only."""
    example = _format_example(table, dates, dates.ambiguous)
    order = "day first" if dates.day_first else "month first"
    text = f"{printable(dates.column, 60)}: {example} ({order})"
    if dates.order_shown:
        log.inform(f"{text}, as other rows of the column show.")
    else:
        rows = table.describe_rows(dates.ambiguous)
        log.warn(f"{text}, but could be the other way round ({rows}). Choose the order.")


def _format_example(table: RawTable, dates: DateColumn, where: np.ndarray) -> str:
    """Return a cell and its date, such as "03/04/2024 as 3 April 2024", for the first row."""
    first = int(np.flatnonzero(where)[0])
    when, zone = pd.Timestamp(dates.first[first]), " UTC"
    if dates.local and dates.timed[first]:
        when, zone = when.tz_localize("UTC").tz_convert(dates.read_in), ""
    cell = _format_cell(table, dates, first)
    return f"{cell} was read as {when.day} {when:%B %Y}" + (
        f" {when:%H:%M}{zone}" if dates.timed[first] else ""
    )


def _format_cell(table: RawTable, dates: DateColumn, at: int) -> str:
    names = (dates.column, *dates.beside)
    return " ".join(printable(table.data[name].iloc[at], 40) for name in names)


def report_faults(
    table: RawTable,
    columns: list[DateColumn],
    reversed_rows: list[tuple[DateColumn, DateColumn, np.ndarray]],
    undated: np.ndarray,
    log: Diagnostics,
) -> None:
    """List each fault; keep its row without the date, or reject the row if that is chosen.

    ``reversed_rows`` are columns of the first and the last day with the mask of rows that end
    before they start; ``undated`` is the mask of rows without any date.
    """
    bad = undated & False
    for where in (*(one.unreadable for one in columns), *(one[-1] for one in reversed_rows)):
        bad |= where
    what = "reject rows with an unreadable date, or with an end before their start"
    reject = bool(bad.any()) and log.offer_repair("reject-bad-dates", what, int(bad.sum()))
    limit = log.limits.reported
    faults = []
    for one in columns:
        why = [one.explain(n) for n in np.flatnonzero(one.unreadable)[:limit].tolist()]
        faults.append((one.column, one.unreadable, why, _REMEDY, reject))
        why = ["It is a year, month or week without a day."] * int(one.partial.sum())
        faults.append((one.column, one.partial, why, _REMEDY, False))
    for start, end, where in reversed_rows:
        starts = cells_as_text(table.data[start.column])
        at = np.flatnonzero(where)[:limit]
        why = [f"It ends before it starts (“{printable(starts[n], 40)}”)." for n in at]
        faults.append((end.column, where, why, _EXCHANGE, reject))
    for column, where, reasons, remedy, rejected in faults:
        if not where.any():
            continue
        if rejected:
            at = np.flatnonzero(where)
            table.reject_rows(log, at, column, reasons, remedy)
        else:
            _keep(table, column, where, undated, reasons, remedy, log)


def _keep(
    table: RawTable,
    column: str,
    where: np.ndarray,
    undated: np.ndarray,
    why: list[str],
    remedy: str,
    log: Diagnostics,
) -> None:
    """Report dates that are left out, while their rows are kept."""
    at = np.flatnonzero(where)
    ends = ["The row is kept, undated." if undated[n] else _OTHER for n in at[: len(why)]]
    texts = [f"{one} {end}" for one, end in zip(why, ends, strict=False)]
    table.keep_undated(log, at, column, texts, remedy)
    kept = "kept, undated" if undated[at].all() else "kept without it"
    cell = printable(table.data[column].iloc[int(at[0])], 40)
    log.warn(
        f"{printable(column, 60)}: no date in {table.describe_rows(where)}, such as “{cell}”; "
        f"{kept}. {why[0]}"
    )


def report_zone(
    table: RawTable, columns: list[DateColumn], zone: str, whose: str, log: Diagnostics
) -> None:
    """Report the zones in which times were read and days are cut, and a row that this moves."""
    chosen = log.options.time_zone == zone
    text = f"Days are cut in {zone} ({'as chosen' if chosen else whose})."
    for read_in in dict.fromkeys(one.read_in for one in columns if one.local):
        given = [one.column for one in columns if one.local and one.read_in == read_in]
        names = " and ".join(printable(name, 60) for name in given)
        text += f" {names}: times without a zone are read as times in {read_in}."
    moved = (_describe_moved(table, one, zone) for one in columns)
    text += next(filter(None, moved), "")
    log.inform(text if chosen else f"{text} Choose another time zone if that is wrong.")


def _describe_moved(table: RawTable, dates: DateColumn, zone: str) -> str:
    """Return a sentence on a cell that counts on another day than the one that is written in it."""
    if dates.local and dates.read_in == zone:
        return ""
    there = dates.days(dates.first, zone)
    moved = np.flatnonzero(dates.timed & (there != dates.first.astype("datetime64[D]")))
    zoned = np.flatnonzero(dates.timed)
    for at in [*moved[:_MOST_READ], *zoned[:_MOST_READ]]:
        cell, day = _format_cell(table, dates, int(at)), pd.Timestamp(there[at])
        read = date_formats.parse_date(cell)
        if isinstance(read, date_formats.NumericDate):
            read = read.resolve(dates.day_first is not False)
        if (
            isinstance(read, date_formats.ParsedDate)
            and read.when.date() != day.date()
            and not read.end_of_day
        ):
            return f" {cell} counts on {day.day} {day:%B %Y}."
    return ""
