"""Parse a column of dates: texts in any notation, datetimes, day numbers, Unix times."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import cells_as_text, restore_integers
from geo.ingest.detect import date_formats
from geo.ingest.detect.date_formats import NumericDate, Parsed, ParsedDate
from geo.ingest.detect.date_texts import parse_all, to_utc
from geo.store.core.date_window import localise, parse_if_all_datetimes

_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_SERIAL_ORIGIN, _FIRST_SERIAL, _LAST_SERIAL = "1899-12-30", 32_874, 73_050  # 1990 to 2100
_EMPTY = re.compile(r"|[-–—?.]+|n/?a|nil|nan|nat|none|null|unknown|tbd|unbekannt|нет|\\n", re.I)
_UNZONED = r"[T ]?[\d:.,]*"
_ZONED = r"(?![ ]\d\d:\d\d-).*\d ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)"
_SHORT = re.compile(r"(\d\d)([-/.])(\d\d)\2(\d\d)")


@dataclass(frozen=True)
class DateColumn:
    """The dates of one column."""

    column: str
    first: np.ndarray
    """datetime64[us], NaT where undated: in UTC where ``timed``, else the day at midnight."""
    last: np.ndarray
    """The end of a range in one cell, else as ``first``."""
    timed: np.ndarray
    """Mask, one bool a row: the cell has a time of day."""
    unreadable: np.ndarray
    """Mask: the cell is not empty and not a date."""
    partial: np.ndarray
    """Mask: a year, month or week without a day."""
    ambiguous: np.ndarray
    explain: Callable[[int], str] = lambda _: "The value is not a valid date."
    """Returns why the cell at a position is unreadable."""
    day_first: bool | None = None
    order_shown: bool = False
    """Whether a date is valid in one order of day and month only."""
    local: bool = False
    """Whether a time of day names no zone."""
    read_in: str = ""
    """The zone of such times."""
    zone: str | None = None
    """The region that all times name, such as Europe/Istanbul."""
    beside: tuple[str, ...] = ()
    """The columns of the times of day and of their zones, where these are others."""
    unit: str = ""
    """What the numbers are, where the cells are numbers that count days or seconds."""
    ends_of_day: bool = False
    """Whether a time is 24:00."""
    short_years: bool = False
    """Whether years of two digits come first, or may do so."""

    def days(self, values: np.ndarray, zone: str) -> np.ndarray:
        """Return the day of each value, ``datetime64[D]``, cut in a zone where it is timed."""
        there = pd.Series(values).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        return np.where(self.timed, there.to_numpy(), values).astype("datetime64[D]")

    def moments(self, values: np.ndarray, zone: str) -> np.ndarray:
        """Return the moments of values in UTC; a whole day is at its midnight in a zone."""
        return np.where(self.timed, values, _move_to_utc(pd.Series(values), zone).to_numpy())


def parse_date_column(
    cells: pd.Series, local: str, day_first: bool | None, added: list[str] | None = None
) -> DateColumn:
    """Parse a column of dates; ``local`` is the zone of times that name none.

    03/04/2024 is in the chosen order of day and month, else as unambiguous rows of the column
    show, else day first. ``added`` are times of day or time zones from another column.
    """
    name = str(cells.name)
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        if added is None:
            return _from_datetimes(name, cells, local)
        plain = (cells.dt.normalize() == cells) | cells.isna()
        cells = cells.dt.strftime("%Y-%m-%d" if plain.all() else "%Y-%m-%d %H:%M:%S")
    cells = restore_integers(cells)
    if is_spreadsheet_serial(cells):
        days = pd.to_numeric(cells).astype(float)
        when = pd.to_datetime(days, unit="D", origin=_SERIAL_ORIGIN).dt.round("s")
        return replace(_from_datetimes(name, when, local), unit="days of a spreadsheet")
    if added is None and (quick := _parse_iso(cells)) is not None:
        return _from_datetimes(name, quick, local)
    texts = ["" if _EMPTY.fullmatch(text) else text for text in cells_as_text(cells)]
    if added is not None:
        pairs = zip(texts, added, strict=True)
        texts = [f"{text} {more}" if text and more else text for text, more in pairs]
    return _parse_cells(name, texts, day_first, local)


def is_spreadsheet_serial(cells: pd.Series) -> bool:
    """Return whether all cells are spreadsheet day numbers from 1990 to 2100."""
    given = [cell for cell in cells_as_text(cells) if cell]
    return bool(given) and all(
        _SERIAL.fullmatch(cell) and _FIRST_SERIAL <= float(cell) <= _LAST_SERIAL for cell in given
    )


def is_empty(text: str) -> bool:
    """Return whether a text stands for no value, such as "n/a"."""
    return bool(_EMPTY.fullmatch(text))


def _parse_iso(cells: pd.Series) -> pd.Series | None:
    """Return ISO texts as datetimes if all, or none, of their times name a zone."""
    quick = parse_if_all_datetimes(cells)
    if quick is None:
        return None
    zoned = isinstance(quick.dtype, pd.DatetimeTZDtype)
    ends = cells.dropna().astype("str").str.strip().str.slice(10)
    return quick if ends.str.fullmatch(_ZONED if zoned else _UNZONED).all() else None


def _parse_cells(column: str, texts: list[str], day_first: bool | None, local: str) -> DateColumn:
    """Parse dates in any notation; each distinct text is parsed once."""
    short = [bool(_SHORT.fullmatch(text)) for text in texts if text]
    century = "20" if short and all(short) and _year_comes_first(texts) else ""
    codes, uniques = pd.factorize(np.array(texts, dtype=object))
    read = parse_all(century + text if text else "" for text in uniques)
    parsed = {text: read[century + text if text else ""] for text in uniques}
    found = [parsed[text] for text in uniques]
    orders = [one.order if isinstance(one, NumericDate) else None for one in found]
    counts = np.bincount(codes, minlength=len(found))
    if day_first is None:  # as most of the dates that are valid in one order only
        pairs = zip(counts.tolist(), orders, strict=True)
        votes = sum(n if one else -n for n, one in pairs if one is not None)
        day_first = bool(votes >= 0)
    dates = [
        one if isinstance(one, ParsedDate) else None
        for one in (
            one.resolve(day_first) if isinstance(one, NumericDate) else one for one in found
        )
    ]
    first, last, timed = to_utc(dates, local)
    partly = np.array([one == date_formats.PARTIAL for one in found], dtype=bool)
    bad = np.array([bool(text) for text in uniques]) & np.isnat(first) & ~partly
    ambiguous = np.array([isinstance(one, NumericDate) and one.ambiguous for one in found])
    numeric = any(isinstance(one, NumericDate) for one in found)
    given = [one for one in dates if one]
    zones = {getattr(one.zone, "key", None) for one in given if one.timed}
    return DateColumn(
        column,
        first[codes],
        last[codes],
        timed[codes],
        bad[codes],
        partly[codes],
        ambiguous[codes],
        partial(_explain, texts, parsed, day_first),
        day_first if numeric else None,
        any(one is not None for one in orders),
        local=any(one.timed and one.zone is None for one in given),
        zone=zones.pop() if len(zones) == 1 else None,
        unit=_name_unit(uniques, parsed),
        ends_of_day=any(one.end_of_day for one in given),
        short_years=any("-" in text for text in uniques if _SHORT.fullmatch(text)),
    )


def _year_comes_first(texts: list[str]) -> bool:
    """Return whether NN-NN-NN are years, months and days: the first number varies least."""
    parts = [found.groups() for text in texts if (found := _SHORT.fullmatch(text))]
    firsts, lasts = {one[0] for one in parts}, {one[3] for one in parts}
    return len(firsts) < len(lasts) and all(
        int(year) < 70 and int(month) <= 12 and int(day) <= 31 for year, _, month, day in parts
    )


def _name_unit(texts: Iterable[str], parsed: dict[str, Parsed]) -> str:
    given = {
        len(re.split("[.,]", text)[0])
        for text in texts
        if date_formats.is_epoch(text) and getattr(parsed[text], "zone", None)
    }
    units = {10: "seconds", 13: "milliseconds", 16: "microseconds", 19: "nanoseconds"}
    names = [units.get(digits, "seconds") for digits in sorted(given)]
    return f"{' or '.join(dict.fromkeys(names))} since 1970" if names else ""


def _explain(texts: list[str], parsed: dict[str, Parsed], day_first: bool, at: int) -> str:
    if isinstance(parsed[texts[at]], NumericDate):
        order = "day, month" if day_first else "month, day"
        return f"There is no such day in the order {order}, which other rows have."
    return date_formats.explain_unreadable(texts[at])


def _from_datetimes(column: str, cells: pd.Series, local: str) -> DateColumn:
    zone = cells.dt.tz if isinstance(cells.dtype, pd.DatetimeTZDtype) else None
    plain = cells.dt.tz_convert("UTC").dt.tz_localize(None) if zone else cells
    timed = ((plain != plain.dt.normalize()) & plain.notna()).to_numpy(dtype=bool)
    if zone and timed.any():  # then midnight in UTC is a time too
        timed = plain.notna().to_numpy(dtype=bool)
    elif timed.any():
        plain = plain.where(~timed, _move_to_utc(plain, local))
    values = plain.to_numpy().astype("datetime64[us]")
    years = values.astype("datetime64[Y]").astype(int) + 1970
    given = ~np.isnat(values)
    bad = given & ((years < date_formats.FIRST_YEAR) | (years > date_formats.LAST_YEAR))
    values[bad] = np.datetime64("NaT")
    timed = timed & ~bad
    none = np.zeros(len(cells), dtype=bool)
    key = getattr(zone, "key", None)
    return DateColumn(
        column,
        values,
        values,
        timed,
        bad,
        none,
        none,
        lambda at: f"The year {years[at]} is out of range.",
        local=zone is None and bool(timed.any()),
        zone=key if key != "UTC" else None,
    )


def _move_to_utc(plain: pd.Series, zone: str) -> pd.Series:
    """Return local times of a zone in UTC, without a zone."""
    return localise(plain, zone).dt.tz_convert("UTC").dt.tz_localize(None)
