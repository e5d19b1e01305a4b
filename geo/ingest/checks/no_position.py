"""Reject values that mean "no position", such as 0, 0 of a receiver without a fix."""

import numpy as np
import shapely

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import format_count

_PLACEHOLDERS = (99.0, 999.0, 9999.0, 99999.0)
_LINES = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.MULTIPOINT,
)
_FAR = 10.0  # degrees from 0, 0: a line that comes nearer may go through it


def find_placeholders(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return masks of what means "no position": 0, 0; AIS 91 or 181; a number such as -999."""
    same = np.isin(np.abs(x), _PLACEHOLDERS) & (np.abs(x) == np.abs(y))
    return (x == 0) & (y == 0), (y == 91) | (x == 181), same


def reject_no_position(table: RawTable, log: Diagnostics) -> None:
    """Reject points at values that mean "no position", each kind with its own words."""
    shapes = np.array(table.geometries, dtype=object)
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    x, y = shapely.bounds(shapes)[:, :2].T
    null, ais, same = find_placeholders(x, y)
    kinds = (
        (null, "null island 0, 0", "latitude and longitude 0"),
        (
            ais,
            "AIS 91/181",
            "latitude 91 or longitude 181, the AIS values for it",
        ),
        (same, "placeholder", "a placeholder such as -999 in place of coordinates"),
    )
    for found, short, words in kinds:
        where = found & points & ~table.no_geometry
        if not where.any():
            continue
        why, remedy = f"It has no position ({short}).", "Add its coordinates, if they are known."
        table.reject_geometries(log, where, why, remedy, lambda at: f"{y[at]:.10g}, {x[at]:.10g}")
        shapes[where] = None
        log.warn(f"No position ({words}): {table.describe_rows(where)}; rejected.")
    table.geometries = shapes
    _drop_no_positions(table, log)


def _drop_no_positions(table: RawTable, log: Diagnostics) -> None:
    """Leave out points of lines, such as 0, 0 of a receiver without a fix, if others are far."""
    shapes = np.array(table.geometries, dtype=object)
    points, row = shapely.get_coordinates(shapes, return_index=True)
    wrong = _is_no_position(points)
    nearest = np.full(len(shapes), np.inf)
    np.fmin.at(nearest, row[~wrong], np.abs(points[~wrong]).max(axis=1))
    found = np.zeros(len(shapes), dtype=bool)
    found[row[wrong]] = True
    found &= np.isin(shapely.get_type_id(shapes), _LINES) & ~table.no_geometry
    found &= np.isfinite(nearest) & (nearest > _FAR)
    if not found.any():
        return
    what = "keep points of lines at 0, 0 and at other values that mean “no position”"
    if log.offer_repair("keep-no-position", what, int(found.sum())):
        return
    shapes[found] = [_without_no_positions(one) for one in shapes[found]]
    table.geometries = shapes
    count = format_count(int(wrong[found[row]].sum()), "point")
    log.warn(
        f"{count} of lines at “no position” (such as 0, 0): {table.describe_rows(found)}; left out."
    )


def _is_no_position(points: np.ndarray) -> np.ndarray:
    x, y = points.T
    null, _, same = find_placeholders(x, y)
    mask: np.ndarray = null | same | (y == 91)  # a line may go through 181, across 180
    return mask


def _without_no_positions(shape: shapely.Geometry) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(shape):
        points = shapely.get_coordinates(part, include_z=part.has_z)
        points = points[~_is_no_position(points[:, :2])]
        if len(points):
            parts.append(
                shapely.linestrings(points) if len(points) > 1 else shapely.points(points[0])
            )
    lines = [one for one in parts if one.geom_type == "LineString"]
    if lines:
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    return parts[0] if len(parts) == 1 else shapely.MultiPoint(parts)
