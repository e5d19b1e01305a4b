"""Land, sea and country of the case, by which swapped coordinates are detected.

They come from the base map of the case and from its country; a case may have neither.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.case_area import Box, find_case_area, intersects_box
from geo.ingest.base.column_types import cells_as_text
from geo.ingest.detect.coordinate_names import fold, split_name
from geo.settings import case_folder

_LAND_FILES = ("land.geojson", "harbour_land.geojson", "land_outer.geojson")
_BORDERS = "borders.geojson"
_OFF_SHORE = 0.05  # degrees, about 5 km: harbours are not on the land of the base map
_COUNTRY = frozenset(
    fold("""
        country countryname countrycode admin0 admin0name adm0 iso iso2 iso3 isoa3 land staat pays
        país paese kraj ülke страна країна دولة الدولة البلد كشور מדינה χώρα
    """).split()
)


@lru_cache(maxsize=2)
def load_land(folder: Path) -> shapely.Geometry | None:
    """Return the land of a base map with a buffer along the coast, EPSG:4326, prepared."""
    files = [shapely.get_parts(one) for one in _read_land(folder)]
    if not files:
        return None
    parts = [shapely.simplify(one, 0.01) for one in files]
    whole = shapely.union_all(np.concatenate(parts)).buffer(_OFF_SHORE, quad_segs=2)
    shapely.prepare(whole)
    return whole


@lru_cache(maxsize=2)
def measure_charted(folder: Path) -> Box | None:
    """Return where the base map knows land and sea; None without a base map."""
    files = _read_land(folder)
    if not files:
        return None
    xmin, ymin, xmax, ymax = shapely.total_bounds(files).tolist()
    return (xmin, ymin, xmax, ymax)


@lru_cache(maxsize=2)
def load_country(folder: Path) -> shapely.Geometry | None:
    """Return the country of the case, about 2 km within its borders, EPSG:4326, prepared.

    The base map has borders as lines: they cut the land into countries. None if the case names no
    country, or has no borders to cut by.
    """
    home, path = find_case_area().country, folder / _BORDERS
    files = _read_land(folder)
    if home is None or not files or not path.is_file():
        return None
    borders = shapely.buffer(shapely.from_geojson(path.read_text("utf-8")), 0.02, quad_segs=1)
    countries = shapely.get_parts(shapely.difference(shapely.union_all(files), borders))
    found = countries[shapely.contains_xy(countries, *home.point)]
    if not len(found):
        return None
    shapely.prepare(found[0])
    return found[0]


def _read_land(folder: Path) -> list[shapely.Geometry]:
    paths = [folder / name for name in _LAND_FILES]
    return [shapely.from_geojson(one.read_text("utf-8")) for one in paths if one.is_file()]


def _find_base_map() -> Path:
    return case_folder() / "basemap"


def has_country() -> bool:
    """Return whether the case has a country and borders that tell it from others."""
    return find_case_area().country is not None and load_country(_find_base_map()) is not None


def is_in_country(bounds: np.ndarray) -> np.ndarray:
    """Return whether the middle of each of the bounds, (n, 4), is in the country of the case."""
    return _is_within(load_country, bounds)


def is_at_sea(bounds: np.ndarray) -> np.ndarray:
    """Return whether each place is in the sea, as far as a base map of the case knows it."""
    charted = measure_charted(_find_base_map())
    if charted is None:
        return np.zeros(len(bounds), dtype=bool)
    return intersects_box(bounds, charted) & ~_is_within(load_land, bounds)


def is_in_area(bounds: np.ndarray) -> np.ndarray:
    """Return whether each place is on land in the study area, or in the country around it."""
    area = find_case_area()
    there = intersects_box(bounds, area.box)
    around = np.zeros(len(bounds), dtype=bool)
    if area.country is not None:
        around = intersects_box(bounds, area.country.bounds) & ~there
    if there.any() and measure_charted(_find_base_map()) is not None:
        there &= _is_within(load_land, bounds)
    return there | (around & is_in_country(bounds)) if around.any() else there


def _is_within(load: Callable[[Path], shapely.Geometry | None], bounds: np.ndarray) -> np.ndarray:
    shape = load(_find_base_map())
    if shape is None:
        return np.zeros(len(bounds), dtype=bool)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    return shapely.contains_xy(shape, middle[:, 0], middle[:, 1])


def read_countries(data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return two masks, one bool a row: a column names the country; it names another one."""
    at_home, given = np.zeros((2, len(data)), dtype=bool)
    home = find_case_area().country
    if home is None:
        return at_home, given
    names = {fold(one).replace(" ", "") for one in (home.name, *home.names)}
    for name in data.columns:
        if "".join(split_name(name)) in _COUNTRY:
            cells = [fold(cell).replace(" ", "") for cell in cells_as_text(data[name])]
            found = np.array([cell in names for cell in cells], dtype=bool)
            if found.any() or any(cell.isalpha() for cell in cells):
                at_home |= found
                given |= np.array([bool(cell) for cell in cells], dtype=bool)
    return at_home, given & ~at_home
