"""The order of points along a Hilbert curve, computed in batches."""

import numpy as np
import shapely
from geopandas import GeoSeries

_BATCH = 2**18  # rows


def compute_hilbert_order(points: np.ndarray) -> np.ndarray:
    """Return the positions of rows along a curve over all of them; rows without a point last.

    ``points`` is (rows, 2), x first; NaN where a row has none.
    """
    distances = np.full(len(points), np.iinfo(np.uint64).max, dtype=np.uint64)
    placed = np.flatnonzero(~np.isnan(points[:, 0]))
    if len(placed):
        bounds = (*np.nanmin(points, axis=0), *np.nanmax(points, axis=0))
        for start in range(0, len(placed), _BATCH):
            some = placed[start : start + _BATCH]
            series = GeoSeries(shapely.points(points[some]))
            distances[some] = series.hilbert_distance(total_bounds=bounds).to_numpy()
    return np.argsort(distances, kind="stable")
