"""The days of publication of a source: its day, all days of its month, or none."""

import calendar
import datetime as dt
import re

_NAMES = [name for name in calendar.month_name if name]
_WORDS = re.compile(rf"\b({'|'.join(_NAMES)}) (\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])\b")
Ends = tuple[dt.date | None, dt.date | None]


def find_month(words: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of the month that words name; None if they name none.

    A month is written "May 2024" or "2024-05".
    """
    if named := _WORDS.search(words):
        year, month = int(named[2]), _NAMES.index(named[1]) + 1
    elif written := _ISO.search(words):
        year, month = int(written[1]), int(written[2])
    else:
        return None
    if year < 1:
        return None
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def find_report_span(day: dt.date | None, precision: str, words: str | None) -> Ends:
    """Return the first and last day on which a source may have been published; None if unknown."""
    if day is not None:
        return day, day
    month = find_month(words or "") if precision == "month" else None
    return month or (None, None)
