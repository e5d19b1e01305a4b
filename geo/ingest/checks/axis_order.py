"""Detect swapped latitude and longitude, and report rows outside of the study area."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.base.crs import STUDY_AREA, Box, intersects_box
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import Level
from geo.ingest.base.safe_text import format_count
from geo.ingest.detect.coordinate_names import fold, split_name
from geo.ingest.detect.known_schemas import MatchedSchema

# not geo.settings.ROOT: its import takes a worker 0.15 s
_BASEMAP = Path(__file__).resolve().parents[3] / "assets" / "case" / "basemap"
_LAND_FILES = ("land.geojson", "land_outer.geojson")
_CHARTED: Box = (26.0, 28.0, 46.0, 42.0)
"""(xmin, ymin, xmax, ymax), EPSG:4326: where the base map knows land and sea."""
_EAST: Box = (39.0, 32.0, 42.4, 37.4)
_IN_SYRIA = (38.4, 35.0)
_NEARLY_ALL, _MOST, _HALF, _SOME, _FEW = 0.95, 0.8, 0.5, 0.3, 0.2
_OFF_SHORE = 0.05  # degrees, about 5 km: harbours are not on the land of the base map
_SAMPLE = 20_000
_SWAP = "swap latitude and longitude"
_VESSELS = frozenset(("mmsi", "imo", "vessel", "ship", "callsign"))
_COUNTRY = frozenset(
    fold("""
        country countryname countrycode admin0 admin0name adm0 iso iso2 iso3 isoa3 land staat pays
        país paese kraj ülke страна країна دولة الدولة البلد كشور מדינה χώρα
    """).split()
)
_SYRIA = frozenset(
    fold("""
        syria syrianarabrepublic sy syr 760 syrie syrien siria suriye síria сирия сирія
        сирийскаяарабскаяреспублика سوريا سورية الجمهوريةالعربيةالسورية סוריה συρία
    """).split()
)


@lru_cache(maxsize=1)
def load_land() -> shapely.Geometry:
    """Return the land of the base map with a buffer along the coast, EPSG:4326, prepared."""
    files = [shapely.get_parts(_read_basemap(name)) for name in _LAND_FILES]
    parts = [shapely.simplify(one, 0.01) for one in files]
    whole = shapely.union_all(np.concatenate(parts)).buffer(_OFF_SHORE, quad_segs=2)
    shapely.prepare(whole)
    return whole


@lru_cache(maxsize=1)
def load_syria() -> shapely.Geometry:
    """Return Syria, about 2 km within its borders, EPSG:4326, prepared.

    The base map has borders as lines: they cut the land into countries.
    """
    land = shapely.union_all([_read_basemap(name) for name in _LAND_FILES])
    borders = shapely.buffer(_read_basemap("borders.geojson"), 0.02, quad_segs=1)
    countries = shapely.get_parts(shapely.difference(land, borders))
    syria = countries[shapely.contains_xy(countries, *_IN_SYRIA)][0]
    shapely.prepare(syria)
    return syria


def _read_basemap(name: str) -> shapely.Geometry:
    return shapely.from_geojson((_BASEMAP / name).read_text("utf-8"))


def check_axis_order(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> None:
    """Detect swapped coordinates; report them, and swap them if that repair was chosen.

    Latitudes and longitudes of Syria are both around 35, so their range does not show the order.
    The coast and the borders do: a place is doubtful if it is in the sea, and on land in the study
    area after a swap (not tested for ships and aircraft); if it is outside of the study area, and
    in Syria after a swap; or if its latitude is beyond 90°. Other places on land are as they are.
    """
    shapes = np.array(table.geometries, dtype=object)
    drawn = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if not len(drawn):
        return
    if "swap" in log.options.repairs:
        log.offer_repair("swap", f"{_SWAP} in all rows", len(drawn))
        table.geometries = _swap_coordinates(shapes)
        return
    bounds = shapely.bounds(shapes[drawn := drawn[:_SAMPLE]])
    swapped = bounds[:, [1, 0, 3, 2]]
    beyond, moves = _is_beyond_range(bounds), _moves(table, schema)
    on_land = _is_in_area(swapped) & (not moves)
    syrian, foreign = (one[drawn] for one in _read_countries(table.data))
    on_land &= ~foreign
    at_sea = on_land & intersects_box(bounds, _CHARTED) & ~_is_within(load_land, bounds)
    abroad = on_land & (syrian | ~intersects_box(bounds, STUDY_AREA))
    if abroad.any():
        abroad &= _is_within(load_syria, swapped) & ~_is_within(load_syria, bounds)

    def mask(found: np.ndarray) -> np.ndarray:
        rows = np.zeros(len(shapes), dtype=bool)
        rows[drawn[found]] = True
        return rows

    if beyond.mean() >= _MOST:
        _offer_swap(table, mask(beyond), "as they are, the latitudes are beyond 90°", log)
    elif on_land.mean() >= _NEARLY_ALL and at_sea.mean() >= _SOME:
        text = "as they are, the places are in the sea; swapped, they are on land"
        _offer_swap(table, mask(at_sea), text, log)
    elif on_land.mean() >= _NEARLY_ALL and abroad.mean() >= _HALF:
        text = "as they are, the places are in another country; swapped, they are in Syria"
        _offer_swap(table, mask(abroad), text, log, "warning" if syrian[abroad].all() else "info")
    else:
        few = [one for one, most in ((at_sea, _FEW), (abroad, _HALF)) if one.mean() <= most]
        doubtful = np.logical_or.reduce(few) if few else np.zeros(len(drawn), dtype=bool)
        if doubtful.any() and _is_in_area(bounds[~doubtful]).mean() >= _NEARLY_ALL:
            _offer_swap_of_rows(table, shapes, mask(doubtful), log)


def _offer_swap(
    table: RawTable, rows: np.ndarray, why: str, log: Diagnostics, level: Level = "warning"
) -> None:
    """Report rows that look swapped; where land alone tells it, that is no warning."""
    number = int((~shapely.is_missing(np.array(table.geometries, dtype=object))).sum())
    log.offer_repair("swap", f"{_SWAP} in all rows", number)
    seem = "look" if level == "warning" else "may be"
    log.add_message(
        level,
        f"Latitude and longitude {seem} swapped ({table.describe_rows(rows)}): {why}. The repair "
        "“swap” exchanges them.",
    )


def _offer_swap_of_rows(
    table: RawTable, shapes: np.ndarray, rows: np.ndarray, log: Diagnostics
) -> None:
    if log.offer_repair("swap-rows", f"{_SWAP} in the rows that look swapped", int(rows.sum())):
        shapes[rows] = _swap_coordinates(shapes[rows])
        table.geometries = shapes
    else:
        log.warn(
            f"Latitude and longitude of {table.describe_rows(rows)} look swapped: they are in the "
            "sea or in another country, and swapped they would be on land as the others are. The "
            "repair “swap-rows” exchanges them."
        )


def _read_countries(data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return two masks, one bool a row: a column names Syria; it names another country."""
    syrian, given = np.zeros((2, len(data)), dtype=bool)
    for name in data.columns:
        if "".join(split_name(name)) in _COUNTRY:
            cells = [fold(cell).replace(" ", "") for cell in cells_as_text(data[name])]
            found = np.array([cell in _SYRIA for cell in cells], dtype=bool)
            if found.any() or any(cell.isalpha() for cell in cells):
                syrian |= found
                given |= np.array([bool(cell) for cell in cells], dtype=bool)
    return syrian, given & ~syrian


def _moves(table: RawTable, schema: MatchedSchema | None) -> bool:
    """Return whether the rows are positions of ships or aircraft, by schema or column names."""
    words = {word for name in table.data.columns for word in split_name(name)}
    return (
        (schema is not None and schema.moves) or bool(words & _VESSELS) or words >= {"icao", "24"}
    )


def _is_beyond_range(bounds: np.ndarray) -> np.ndarray:
    """Return whether only the latitudes are beyond their range."""
    sizes = np.abs(bounds)
    x, y = sizes[:, [0, 2]].max(axis=1), sizes[:, [1, 3]].max(axis=1)
    with np.errstate(invalid="ignore"):
        return (y > 90) & (y <= 180) & (x <= 90)


def _is_in_area(bounds: np.ndarray) -> np.ndarray:
    """Return whether each place is on land in the study area, or in Syria east of it."""
    there, east = intersects_box(bounds, STUDY_AREA), intersects_box(bounds, _EAST)
    if there.any():
        there &= _is_within(load_land, bounds)
    return there | (east & _is_within(load_syria, bounds)) if east.any() else there


def report_outside_area(table: RawTable, log: Diagnostics) -> None:
    """Report accepted rows outside of the study area; they are kept.

    A few, or all, may be a mistake; of a file of the whole world most are outside.
    """
    shapes = np.array(table.geometries, dtype=object)
    good = ~table.rejected & ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    outside = good & ~intersects_box(bounds, STUDY_AREA)
    with np.errstate(invalid="ignore"):
        wide = good & (bounds[:, 2] - bounds[:, 0] > 180)  # such as parts on both sides of 180
    outside[wide] = ~shapely.intersects(shapes[wide], shapely.box(*STUDY_AREA))
    if outside.any():
        rows = table.describe_rows(outside)
        if (outside >= good).all():
            rows = f"all {format_count(int(outside.sum()), 'row')}"
        of_the_world = good.sum() / 2 < outside.sum() < good.sum()
        level: Level = "info" if of_the_world else "warning"
        text = f"Outside of the study area (34 to 39° E, 32 to 37.5° N): {rows}; kept."
        log.add_message(level, text)


def _swap_coordinates(shapes: np.ndarray) -> np.ndarray:
    """Return geometries with x and y exchanged; heights are kept."""
    return shapely.transform(
        shapes, lambda points: points[:, [1, 0, *range(2, points.shape[1])]], include_z=None
    )


def _is_within(load: Callable[[], shapely.Geometry], bounds: np.ndarray) -> np.ndarray:
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    return shapely.contains_xy(load(), middle[:, 0], middle[:, 1])
