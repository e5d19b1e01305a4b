"""Read a day from a cell: a date of a spreadsheet, or text in one of the usual notations."""

import datetime as dt
import re
import unicodedata

from geo.claim_files.models import CellError

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T00:00(?::00(?:\.0+)?)?(?:Z)?)?")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([A-Za-z]+)\.?,?[\s-]+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_WRITE = "write the day as YYYY-MM-DD"
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119 in a spreadsheet's numbers


def parse_day(cell: object) -> str:
    """Return the day of a cell as ISO text; raise CellError where it is not one day only."""
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise CellError("a day has no time of day", f"write {cell.date().isoformat()}")
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        raise _number_error(cell)
    text = " ".join(unicodedata.normalize("NFKC", str(cell)).split())
    if match := _ISO.fullmatch(text):
        return _build(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        return _parse_numbers(int(match[1]), int(match[3]), int(match[4]), match[2])
    if match := _WORDS.fullmatch(text):
        return _build(int(match[3]), _find_month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.fullmatch(text):
        return _build(int(match[3]), _find_month(match[1]), int(match[2]))
    raise CellError("not a day", f"{_WRITE}, or leave the cell empty")


def _parse_numbers(first: int, second: int, year: int, mark: str) -> str:
    """Return the day of 13/12/2024 or 12/13/2024; 3/12/2024 is two days, 3.12.2024 is one."""
    if first > 12 or first == second or (mark == "." and second <= 12):
        return _build(year, second, first)
    if second > 12:
        return _build(year, first, second)
    one, other = _build(year, second, first), _build(year, first, second)
    raise CellError("the day may be before or after the month", f"write {one} or {other}")


def _find_month(word: str) -> int:
    name = word.casefold()
    found = [n for n, month in enumerate(_MONTHS, 1) if len(name) > 2 and month.startswith(name)]
    if name == "sept":
        found = [9]
    if len(found) != 1:
        raise CellError("not a day", f"{_WRITE}; {word!r} is no month")
    return found[0]


def _build(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError as error:
        raise CellError("no such day in the calendar", _WRITE) from error


def _number_error(number: float) -> CellError:
    if _FIRST_SERIAL < number < _LAST_SERIAL and float(number).is_integer():
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
        why = "a number in place of a day"
        return CellError(why, f"did you mean {day.isoformat()}? Give the cell the format of a date")
    return CellError("a number in place of a day", _WRITE)
