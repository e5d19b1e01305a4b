"""Check that each geometry can be drawn; reject rows whose geometry cannot, and offer repairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.raw_table import RawTable
from geo.ingest.base.safe_text import format_count, printable

_EDGE = 1e-9


def check_geometries(table: RawTable, log: Diagnostics) -> None:
    """Reject rows with a missing, empty, out-of-range or invalid geometry."""
    shapes = np.array(table.geometries, dtype=object)
    values = _LazyWkt(table.geometries)
    missing = shapely.is_missing(shapes)
    remedy = "Add a geometry, or leave the row out."
    where = missing & ~table.no_geometry
    table.reject_geometries(log, where, values, "The row has no geometry.", remedy)
    empty = shapely.is_empty(shapes) & ~missing
    table.reject_geometries(log, empty, values, "The geometry is empty.", remedy)
    if log.limits.vertices < (total := int(shapely.get_num_coordinates(shapes).sum())):
        why = f"The geometries have {total:,} points; the limit is {log.limits.vertices:,}."
        raise FileRejectedError(why, "Simplify them, or split the file.")
    shapes = _check_dimensions(shapes, log)
    not_finite = _any_coordinate(shapes, lambda xy: ~np.isfinite(xy).all(axis=1))
    why = "A coordinate is not a finite number (NaN or infinity)."
    table.reject_geometries(log, not_finite, values, why, "Correct the coordinate.")
    out_of_range = _any_coordinate(shapes, _is_out_of_range) & ~not_finite
    swapped = out_of_range & ~_any_coordinate(shapes, lambda xy: _is_out_of_range(xy[:, 1::-1]))
    why = "The latitude is beyond 90°; latitude and longitude may be swapped."
    if table.latitude_column is None:
        remedy = "Swap the two (longitude comes first)."
        table.reject_geometries(log, swapped, values, why, remedy)
    else:
        remedy = "Correct it, or swap the two columns."
        table.reject_rows(log, swapped, table.latitude_column, None, why, remedy)
        table.no_geometry |= swapped
    why = "It is beyond 180° of longitude or 90° of latitude."
    remedy = "Give degrees, or choose the CRS of the coordinates."
    table.reject_geometries(log, out_of_range & ~swapped, values, why, remedy)
    table.geometries = shapes
    _check_validity(table, not_finite | out_of_range, log)


def _is_out_of_range(xy: np.ndarray) -> np.ndarray:
    return (np.abs(xy[:, 0]) > 180 + _EDGE) | (np.abs(xy[:, 1]) > 90 + _EDGE)


def _check_validity(table: RawTable, skip: np.ndarray, log: Diagnostics) -> None:
    """Reject invalid geometries, or repair them if that was chosen."""
    shapes = np.array(table.geometries, dtype=object)
    tested = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & ~skip
    invalid = np.zeros(len(shapes), dtype=bool)
    invalid[tested] = ~shapely.is_valid(shapes[tested])
    if not invalid.any():
        return
    if log.offer_repair("make-valid", "mend invalid geometries (make_valid)", int(invalid.sum())):
        shapes[invalid] = shapely.make_valid(shapes[invalid])
        table.geometries = shapes
        return
    why = [
        f"The geometry is not valid: {printable(reason, 100)}."
        for reason in shapely.is_valid_reason(shapes[invalid])
    ]
    values = ["" if shape is None else str(shape.geom_type) for shape in shapes]
    remedy = "Choose the repair “make-valid”, or draw it again without self-intersection."
    table.reject_rows(log, invalid, "geometry", values, why, remedy)


def _check_dimensions(shapes: np.ndarray, log: Diagnostics) -> np.ndarray:
    """Report Z and M coordinates; return 2D geometries if that repair was chosen."""
    more = shapely.has_z(shapes) | shapely.has_m(shapes)
    if not more.any():
        return shapes
    number = int(more.sum())
    if log.offer_repair("drop-zm", "leave out heights and measures (Z and M)", number):
        return shapely.force_2d(shapes)
    geometries = format_count(number, "geometry", "geometries")
    text = f"Heights or measures (Z, M) in {geometries}: kept, but not drawn."
    log.add_message("info", text)
    return shapes


def _any_coordinate(shapes: np.ndarray, test: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return a mask, one bool a row: the test holds for any coordinate (x, y and, if any, z)."""
    found = np.zeros(len(shapes), dtype=bool)
    for has_z in (False, True):
        some = np.flatnonzero(shapely.has_z(shapes)) if has_z else np.arange(len(shapes))
        if len(some):
            points, row = shapely.get_coordinates(shapes[some], include_z=has_z, return_index=True)
            with np.errstate(invalid="ignore"):
                found[some[row[test(points)]]] = True
    return found


class _LazyWkt:
    """Geometries as short text, which is formatted on access only."""

    def __init__(self, shapes: np.ndarray | None) -> None:
        self._shapes = shapes

    def __getitem__(self, position: int, /) -> str:
        shape = None if self._shapes is None else self._shapes[position]
        if shape is None:
            return ""
        if shapely.get_num_coordinates(shape) > 20:
            return str(shape.geom_type)
        return shapely.to_wkt(shape, rounding_precision=6)
