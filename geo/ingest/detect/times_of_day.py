"""Times of day and the time zones behind them: offsets, abbreviations, letters, IANA names."""

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_OFFSETS = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "zulu", "wet"), 0.0),
    **dict.fromkeys(("bst", "west", "cet", "mez", "met"), 1.0),
    **dict.fromkeys(("cest", "mesz", "mest", "eet", "oez", "cat", "sast"), 2.0),
    **dict.fromkeys(("eest", "oesz", "idt", "msk", "мск", "trt", "eat"), 3.0),
    **{"irst": 3.5, "gst": 4.0, "pkt": 5.0, "jst": 9.0, "kst": 9.0, "nst": -3.5, "ndt": -2.5},
    **{"adt": -3.0, "edt": -4.0, "est": -5.0, "cdt": -5.0, "mdt": -6.0, "mst": -7.0},
    **{"pdt": -7.0, "pst": -8.0, "akdt": -8.0, "akst": -9.0, "hst": -10.0},
}
"""Hours ahead of UTC."""
AMBIGUOUS_ZONES = {
    "ist": "Israel, India or Ireland",
    "cst": "North America or China",
    "ast": "Arabia or the Atlantic",
    "amt": "Armenia or the Amazon",
    "sst": "Samoa or Singapore",
}
_LETTERS = "yxwvutsrqponzabcdefghiklm"
"""Zones of a military date-time group, from 12 hours behind UTC to 12 ahead; j is local time."""
_OFFSET = re.compile(r"(?:utc|gmt|ut|z)? ?([+-])(\d{1,2})(?::?([0-5]\d))?(?::?00)?")
_COMMENT = re.compile(r"(?<=\d) ?(?:\(.*\)|\[.*\]|[a-z]{3,5})")
_LOCAL = ("", "lt", "local", "local time", "ortszeit", "j")
_LARGEST = 14
_CONTINENTS = ("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Indian/", "Pacific/")
_HALF = re.compile(r" ?(?:([ap])\.? ?m\.?(?![a-z])|([ap])(?= |$)|([صم]))")
_MAYBE_RANGE = re.compile(r"-(\d{2}):[0-5]\d")
_CLOCK_WORD = re.compile(r" ?(?:uhr|hrs?|hours|h|ч|год)\.?(?= |$)")


class UnknownZoneError(ValueError):
    """The time zone behind a time is unknown, or one of several."""


def read_clock(parts: dict[str, str | None]) -> tuple[dt.time | None, dt.tzinfo | None, bool]:
    """Return the time of day, its zone, and whether it is 24:00; raise ValueError for no such."""
    if not (clock := (parts.get("clock") or "").replace(" ", "")):
        return None, None, False
    digits = re.split(r"[:.,h]", clock)
    if len(digits[0]) > 2:
        digits = [clock[:2], clock[2:4], clock[4:6], clock[6:].strip(".,")]
    hour, minute, second, fraction = (*digits, "", "", "")[:4]
    hours, minutes, seconds = int(hour), int(minute or 0), int(second or 0)
    half, zone = _read_suffix(parts.get("rest") or "", clock, iso=parts.get("sep") == "t")
    if half:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + (12 if half in "pم" else 0)
    micros = int(fraction[:6].ljust(6, "0"))
    if hours == 24 and minutes == seconds == micros == 0:
        return dt.time(23, 59, 59), zone, True
    return dt.time(hours, minutes, 59 if seconds == 60 else seconds, micros), zone, False


def _read_suffix(text: str, clock: str, *, iso: bool) -> tuple[str, dt.tzinfo | None]:
    """Return what is behind a clock: the half of the day, or "", and the zone."""
    half, letters = "", clock.isdigit() and len(clock) > 2
    hour, colon, minute = clock.partition(":")
    until = None if iso or not colon or len(minute) > 2 else _MAYBE_RANGE.fullmatch(text)
    if until and int(until[1]) > int(hour):
        msg = f"“{clock}{text}” is a range of times, or a time with its offset from UTC."
        raise UnknownZoneError(msg)
    if not (letters and len(text.strip()) == 1) and (found := _HALF.match(text)):
        half, text = found[1] or found[2] or found[3], text[found.end() :]
    text = _CLOCK_WORD.sub("", text, count=1)
    return half, parse_zone(text, letters=letters)


def parse_zone(text: str, *, letters: bool = False) -> dt.tzinfo | None:
    """Return the zone that a folded text names; None: local time.

    An offset has precedence over a name in brackets behind it. ``letters``: one letter is a zone
    of a date-time group, such as c for UTC+3. Raises UnknownZoneError if the zone is unknown, or an
    abbreviation of several zones.
    """
    text = text.strip()
    if text.startswith(("(", "[")) and text.endswith((")", "]")):
        text = text[1:-1].strip()
    if text in _LOCAL:
        return None
    if len(text) == 1 and letters and text in _LETTERS:
        return _fixed(_LETTERS.index(text) - 12)
    if text in _OFFSETS:
        return _fixed(_OFFSETS[text])
    if found := _OFFSET.fullmatch(_COMMENT.sub("", text) if text[-1:] in ")]" else text):
        hours = int(found[2]) + int(found[3] or 0) / 60
        if hours <= _LARGEST:
            return _fixed(-hours if found[1] == "-" else hours)
    offset, _, zone_name = text.partition(" ")  # such as "+0000 UTC", as Go writes times
    if _OFFSET.fullmatch(offset) and zone_name in _OFFSETS:
        zone = parse_zone(offset)
        if zone == _fixed(_OFFSETS[zone_name]):
            return zone
    if name := _region_names().get(text.removesuffix(" time").replace(" ", "_")):
        return ZoneInfo(name)
    if text in AMBIGUOUS_ZONES:
        msg = f"The time zone “{text.upper()}” may be that of {AMBIGUOUS_ZONES[text]}."
        raise UnknownZoneError(msg)
    what = "a known time zone" if text[0].isalpha() else "an offset from UTC"
    msg = f"“{text[:40]}” is not {what}."
    raise UnknownZoneError(msg)


def _fixed(hours: float) -> dt.tzinfo:
    return dt.timezone(dt.timedelta(hours=hours)) if hours else dt.UTC


@lru_cache(maxsize=1)
def _region_names() -> dict[str, str]:
    """Return each region, and the city in it, in lower case -> region: paris, europe/paris."""
    regions = sorted(name for name in available_timezones() if "/" in name)
    cities = {
        name.rpartition("/")[2].casefold(): name for name in regions if name.startswith(_CONTINENTS)
    }
    return cities | {name.casefold(): name for name in regions}
