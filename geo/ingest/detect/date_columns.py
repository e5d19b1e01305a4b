"""Columns of dates: which they are, how each cell is read, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import texts
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.ingest.detect import date_formats
from geo.ingest.detect.known_schemas import MatchedSchema
from geo.store.core.date_window import parse_if_all_datetimes

_REMEDY = "Write it as 2024-12-12, or 2024-12-12T14:30Z."
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_SPREADSHEETS, _FIRST_SERIAL, _LAST_SERIAL = "1899-12-30", 32_874, 73_050  # 1990 to 2100
_NO_DATE = "keep rows with a bad date, as undated"
_TURN = "exchange the two dates where the end is before the start"


@dataclass(frozen=True)
class DateColumn:
    """The dates of one column."""

    column: str
    values: np.ndarray
    """datetime64[us], in UTC where ``timed``, NaT where there is none."""
    timed: np.ndarray
    """One bool a row: a time of day is given."""
    zoned: bool
    """Whether any value names a time zone."""
    bad: np.ndarray
    """There is something, and it is no date."""
    rough: np.ndarray
    """A year or a month, which is no day."""
    ambiguous: np.ndarray
    day_first: bool | None
    serial: bool = False
    """Whether its numbers are days as spreadsheets count them."""


def read_column(
    data: pd.DataFrame,
    column: str,
    day_first: bool | None,
    zone: str | None,
    time: str | None = None,
    begins: bool = False,
) -> DateColumn:
    """Read one column of dates.

    Parameters
    ----------
    day_first
        How to read 03/04/2024; None: as the other rows of the column show, else day first.
    zone
        Of times that name none.
    time
        A column with the time of day as HHMM, such as NASA FIRMS has.
    begins
        Whether the date is only the beginning of the cell.
    """
    cells = data[column]
    local = ZoneInfo(zone) if zone and zone != "UTC" else dt.UTC
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return _of_datetimes(column, cells, local)
    if is_serial(cells):
        days = pd.to_numeric(cells).astype(float)
        when = pd.to_datetime(days, unit="D", origin=_SPREADSHEETS).dt.round("s")
        return replace(_of_datetimes(column, when, local), serial=True)
    if time is None and not begins:
        quick = parse_if_all_datetimes(cells)
        if quick is not None and (isinstance(quick.dtype, pd.DatetimeTZDtype) <= (local is dt.UTC)):
            return _of_datetimes(column, quick, local)
    words = texts(cells)
    if begins:
        words = [date_formats.beginning(word) for word in words]
    if time is not None:
        clocks = [_clock(text) for text in texts(data[time])]
        words = [
            f"{word} {hm}" if word and hm else word for word, hm in zip(words, clocks, strict=True)
        ]
    return _of_words(column, words, day_first, local)


def is_serial(cells: pd.Series) -> bool:
    """Whether all cells are numbers that spreadsheets show as days from 1990 to 2100."""
    given = [cell for cell in texts(cells) if cell]
    return bool(given) and all(
        _SERIAL.fullmatch(cell) and _FIRST_SERIAL <= float(cell) <= _LAST_SERIAL for cell in given
    )


def _of_words(
    column: str, words: list[str], day_first: bool | None, local: dt.tzinfo
) -> DateColumn:
    """Read dates that are written in any way, each different one once."""
    meanings = {word: date_formats.read(word) for word in set(words)}
    read = [meanings[word] for word in words]
    order = day_first if day_first is not None else _order(read)
    values = np.full(len(read), "NaT", dtype="datetime64[us]")
    timed, bad, rough, ambiguous = (np.zeros(len(read), dtype=bool) for _ in range(4))
    settled = {word: _settled(one, order is not False, local) for word, one in meanings.items()}
    for at, word in enumerate(words):
        one, result = read[at], settled[word]
        if isinstance(one, date_formats.Numbers):
            ambiguous[at] = one.ambiguous
        if one == date_formats.ROUGH:
            rough[at] = True
        elif result is None:
            bad[at] = bool(word)
        else:
            values[at], timed[at] = result
    zoned = any(
        isinstance(m, date_formats.ParsedDate) and m.zone is not None for m in meanings.values()
    )
    numeric = any(isinstance(one, date_formats.Numbers) for one in meanings.values())
    asked = (order is not False) if numeric else None
    return DateColumn(column, values, timed, zoned, bad, rough, ambiguous, asked)


def _order(read: Sequence[object]) -> bool | None:
    """Return the order that most of the dates show which can be read one way only."""
    shown_by = [one.order for one in read if isinstance(one, date_formats.Numbers)]
    first, second = shown_by.count(True), shown_by.count(False)
    return None if first == second else first > second


def order_is_certain(data: pd.DataFrame, column: str) -> bool:
    """Whether a cell of a column can be read in one order only, and so settles the others."""
    read = [date_formats.read(word) for word in set(texts(data[column]))]
    return any(one.order is not None for one in read if isinstance(one, date_formats.Numbers))


def _settled(one: object, day_first: bool, local: dt.tzinfo) -> tuple[np.datetime64, bool] | None:
    moment = one.read(day_first) if isinstance(one, date_formats.Numbers) else one
    if not isinstance(moment, date_formats.ParsedDate):
        return None
    when = moment.when
    if moment.timed:
        aware = when.replace(tzinfo=moment.zone or local)
        when = aware.astimezone(dt.UTC).replace(tzinfo=None)
    return np.datetime64(when, "us"), moment.timed


def _of_datetimes(column: str, cells: pd.Series, local: dt.tzinfo) -> DateColumn:
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


def _clock(text: str) -> str:
    """Return 12 or 0012 or 00:12 as 00:12, "" for what is none."""
    digits = text.replace(":", "")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 4:
        return ""
    return f"{digits.zfill(4)[:2]}:{digits.zfill(4)[2:]}"


def check_column(
    table: RawTable,
    dated: DateColumn,
    log: Diagnostics,
    known: MatchedSchema | None,
    settled: bool,
    chosen: bool,
) -> None:
    """Report what is wrong with the dates of a column; bad ones set their rows aside."""
    name = printable(dated.column, 60)
    if dated.serial:
        first = int(np.flatnonzero(~np.isnat(dated.values))[0])
        cell, when = table.data[dated.column].iloc[first], pd.Timestamp(dated.values[first])
        told = f"{name}: numbers were read as days of a spreadsheet: {printable(cell, 20)} as"
        log.add_message("warning", f"{told} {when.day} {when:%B %Y}.")
    if dated.bad.any():
        number = int(dated.bad.sum())
        if log.offer_repair("undated", _NO_DATE, number):
            log.add_message("warning", f"{name}: {table.named(dated.bad)} kept without a date.")
        else:
            table.set_aside(
                log,
                dated.bad,
                dated.column,
                None,
                "The value is not a date that can be read.",
                _REMEDY,
            )
    if dated.rough.any():
        told = f"{name}: a year or a month, not a day, in {table.named(dated.rough)}"
        log.add_message("warning", f"{told}; kept as undated.")
    if dated.ambiguous.any() and not chosen:
        first = int(np.flatnonzero(dated.ambiguous)[0])
        cell = printable(table.data[dated.column].iloc[first], 40)
        when = pd.Timestamp(dated.values[first])
        order = "day first" if dated.day_first else "month first"
        said = f"{cell} was read as {when.day} {when:%B %Y} ({order})"
        if settled:
            log.add_message("info", f"{name}: {said}, as other rows of the column show.")
        else:
            log.add_message(
                "warning",
                f"{name}: {said}, but could be the other way round "
                f"({table.named(dated.ambiguous)}). Choose the order.",
            )
    if dated.timed.any() and not dated.zoned and not (known and known.zone):
        log.add_message(
            "info", f"{name}: times without a zone are taken as UTC unless a time zone is chosen."
        )


def check_order(
    table: RawTable, start: DateColumn, end: DateColumn, log: Diagnostics
) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last dates; a row that ends before it starts is set aside or turned."""
    first, last = start.values.copy(), end.values.copy()
    whole = ~(start.timed & end.timed)
    a, b = first.copy(), last.copy()
    a[whole], b[whole] = a[whole].astype("datetime64[D]"), b[whole].astype("datetime64[D]")
    wrong = b < a  # False for NaT
    if not wrong.any():
        return first, last
    if log.offer_repair("swap-dates", _TURN, int(wrong.sum())):
        first[wrong], last[wrong] = end.values[wrong], start.values[wrong]
        return first, last
    froms = texts(table.data[start.column])
    why = [
        f"It ends before it starts (“{printable(froms[n], 40)}”)." for n in np.flatnonzero(wrong)
    ]
    table.set_aside(
        log, wrong, end.column, None, why, "Correct one of the two dates, or exchange them."
    )
    return first, last


def check_zone(zone: str | None) -> None:
    """Refuse a time zone that is not known."""
    try:
        if zone:
            ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        why = f"{printable(zone, 40)!r} is no time zone."
        raise FileRejectedError(why, "Choose one such as UTC or Asia/Damascus.") from error


def check_names(data: pd.DataFrame, *names: str | None) -> None:
    """Refuse a chosen column that is not there."""
    missing = [name for name in names if name and name not in data.columns]
    if missing:
        remedy = f"Choose among {listed(data.columns, 20)}."
        raise FileRejectedError(f"There is no column {listed(missing)}.", remedy)
