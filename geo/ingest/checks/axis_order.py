"""The study area and its coast: where points would lie if latitude and longitude were swapped."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted
from geo.ingest.detect.known_schemas import MatchedSchema

AREA = (34.0, 32.0, 39.0, 37.5)
"""(xmin, ymin, xmax, ymax), EPSG:4326; that of the base map (assets/basemap/README.md)."""

# geo.settings, which knows this folder, would take a worker 0.15 s more
_LAND = Path(__file__).resolve().parents[3] / "assets" / "basemap" / "land.geojson"
_NEARLY_ALL, _MOST, _SOME, _FEW = 0.95, 0.8, 0.3, 0.2
_OFF_SHORE = 0.05  # degrees, some 5 km: harbours and moles are not on the land of the base map
_LOOKED_AT = 20_000
_SWAP = "swap latitude and longitude"
_WORDS = "34 to 39° E, 32 to 37.5° N"


@lru_cache(maxsize=1)
def land() -> shapely.Geometry:
    """Return the land within the study area and a strip of sea along it, EPSG:4326, prepared."""
    document = json.loads(_LAND.read_text("utf-8"))
    features = document["features"]
    whole = shapely.union_all([shape(one["geometry"]).simplify(0.01) for one in features])
    whole = whole.buffer(_OFF_SHORE, quad_segs=2)
    shapely.prepare(whole)
    return whole


def box_share(bounds: np.ndarray, box: tuple[float, float, float, float]) -> float:
    """Return the share of bounds, (n, 4), that touch a box; 1 where there are none."""
    return float(_touch(bounds, box).mean()) if len(bounds) else 1.0


def check_axis_order(table: RawTable, known: MatchedSchema | None, log: Diagnostics) -> None:
    """Find coordinates that look swapped, say so, and swap them when that was chosen.

    Both of Syria's coordinates are around 35, so a range cannot tell. A table looks swapped when
    its places would lie in the study area only the other way round, or when they are in the sea
    as they stand and on land the other way round (never for ships).
    """
    shapes = np.array(table.shapes, dtype=object)
    drawn = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if len(drawn) and "swap" in log.wanted:
        log.offer_repair("swap", f"{_SWAP} in all rows", len(drawn))
        _swap(table, np.ones(len(shapes), dtype=bool))
        return
    drawn = drawn[:_LOOKED_AT]
    if not len(drawn):
        return
    bounds = shapely.bounds(shapes[drawn])
    turned = bounds[:, [1, 0, 3, 2]]
    inside, would = _touch(bounds, AREA), _touch(turned, AREA)
    doubtful = would & ~inside
    share = float(doubtful.mean())
    if known is None or not known.moves:
        adrift = inside & ~_ashore(bounds)
        ashore = would & _ashore(turned)
        doubtful |= adrift & ashore
        if ashore.mean() >= _NEARLY_ALL and doubtful.mean() >= _SOME:
            share = 1.0
    if not doubtful.any():
        return
    rows = np.zeros(len(shapes), dtype=bool)
    rows[drawn[doubtful]] = True
    if max(share, doubtful.mean()) >= _MOST:
        told = f"Latitude and longitude look swapped ({table.named(rows)}): as they stand, "
        told += "the places are outside of the study area or in the sea; the other way round they "
        told += "are on land."
        log.offer_repair("swap", f"{_SWAP} in all rows", int((~shapely.is_missing(shapes)).sum()))
        log.add_message("warning", f"{told} The repair “swap” exchanges them.")
        return
    if doubtful.mean() > _FEW and not doubtful[would & ~inside].any():
        return  # places on both sides of a coast
    number = int(rows.sum())
    if log.offer_repair("swap-rows", f"{_SWAP} in the rows that look swapped", number):
        _swap(table, rows)
    else:
        log.add_message(
            "warning",
            f"Latitude and longitude of {table.named(rows)} look swapped: the "
            "other way round they would be on land in the study area. The repair “swap-rows” "
            "exchanges them.",
        )


def outside(table: RawTable, log: Diagnostics) -> None:
    """Say which accepted rows lie outside of the study area; they are kept."""
    shapes = np.array(table.shapes, dtype=object)
    good = ~table.bad & ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        zero = good & (bounds == 0).all(axis=1)
        out = good & ~_touch(bounds, AREA) & ~zero
    if zero.any():
        told = (
            f"At 0°, 0°, which mostly means that the place is missing: {table.named(zero)}; kept."
        )
        log.add_message("warning", told)
    if out.any():
        rows = f"all {counted(int(out.sum()), 'row')}" if (out >= good).all() else table.named(out)
        log.add_message("warning", f"Outside of the study area ({_WORDS}): {rows}; kept.")


def _swap(table: RawTable, rows: np.ndarray) -> None:
    shapes = np.array(table.shapes, dtype=object)
    for deep in (False, True):
        some = rows & (shapely.has_z(shapes) == deep) & ~shapely.is_missing(shapes)
        shapes[some] = shapely.transform(shapes[some], _turn, include_z=deep)
    table.shapes = shapes


def _turn(xyz: np.ndarray) -> np.ndarray:
    return xyz[:, [1, 0, *range(2, xyz.shape[1])]]


def _touch(bounds: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    xmin, ymin, xmax, ymax = box
    with np.errstate(invalid="ignore"):
        return (
            (bounds[:, 0] <= xmax)
            & (bounds[:, 2] >= xmin)
            & (bounds[:, 1] <= ymax)
            & (bounds[:, 3] >= ymin)
        )


def _ashore(bounds: np.ndarray) -> np.ndarray:
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    return shapely.contains_xy(land(), middle[:, 0], middle[:, 1])
