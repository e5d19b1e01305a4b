"""How far from a point a source says that something was: the recipe of a claim, and its words.

A claim of the location class "distance" has no spot: it is drawn as a ring, or as the part of one
between two bearings, around a point that it is measured from. Lengths are metres on the WGS 84
ellipsoid, bearings are true, in degrees clockwise from north.

The tolerance comes from the rounding of the words, by one rule: the last digit that the source
writes has a worth ("13 km": 1 km, "15.6 miles": a tenth of a mile). A plain number is right to half
of that; after "about" or "some" it is right to the whole of it. A span ("7 to 12 km") is its own
tolerance. Words of a direction are sectors: each of the eight winds opens by 45 degrees about its
middle, so that north-west is 292.5 to 337.5; of two winds the sector is that of both.
"""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from geo.evidence import distance_rules
from geo.evidence.record import Bearing, Id, Lat, Lon, Metres, Record, Text

WHOLE_RING = (0.0, 360.0)
WINDS = (
    *("north", "north-east", "east", "south-east"),
    *("south", "south-west", "west", "north-west"),
)
_MOST_WINDS = 3  # that are named one by one
WIND = 360 / len(WINDS)  # degrees that a wind opens by


class NamedPoint(Record):
    """A point that distances are measured from and that is no place of the case."""

    name: Text
    lon: Lon
    lat: Lat


def _tell_apart(value: object) -> str:
    return "place" if isinstance(value, str) else "point"


Centre = Annotated[
    Annotated[Id, Tag("place")] | Annotated[NamedPoint, Tag("point")], Discriminator(_tell_apart)
]


class Distance(Record):
    """Recipe: a ring around a centre, or its part between two bearings, clockwise.

    `distance_m` with `tolerance_m` on both sides, or a span from `min_m` to `max_m`. `seaward`
    leaves out what is land on the base map of the case; without such a map nothing is left out.
    """

    RULES = distance_rules.DISTANCE_RULES

    centre: Centre
    distance_m: Metres | None = None
    min_m: Metres | None = None
    max_m: Metres | None = None
    tolerance_m: Metres = 0.0
    bearing_from: Bearing | None = None
    bearing_to: Bearing | None = None
    seaward: Annotated[bool, Field(strict=True)] = False
    words: Text | None = None
    """The distance as the source writes it, such as "about 13 km"."""

    @property
    def stated_m(self) -> tuple[float, ...]:
        """The distance, or both ends of the span."""
        if self.distance_m is not None:
            return (self.distance_m,)
        return tuple(one for one in (self.min_m, self.max_m) if one)

    @property
    def reach_m(self) -> tuple[float, float]:
        """The smallest and the largest distance, with the tolerance."""
        low = self.distance_m if self.min_m is None else self.min_m
        high = self.distance_m if self.max_m is None else self.max_m
        return max(0.0, (low or 0) - self.tolerance_m), (high or 0) + self.tolerance_m

    @property
    def bearings(self) -> tuple[float, float]:
        """The two bearings, or those of a whole ring."""
        if self.bearing_from is None or self.bearing_to is None:
            return WHOLE_RING
        return self.bearing_from, self.bearing_to

    @property
    def label(self) -> str:
        """The distance in words, such as "about 13 km" or "7 to 12 km"."""
        if self.words:
            return self.words
        if self.distance_m is None:
            return _format_span(self.min_m or 0, self.max_m or 0)
        about = "about " if self.tolerance_m else ""
        return f"{about}{_format_length(self.distance_m)}"

    def describe(self, name: str) -> str:
        """Return distance and direction from a named centre, such as "13 km west of the port"."""
        if self.bearings == WHOLE_RING:
            return f"{self.label} {'off' if self.seaward else 'from'} {name}"
        return f"{self.label} {describe_bearings(*self.bearings)} {name}"


def describe_bearings(start: float, end: float) -> str:
    """Return a sector in words that a name follows: "north-west of", or its bearings."""
    names = list_winds(start, end)
    if 0 < len(names) <= _MOST_WINDS:
        return f"{', '.join(names[:-1])}{' and ' if names[1:] else ''}{names[-1]} of"
    return f"at bearings {start:g}° to {end:g}° from"


def find_bearings(winds: tuple[str, ...]) -> tuple[float, float] | None:
    """Return the bearings of a sector of one wind, or of neighbours; None for any others."""
    numbers = sorted({WINDS.index(one) for one in winds})
    count = len(WINDS)
    for first in numbers:
        if {(first + more) % count for more in range(len(numbers))} == set(numbers):
            start = (first * WIND - WIND / 2) % 360
            return start, (start + len(numbers) * WIND) % 360
    return None


def list_winds(start: float | None, end: float | None) -> tuple[str, ...]:
    """Return the winds that bearings are the sector of; none for a sector of any other kind."""
    if start is None or end is None:
        return ()
    first, opening = (start + WIND / 2) % 360, (end - start) % 360
    if first % WIND or opening % WIND:
        return ()
    at = int(first // WIND)
    return tuple(WINDS[(at + more) % len(WINDS)] for more in range(int(opening // WIND)))


def _format_length(metres: float) -> str:
    if metres < 1000:
        return f"{metres:,.0f} m"
    return f"{round(metres / 1000, 1):,g} km"


def _format_span(low: float, high: float) -> str:
    first, last = _format_length(low), _format_length(high)
    same = first.rpartition(" ")[2] == last.rpartition(" ")[2]
    return f"{first.rpartition(' ')[0] if same else first} to {last}"
