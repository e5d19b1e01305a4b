"""Windows of the spatial index for a piece of a map that may cross the 180th meridian."""

from __future__ import annotations

from geo.evidence import find_case_meridian
from geo.meridian import Box, list_boxes
from geo.store.bulk.spatial_index import WORLD, Window, to_window


def to_windows(box: Box) -> tuple[Window, ...]:
    """Convert a box as drawn (xmin, ymin, xmax, ymax; unwrapped degrees) to one or two windows."""
    boxes = list_boxes(box) if find_case_meridian() else (box,)
    return tuple(to_window(one) for one in boxes)


def project_box(box: Box) -> tuple[float, float, float, float]:
    """Convert a box as drawn to left, top, right, bottom in units, beyond the world's edge too."""
    _, top, _, bottom = to_window((0.0, box[1], 0.0, box[3]))
    left, right = ((lon / 360 + 0.5) * WORLD for lon in (box[0], box[2]))
    return left, top, right, bottom


def split_window(window: Window) -> tuple[Window, ...]:
    """Return the windows that a window as drawn covers; it may go on beyond the world's edge."""
    left, top, right, bottom = window
    if not find_case_meridian():
        return (window,)
    if right - left >= WORLD:
        return ((0, top, WORLD - 1, bottom),)
    start = left % WORLD
    end = start + right - left
    if end < WORLD:
        return ((start, top, end, bottom),)
    return ((start, top, WORLD - 1, bottom), (0, top, end - WORLD, bottom))


def list_turns(left: float, right: float) -> tuple[int, ...]:
    """Return by how many worlds a stretch as drawn is moved so that each part is on the world."""
    if not find_case_meridian():
        return (0,)
    return tuple(range(int(left // WORLD), int(right // WORLD) + 1))
