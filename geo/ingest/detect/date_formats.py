"""Dates as people write them. What can be read two ways is never settled in silence."""

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
_LONGEST = 60


@dataclass(frozen=True)
class ParsedDate:
    """One date that was read."""

    when: dt.datetime
    zone: dt.timezone | None = None
    timed: bool = False
    """Whether a time of day is given."""


@dataclass(frozen=True)
class Numbers:
    """A date in numbers of which day and month may be told apart by the numbers or not."""

    first: int
    second: int
    year: int
    rest: tuple[str | None, ...]

    def read(self, day_first: bool) -> ParsedDate | None:
        """Return the date in one of the two orders, None where there is none."""
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return _made(self.year, month, day, self.rest)

    @property
    def order(self) -> bool | None:
        """Day first, month first, or None: both or neither can be."""
        ways = [self.read(True) is not None, self.read(False) is not None]
        return None if ways[0] == ways[1] else ways[0]

    @property
    def ambiguous(self) -> bool:
        """Whether the two orders give different days."""
        return self.first != self.second and bool(self.read(True) and self.read(False))


ROUGH = "rough"
"""A year or a month: a date, but not a day."""


def read(text: str) -> ParsedDate | Numbers | str | None:
    """Return what a text says: a moment, numbers of unknown order, ROUGH, or None for no date."""
    if not text or len(text) > _LONGEST:
        return None
    found = _ISO.fullmatch(text)
    if found:
        year, month, day, *rest = found.groups()
        return _made(int(year), int(month), int(day), tuple(rest))
    found = _NUMERIC.fullmatch(text)
    if found:
        first, second, year, *rest = found.groups()
        full = (
            int(year)
            if len(year) == 4
            else 2000 + int(year)
            if int(year) < 70
            else 1900 + int(year)
        )
        numbers = Numbers(int(first), int(second), full, tuple(rest))
        return numbers if numbers.read(True) or numbers.read(False) else None
    for pattern, order in ((_WORDS, (2, 1, 0)), (_AMERICAN, (2, 0, 1))):
        found = pattern.fullmatch(text)
        month = _month(found[order[1] + 1]) if found else None
        if found and month:
            groups = found.groups()
            return _made(int(groups[2]), month, int(groups[order[2]]), groups[3:])
    found = _COMPACT.fullmatch(text)
    if found:
        year, month_, day, hour, minute, second, zulu = found.groups()
        moment = _made(int(year), int(month_), int(day), (hour, minute, second, None, zulu))
        if moment is not None:
            return moment
    if _ROUGH.fullmatch(text) and _sane_rough(text):
        return ROUGH
    return _epoch(text)


def beginning(text: str) -> str:
    """Return the day with which a text begins, such as a placemark's name; "" for none."""
    found = _BEGINS.match(text)
    return found[1] if found else ""


def _sane_rough(text: str) -> bool:
    years = re.findall(r"\d{4}", text)
    words = re.findall(r"[A-Za-z]+", text)
    known = all(_month(word) for word in words)
    return known and bool(years) and FIRST_YEAR <= int(years[0]) <= LAST_YEAR


def _month(word: str) -> int | None:
    return _MONTHS.get(word[:3].lower())


def _made(year: int, month: int, day: int, rest: tuple[str | None, ...]) -> ParsedDate | None:
    """Return a moment of numbers, None when there is no such day or time."""
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
        return ParsedDate(when, _zone(zone), bool(hour))
    except ValueError:
        return None


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    delta = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-delta if text[0] == "-" else delta)


def _epoch(text: str) -> ParsedDate | None:
    """Return a moment of seconds (10 digits) or milliseconds (13) since 1970."""
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
