"""Check that each geometry can be drawn: mend invalid ones, reject rows that cannot be drawn."""

from collections.abc import Callable

import numpy as np
import shapely

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count, printable
from geo.ingest.checks.antimeridian import split_at_antimeridian

_EDGE = 1e-9
_MANY = 0.1
_ADD = "Add a geometry, or leave the row out."
_REDRAW = "Draw it again, with rings that are closed and do not cross themselves."


def check_geometries(table: RawTable, log: Diagnostics) -> None:
    """Mend invalid geometries; reject rows with a missing, empty or out-of-range one."""
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
    not_finite = _has_point(shapes, lambda points: ~np.isfinite(points).all(axis=1))
    why = "A coordinate is not a finite number (NaN or infinity)."
    reject(not_finite, why, "Correct the coordinate.")
    _turn_longitudes(table, not_finite, log)
    split_at_antimeridian(table, not_finite, log)
    _check_validity(table, not_finite | _check_range(table, given, not_finite, log), log)


def _turn_longitudes(table: RawTable, skip: np.ndarray, log: Diagnostics) -> None:
    """Read longitudes of points from 180 to 360 as west, if so many are there that they are meant.

    A single one may be a typing error: that is offered as a repair.
    """
    shapes = np.array(table.geometries, dtype=object)
    x, y = shapely.bounds(shapes)[:, :2].T
    with np.errstate(invalid="ignore"):
        points = (np.abs(y) <= 90) & ~skip
        points &= shapely.get_type_id(shapes) == shapely.GeometryType.POINT
        far = points & (x > 180 + _EDGE) & (x <= 360)
        wrong = points & (np.abs(x) > 360)
    if not far.any() or wrong.any():
        return
    count, rows = int(far.sum()), table.describe_rows(far)
    at = int(np.flatnonzero(far)[0])
    text = f"longitudes from 180 to 360, such as {x[at]:.7g}, as west ({360 - x[at]:.7g}° W)"
    if count > 1 and count >= _MANY * points.sum():
        log.warn(f"Read are {text}: {rows}.")
    elif not log.offer_repair("turn-longitudes", f"read {text}", count):
        return
    shapes[far] = shapely.transform(
        shapes[far], lambda xyz: xyz - np.array([360, 0, 0])[: xyz.shape[1]], include_z=None
    )
    table.geometries = shapes


def _has_point(shapes: np.ndarray, test: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return one bool a geometry: a test of points, (n, 3) as x, y, z, holds for any of them."""
    points, row = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    points[~shapely.has_z(shapes)[row], 2] = 0  # NaN where there is no height

    found = np.zeros(len(shapes), dtype=bool)
    found[row[test(points)]] = True
    return found


def _check_range(
    table: RawTable, given: np.ndarray, skip: np.ndarray, log: Diagnostics
) -> np.ndarray:
    """Reject rows beyond 180° of longitude or 90° of latitude; return them as a mask."""

    def beyond(points: np.ndarray, most: tuple[float, float]) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return (np.abs(points[:, :2]) > np.add(most, _EDGE)).any(axis=1)

    shapes = np.array(table.geometries, dtype=object)
    out_of_range = _has_point(shapes, lambda points: beyond(points, (180, 90))) & ~skip
    swapped = out_of_range & ~_has_point(shapes, lambda points: beyond(points, (90, 180)))
    why = "The latitude is beyond 90°; latitude and longitude may be swapped."

    def write(at: int) -> str:
        return _format_geometry(given[at])

    if table.latitude_column is None:
        remedy = "Swap the two (longitude comes first)."
        table.reject_geometries(log, swapped, why, remedy, write)
    else:
        remedy = "Correct it, or swap the two columns."
        table.reject_rows(log, swapped, table.latitude_column, why, remedy)
        table.no_geometry |= swapped
    why = "It is beyond 180° of longitude or 90° of latitude."
    remedy = "Give degrees, or choose the CRS of the coordinates."
    table.reject_geometries(log, out_of_range & ~swapped, why, remedy, write)
    return out_of_range


def _format_geometry(shape: shapely.Geometry | None) -> str:
    """Return a geometry as WKT; only its type if it has many points."""
    if shape is None:
        return ""
    if shapely.get_num_coordinates(shape) > 20:
        return str(shape.geom_type)
    return shapely.to_wkt(shape, rounding_precision=6)


def _check_validity(table: RawTable, skip: np.ndarray, log: Diagnostics) -> None:
    """Mend invalid geometries and report them; leave them out, or as they are, if chosen."""
    shapes = np.array(table.geometries, dtype=object)
    drawn = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & ~skip
    opened, invalid = table.open_rings & drawn, np.zeros(len(shapes), dtype=bool)
    invalid[drawn] = ~shapely.is_valid(shapes[drawn])
    if not (faulty := invalid | opened).any():
        return
    why = np.full(len(shapes), "A ring does not end where it begins", dtype=object)
    why[invalid] = [printable(one, 100) for one in shapely.is_valid_reason(shapes[invalid])]
    what = "leave out rows with an invalid geometry, instead of mending it"
    if log.offer_repair("drop-invalid", what, int(faulty.sum())):
        given = [f"The geometry is not valid: {one}." for one in why[faulty]]
        table.reject_geometries(log, faulty, given, _REDRAW, lambda at: shapes[at].geom_type)
        return
    if opened.any():
        rows = table.describe_rows(opened)
        log.warn(f"A ring that does not end where it begins in {rows}: closed by a straight line.")
    what = "keep invalid geometries as they are in the file, instead of mending them"
    if invalid.any() and not log.offer_repair("keep-invalid", what, int(invalid.sum())):
        _mend_rows(table, shapes, invalid, why, log)


def _mend_rows(
    table: RawTable, shapes: np.ndarray, invalid: np.ndarray, why: np.ndarray, log: Diagnostics
) -> None:
    """Replace invalid geometries by mended ones; reject rows of which nothing is left."""
    faults = sorted({str(one).partition("[")[0].lower() for one in why[invalid]})
    shapes[invalid] = [_mend(shape) for shape in shapes[invalid]]
    table.geometries = shapes
    empty = invalid & shapely.is_empty(shapes)
    nothing = [
        f"The geometry is not valid: {one}. Nothing of it can be drawn." for one in why[empty]
    ]
    table.reject_geometries(log, empty, nothing, _REDRAW)
    mended = invalid & ~empty
    if mended.any():
        count = format_count(int(mended.sum()), "invalid geometry", "invalid geometries")
        log.warn(
            f"{count} mended ({', '.join(faults)}): {table.describe_rows(mended)}. Look at them "
            "on the map; by choice such rows are kept as in the file, or left out."
        )


def _mend(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a valid geometry of the same area: a hole outside of its shell is an area of its own.

    Parts that overlap are joined; a ring that crosses or touches itself is filled as it is drawn.
    What is left without area, such as a spike, is dropped if there are areas.
    """
    if shape.geom_type == "LinearRing":
        shape = shapely.LineString(shape)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return shapely.make_valid(shape)
    parts = shapely.get_parts(shape)
    holes = shapely.get_num_interior_rings(parts) > 0
    parts[holes] = shapely.make_valid(parts[holes], method="structure", keep_collapsed=True)
    pieces = shapely.get_parts(shapely.make_valid(parts))
    most = shapely.get_dimensions(pieces).max(initial=-1)
    return shapely.union_all(pieces[shapely.get_dimensions(pieces) == most])


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
