"""Parse dates in common notations; ambiguous day and month order is kept as ambiguous."""

import datetime as dt
import re
from dataclasses import dataclass

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_TIME = (
    r"(?:(?:\s*[T,]\s*|\s+)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>AM|PM|am|pm)?"
    r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_ISO = r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME
_NUMERIC = r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _TIME
_WORDS = (
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*"
    r"(?P<month>[A-Za-z]{3,9})\.?,?[\s\-/.]*(?P<year>\d{4})" + _TIME
)
_AMERICAN = (
    r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _TIME
)
_COMPACT = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<half>)(?P<zone>Z)?)?"
)
_FORMS = tuple(map(re.compile, (_ISO, _NUMERIC, _WORDS, _AMERICAN, _COMPACT)))
_ROUGH = re.compile(r"\d{4}|\d{4}[-/.]\d{1,2}|\d{1,2}[/.]\d{4}|[A-Za-z]{3,9}\.?,?\s+\d{4}")
_BEGINS = re.compile(
    r"\s*(\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\b"
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MAX_LENGTH = 60


@dataclass(frozen=True)
class ParsedDate:
    """A parsed date, with its time zone if it names one."""

    when: dt.datetime
    zone: dt.timezone | None = None
    timed: bool = False
    """Whether a time of day is given."""


@dataclass(frozen=True)
class NumericDate:
    """A numeric date, such as 03/04/2024, in both orders of day and month; None if invalid."""

    day_first: ParsedDate | None
    month_first: ParsedDate | None

    def resolve(self, day_first: bool) -> ParsedDate | None:
        """Return the date in one of the two orders, None if it is invalid."""
        return self.day_first if day_first else self.month_first

    @property
    def order(self) -> bool | None:
        """The only valid order: True day first, False month first; None if both are valid."""
        return None if self.day_first and self.month_first else self.day_first is not None

    @property
    def ambiguous(self) -> bool:
        """Whether both orders are valid and give different days."""
        return self.order is None and self.day_first != self.month_first


PARTIAL = "partial"
"""A year or a month without a day."""


def parse_date(text: str) -> ParsedDate | NumericDate | str | None:
    """Parse a text; PARTIAL for a year or month, None for a text that is not a date."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    for form in _FORMS:
        if not (found := form.fullmatch(text)):
            continue
        date = _build_date(found, found["day"], found["month"])
        if form.pattern == _NUMERIC:
            other = _build_date(found, found["month"], found["day"])
            return NumericDate(date, other) if date or other else None
        if date is not None:
            return date
    if _ROUGH.fullmatch(text) and _is_plausible_partial(text):
        return PARTIAL
    return _parse_epoch(text)


def extract_leading_date(text: str) -> str:
    """Return the date at the start of a text, such as a placemark's name; "" for none."""
    found = _BEGINS.match(text)
    return found[1] if found else ""


def _is_plausible_partial(text: str) -> bool:
    years = re.findall(r"\d{4}", text)
    months = all(word[:3].lower() in _MONTHS for word in re.findall(r"[A-Za-z]+", text))
    return months and bool(years) and FIRST_YEAR <= int(years[0]) <= LAST_YEAR


def _build_date(found: re.Match[str], day: str, month: str) -> ParsedDate | None:
    """Return a date from the parts of a match, None if there is no such day or time."""
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2000 if year < 70 else 1900
    hours = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found["half"].lower() == "pm" else 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    minutes, seconds = int(found["minute"] or 0), int(found["second"] or 0)
    number = _MONTHS.get(month[:3].lower(), 0) if month.isalpha() else int(month)
    try:
        when = dt.datetime(year, number, int(day), hours, minutes, seconds)
        return ParsedDate(when, _parse_zone(found["zone"]), bool(found["hour"]))
    except ValueError:
        return None


def _parse_zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    delta = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-delta if text[0] == "-" else delta)


def _parse_epoch(text: str) -> ParsedDate | None:
    """Parse Unix time in seconds (10 digits) or milliseconds (13 digits)."""
    whole = text.partition(".")[0]
    if not whole.isascii() or not whole.isdecimal() or len(whole) not in (10, 13):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    seconds = number / 1000 if len(whole) == 13 else number
    when = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
    return ParsedDate(when, dt.UTC, True) if when.year <= LAST_YEAR else None
