"""Other columns with coordinates than those that were taken: offered, and compared by distance."""

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import quote_names
from geo.ingest.detect import coordinate_formats
from geo.ingest.detect.coordinate_candidates import CoordinateColumns, find_candidates
from geo.ingest.detect.coordinate_columns import read_points
from geo.ingest.detect.known_schemas import MatchedSchema

_WGS84 = Geod(ellps="WGS84")
_SAMPLE = 2_000
_NEAR_KM = 2.0
"""Distance up to which two places are the same: coordinates are rounded, MGRS is a square."""
_MAX_NAMED = 4
_EVENT_RANK = 1  # "event_lat" is as good as "lat": see AxisName.rank


def report_rivals(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> None:
    """Report coordinates in other columns, and how far they are from the geometries.

    It is a warning if they differ and the names do not tell which ones to take; beside geometries
    of the file itself only columns that differ are reported.
    """
    taken = log.detected.coordinates
    data = _restore_names(table.data, log)
    candidates = find_candidates(data, schema)
    rank = next((one.rank for one in candidates if set(one.columns) == set(taken)), 0)
    rivals = [one for one in candidates if set(one.columns) != set(taken)]
    if not rivals:
        return
    texts, doubtful = [], False
    for rival in rivals[:_MAX_NAMED]:
        distances = _measure_distances(table, data, rival)
        far = distances > _NEAR_KM
        text = quote_names(rival.columns)
        if far.any():
            doubtful |= rival.rank <= max(rank, _EVENT_RANK)
            text += f" ({_describe(distances, far)})"
        if far.any() or taken:
            texts.append(text)
    if taken:
        others = tuple(one.columns for one in rivals)
        log.detected = replace(log.detected, other_coordinates=others)
        text = f"The places are from {quote_names(taken)}. Other coordinates: {'; '.join(texts)}. "
        text += "They can be chosen instead."
    elif texts:
        text = f"The places are the geometries of the file. Its columns differ: {'; '.join(texts)}."
    else:
        return
    log.add_message("warning" if doubtful else "info", text)


def _describe(distances: np.ndarray, far: np.ndarray) -> str:
    """Return "up to 730 km away in 3 of 5 rows"; rows without one of both places do not count."""
    most = float(np.nanmax(distances))
    both = int(np.isfinite(distances).sum())
    return f"up to {most:,.0f} km away in {int(far.sum()):,} of {both:,} compared rows"


def _restore_names(data: pd.DataFrame, log: Diagnostics) -> pd.DataFrame:
    """Return a table with the name of a column "geometry", which had to be renamed."""
    new = [name for name in data.columns if name not in log.detected.columns]
    renamed = [name for name in new if name.startswith("geometry")]
    return data.rename(columns=dict.fromkeys(renamed, "geometry"))


def _measure_distances(table: RawTable, data: pd.DataFrame, rival: CoordinateColumns) -> np.ndarray:
    """Return the distance in km of each of the first rows, NaN where one of both has no place."""
    data = data.head(_SAMPLE)
    shapes = np.array(table.geometries, dtype=object)[: len(data)]
    lats, lons = _read_rival(data, rival)
    with np.errstate(invalid="ignore"):
        good = ~shapely.is_missing(shapes) & (np.abs(lats) <= 90) & (np.abs(lons) <= 180)
    good &= ~table.rejected[: len(data)]
    distances = np.full(len(data), np.nan)
    if good.any():
        points = shapely.points(lons[good], lats[good])
        nearest = shapely.shortest_line(shapes[good], points)
        ends = shapely.get_coordinates(nearest).reshape(-1, 4)
        distances[good] = _WGS84.inv(*ends.T)[2] / 1_000
    return distances


def _read_rival(data: pd.DataFrame, rival: CoordinateColumns) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes and longitudes; NaN where the CRS is not known."""
    nothing = np.full(len(data), np.nan)
    if rival.notation == "xy":
        return nothing, nothing
    if rival.notation != "wkt":
        return read_points(data, rival)[:2]
    shapes, _, codes, _ = coordinate_formats.parse_geometries(data[rival.columns[0]])
    if codes - {"4326"}:
        return nothing, nothing
    bounds = shapely.bounds(shapes)
    return (bounds[:, 1] + bounds[:, 3]) / 2, (bounds[:, 0] + bounds[:, 2]) / 2
