"""Where and when the accepted rows of an upload are: as numbers, and as a sentence."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries

from geo.ingest.base.model import ImportResult
from geo.ingest.base.safe_text import format_count
from geo.store.core.api import Box
from geo.store.core.date_window import compute_day_ranges, find_first_and_last_day
from geo.store.core.normalise import compute_extent
from geo.text.formatting import format_span

_MAX_DECIMALS = 4  # of a degree: 10 m


@dataclass(frozen=True)
class ResultExtent:
    """The extent of the accepted rows of an import result."""

    bbox: Box | None
    """(xmin, ymin, xmax, ymax), EPSG:4326."""
    days: tuple[dt.date, dt.date] | None
    """The first and the last day, in the layer's time zone."""
    undated: int
    """Number of accepted rows without a date."""


def measure_extent(result: ImportResult) -> ResultExtent:
    """Return where and when the accepted rows are."""
    columns = ("from", "to") if len(result.times.columns) else None
    zone = result.detected.time_zone or "UTC"
    first, last = compute_day_ranges(result.times, columns, zone)
    low, high = find_first_and_last_day(first, last)
    days = (low, high) if low and high else None
    return ResultExtent(compute_extent(result.frame.geometry), days, int(np.isnat(first).sum()))


def describe_extent(result: ImportResult) -> str:
    """Return a sentence without full stop, such as "2 rows at 35.4 N, 35.9 E, 3 May 2024"."""
    extent = measure_extent(result)
    text = format_count(result.accepted, "row")
    if extent.bbox:
        text += f" {_format_box(bring_together(extent.bbox, result.frame.geometry))}"
    if extent.days:
        text += f", {format_span(*extent.days).replace(' – ', '–').replace('–', ' to ')}"
        if extent.undated:
            text += f"; {extent.undated:,} without a date"
    elif result.accepted:
        text += ", without dates"
    return text


def bring_together(box: Box, places: GeoSeries) -> Box:
    """Return a box with xmin above xmax if its places are on one half of the globe, across 180."""
    xmin, ymin, xmax, ymax = box
    if xmax - xmin <= 180:
        return box
    sides = shapely.bounds(shapely.get_parts(places.to_numpy()))[:, [0, 2]]
    sides[sides[:, 0] < 0] += 360
    west, east = float(np.nanmin(sides)), float(np.nanmax(sides))
    return (west, ymin, east - 360, ymax) if east - west <= 180 else box


def choose_side(places: GeoSeries) -> tuple[Box, str]:
    """Return the extent of the places on one side of 180 degrees, and what is on the other.

    The side is that with more places (parts on both sides count on both); the words are such as
    "2 rows are".
    """
    bounds = shapely.bounds(places.to_numpy())
    bounds = bounds[~np.isnan(bounds[:, 0])]
    west, east = bounds[bounds[:, 0] < 0], bounds[bounds[:, 2] > 0]
    most, least = (west, east) if len(west) > len(east) else (east, west)
    parts = shapely.bounds(shapely.get_parts(places.to_numpy()))
    parts = parts[parts[:, 0] < 0 if most is west else parts[:, 2] > 0]
    low, high = parts[:, :2].min(axis=0), parts[:, 2:].max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return box, f"{format_count(len(least), 'row')} {'is' if len(least) == 1 else 'are'}"


def _format_box(box: Box) -> str:
    """Return "between 34.9 and 35.4 N, 35.7 and 36.3 E"."""
    xmin, ymin, xmax, ymax = box
    latitude, longitude = _format_side(ymin, ymax, "S", "N"), _format_side(xmin, xmax, "W", "E")
    word = longitude.partition(" ")[0]
    if latitude.startswith(word):
        longitude = longitude.removeprefix(f"{word} ")
    return f"{latitude}, {longitude}"


def _format_side(low: float, high: float, minus: str, plus: str) -> str:
    """Return "between 34.9 and 35.4 N", or "at 35.4 N" if there is no difference."""
    if low > high:  # across the antimeridian
        return f"between {low:.1f} {plus} and {-high:.1f} {minus}"
    decimals = 1
    while decimals < _MAX_DECIMALS and high - low < 2 * 10.0**-decimals:
        decimals += 1
    ends = round(low, decimals), round(high, decimals)
    if ends[0] == ends[1]:
        return f"at {abs(ends[0]):.7g} {minus if ends[0] < 0 else plus}"
    numbers = [f"{abs(end):.{decimals}f}" for end in ends]
    if ends[0] < 0 < ends[1]:
        return f"between {numbers[0]} {minus} and {numbers[1]} {plus}"
    if ends[0] < 0:
        numbers.reverse()
    return f"between {numbers[0]} and {numbers[1]} {minus if ends[0] < 0 else plus}"
