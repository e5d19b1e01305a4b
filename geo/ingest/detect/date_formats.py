"""Parse dates in common notations; ambiguous day and month order is kept as ambiguous."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from geo.ingest.detect.date_names import drop_weekdays, find_month, fold, is_weekday
from geo.ingest.detect.times_of_day import UnknownZoneError, read_clock

_CLOCK = (
    r"(?P<clock>\d{1,2}(?:[:.]| ?h ?)\d{2}(?:[:.]\d{2}(?:[.,:]\d{1,9})?)?|\d{4}(?:\d{2})?"
    r"|\d{1,2}(?= ?(?:h|uhr|[ap]\.? ?m|z|[+-]\d))|(?<=t)\d{2})"
)
_TIME = (
    r"(?:(?P<sep> ?[t,_/] ?| |:)(?:(?:at|um|a las|a|saat|в|о|الساعة|בשעה) )?"
    + _CLOCK
    + r"(?P<rest>\D.*)?)?"
)
_WORD = r"[^\W\d_]+"
_MONTH = rf"(?P<month>{_WORD}(?: {_WORD})?(?: ?[/(] ?{_WORD}(?: {_WORD})?\)?)?)"
_DAY_NAME = rf"(?:(?P<weekday>{_WORD}\.?(?: {_WORD})?),? )?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o(?= ))?"
_ISO = r"(?P<year>\d{4}) ?[-/._:] ?(?P<month>\d{1,2}) ?[-/._:] ?(?P<day>\d{1,2})" + _TIME
_NUMERIC = r"(?P<day>\d{1,2}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4}|\d{2})" + _TIME
_DATE_TIME_GROUP = (
    r"(?P<day>\d{2}) ?(?P<clock>\d{4}(?:\d{2})?) ?(?P<rest>[a-z]|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
    r" ?(?P<month>[a-z]{3}) ?(?P<year>\d{4}|\d{2})"
)
_FORMS = {
    form: re.compile(form)
    for form in (
        _ISO,
        _NUMERIC,
        _DAY_NAME + _DAY + rf"[ \-/._]*(?:de |of )?{_MONTH}\.?,?[ \-/._]*(?:del? )?"
        r"(?P<year>\d{4}|'?(?<!\d)\d{2})" + _TIME,
        _DAY_NAME + _MONTH + rf"\.?[ \-]{_DAY},?[ \-](?P<year>\d{{4}})" + _TIME,
        rf"(?P<year>\d{{4}})[ \-/._]?{_MONTH}\.?[ \-/._]?{_DAY}" + _TIME,
        _DATE_TIME_GROUP,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[t_\-. ]?"
        r"(?P<clock>\d{2}(?:\d{2}(?:\d{2}(?:[.,]?\d{3,6})?)?)?)(?P<rest>\D.*)?)?",
        r"(?P<year>\d{4})-?w(?P<week>\d{2})-?(?P<day>[1-7])" + _TIME,
        r"(?P<year>\d{4})-(?P<day>\d{3})" + _TIME,
    )
}
_REORDERED = (
    # Fri May 3 10:15:00 UTC 2024
    (
        re.compile(rf"({_WORD} )?({_WORD} \d{{1,2}}) (\d\d:\d\d:\d\d)( \S+)? (\d{{4}})"),
        (2, 5, 3, 4),
    ),
    # 14:30 UTC, 3 May 2024
    (
        re.compile(
            r"(\d{1,2}[:.h]\d{2}(?::\d{2})?|\d{4}(?= ?[a-z]))"
            r"( ?(?:[a-z.]{1,5}(?![a-z]))?(?:[+-]\d{1,2}(?::?\d{2})?)?)[ ,/]+(.+)"
        ),
        (3, 1, 2),
    ),
    (re.compile(r"(\d{4}) ?([a-z]|utc) ?(\d{1,2} ?[a-z].+)"), (3, 1, 2)),  # 1430Z12DEC24
)
_ROUGH = re.compile(
    r"\d{4}|\d{4}[-/.]\d{1,2}|\d{1,2}[/.]\d{4}|[^\W\d_]{3,}\.?(?: [^\W\d_]+)?,? (?:de |del )?\d{4}"
    r"|\d{4}[- ][^\W\d_]{3,}|\d{4}-?w\d{2}|\d{4}[- ]?q[1-4]|q[1-4][ /]\d{4}"
)
_YEAR_WORD = re.compile(r"(?<=\d{4}) ?(?:г\.?|года|року|р\.?|م)(?=$|[ ,])")
_BEGINS = re.compile(
    r"\s*(\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\b"
)
_RANGE_SIGNS = re.compile(
    r" ?(?:--|\.\.|/) ?| ?- ?"
    r"| (?:to|bis|until|till|through|au|al|a|hasta|по|до|ile|الى|حتى|עד|and) "
)
_SHORT_END = re.compile(rf"({_WORD}) (\d{{1,2}}) ?- ?(\d{{1,2}}),? (\d{{4}})")
_ONLY_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?!\.?\d).*")
_ARTICLE = re.compile(r"^(?:the|on|le|am|el) (?=\d)")
_ZONE_OF_DAY = re.compile(r"(?<=^\d{4}-\d\d-\d\d) ?(?:z|utc|gmt|[+-]\d\d:\d\d)$")  # XML Schema
_DIGIT = re.compile(r"\d")
_EPOCH = re.compile(r"[1-9](?:\d{9}|\d{12})(?:[.,]\d+)?|[1-9](?:\d{15}|\d{18})")
_SCIENTIFIC = re.compile(r"\d\.\d{7,}e\+?\d\d?")
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MAX_LENGTH = 90


@dataclass(frozen=True)
class ParsedDate:
    """A parsed date, with its time zone if it names one."""

    when: dt.datetime
    zone: dt.tzinfo | None = None
    timed: bool = False
    """Whether a time of day is given."""
    until: "ParsedDate | None" = None
    """The last day of a range, such as 12-13 May 2024."""
    end_of_day: bool = False
    """Whether the time is 24:00, which is the end of its day."""


@dataclass(frozen=True)
class NumericDate:
    """A numeric date, such as 03/04/2024, in both orders of day and month; None if invalid."""

    day_first: ParsedDate | None
    month_first: ParsedDate | None
    dotted: bool = False
    """Whether dots are between the numbers, as is written with the day first only."""

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
        certain = self.order is not None or self.dotted
        return not certain and self.day_first != self.month_first


NO_DATE = "The value is not a valid date."
PARTIAL = "partial"
"""A year, month or week without a day."""
Parsed = ParsedDate | NumericDate | str | None


def parse_date(text: str) -> Parsed:
    """Parse a text; PARTIAL for a year, month or week, None for a text that is not a date."""
    text = text.strip("'\" ")
    if len(text) > _MAX_LENGTH or not _DIGIT.search(text):
        return None
    if _EPOCH.fullmatch(text) and text[:2] not in ("19", "20"):  # not 2024121210
        return _parse_epoch(text)
    text = _ARTICLE.sub("", drop_weekdays(_YEAR_WORD.sub("", fold(text))))
    text = _ZONE_OF_DAY.sub("", text)
    if (found := _parse_day(text)) is not None:
        return found
    if _ROUGH.fullmatch(text) and _is_plausible_partial(text):
        return PARTIAL
    return _parse_epoch(text) or _parse_range(text)


def _parse_day(text: str) -> ParsedDate | NumericDate | None:
    """Parse a date that is not a range, of folded text, also with its time first."""
    if (date := _parse_forms(text)) is not None:
        return date
    for pattern, order in _REORDERED:
        if found := pattern.fullmatch(text):
            return _parse_forms(" ".join(filter(None, (found[group] for group in order))))
    return None


def _parse_forms(text: str) -> ParsedDate | NumericDate | None:
    for form, pattern in _FORMS.items():
        if not (found := pattern.fullmatch(text)):
            continue
        date = _build_date(found.groupdict())
        if form == _NUMERIC:
            parts = found.groupdict()
            other = _build_date(parts | {"day": parts["month"], "month": parts["day"]})
            dotted = "." in text[: found.end("month") + 2]
            return NumericDate(date, other, dotted) if date or other else None
        if date is not None:
            return date
    return None


def explain_unreadable(text: str) -> str:
    """Return why a text is not a date."""
    folded = drop_weekdays(fold(text[:_MAX_LENGTH]))
    if re.fullmatch(r"\d[\d.,]*e\+?\d+", folded):
        return "The number is rounded, so that its day is lost."
    for pattern in _FORMS.values():
        found = pattern.fullmatch(folded)
        if not found or folded.isdigit():
            continue
        parts: dict[str, str | None] = {"month": "1", **found.groupdict()}
        month, year = parts["month"] or "", _read_year(parts["year"] or "")
        weekday = parts.get("weekday")
        if not (month.isdigit() or find_month(month)) or (weekday and not is_weekday(weekday)):
            continue
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return f"The year {year} is not between {FIRST_YEAR} and {LAST_YEAR}."
        try:
            read_clock(parts)
        except UnknownZoneError as error:
            return str(error)
        except ValueError:
            return "There is no such time of day."
        return "There is no such day."
    return NO_DATE


def is_epoch(text: str) -> bool:
    """Return whether a text has the digits of a Unix time."""
    return bool(_EPOCH.fullmatch(text) or _SCIENTIFIC.fullmatch(text))


def extract_leading_date(text: str) -> str:
    """Return the date at the start of a text, such as a placemark's name; "" for none."""
    found = _BEGINS.match(text)
    return found[1] if found else ""


def _is_plausible_partial(text: str) -> bool:
    years = re.findall(r"\d{4}", text)
    words = re.sub(r"\b(?:de|del|w\d\d|q\d)\b|[\d,]|(?<=\d)w\d\d", " ", text)
    words = re.sub(r"w\d\d|q\d", " ", text) if re.search(r"w\d\d|q\d", text) else words
    name = " ".join(re.findall(_WORD, words))
    return (not name or bool(find_month(name))) and FIRST_YEAR <= int(years[0]) <= LAST_YEAR


def _read_year(text: str) -> int:
    text = text.lstrip("'")
    year = int(text)
    return year + (2000 if year < 70 else 1900) if len(text) == 2 else year


def _build_date(parts: dict[str, str | None]) -> ParsedDate | None:
    """Return a date from the parts of a match, None if there is no such day or time."""
    year = _read_year(parts["year"] or "")
    weekday, month = parts.get("weekday"), parts.get("month")
    if not FIRST_YEAR <= year <= LAST_YEAR or (weekday and not is_weekday(weekday)):
        return None
    try:
        day = int(parts["day"] or "")
        if week := parts.get("week"):
            date = dt.date.fromisocalendar(year, int(week), day)
        elif month is None:
            date = dt.date(year, 1, 1) + dt.timedelta(days=day - 1)
        else:
            date = dt.date(year, int(month) if month.isdigit() else find_month(month) or 0, day)
        if date.year != year and not week:
            return None
        clock, zone, ends = read_clock(parts)
    except ValueError:
        return None
    when = dt.datetime.combine(date, clock or dt.time())
    return ParsedDate(when, zone, clock is not None, end_of_day=ends)


def _parse_epoch(text: str) -> ParsedDate | None:
    """Parse Unix time in seconds, milliseconds, microseconds or nanoseconds, by its digits."""
    if _SCIENTIFIC.fullmatch(text):
        text = f"{Decimal(text):f}"
    if not _EPOCH.fullmatch(text):
        return None
    text = text.replace(",", ".")
    digits = len(text.partition(".")[0])
    micros = int(Decimal(text).scaleb(16 - digits))
    when = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=micros)
    return ParsedDate(when, dt.UTC, True) if when.year <= LAST_YEAR else None


def _parse_range(text: str) -> ParsedDate | NumericDate | None:
    """Parse two dates in one text; one may lack what the other has: 12-13 May 2024."""
    if found := _SHORT_END.fullmatch(text):  # May 12-13, 2024
        month, first, last, year = found.groups()
        return _combine(_parse_day(f"{first} {month} {year}"), _parse_day(f"{last} {month} {year}"))
    for sign in _RANGE_SIGNS.finditer(text):
        left, right = text[: sign.start()], text[sign.end() :]
        if _ONLY_CLOCK.fullmatch(right):  # 12 May 2024 10:00 - 14:00
            right = re.sub(r"(?<=[ t])\d{1,2}[:.h]\d{2}\D*$", right, left)
        if (last := _parse_day(right)) is None:
            continue
        day = re.sub(r"^\d{1,2}", left[:-1], right) if re.fullmatch(r"\d\d?\.", left) else ""
        day = day or (re.sub(r"^\d{1,2}", left, right) if left.isdigit() else "")
        year = (re.findall(r"\d{4}", right) or [""])[0]
        for one in (left, day, f"{left} {year}", f"{left}{year}"):
            if (first := _parse_day(one)) is not None:
                return _combine(first, last)
    return None


def _combine(
    first: ParsedDate | NumericDate | None, last: ParsedDate | NumericDate | None
) -> ParsedDate | NumericDate | None:
    """Return a range of two dates, None if it ends before it starts."""
    orders: list[ParsedDate | None] = []
    for day_first in (True, False):
        a, b = (
            one.resolve(day_first) if isinstance(one, NumericDate) else one for one in (first, last)
        )
        if a and b and a.timed != b.timed:
            a, b = (_drop_time(one) for one in (a, b))
        if a and b and a.zone is None:
            a = replace(a, zone=b.zone)
        orders.append(replace(a, until=b) if a and b and a.when <= b.when else None)
    if not any(orders):
        return None
    numeric = isinstance(first, NumericDate) or isinstance(last, NumericDate)
    dotted = any(isinstance(one, NumericDate) and one.dotted for one in (first, last))
    return NumericDate(orders[0], orders[1], dotted) if numeric else orders[0]


def _drop_time(date: ParsedDate) -> ParsedDate:
    return ParsedDate(dt.datetime.combine(date.when.date(), dt.time()))
