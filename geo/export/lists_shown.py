"""Whether the map of a slide is close enough to list what was reported beside its places."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.mapping.folium_map import MapExtent
    from geo.view import View

LISTS_FROM_ZOOM = 10.5  # as in the browser, and in pictures
USUAL_MAP = (1340, 750)  # pixels of the map on a slide 1920 wide
MARGIN = 40  # pixels round its frame


def shows_lists(view: View, frame: MapExtent) -> bool:
    """Return it for the view's camera, or for the page's own frame."""
    return (view.at.zoom if view.at else _fit_zoom(frame)) >= LISTS_FROM_ZOOM


def _fit_zoom(frame: MapExtent) -> float:
    """Return the zoom in which a frame fills the usual map of a slide."""
    west, south, east, north = frame.box
    low, high = (math.asinh(math.tan(math.radians(lat))) / (2 * math.pi) for lat in (south, north))
    wide, tall = max((east - west) / 360, 1e-9), max(high - low, 1e-9)
    across, down = (size - 2 * MARGIN for size in USUAL_MAP)
    return math.log2(min(across / wide, down / tall) / 256)
