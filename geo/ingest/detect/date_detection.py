"""Detect the columns of dates by name and values, and columns that only look like dates."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import cells_as_text, restore_integers
from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.detect import date_columns, date_formats, known_schemas
from geo.ingest.detect.date_formats import PARTIAL, ParsedDate, parse_date
from geo.ingest.detect.date_names import fold
from geo.ingest.detect.date_parts import find_date_parts, find_periods, is_day_name
from geo.ingest.detect.known_schemas import MatchedSchema, index_names

_CERTAIN = re.compile(
    r"(?:event|start|end|report|acq|obs|sql|pub|first|last|from|to|incident|creation)?"
    r"date(?:s|time|utc|from|to|start|end|added|created|modified)?"
    r"|timestamp|datum|zeitstempel|fecha|tarih(?:i)?|дата|تاريخ|التاريخ|תאריך|dtg|epoch"
    r"|unix(?:time)?|horodatage|datenum|julian(?:day|date)?|m?jd"
)
_MAYBE = re.compile(
    r"times?|when|day|zeit(?:punkt)?|uhrzeit|jour|heure|hora|ora|gun|saati?|zamani?|czas|godzina"
    r"|tijd|время|час|день|وقت|الوقت|اليوم"
    r"|שעה|זמן|observed|reported|published|created|updated|modified|ts|moment"
)
_NO_TIME = re.compile(
    r"zone|tz|precision|accuracy|offset|format|type|count|id|url|by|user|note|ago"
)
_UNIT = re.compile(r"(?:utc|gmt|zulu|local|iso|unix|epoch|ms|sec|seconds|millis|zeit)$")
_IN_UTC = re.compile(r"(?<![^\W\d_])(?:utc|gmt|zulu|z)(?![^\W\d_])")
_DAY_WORD = re.compile(r"date|day|datum|when|fecha|tarih|дата|تاريخ", re.IGNORECASE)
_LIKE_A_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].{0,40})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(
    r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)? ?(?:[ap]\.?m\.?|z|utc|gmt|[+-]\d.*)?"
)
_CLOCKS = ("time", "timeutc", "utctime", "uhrzeit", "zeit", "heure", "hora", "saat", "время", "час")
_ZONES = ("timezone", "tz", "timezoneid", "utcoffset", "gmtoffset", "zeitzone", "fuseauhoraire")
_EVENT_NAMES = 12
"""So many of ``known_schemas.INSTANTS`` are of the event, the others of its report."""
_NUMBER_NAMES = re.compile(
    r"ids?|nr|no|num|number|code|phone|tel|mobile|imei|isbn|osm|population|tweet|status|post|message"
)
_FIRST_EPOCH, _LAST_EPOCH = 1990, 2050
_SAMPLE, _FEW = 300, 20


def find_date_columns(
    data: pd.DataFrame,
    schema: MatchedSchema | None,
    log: Diagnostics,
    layers: np.ndarray | None = None,
) -> tuple[list[str], list[list[str]]]:
    """Return the columns of the first and, if it is another one, the last day; and others.

    The others, one or two columns each, date rows that have neither: the time stamps of a KML
    file with spans, and the columns of layers in which the first ones are empty. Raises
    FileRejectedError if a chosen column does not exist.
    """
    options = log.options
    _check_columns(data, options)
    found, third = _detect(data, schema, log)
    others = [[third]] if third else []
    if layers is not None and found:
        others += _find_other_columns(data, [*found, *filter(None, [third])], layers, log)
    if options.date_from is not None or options.date_to is not None:
        chosen = [name for name in (options.date_from, options.date_to) if name]
        chosen = list(dict.fromkeys(chosen))
        return chosen, others if chosen == found else []
    return found, others


def _check_columns(data: pd.DataFrame, options: ImportOptions) -> None:
    chosen = (options.date_from, options.date_to, options.label, options.id)
    missing = [name for name in chosen if name and name not in data.columns]
    if missing:
        remedy = f"Choose among {quote_names(data.columns, 20)}."
        raise FileRejectedError(f"There is no column {quote_names(missing)}.", remedy)


def _detect(
    data: pd.DataFrame, schema: MatchedSchema | None, log: Diagnostics
) -> tuple[list[str], str | None]:
    if schema is not None and schema.date:
        return [schema.date], None
    names = index_names(data.columns)
    names = {_UNIT.sub("", name): one for name, one in reversed(names.items())} | names
    first = next(_dated_names(data, names, known_schemas.STARTS, 0.5), None)
    last = next(_dated_names(data, names, known_schemas.ENDS, 0.5), None)
    pair = [name for name in dict.fromkeys((first, last)) if name]
    if len(pair) == 1:
        pair = next((list(one) for one in _find_periods(data) if pair[0] in one), pair)
    if pair:
        events = known_schemas.INSTANTS[:_EVENT_NAMES]
        third = next(_dated_names(data, names, events, 0.3), None)
        return pair, third if third not in pair else None
    for wanted in (
        lambda: _dated_names(data, names, known_schemas.INSTANTS[:_EVENT_NAMES], 0.3),
        lambda: _find_periods(data),
        lambda: (find_date_parts(data) or ())[:1],
        lambda: _dated_names(data, names, known_schemas.INSTANTS[_EVENT_NAMES:], 0.3),
        lambda: (one for one in data.columns if _is_date_name(one) and holds_dates(data[one], 0.5)),
        lambda: (one for one in data.columns if _has_dates_as_text(data[one])),
        lambda: (one for one in data.columns if _is_day_count(data[one])),
        lambda: (one for one in data.columns if _has_epochs(data[one], log)),
        lambda: (one for one in data.columns if _is_unreadable(data[one], log)),
    ):
        if (one := next(iter(wanted()), None)) is not None:
            return [one] if isinstance(one, str) else list(one), None
    return [], None


def _find_periods(data: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield pairs of columns of dates that are named as the start and the end of the same."""
    for pair in find_periods(data.columns):
        if all(holds_dates(data[name], 0.5) for name in pair):
            yield pair


def _find_other_columns(
    data: pd.DataFrame, used: Sequence[str], layers: np.ndarray, log: Diagnostics
) -> list[list[str]]:
    """Return the columns of dates of each layer in which the used ones are empty."""
    others: list[list[str]] = []
    for layer in dict.fromkeys(layers.tolist()):
        own = data[layers == layer].dropna(axis="columns", how="all")
        if not set(used) & set(own.columns):
            found, third = _detect(own, None, log)
            more = [found, [third] if third else []]
            others += [one for one in more if one and one not in others]
    return others


def _dated_names(
    data: pd.DataFrame, names: dict[str, str], wanted: Sequence[str], min_share: float
) -> Iterator[str]:
    """Yield the columns of some names that hold dates."""
    return (names[n] for n in wanted if n in names and holds_dates(data[names[n]], min_share))


def holds_dates(column: pd.Series, min_share: float) -> bool:
    """Return whether a share of the cells are dates; those that only look like one count half."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    cells = _sample(column)
    few = cells[:_FEW]
    if min_share >= 0.5 and not any(parse_date(one) or _looks_like_a_date(one) for one in few):
        return False
    good = sum(parse_date(cell) not in (None, PARTIAL) for cell in cells)
    similar = sum(map(_looks_like_a_date, cells))
    return bool(cells) and max(good, similar / 2) / len(cells) >= min_share


def _sample(column: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return []
    given = column.dropna().head(_SAMPLE)
    return [
        cell for cell in cells_as_text(restore_integers(given)) if not date_columns.is_empty(cell)
    ]


def _words(name: object) -> list[str]:
    """Return the words of a column name: "startTime_UTC" has start, time and utc."""
    spaced = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", str(name))
    return re.findall(r"[^\W\d_]+", fold(spaced))


def _is_date_name(name: object, pattern: re.Pattern[str] | None = None) -> bool:
    """Return whether a name says that its column holds dates or times."""
    words = _words(name)
    patterns = (pattern,) if pattern else (_CERTAIN, _MAYBE)
    named = any(one.fullmatch(word) for one in patterns for word in words)
    named = named or (pattern is None and "date" in "".join(words))
    return named and not any(_NO_TIME.fullmatch(word) for word in words)


def names_utc(name: object) -> bool:
    """Return whether a column name says that its times are in UTC."""
    return bool(_IN_UTC.search(" ".join(_words(name))) or str(name).lower().endswith("utc"))


def _has_dates_as_text(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype) or not holds_dates(column, 0.9):
        return False
    return not any(map(date_formats.is_epoch, _sample(column)))


def _is_day_count(column: pd.Series) -> bool:
    return bool(_DAY_WORD.search(str(column.name))) and date_columns.is_spreadsheet_serial(column)


def _has_epochs(column: pd.Series, log: Diagnostics) -> bool:
    """Return whether nearly all cells are Unix times of our days, or such as 20241212101500."""
    if column.name in log.detected.coordinates:
        return False
    if any(_NUMBER_NAMES.fullmatch(word) for word in _words(column.name)):
        return False
    cells = _sample(column)
    read = [parse_date(cell) for cell in cells if date_formats.is_epoch(cell) or len(cell) == 14]
    good = [one for one in read if isinstance(one, ParsedDate)]
    good = [one for one in good if _FIRST_EPOCH <= one.when.year < _LAST_EPOCH]
    return bool(cells) and len(good) >= 0.9 * len(cells)


def _is_unreadable(column: pd.Series, log: Diagnostics) -> bool:
    """Return whether a column is certainly one of dates, though none of them can be read."""
    if column.name in log.detected.coordinates or pd.api.types.is_numeric_dtype(column.dtype):
        return False
    cells = _sample(column)
    similar = sum(_looks_like_a_date(cell) and bool(_YEAR.search(fold(cell))) for cell in cells)
    certain = all(_CERTAIN.fullmatch(word) for word in _words(column.name) or [""])
    return bool(cells) and (certain or similar >= 0.5 * len(cells))


def _looks_like_a_date(cell: str) -> bool:
    return bool(_LIKE_A_DATE.fullmatch(fold(cell)))


def find_clock_column(data: pd.DataFrame, date: str) -> str | None:
    """Return the column with the time of day of the dates in another column, None for none.

    It has the name of the date but for the word, such as start_time and start_date, or a name
    such as time, or is the only one whose name says time.
    """
    clocks = [name for name in data.columns if name != date and _is_time_name(name)]
    clocks = [name for name in clocks if not is_day_name(name) and _holds_clocks(data[name])]
    alike = [name for name in clocks if _other_words(name) == _other_words(date)]
    named = [name for name in clocks if known_schemas.normalise_name(name) in _CLOCKS]
    if alike or named:
        return (alike or named)[0]
    return clocks[0] if len(clocks) == 1 else None


def _other_words(name: object) -> set[str]:
    """Return the words of a name that do not say date or time: start of start_date."""
    words = _words(name)
    return {one for one in words if not (_CERTAIN.fullmatch(one) or _MAYBE.fullmatch(one))}


def _is_time_name(name: object) -> bool:
    return _is_date_name(name, _MAYBE) or known_schemas.normalise_name(name) in _CLOCKS


def _holds_clocks(column: pd.Series) -> bool:
    cells = _sample(column)
    good = sum(bool(_CLOCK.fullmatch(fold(format_clock(cell)))) for cell in cells)
    return bool(cells) and good >= 0.8 * len(cells)


def format_clock(text: str) -> str:
    """Return the time of day 2230 or 5 (00:05) as 22:30, and another text unchanged."""
    digits = text.zfill(4)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 4:
        return text
    return f"{digits[:2]}:{digits[2:]}" if digits < "2401" and digits[2:] < "60" else ""


def find_zone_column(data: pd.DataFrame) -> str | None:
    """Return the column that names the time zone of each row's times, None for none."""
    names = index_names(data.columns)
    found = known_schemas.match_name(names, _ZONES)
    return found if found and _sample(data[found]) else None


def report_other_columns(data: pd.DataFrame, used: Sequence[str], log: Diagnostics) -> None:
    """Name each column that is not used, and looks like dates that cannot be read."""
    for name in data.columns:
        if name in used or name in log.detected.coordinates:
            continue
        cells = _sample(data[name])
        certain = _is_date_name(name, _CERTAIN)
        likely = _is_date_name(name, _MAYBE) or known_schemas.normalise_name(name) in (
            *known_schemas.STARTS,
            *known_schemas.ENDS,
        )
        with_digits = sum(any(one.isdecimal() for one in cell) for cell in cells)
        similar = sum(map(_looks_like_a_date, cells))
        looks = certain or (likely and with_digits >= 0.5 * len(cells)) or similar * 2 > len(cells)
        if not (cells and looks):
            continue
        bad = [cell for cell in cells if parse_date(cell) in (None, PARTIAL)]
        if len(bad) * 2 > len(cells):
            why = date_formats.explain_unreadable(bad[0])
            log.inform(
                f"{printable(name, 60)}: it looks like dates, but its values, such as "
                f"“{printable(bad[0], 40)}”, are not read as dates."
                + (f" {why}" if why != date_formats.NO_DATE else "")
            )
