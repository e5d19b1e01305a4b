"""Detect swapped latitude and longitude, and report rows outside of the study area.

A case may have a base map of its own and a country: what it has not is not tested.
"""

import numpy as np
import shapely

from geo.ingest.base.case_area import build_area_shape, find_case_area, intersects_box
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import Level
from geo.ingest.base.safe_text import format_count
from geo.ingest.checks.home_geography import (
    has_country,
    is_at_sea,
    is_in_area,
    is_in_country,
    read_countries,
)
from geo.ingest.detect.coordinate_names import split_name
from geo.ingest.detect.known_schemas import MatchedSchema

_NEARLY_ALL, _MOST, _HALF, _SOME, _FEW = 0.95, 0.8, 0.5, 0.3, 0.2
_SAMPLE = 20_000
_SWAP = "swap latitude and longitude"
_VESSELS = frozenset(("mmsi", "imo", "vessel", "ship", "callsign"))


def check_axis_order(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> None:
    """Detect swapped coordinates; report them, and swap them if that repair was chosen.

    Where latitudes and longitudes are both around 35, their range does not show the order.
    The coast and the borders do: a place is doubtful if it is in the sea, and on land in the study
    area after a swap (not tested for ships and aircraft); if it is outside of the study area, and
    in the country of the case after a swap; or if its latitude is beyond 90°. Other places on land
    are as they are. Without a base map, all places count as on land; without a country, places
    are compared with the study area.
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
    on_land = is_in_area(swapped) & (not moves)
    at_home, foreign = (one[drawn] for one in read_countries(table.data))
    on_land &= ~foreign
    at_sea = on_land & is_at_sea(bounds) if on_land.any() else on_land
    abroad = on_land & (at_home | ~intersects_box(bounds, find_case_area().box))
    if abroad.any() and has_country():
        abroad &= is_in_country(swapped) & ~is_in_country(bounds)

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
        level: Level = "warning" if at_home[abroad].all() else "info"
        _offer_swap(table, mask(abroad), _explain_abroad(), log, level)
    else:
        few = [one for one, most in ((at_sea, _FEW), (abroad, _HALF)) if one.mean() <= most]
        doubtful = np.logical_or.reduce(few) if few else np.zeros(len(drawn), dtype=bool)
        if doubtful.any() and is_in_area(bounds[~doubtful]).mean() >= _NEARLY_ALL:
            _offer_swap_of_rows(table, shapes, mask(doubtful), log)


def _explain_abroad() -> str:
    home = find_case_area().country
    if home is None or not has_country():
        return "as they are, the places are outside of the study area; swapped, they are in it"
    return f"as they are, the places are in another country; swapped, they are in {home.name}"


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


def report_outside_area(table: RawTable, log: Diagnostics) -> None:
    """Report accepted rows outside of the study area; they are kept.

    A few, or all, may be a mistake; of a file of the whole world most are outside.
    """
    shapes = np.array(table.geometries, dtype=object)
    good = ~table.rejected & ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    area = find_case_area()
    outside = good & ~intersects_box(bounds, area.box)
    with np.errstate(invalid="ignore"):
        wide = good & (bounds[:, 2] - bounds[:, 0] > 180)  # such as parts on both sides of 180
    outside[wide] = ~shapely.intersects(shapes[wide], build_area_shape(area.box))
    if outside.any():
        rows = table.describe_rows(outside)
        if (outside >= good).all():
            rows = f"all {format_count(int(outside.sum()), 'row')}"
        of_the_world = good.sum() / 2 < outside.sum() < good.sum()
        level: Level = "info" if of_the_world else "warning"
        text = f"Outside of the study area ({area}): {rows}; kept."
        log.add_message(level, text)


def _swap_coordinates(shapes: np.ndarray) -> np.ndarray:
    """Return geometries with x and y exchanged; heights are kept."""
    return shapely.transform(
        shapes, lambda points: points[:, [1, 0, *range(2, points.shape[1])]], include_z=None
    )
