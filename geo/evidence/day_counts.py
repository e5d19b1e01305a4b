"""The rule of days: on which day a report counts, and the counts that follow from it.

Each report counts once:

- on its day, if it is of one day or dated “by” a day;
- in its span, if it is of several days: nothing is known of the day within them, so it counts on
  none of them alone, and it is selected with any of them;
- as background, whatever its days: it is context, and no event of the days shown;
- as undated.

So the days, spans, background and undated reports add up to all reports.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from geo.text import formatting
from geo.text.report_words import FORMS

Span: TypeAlias = tuple[dt.date, dt.date]
BACKGROUND = "background"
OBSERVED_AXIS, REPORTED_AXIS = AXES = ("observed", "reported")
"""What the days are: those on which it happened, or those on which it was reported."""
TIME_COLUMNS = {
    OBSERVED_AXIS: ("observed_from", "observed_to"),
    REPORTED_AXIS: ("reported_from", "reported_to"),
}
"""The columns of the first and last day of a report."""


@dataclass(frozen=True)
class DayCounts:
    """Numbers of reports; `by_day` and `by_span` are in order of days."""

    by_day: dict[dt.date, int] = field(default_factory=dict)
    by_span: dict[Span, int] = field(default_factory=dict)
    background: int = 0
    undated: int = 0

    @property
    def on_days(self) -> int:
        """Number of reports of one day."""
        return sum(self.by_day.values())

    @property
    def in_spans(self) -> int:
        """Number of reports of several days."""
        return sum(self.by_span.values())

    @property
    def total(self) -> int:
        """Number of reports."""
        return self.on_days + self.in_spans + self.background + self.undated

    def __sub__(self, other: "DayCounts") -> "DayCounts":
        """Return what is left of these counts without the others, which are part of them."""
        return DayCounts(
            dict(Counter(self.by_day) - Counter(other.by_day)),
            dict(Counter(self.by_span) - Counter(other.by_span)),
            self.background - other.background,
            self.undated - other.undated,
        )


def find_span(first: Any, last: Any) -> Span | None:
    """Return the first and last day of a report, from its two table cells; None if undated."""
    ends = [end.date() for end in (first, last) if not pd.isna(end)]
    return (ends[0], ends[-1]) if ends else None


def list_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days of a span, both ends included."""
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def count_days(rows: pd.DataFrame, axis: str = OBSERVED_AXIS) -> DayCounts:
    """Count reports by the rule of days; columns: those of `TIME_COLUMNS`, and evidence."""
    columns = [rows[name] for name in TIME_COLUMNS[axis]]
    ends = zip(*columns, rows["evidence"], strict=True)
    spans: Counter[Span | None] = Counter()
    background = 0
    for (first, last, evidence), count in Counter(ends).items():
        if evidence == BACKGROUND:
            background += count
        else:
            spans[find_span(first, last)] += count
    undated = spans.pop(None, 0)
    ordered = sorted((span, count) for span, count in spans.items() if span)
    return DayCounts(
        {first: count for (first, last), count in ordered if first == last},
        {(first, last): count for (first, last), count in ordered if first != last},
        background,
        undated,
    )


_IN_WORDS = {
    OBSERVED_AXIS: ("on a day or “by” it", "over several days", "without a date"),
    REPORTED_AXIS: ("reported on a day", "reported within a month", "without a date of reporting"),
}


def format_days(start: dt.date | None, end: dt.date | None, axis: str) -> str:
    """Return a date window in words, with what its days are if they are those of reporting."""
    span = formatting.format_span(start, end)
    if axis == OBSERVED_AXIS:
        return span
    form = "reported day" if start == end and start else "reported span"
    return FORMS[form].format(span=span)


def list_rule_words(axis: str = OBSERVED_AXIS, *, drawn: bool = False) -> dict[str, str]:
    """Return what the rule of days calls the reports of each count of `DayCounts`.

    ``drawn``: the sentence is beside a histogram, where spans are thin lines.
    """
    lines = "thin lines, " if drawn else ""
    on_day, in_span, undated = _IN_WORDS[axis]
    any_day = "any of them" if axis == OBSERVED_AXIS else "any of its days"
    return {
        "on_days": on_day,
        "in_spans": f"{in_span} ({lines}chosen with {any_day})",
        "background": "background",
        "undated": undated,
    }


def explain_days(days: DayCounts, axis: str = OBSERVED_AXIS, *, drawn: bool = False) -> str:
    """Return the rule of days with its counts, which add up to all reports; "" for none.

    ``drawn``: as in `list_rule_words`.
    """
    said = [
        FORMS["rule part"].format(count=count, words=words)
        for name, words in list_rule_words(axis, drawn=drawn).items()
        if (count := getattr(days, name))
    ]
    return FORMS["rule"].format(list=FORMS["dot"].join(said)) if said else ""
