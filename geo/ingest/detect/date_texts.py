"""Parse the distinct texts of a column as dates, and convert them to UTC, many at a time."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.ingest.detect.date_formats import NumericDate, Parsed, ParsedDate, parse_date

_CLOCKED = re.compile(
    r"(.*\d[T ,]+)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(| ?(?:Z|[A-Z]{3,4}|[+]\d\d:?\d\d))"
    r"|(\d{8}[T_ -]?)([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z?)"
)


def parse_all(texts: Iterable[str]) -> dict[str, Parsed]:
    """Return each text with its date, as `parse_date` does; each day is parsed once."""
    days: dict[tuple[str, str, bool], Parsed] = {}
    parsed: dict[str, Parsed] = {}
    for text in texts:
        found = _CLOCKED.fullmatch(text) if len(text) < 50 else None
        if found is None:
            parsed[text] = parse_date(text)
            continue
        colons = found[6] is None
        head, *clock, zone = found.groups()[:5] if colons else found.groups()[5:]
        key = head, zone, colons
        if key not in days:
            midnight = "00:00" if colons else "000000"
            days[key] = parse_date(f"{head}{midnight}{zone}")
        hour, minute, second = (int(part or 0) for part in clock)
        time = dt.timedelta(hours=hour, minutes=minute, seconds=second)
        parsed[text] = _add_time(days[key], time) or parse_date(text)
    return parsed


def _add_time(day: Parsed, time: dt.timedelta) -> Parsed:
    """Return a date with a time of day; None if it cannot be added."""
    if isinstance(day, NumericDate):
        first, second = _shift(day.day_first, time), _shift(day.month_first, time)
        return NumericDate(first, second, day.dotted) if first or second else None
    return _shift(day, time) if isinstance(day, ParsedDate) else None


def _shift(day: ParsedDate | None, time: dt.timedelta) -> ParsedDate | None:
    if day is None or not day.timed or day.until:
        return None
    return ParsedDate(day.when + time, day.zone, timed=True)


def to_utc(
    dates: Sequence[ParsedDate | None], local: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first and last moments, datetime64[us], and the mask of those with a time of day.

    They are in UTC where timed; ``local`` is the zone of times that name none.
    """
    firsts = [(one.when, one.zone) if one else (None, None) for one in dates]
    ends = [one.until if one and one.until else one for one in dates]
    lasts = [
        (end.when, end.zone or one.zone) if one and end else (None, None)
        for one, end in zip(dates, ends, strict=True)
    ]
    timed = np.array([bool(one and one.timed) for one in dates], dtype=bool)
    first = _move(firsts, timed, local)
    last = _move(lasts, timed, local) if any(one and one.until for one in dates) else first
    return first, last, timed


def _move(
    moments: Sequence[tuple[dt.datetime | None, dt.tzinfo | None]], timed: np.ndarray, local: str
) -> np.ndarray:
    values = np.array([when for when, _ in moments], dtype="datetime64[us]")
    zones: dict[dt.tzinfo, list[int]] = {}
    for at in np.flatnonzero(timed).tolist():
        zones.setdefault(moments[at][1] or ZoneInfo(local), []).append(at)
    for zone, rows in zones.items():
        there = pd.Series(values[rows])
        first = np.ones(len(rows), dtype=bool)  # of two instants with the same local time
        aware = there.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        values[rows] = aware.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return values
