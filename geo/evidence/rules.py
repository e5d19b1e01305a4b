"""Validation rules of records beyond the types of their fields.

A rule reads a mapping of field values (dates as ``date`` or ISO text) and yields breaches. It reads
a mapping and not a model, so that a record with one invalid field is still checked by every rule
that does not read that field.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Record = Mapping[str, Any]

_VAGUE = re.compile(r"\b(several|dozens)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundred|thousand|both|pair)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Breach:
    """A rule that a record breaks."""

    field: str
    why: str
    value: Any
    remedy: str


Rule = tuple[frozenset[str], Callable[[Record], Iterator[Breach]]]


def find_breaches(record: Record, rules: tuple[Rule, ...]) -> list[Breach]:
    """Check one record against a set of rules.

    Parameters
    ----------
    record
        Field values by field name. A rule that reads a field which is missing here is skipped.
    rules
        The rules of the record's kind, such as `CLAIM_RULES`.

    Returns
    -------
    list of Breach
        Every breach, in the order of the rules; empty when the record meets all of them.
    """
    return [b for needs, rule in rules if needs <= record.keys() for b in rule(record)]


def _parse_day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)


def _check_claim_dates(record: Record) -> Iterator[Breach]:
    date_class = record["date_class"]
    start, end = _parse_day(record["observed_from"]), _parse_day(record["observed_to"])
    # class -> (from is given, to is given)
    ends = {"day": (True, True), "range": (True, True), "by": (False, True)}
    for field, given, wanted in zip(
        ("observed_from", "observed_to"),
        (start, end),
        ends.get(date_class, (False, False)),
        strict=True,
    ):
        if wanted and given is None:
            why = f"a claim of date class {date_class!r} needs this date"
            yield Breach(field, why, None, "give the day as YYYY-MM-DD or change date_class")
        if not wanted and given is not None:
            why = f"a claim of date class {date_class!r} has no such date"
            yield Breach(field, why, str(given), "set it to null or change date_class")
    if start is not None and end is not None:
        if start > end:
            why = f"the report ends ({end}) before it begins"
            yield Breach("observed_from", why, str(start), "swap or correct the two dates")
        elif date_class == "day" and start != end:
            why = f"a claim of date class 'day' has two days ({start} and {end})"
            yield Breach("observed_to", why, str(end), "make them equal or use date_class 'range'")


def _check_count_order(record: Record) -> Iterator[Breach]:
    low, high = record["count_min"], record["count_max"]
    if low is not None and high is not None and low > high:
        why = f"the smallest count is above the largest ({high})"
        yield Breach("count_min", why, low, "swap or correct count_min and count_max")


def _check_vague_count(record: Record) -> Iterator[Breach]:
    word = _VAGUE.search(record["says"])
    if word is None or _NUMBER.search(record["says"]):
        return
    for field in ("count_min", "count_max"):
        if record[field] is not None:
            why = f"the words say {word.group()!r}, which is not a number"
            yield Breach(field, why, record[field], "set it to null")


def _check_claim_place(record: Record) -> Iterator[Breach]:
    location_class = record["location_class"]
    if record["place"] is None and location_class != "none":
        why = f"a claim of location class {location_class!r} needs a place"
        yield Breach("place", why, None, "name a place of places.json or use location_class 'none'")


def _check_source_date(record: Record) -> Iterator[Breach]:
    precision, day = record["reported_on_precision"], record["reported_on"]
    if precision == "day" and day is None:
        why = "the precision is 'day', but no day is given"
        yield Breach("reported_on", why, None, "give YYYY-MM-DD or use 'month' or 'unknown'")
    if precision != "day" and day is not None:
        why = f"the precision is {precision!r}, so no day is known"
        yield Breach("reported_on", why, str(day), "set it to null or use precision 'day'")
    if precision != "day" and not record["reported_on_words"]:
        why = f"a date of precision {precision!r} needs words, such as 'December 2024'"
        yield Breach("reported_on_words", why, record["reported_on_words"], "say what is known")


def _check_source_kind(record: Record) -> Iterator[Breach]:
    wanted = {"articles": "press article", "wider": "wider reporting"}.get(record["set"])
    if wanted is not None and record["kind"] != wanted:
        why = f"a source of the set {record['set']!r} is of the kind {wanted!r}"
        yield Breach("kind", why, record["kind"], f"write {wanted!r} or change the set")


def _check_place_point(record: Record) -> Iterator[Breach]:
    if (record["lon"] is None) != (record["lat"] is None):
        field = "lon" if record["lon"] is None else "lat"
        yield Breach(field, "a point needs both lon and lat", None, "give both or neither")
    if record["location_class"] == "exact" and record["lon"] is None and record["lat"] is None:
        why = "an exact location needs a point"
        yield Breach("lon", why, None, "give lon and lat or another location_class")


def _check_drawn_note(record: Record) -> Iterator[Breach]:
    if record["location_class"] == "area" and "approximate" not in record["drawn_note"]:
        why = "an area drawn from reporting is always called approximate"
        yield Breach("drawn_note", why, record["drawn_note"], "put the word 'approximate' in it")


def _check_conflict_members(record: Record) -> Iterator[Breach]:
    members = list(record["claims"])
    if len(set(members)) != len(members):
        why = "a claim is named twice"
        yield Breach("claims", why, ", ".join(map(str, members)), "name each claim once")
    if len(set(members)) < 2:
        why = "a conflict is between at least two claims"
        yield Breach("claims", why, ", ".join(map(str, members)), "name every claim that answers")


def _check_bounds(record: Record) -> Iterator[Breach]:
    xmin, ymin, xmax, ymax = record["bounds"]
    if xmin >= xmax or ymin >= ymax:
        why = "the box has no extent"
        yield Breach("bounds", why, record["bounds"], "write xmin, ymin, xmax, ymax in that order")


def _check_sector(record: Record) -> Iterator[Breach]:
    if record["inner_m"] >= record["outer_m"]:
        why = f"the inner radius is not below the outer one ({record['outer_m']})"
        yield Breach("inner_m", why, record["inner_m"], "swap or correct the two radii")
    if record["bearing_from"] == record["bearing_to"]:
        why = "the sector opens by no angle"
        yield Breach("bearing_to", why, record["bearing_to"], "give two different true bearings")


CLAIM_RULES: tuple[Rule, ...] = (
    (frozenset({"date_class", "observed_from", "observed_to"}), _check_claim_dates),
    (frozenset({"count_min", "count_max"}), _check_count_order),
    (frozenset({"says", "count_min", "count_max"}), _check_vague_count),
    (frozenset({"place", "location_class"}), _check_claim_place),
)
SOURCE_RULES: tuple[Rule, ...] = (
    (frozenset({"reported_on", "reported_on_precision", "reported_on_words"}), _check_source_date),
    (frozenset({"set", "kind"}), _check_source_kind),
)
PLACE_RULES: tuple[Rule, ...] = (
    (frozenset({"lon", "lat", "location_class"}), _check_place_point),
    (frozenset({"location_class", "drawn_note"}), _check_drawn_note),
)
CONFLICT_RULES: tuple[Rule, ...] = ((frozenset({"claims"}), _check_conflict_members),)
BOUNDS_RULES: tuple[Rule, ...] = ((frozenset({"bounds"}), _check_bounds),)
SECTOR_RULES: tuple[Rule, ...] = (
    (frozenset({"inner_m", "outer_m", "bearing_from", "bearing_to"}), _check_sector),
)
