"""The locator: extent and name of the small map that shows where in the country a map is."""

from __future__ import annotations

from dataclasses import dataclass

from geo.evidence import find_case_meridian
from geo.evidence.case import builtin_case
from geo.meridian import Box, unwrap_box, unwrap_longitude

MARGIN = 0.02  # of its width and height, round what it shows


@dataclass(frozen=True)
class LocatorArea:
    """What the locator shows.

    Attributes
    ----------
    bounds : tuple of float
        xmin, ymin, xmax, ymax in degrees, EPSG:4326, unwrapped about the case's meridian.
    name : str
        Of the country; empty where the case names none.
    point : tuple of float or None
        Longitude (unwrapped) and latitude of the name.
    """

    bounds: Box
    name: str = ""
    point: tuple[float, float] | None = None


def find_locator_area() -> LocatorArea:
    """Return the area of the case's locator: its frame, and its country where it names one."""
    case, meridian = builtin_case(), find_case_meridian()
    boxes = [unwrap_box(case.frame, meridian)]
    if case.country:
        boxes.append(unwrap_box(case.country.bounds, meridian))
    west, south, east, north = (
        choose(one[side] for one in boxes) for side, choose in enumerate((min, min, max, max))
    )
    across, down = MARGIN * (east - west), MARGIN * (north - south)
    bounds = (west - across, max(south - down, -85), east + across, min(north + down, 85))
    if case.country is None:
        return LocatorArea(bounds)
    lon, lat = case.country.point
    return LocatorArea(bounds, case.country.name, (unwrap_longitude(lon, meridian), lat))
