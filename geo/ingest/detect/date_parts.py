"""Dates over several columns: year, month, day (iyear, imonth, iday of GTD); start and end."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.detect.coordinate_names import fold, split_name
from geo.ingest.detect.date_formats import FIRST_YEAR, LAST_YEAR
from geo.ingest.detect.date_names import find_month


def _names(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


_YEARS = _names(
    "year iyear yr yyyy yy jahr année annee ano año anno yıl год рік rok سنة السنة العام שנה jaar"
)
_MONTHS = _names(
    "month imonth mon mo mm monat mois mes mês mese ay месяц місяць miesiąc شهر الشهر חודש maand"
)
_DAYS = _names("day iday dy dd tag jour dia día giorno gün день dzień يوم اليوم יום dag dayofmonth")
_PARTS = (_YEARS, _MONTHS, _DAYS)
_STARTS = _names("""
    start starts started begin begins beginning began from first earliest von ab beginn anfang
    début debut inicio desde inizio dal başlangıç начало начала початок початку від od
    بداية البداية من התחלה
""")
_ENDS = _names("""
    end ends ended ending finish finished stop to until till last latest bis ende fin hasta fine al
    bitiş son конец конца окончание окончания кінець кінця закінчення до do
    نهاية النهاية الى סיום
""")
_SAMPLE = 300
_MOST = 0.5


def find_date_parts(data: pd.DataFrame, year: str | None = None) -> tuple[str, str, str] | None:
    """Return the columns of the year, the month and the day, None unless there are all three.

    Their names differ in that word only; ``year`` is the column of the year if it is chosen.
    """
    found: dict[tuple[str, ...], dict[int, str]] = {}
    for name in data.columns:
        words = split_name(name)
        for part, known in enumerate(_PARTS):
            hit = next((word for word in words if word in known), None)
            if hit and _holds(data[name], part):
                rest = tuple(word for word in words if word != hit)
                found.setdefault(rest, {}).setdefault(part, name)
                break
    whole = [parts for parts in found.values() if len(parts) == len(_PARTS)]
    chosen = (one for one in whole if year in (None, one[0]))
    return next(((one[0], one[1], one[2]) for one in chosen), None)


def find_periods(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that differ in the words for start and end, such as Datum von and bis.

    There are other words in them: the plain names are known ones.
    """
    starts: dict[tuple[str, ...], str] = {}
    ends: dict[tuple[str, ...], str] = {}
    for name in names:
        words = split_name(name)
        for known, found in ((_STARTS, starts), (_ENDS, ends)):
            rest = tuple(word for word in words if word not in known)
            if rest and len(rest) == len(words) - 1:
                found.setdefault(rest, name)
    yield from ((start, ends[rest]) for rest, start in starts.items() if rest in ends)


def is_day_name(name: object) -> bool:
    """Return whether a name is that of a day (of the month): its numbers are no times of day."""
    words = set(split_name(name))
    return bool(words & _DAYS) and "time" not in words


def join_date_parts(data: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """Return dates as text, with the name of the column of the year; 0 is an unknown part."""
    year, *others = ([_plain(cell) for cell in cells_as_text(data[name])] for name in parts)
    joined = []
    for cells in zip(year, *others, strict=True):
        month = str(find_month(fold(cells[1])) or cells[1])
        known = [cells[0], *(one for one in (month, cells[2]) if one.strip("0"))]
        joined.append("-".join(known) if cells[0] and len(known) == len(parts) else cells[0])
    return pd.Series(joined, index=data.index, name=parts[0], dtype="str")


def _plain(cell: str) -> str:
    return cell.removesuffix(".0")


_TESTS: tuple[Callable[[str], object], ...] = (
    lambda cell: cell.isdecimal() and FIRST_YEAR <= int(cell) <= LAST_YEAR,
    lambda cell: (cell.isdecimal() and int(cell) <= 12) or find_month(fold(cell)),
    lambda cell: cell.isdecimal() and int(cell) <= 31,
)


def _holds(column: pd.Series, part: int) -> bool:
    cells = [_plain(cell) for cell in cells_as_text(column.dropna().head(_SAMPLE)) if cell]
    good = sum(len(cell) < 12 and bool(_TESTS[part](cell)) for cell in cells)
    return bool(cells) and good >= _MOST * len(cells)
