"""Check that each geometry can be drawn; reject rows whose geometry cannot, and offer repairs."""

import numpy as np
import shapely

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count, printable

_EDGE = 1e-9
_ADD = "Add a geometry, or leave the row out."


def check_geometries(table: RawTable, log: Diagnostics) -> None:
    """Reject rows with a missing, empty, out-of-range or invalid geometry."""
    given = shapes = np.array(table.geometries, dtype=object)

    def reject(where: np.ndarray, why: str, remedy: str) -> None:
        table.reject_geometries(log, where, why, remedy, lambda at: _format_geometry(given[at]))

    missing = shapely.is_missing(shapes)
    reject(missing & ~table.no_geometry, "The row has no geometry.", _ADD)
    reject(shapely.is_empty(shapes) & ~missing, "The geometry is empty.", _ADD)
    if log.limits.vertices < (total := int(shapely.get_num_coordinates(shapes).sum())):
        why = f"The geometries have {total:,} points; the limit is {log.limits.vertices:,}."
        raise FileRejectedError(why, "Simplify them, or split the file.")
    table.geometries = shapes = _check_dimensions(shapes, log)
    points, row = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    points[~shapely.has_z(shapes)[row], 2] = 0  # NaN where there is no height

    def has_point(test: np.ndarray) -> np.ndarray:
        """Return a mask, one bool a row: the test, one bool a point, holds for any point."""
        found = np.zeros(len(shapes), dtype=bool)
        found[row[test]] = True
        return found

    x, y = np.abs(points[:, 0]), np.abs(points[:, 1])
    not_finite = has_point(~np.isfinite(points).all(axis=1))
    out_of_range = has_point(_is_out_of_range(x, y)) & ~not_finite
    swapped = out_of_range & ~has_point(_is_out_of_range(y, x))
    why = "A coordinate is not a finite number (NaN or infinity)."
    reject(not_finite, why, "Correct the coordinate.")
    why = "The latitude is beyond 90°; latitude and longitude may be swapped."
    if table.latitude_column is None:
        reject(swapped, why, "Swap the two (longitude comes first).")
    else:
        remedy = "Correct it, or swap the two columns."
        table.reject_rows(log, swapped, table.latitude_column, why, remedy)
        table.no_geometry |= swapped
    why = "It is beyond 180° of longitude or 90° of latitude."
    remedy = "Give degrees, or choose the CRS of the coordinates."
    reject(out_of_range & ~swapped, why, remedy)
    _check_validity(table, shapes, not_finite | out_of_range, log)


def _is_out_of_range(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return (x > 180 + _EDGE) | (y > 90 + _EDGE)


def _format_geometry(shape: shapely.Geometry | None) -> str:
    """Return a geometry as WKT; only its type if it has many points."""
    if shape is None:
        return ""
    if shapely.get_num_coordinates(shape) > 20:
        return str(shape.geom_type)
    return shapely.to_wkt(shape, rounding_precision=6)


def _check_validity(
    table: RawTable, shapes: np.ndarray, skip: np.ndarray, log: Diagnostics
) -> None:
    """Reject invalid geometries, or repair them if that was chosen."""
    tested = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & ~skip
    invalid = np.zeros(len(shapes), dtype=bool)
    invalid[tested] = ~shapely.is_valid(shapes[tested])
    if not invalid.any():
        return
    if log.offer_repair("make-valid", "mend invalid geometries (make_valid)", int(invalid.sum())):
        shapes[invalid] = shapely.make_valid(shapes[invalid])
        return
    why = [
        f"The geometry is not valid: {printable(reason, 100)}."
        for reason in shapely.is_valid_reason(shapes[invalid])
    ]
    remedy = "Choose the repair “make-valid”, or draw it again without self-intersection."
    table.reject_rows(log, invalid, "geometry", why, remedy, lambda at: shapes[at].geom_type)


def _check_dimensions(shapes: np.ndarray, log: Diagnostics) -> np.ndarray:
    """Report Z and M coordinates; return 2D geometries if that repair was chosen."""
    more = shapely.has_z(shapes) | shapely.has_m(shapes)
    if not more.any():
        return shapes
    number = int(more.sum())
    if log.offer_repair("drop-zm", "leave out heights and measures (Z and M)", number):
        return shapely.force_2d(shapes)
    geometries = format_count(number, "geometry", "geometries")
    log.inform(f"Heights or measures (Z, M) in {geometries}: kept, but not drawn.")
    return shapes
