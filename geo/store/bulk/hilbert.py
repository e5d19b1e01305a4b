"""The order of places along a Hilbert curve, some at a time."""

import numpy as np
import shapely
from geopandas import GeoSeries

_AT_ONCE = 2**18  # rows


def compute_hilbert_order(middles: np.ndarray) -> np.ndarray:
    """Return the positions of rows along a curve over all of them, those without a place last.

    Parameters
    ----------
    middles
        (rows, 2), x first; NaN where there is none.
    """
    far = np.full(len(middles), np.iinfo(np.uint64).max, dtype=np.uint64)
    placed = np.flatnonzero(~np.isnan(middles[:, 0]))
    if len(placed):
        bounds = (*np.nanmin(middles, axis=0), *np.nanmax(middles, axis=0))
        for start in range(0, len(placed), _AT_ONCE):
            some = placed[start : start + _AT_ONCE]
            points = GeoSeries(shapely.points(middles[some]))
            far[some] = points.hilbert_distance(total_bounds=bounds).to_numpy()
    return np.argsort(far, kind="stable")
