"""How exactly the day of a report is known, and how far its possible days are in view.

This is for drawing only: which reports are selected and counted is decided by `day_counts`. The
browser follows the same rules in geo/frontend/src/day_precision.js.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.evidence.day_counts import OBSERVED_AXIS, TIME_COLUMNS
from geo.text import formatting

DAY, BY, RANGE, UNDATED = DATE_CLASSES = ("day", "by", "range", "undated")
BY_DAYS = 7  # days over which "by" a day fades back from it; its first day is not known
FLOOR = 0.3  # strength of what holds on none of the days shown, so that it stays legible


@dataclass(frozen=True)
class PossibleDays:
    """The days on which a report may hold; `kind` is one of DATE_CLASSES.

    Attributes
    ----------
    first, last : datetime.date or None
        Both ends included; None for both if it is undated. Of "by" a day, `first` is where its
        fading tail begins.
    """

    kind: str
    first: dt.date | None = None
    last: dt.date | None = None

    def compute_strength(self, start: dt.date | None, end: dt.date | None) -> float:
        """Return the share of the possible days that a window covers, from FLOOR to 1.

        Parameters
        ----------
        start, end : datetime.date or None
            The days shown, both included; None for a side that is open.
        """
        if self.kind == DAY:
            return 1.0
        if self.first is None or self.last is None:
            return FLOOR
        low = max(self.first, start) if start else self.first
        high = min(self.last, end) if end else self.last
        share = max((high - low).days + 1, 0) / ((self.last - self.first).days + 1)
        return FLOOR + (1 - FLOOR) * share

    @property
    def written(self) -> PossibleDays:
        """The same without the tail of "by": the days as they are written."""
        return PossibleDays(BY, self.last, self.last) if self.kind == BY else self


def find_possible_days(row: Mapping[Any, Any], axis: str = OBSERVED_AXIS) -> PossibleDays:
    """Return the days on which a claim may hold, or those on which it may have been reported."""
    first, last = (formatting.to_day(row.get(name)) for name in TIME_COLUMNS[axis])
    end = last or first
    if end is None:
        return PossibleDays(UNDATED)
    if axis == OBSERVED_AXIS and row["date_class"] == BY:
        begin = first or end - dt.timedelta(BY_DAYS - 1)
        return PossibleDays(BY, min(begin, end), end)
    start, end = sorted(
        (first or end, end)
    )  # a first day after the last one is a fault in the data
    return PossibleDays(DAY if start == end else RANGE, start, end)


def need_years(days: Iterable[PossibleDays]) -> bool:
    """Whether a day and month beside some reports can be of two years."""
    ends = [day for one in days for day in (one.written.first, one.written.last) if day]
    return bool(ends) and formatting.needs_year(min(ends), max(ends))


def join_days(days: Iterable[PossibleDays]) -> PossibleDays:
    """Return the days of several reports of one kind as they are written, first to last."""
    some = [one.written for one in days]
    ends = [day for one in some for day in (one.first, one.last) if day]
    kind = some[0].kind
    if not ends:
        return PossibleDays(UNDATED)
    first, last = min(ends), max(ends)
    return PossibleDays(RANGE if kind == DAY and first != last else kind, first, last)


def format_days(days: PossibleDays, *, years: bool = False) -> str:
    """Format days of `join_days` in short: 5 Dec, 5–8 Jan, by 12 Dec, undated."""
    if days.first is None or days.last is None:
        return "undated"
    span = formatting.format_short_span(days.first, days.last, year=years)
    return f"by {span}" if days.kind == BY else span
