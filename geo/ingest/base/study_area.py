"""The study area of the dashboard, and tests of bounds against a box."""

from __future__ import annotations

import numpy as np

Box = tuple[float, float, float, float]
STUDY_AREA: Box = (34.0, 32.0, 39.0, 37.5)
"""(xmin, ymin, xmax, ymax), EPSG:4326; that of the base map (assets/basemap/README.md)."""
STUDY_AREA_TEXT = "34 to 39° E, 32 to 37.5° N"


def intersects_box(bounds: np.ndarray, box: Box) -> np.ndarray:
    """Return one bool for each of the bounds, (n, 4): it intersects the box; False for NaN."""
    xmin, ymin, xmax, ymax = box
    with np.errstate(invalid="ignore"):
        in_x = (bounds[:, 0] <= xmax) & (bounds[:, 2] >= xmin)
        return in_x & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)


def share_in_box(bounds: np.ndarray, box: Box) -> float:
    """Return the share of bounds, (n, 4), that intersect a box; 1 if there are none."""
    return float(intersects_box(bounds, box).mean()) if len(bounds) else 1.0
