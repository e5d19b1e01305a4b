"""Where uploads are expected, from the case: study area, country, usual coordinate systems.

Read as plain data, since a worker starts for each upload. A box whose xmin is above its xmax
crosses the 180th meridian.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely

from geo.case_file import read_case_values
from geo.settings import case_folder

Box: TypeAlias = tuple[float, float, float, float]
_WEB_MERCATOR = "EPSG:3857"
_UTM_WIDTH = 6


@dataclass(frozen=True)
class HomeCountry:
    """The country of the case: how files write it, a point within it, a box round it."""

    name: str
    names: tuple[str, ...]
    point: tuple[float, float]
    bounds: Box


@dataclass(frozen=True)
class CaseArea:
    """Where uploads of a case are expected.

    Attributes
    ----------
    box : tuple of float, optional
        The study area: (xmin, ymin, xmax, ymax), EPSG:4326; None is the whole world.
    country : HomeCountry, optional
        The country of the case.
    crs : tuple of str
        Codes that are suggested for metres without a CRS.
    """

    box: Box | None = None
    country: HomeCountry | None = None
    crs: tuple[str, ...] = (_WEB_MERCATOR,)

    @property
    def unwrapped(self) -> Box:
        """The study area with xmin below xmax, so beyond 180° where it crosses the meridian."""
        xmin, ymin, xmax, ymax = self.box or (-180.0, -90.0, 180.0, 90.0)
        return (xmin, ymin, xmax if xmin <= xmax else xmax + 360, ymax)

    def __str__(self) -> str:
        if self.box is None:
            return "the whole world"
        xmin, ymin, xmax, ymax = self.box
        return f"{format_degrees(xmin, xmax, 'EW')}, {format_degrees(ymin, ymax, 'NS')}"


def find_case_area() -> CaseArea:
    """Return the area of the case that this process shows."""
    return _build_area(str(case_folder()))


@lru_cache(maxsize=4)
def _build_area(_: str) -> CaseArea:
    values = read_case_values()
    box = _parse_box(values.get("study_area")) or _parse_box(values.get("frame"))
    given = values.get("crs")
    codes = [str(one) for one in given] if isinstance(given, list) else []
    codes = codes or (_list_utm_zones(box) if box else [])
    return CaseArea(box, _parse_country(values.get("country")), (*codes, _WEB_MERCATOR))


def _parse_box(value: object) -> Box | None:
    if isinstance(value, Iterable):
        with suppress(TypeError, ValueError):
            xmin, ymin, xmax, ymax = (float(one) for one in value)
            return (xmin, ymin, xmax, ymax)
    return None


def _parse_country(value: object) -> HomeCountry | None:
    if not isinstance(value, Mapping):
        return None
    with suppress(TypeError, ValueError, LookupError):
        lon, lat = (float(one) for one in value["point"])
        bounds = _parse_box(value["bounds"])
        names = tuple(str(one) for one in value["names"])
        return HomeCountry(str(value["name"]), names, (lon, lat), bounds) if bounds else None
    return None


def _list_utm_zones(box: Box) -> list[str]:
    """Return the codes of the UTM zones of a box, the middle one first; of wide boxes three."""
    xmin, ymin, xmax, ymax = box
    across = (xmax - xmin) % 360
    middle = xmin + across / 2
    half = "326" if ymin + ymax >= 0 else "327"
    ends = sorted((xmin, middle, xmin + across), key=lambda lon: abs(lon - middle))
    zones = [int((lon + 180) // _UTM_WIDTH) % 60 + 1 for lon in ends]
    return [f"EPSG:{half}{zone:02d}" for zone in dict.fromkeys(zones)]


def format_degrees(low: float, high: float, letters: str) -> str:
    """Return "34 to 39° E", or both letters where the ends are on different sides."""
    first, last = (letters[0] if one >= 0 else letters[1] for one in (low, high))
    ends = f"{abs(low):g}", f"{abs(high):g}"
    if first == last:
        return f"{ends[0]} to {ends[1]}° {first}"
    return f"{ends[0]}° {first} to {ends[1]}° {last}"


def intersects_box(bounds: np.ndarray, box: Box | None) -> np.ndarray:
    """Return one bool for each of the bounds, (n, 4): it intersects the box; False for NaN.

    None is the whole world.
    """
    xmin, ymin, xmax, ymax = box or (-180.0, -90.0, 180.0, 90.0)
    with np.errstate(invalid="ignore"):
        west, east = bounds[:, 0] <= xmax, bounds[:, 2] >= xmin
        in_x = (west & east) if xmin <= xmax else (west | east)
        return in_x & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)


def build_area_shape(box: Box | None) -> shapely.Geometry:
    """Return a box as a geometry, in two parts where it crosses the 180th meridian."""
    xmin, ymin, xmax, ymax = box or (-180.0, -90.0, 180.0, 90.0)
    if xmin <= xmax:
        return shapely.box(xmin, ymin, xmax, ymax)
    parts = [shapely.box(xmin, ymin, 180, ymax), shapely.box(-180, ymin, xmax, ymax)]
    return shapely.MultiPolygon(parts)
