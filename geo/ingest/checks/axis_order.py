"""Detect swapped latitude and longitude, and report rows outside of the study area."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from geo.ingest.base.crs import STUDY_AREA, intersects_box
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import format_count
from geo.ingest.detect.known_schemas import MatchedSchema

# not geo.settings.ROOT: its import takes a worker 0.15 s
_LAND = Path(__file__).resolve().parents[3] / "assets" / "basemap" / "land.geojson"
_NEARLY_ALL, _MOST, _SOME, _FEW = 0.95, 0.8, 0.3, 0.2
_OFF_SHORE = 0.05  # degrees, about 5 km: harbours are not on the land of the base map
_SAMPLE = 20_000
_SWAP = "swap latitude and longitude"


@lru_cache(maxsize=1)
def load_land() -> shapely.Geometry:
    """Return the land of the study area with a buffer along the coast, EPSG:4326, prepared."""
    parts = shapely.get_parts(shapely.from_geojson(_LAND.read_text("utf-8")))
    whole = shapely.union_all(shapely.simplify(parts, 0.01)).buffer(_OFF_SHORE, quad_segs=2)
    shapely.prepare(whole)
    return whole


def check_axis_order(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> None:
    """Detect swapped coordinates; report them, and swap them if that repair was chosen.

    Latitudes and longitudes of Syria are both around 35, so their range does not show the order.
    A table looks swapped if its geometries are in the study area only after a swap, or are in
    the sea before and on land after it (not tested for ships and aircraft).
    """
    shapes = np.array(table.geometries, dtype=object)
    drawn = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if not len(drawn):
        return
    if "swap" in log.options.repairs:
        log.offer_repair("swap", f"{_SWAP} in all rows", len(drawn))
        table.geometries = _swap_coordinates(shapes)
        return
    drawn = drawn[:_SAMPLE]
    bounds = shapely.bounds(shapes[drawn])
    swapped = bounds[:, [1, 0, 3, 2]]
    inside, would = intersects_box(bounds, STUDY_AREA), intersects_box(swapped, STUDY_AREA)
    doubtful = would & ~inside
    share = float(doubtful.mean())
    if schema is None or not schema.moves:
        on_land = would & _is_on_land(swapped)
        doubtful |= inside & ~_is_on_land(bounds) & on_land
        if on_land.mean() >= _NEARLY_ALL and doubtful.mean() >= _SOME:
            share = 1.0
    if not doubtful.any():
        return
    rows = np.zeros(len(shapes), dtype=bool)
    rows[drawn[doubtful]] = True
    described = table.describe_rows(rows)
    if max(share, doubtful.mean()) >= _MOST:
        number = int((~shapely.is_missing(shapes)).sum())
        log.offer_repair("swap", f"{_SWAP} in all rows", number)
        log.warn(
            f"Latitude and longitude look swapped ({described}): as they are, the "
            "places are outside of the study area or in the sea; swapped, they are on land. The "
            "repair “swap” exchanges them."
        )
        return
    if doubtful.mean() > _FEW and not doubtful[would & ~inside].any():
        return  # places on both sides of a coast
    if log.offer_repair("swap-rows", f"{_SWAP} in the rows that look swapped", int(rows.sum())):
        shapes[rows] = _swap_coordinates(shapes[rows])
        table.geometries = shapes
    else:
        log.warn(
            f"Latitude and longitude of {described} look swapped: swapped, they "
            "would be on land in the study area. The repair “swap-rows” exchanges them."
        )


def report_outside_area(table: RawTable, log: Diagnostics) -> None:
    """Report accepted rows at 0°, 0° and outside of the study area; they are kept."""
    shapes = np.array(table.geometries, dtype=object)
    good = ~table.rejected & ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        zero = good & (bounds == 0).all(axis=1)
    outside = good & ~intersects_box(bounds, STUDY_AREA) & ~zero
    if zero.any():
        rows = table.describe_rows(zero)
        log.warn(f"At 0°, 0°, which mostly means that the place is missing: {rows}; kept.")
    if outside.any():
        rows = table.describe_rows(outside)
        if (outside >= good).all():
            rows = f"all {format_count(int(outside.sum()), 'row')}"
        log.warn(f"Outside of the study area (34 to 39° E, 32 to 37.5° N): {rows}; kept.")


def _swap_coordinates(shapes: np.ndarray) -> np.ndarray:
    """Return geometries with x and y exchanged; heights are kept."""
    return shapely.transform(
        shapes, lambda points: points[:, [1, 0, *range(2, points.shape[1])]], include_z=None
    )


def _is_on_land(bounds: np.ndarray) -> np.ndarray:
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    return shapely.contains_xy(load_land(), middle[:, 0], middle[:, 1])
