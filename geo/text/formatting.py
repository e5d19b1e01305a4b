"""Format dates, date precision and counts for maps, tables and slides."""

import datetime as dt
import unicodedata
from functools import lru_cache
from typing import Any

import pandas as pd

LONGEST_EXACT = 62  # days of a layer whose first and last day are named
ENDLESS = 9000  # from this year on, a date marks an end that is not known
MONTHS = tuple(f"{dt.date(2000, month, 1):%B}" for month in range(1, 13))
SPAN_FORMS = {
    "day": "{first} {year}",
    "month": "{day}–{last} {last_year}",
    "year": "{first} – {last} {last_year}",
    "years": "{first} {year} – {last} {last_year}",
}
"""A date window in words: of one day, within a month, within a year, over years."""


def needs_year(first: dt.date, last: dt.date) -> bool:
    """Whether a day and a month can be of two years between two days."""
    return (last - first).days >= 365


def format_day(value: dt.date, *, year: bool = True) -> str:
    """Format a day, such as 3 May 2024."""
    return f"{value.day} {value:%B}" + (f" {value.year}" if year else "")


def format_short_day(value: dt.date) -> str:
    """Format a day in short, such as 13 Dec."""
    return f"{value.day} {value:%b}"


def explain_link(link: str) -> str:
    """Return a whole link as it is, and one without a server with what to put before it."""
    if "://" in link:
        return link
    return f"{link.removeprefix('/')} (put the address of your dashboard and a slash before it)"


def format_span(start: dt.date | None, end: dt.date | None) -> str:
    """Format a date window without repeating month or year."""
    if start is None:
        return f"until {format_day(end)}" if end else "all dates"
    if end is None:
        return f"from {format_day(start)}"
    if start == end:
        form = "day"
    elif (start.year, start.month) == (end.year, end.month):
        form = "month"
    else:
        form = "year" if start.year == end.year else "years"
    first, last = format_day(start, year=False), format_day(end, year=False)
    return SPAN_FORMS[form].format(
        first=first, last=last, day=start.day, year=start.year, last_year=end.year
    )


def format_period(first: dt.date, last: dt.date) -> str:
    """Format the days of a layer: exact up to two months, then by months or years."""
    if last.year >= ENDLESS:
        return f"since {format_day(first)}" if first.year < ENDLESS else "undated"
    if (last - first).days <= LONGEST_EXACT:
        return format_span(first, last)
    if first.year != last.year:
        return f"{first.year}–{last.year}"
    year_round = (first.month, last.month) == (1, 12)
    return f"{first.year}" if year_round else f"{first:%B} – {last:%B} {last.year}"


def format_zone(name: str) -> str:
    """Format a time zone by its IANA name, such as Paris time; UTC stays."""
    place = name.rpartition("/")[2].replace("_", " ")
    return f"{place} time" if "/" in name else name


def to_day(value: Any) -> dt.date | None:
    """Return the date in a table cell, or None."""
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, dt.datetime) else value


DATE_COLUMNS = ("date_class", "observed_from", "observed_to")  # the columns that `when` reads


def format_when(row: Any) -> str:
    """Format the days of a claim with their precision."""
    start, end = to_day(row["observed_from"]), to_day(row["observed_to"])
    if row["date_class"] == "by" and end:
        return f"by {format_day(end)}"
    if row["date_class"] == "undated" or (start is None and end is None):
        return "no date given"
    if start and end and start != end:
        return f"some time in {format_span(start, end)}"
    return format_day(end or start)  # type: ignore[arg-type]


def format_report_days(rows: pd.DataFrame) -> list[str]:
    """Format the day or the month on which the source of each claim reported it."""
    ends = zip(map(to_day, rows["reported_from"]), map(to_day, rows["reported_to"]), strict=True)
    return [
        "date not known"
        if not (first and last)
        else format_day(last)
        if first == last
        else f"{last:%B %Y}"
        for first, last in ends
    ]


def format_short_when(date_class: str, start: object, end: object) -> str:
    """Format a claim's day, span or "by" day in short: 13 Dec, 8–13 Dec, by 13 Dec.

    The class "reported" is for days of reporting: reported 3 May, reported in May 2024.
    """
    first, last = to_day(start), to_day(end)
    if last is None:
        return "no date"
    if date_class == "reported":
        in_month = f"reported in {last:%B} {last.year}"
        return f"reported {format_short_day(last)}" if first == last else in_month
    if date_class == "by":
        return f"by {format_short_day(last)}"
    if first is None or first == last:
        return format_short_day(last)
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else format_short_day(first)}–{format_short_day(last)}"


def format_short_span(first: dt.date, last: dt.date, *, year: bool = False) -> str:
    """Format days in short: 13 Dec, 8–13 Dec, 28 Nov–3 Dec; with the year where asked for."""
    end = f"{format_short_day(last)} {last.year}" if year else format_short_day(last)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    begin = format_short_day(first)
    return f"{begin} {first.year}–{end}" if year and first.year != last.year else f"{begin}–{end}"


def format_count(low: Any, high: Any) -> str:
    """Format a count range; empty if the source gives no number."""
    low = None if pd.isna(low) else int(low)
    high = None if pd.isna(high) else int(high)
    if low is None and high is None:
        return ""
    if low == high:
        return f"{low:,}"
    if high is None:
        return f"at least {low:,}"
    if low is None:
        return f"at most {high:,}"
    return f"{low:,} to {high:,}"


@lru_cache(maxsize=20_000)
def fold_text(text: str) -> str:
    """Normalise text for search: casefold, without accents and Arabic vowel signs."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
