"""Validation rules of records beyond the types of their fields.

A rule is a function whose parameters are names of fields (dates as ``date`` or ISO text) and that
yields breaches. It reads no model, so that a record with one invalid field is still checked by
every rule that does not read that field.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from geo.evidence.report_days import find_month
from geo.text.formatting import fold_text

_VAGUE = re.compile(r"\b(several|dozens)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundred|thousand|both|pair)\b",
    re.IGNORECASE,
)

UNRATED = "none"  # in links: what has no rating; so no term may have this id
_SENTENCE_ENDS = re.compile(r"""(?<=[.!?…؟。])["'”’»)\]]*\s+(?=\W*(?:[^\W\d_a-z]|\d))|\n+""")
_WORDS = re.compile(r"[^\W_]+")
_ABBREVIATED = re.compile(
    r"(?:^|\W)(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Col|Lt|Capt|Sgt|St|No|approx|e\.g)\.$"
)


@dataclass(frozen=True)
class Breach:
    """A rule that a record breaks."""

    field: str
    why: str
    value: Any
    remedy: str


Day = date | str | None
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""The days that a record may have: a mistyped year would stretch the axis of days over all."""
Rule = Callable[..., Iterator[Breach]]


def find_breaches(record: Mapping[str, Any], rules: Sequence[Rule]) -> list[Breach]:
    """Check field values by name; a rule that reads a field which is missing here is skipped."""
    found: list[Breach] = []
    for rule in rules:
        fields = _read_fields(rule)
        if fields <= record.keys():
            found += rule(**{name: record[name] for name in fields})
    return found


@cache
def _read_fields(rule: Rule) -> frozenset[str]:
    return frozenset(inspect.signature(rule).parameters)


def _parse_day(value: Day) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _check_era(field: str, day: date | None) -> Iterator[Breach]:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        why = f"the year is not between {FIRST_DAY.year} and {LAST_DAY.year}"
        yield Breach(field, why, str(day), "correct the year")


def _check_claim_dates(date_class: str, observed_from: Day, observed_to: Day) -> Iterator[Breach]:
    start, end = _parse_day(observed_from), _parse_day(observed_to)
    for field, given, wanted in (
        ("observed_from", start, date_class in ("day", "range")),
        ("observed_to", end, date_class in ("day", "range", "by")),
    ):
        if wanted and given is None:
            why = f"a claim of date class {date_class!r} needs this date"
            yield Breach(field, why, None, "give the day as YYYY-MM-DD or change date_class")
        if not wanted and given is not None:
            why = f"a claim of date class {date_class!r} has no such date"
            yield Breach(field, why, str(given), "set it to null or change date_class")
        if field == "observed_from" or given != start:
            yield from _check_era(field, given)
    if start is not None and end is not None:
        if start > end:
            why = f"the report ends ({end}) before it begins"
            yield Breach("observed_from", why, str(start), "swap or correct the two dates")
        elif date_class == "day" and start != end:
            why = f"a claim of date class 'day' has two days ({start} and {end})"
            yield Breach("observed_to", why, str(end), "make them equal or use date_class 'range'")


def _check_count_order(count_min: int | None, count_max: int | None) -> Iterator[Breach]:
    if count_min is not None and count_max is not None and count_min > count_max:
        why = f"the smallest count is above the largest ({count_max})"
        yield Breach("count_min", why, count_min, "swap or correct the two numbers")


def _check_vague_count(says: str, count_min: int | None, count_max: int | None) -> Iterator[Breach]:
    word = _VAGUE.search(says)
    if word is None or _NUMBER.search(says):
        return
    for field, count in (("count_min", count_min), ("count_max", count_max)):
        if count is not None:
            why = f"the words say {word.group()!r}, which is not a number"
            yield Breach(field, why, count, "set it to null")


def _check_claim_place(place: str | None, location_class: str) -> Iterator[Breach]:
    if place is None and location_class != "none":
        why = f"a claim of location class {location_class!r} needs a place"
        yield Breach("place", why, None, "name a place, or use location_class 'none'")


def _check_source_date(
    reported_on: Day, reported_on_precision: str, reported_on_words: str | None
) -> Iterator[Breach]:
    precision = reported_on_precision
    yield from _check_era("reported_on", _parse_day(reported_on))
    if precision == "day" and reported_on is None:
        why = "the precision is 'day', but no day is given"
        yield Breach("reported_on", why, None, "give YYYY-MM-DD or use 'month' or 'unknown'")
    if precision != "day" and reported_on is not None:
        why = f"the precision is {precision!r}, so no day is known"
        yield Breach("reported_on", why, str(reported_on), "set it to null or use precision 'day'")
    words = reported_on_words or ""
    if precision != "day" and (not words or (precision == "month" and not find_month(words))):
        why = f"a date of precision {precision!r} needs words, such as 'May 2024' or '2024-05'"
        yield Breach("reported_on_words", why, reported_on_words, "say what is known")


def _check_source_address(url: str | None, url_note: str | None) -> Iterator[Breach]:
    if url is None and url_note is None:
        why = "a source without an address says why there is none"
        yield Breach("url_note", why, None, "give the url, or the reason")
    if url is not None and url_note is not None:
        why = "the reason is for a source without an address"
        yield Breach("url_note", why, url_note, "write null, or take out the url")


def _check_missing(
    url: str | None,
    archive_url: str | None,
    accessed_on: Day,
    copy_sha256: str | None,
    missing: Mapping[str, str],
) -> Iterator[Breach]:
    given = {
        "url": url,
        "archive_url": archive_url,
        "accessed_on": accessed_on,
        "copy_sha256": copy_sha256,
    }
    for field, value in given.items():
        if value is None and field not in missing:
            why = f"{field} is not given, and there is no reason for it"
            remedy = f"give {field}, or write unknown, not applicable or withheld in missing"
            yield Breach(f"missing.{field}", why, None, remedy)
        if value is not None and field in missing:
            why = f"a reason is given, but {field} is there"
            yield Breach(f"missing.{field}", why, missing[field], f"remove the reason or {field}")


def _check_access_day(accessed_on: Day, reported_on: Day) -> Iterator[Breach]:
    accessed, reported = _parse_day(accessed_on), _parse_day(reported_on)
    # A day of difference is possible between two time zones.
    if accessed is not None and reported is not None and (reported - accessed).days > 1:
        why = f"the source was read before it was published ({reported})"
        yield Breach("accessed_on", why, str(accessed), "correct accessed_on or reported_on")


def _check_image_licence(licence: str | None, may_publish: bool) -> Iterator[Breach]:
    if may_publish and licence is None:
        why = "an image is published only under a licence that is named"
        yield Breach("licence", why, None, "name the licence or permission, or write false")


def _check_place_point(
    lon: float | None, lat: float | None, location_class: str
) -> Iterator[Breach]:
    if (lon is None) != (lat is None):
        field = "lon" if lon is None else "lat"
        yield Breach(field, "a point needs both lon and lat", None, "give both or neither")
    if location_class == "exact" and lon is None and lat is None:
        why = "an exact location needs a point"
        yield Breach("lon", why, None, "give lon and lat or another location_class")


def _check_place_circle(lon: float | None, geometry: Any) -> Iterator[Breach]:
    kind = geometry.get("kind") if isinstance(geometry, Mapping) else geometry.kind
    if kind == "circle" and lon is None:
        why = "a circle is drawn around the place's own point"
        yield Breach("lon", why, None, "give lon and lat or another geometry")


def _check_drawn_note(location_class: str, drawn_note: str) -> Iterator[Breach]:
    if location_class == "area" and "approximate" not in drawn_note:
        why = "an area drawn from reporting is always called approximate"
        yield Breach("drawn_note", why, drawn_note, "put the word 'approximate' in it")


def _check_conflict_members(claims: Sequence[str]) -> Iterator[Breach]:
    if len(set(claims)) != len(claims):
        why = "a claim is named twice"
        yield Breach("claims", why, ", ".join(claims), "name each claim once")
    if len(set(claims)) < 2:
        why = "a conflict is between at least two claims"
        yield Breach("claims", why, ", ".join(claims), "name every claim that answers")


def write_rating_id(value: Any) -> Any:
    """Return a whole number, as a workbook has it, as the text of an id."""
    return str(value) if type(value) is int else value


@lru_cache(maxsize=10_000)  # texts: all claims are checked again with each draft
def find_sentences_with_both(
    text: str, first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the sentences that have a wording of each of two lists, whatever their case."""
    patterns = [_compile_wordings(one) for one in (first, second)]

    def has_both(part: str) -> bool:
        spaced = _space_words(part)
        return all(pattern.search(spaced) for pattern in patterns)

    return tuple(filter(has_both, split_sentences(text))) if has_both(text) else ()


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text; a new line ends one, an abbreviation does not."""
    sentences: list[str] = []
    start = 0
    for end in _SENTENCE_ENDS.finditer(text):
        if "\n" in end.group() or not _ABBREVIATED.search(text[start : end.start()]):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    return [one for one in (*sentences, text[start:].strip()) if one]


@lru_cache(maxsize=16)
def _compile_wordings(wordings: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of some wordings in a text of `_space_words`."""
    return re.compile("|".join(map(_space_words, wordings)) or "(?!)")


def _space_words(text: str) -> str:
    return f" {' '.join(_WORDS.findall(fold_text(text)))} "


def _check_term_span(low: int | None, high: int | None) -> Iterator[Breach]:
    if (low is None) != (high is None):
        field = "low" if low is None else "high"
        yield Breach(field, "percentages are a pair", None, "give both low and high, or neither")
    if low is not None and high is not None and low > high:
        why = f"the lower percentage is above the higher one ({high})"
        yield Breach("low", why, low, "swap or correct low and high")


def _check_term_id(id: str) -> Iterator[Breach]:
    if id.casefold() == UNRATED:
        why = "in links this word stands for what is not rated"
        yield Breach("id", why, id, "choose another id")


def _check_terms(terms: Sequence[Any]) -> Iterator[Breach]:
    for name in ("id", "label"):
        values = [getattr(one, name, None) or one.get(name) for one in terms]
        for value in sorted({str(one) for one in values if values.count(one) > 1}):
            why = f"two terms have the same {name}"
            yield Breach("terms", why, value, f"give each term its own {name}")


CLAIM_RULES = (_check_claim_dates, _check_count_order, _check_vague_count, _check_claim_place)
SOURCE_RULES = (
    _check_source_date,
    _check_source_address,
    _check_missing,
    _check_access_day,
)
IMAGE_RULES = (_check_image_licence,)
PLACE_RULES = (_check_place_point, _check_place_circle, _check_drawn_note)
CONFLICT_RULES = (_check_conflict_members,)
TERM_RULES = (_check_term_span, _check_term_id)
VOCABULARY_RULES = (_check_terms,)
