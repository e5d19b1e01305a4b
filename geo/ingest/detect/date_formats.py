"""Parse dates in common notations; ambiguous day and month order is kept as ambiguous."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_TIME = (
    r"(?:(?:\s*[T,]\s*|\s+)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*"
    r"(AM|PM|am|pm)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)
_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*([A-Za-z]{3,9})\.?,?"
    r"[\s\-/.]*(\d{4})" + _TIME
)
_AMERICAN = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?")
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
    """A numeric date, such as 03/04/2024, whose day and month may be in either order."""

    first: int
    second: int
    year: int
    rest: tuple[str | None, ...]

    def resolve(self, day_first: bool) -> ParsedDate | None:
        """Return the date in one of the two orders, None if it is invalid."""
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return _build_date(self.year, month, day, self.rest)

    @property
    def order(self) -> bool | None:
        """The only valid order: True day first, False month first; None if both are valid."""
        day_first, month_first = (self.resolve(order) is not None for order in (True, False))
        return None if day_first == month_first else day_first

    @property
    def ambiguous(self) -> bool:
        """Whether both orders are valid and give different days."""
        return self.first != self.second and bool(self.resolve(True) and self.resolve(False))


PARTIAL = "partial"
"""A year or a month without a day."""


def parse_date(text: str) -> ParsedDate | NumericDate | str | None:
    """Parse a text; PARTIAL for a year or month, None for a text that is not a date."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    found = _ISO.fullmatch(text)
    if found:
        year, month, day, *rest = found.groups()
        return _build_date(int(year), int(month), int(day), tuple(rest))
    found = _NUMERIC.fullmatch(text)
    if found:
        first, second, year, *rest = found.groups()
        full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
        numeric = NumericDate(int(first), int(second), full, tuple(rest))
        return numeric if numeric.resolve(True) or numeric.resolve(False) else None
    for pattern, order in ((_WORDS, (2, 1, 0)), (_AMERICAN, (2, 0, 1))):
        found = pattern.fullmatch(text)
        month = _month_number(found[order[1] + 1]) if found else None
        if found and month:
            groups = found.groups()
            return _build_date(int(groups[2]), month, int(groups[order[2]]), groups[3:])
    found = _COMPACT.fullmatch(text)
    if found:
        year, month_, day, hour, minute, second, zulu = found.groups()
        moment = _build_date(int(year), int(month_), int(day), (hour, minute, second, None, zulu))
        if moment is not None:
            return moment
    if _ROUGH.fullmatch(text) and _is_plausible_partial(text):
        return PARTIAL
    return _parse_epoch(text)


def extract_leading_date(text: str) -> str:
    """Return the date at the start of a text, such as a placemark's name; "" for none."""
    found = _BEGINS.match(text)
    return found[1] if found else ""


def _is_plausible_partial(text: str) -> bool:
    years = re.findall(r"\d{4}", text)
    words = re.findall(r"[A-Za-z]+", text)
    months = all(_month_number(word) for word in words)
    return months and bool(years) and FIRST_YEAR <= int(years[0]) <= LAST_YEAR


def _month_number(word: str) -> int | None:
    return _MONTHS.get(word[:3].lower())


def _build_date(year: int, month: int, day: int, rest: tuple[str | None, ...]) -> ParsedDate | None:
    """Return a date from its parts, None if there is no such day or time."""
    hour, minute, second, half, zone = rest
    hours = int(hour) if hour else 0
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        when = dt.datetime(year, month, day, hours, int(minute or 0), int(second or 0))
        return ParsedDate(when, _parse_zone(zone), bool(hour))
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
