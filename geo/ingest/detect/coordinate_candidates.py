"""Every column, or pair of columns, that may hold the coordinates of a table, best first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import find_blank_cells
from geo.ingest.detect import coordinate_formats as formats
from geo.ingest.detect import coordinate_pairs as pairs
from geo.ingest.detect.coordinate_names import AxisName, fold, pair_names, read_name, split_name
from geo.ingest.detect.coordinate_parts import find_parts
from geo.ingest.detect.coordinate_text import plain_cells, plain_numbers, resolve_directions
from geo.ingest.detect.known_schemas import MatchedSchema

_SAMPLE, _FIRST = 300, 20
_NEARLY_ALL, _MOST, _SOME, _FEW = 0.9, 0.6, 0.3, 0.1
_DEGREES, _NEAR = 360, 2
_SCALE, _SEMICIRCLE = 10_000_000, 2**31 / 180
_MAX_METRES, _MAX_MICRO = 21_000_000, 180_000_000
_TYPED_NAMES = {
    "wkt": "wkt wkb geometry geom the_geom shape geojson",
    "mgrs": "mgrs usng grid gridref utmref utm",
    "pair": """
        coordinates coordinate coords coord koordinaten koordinate koordinat koordinatlar konum
        coordonnées coordonnees coordenadas coordinate coordinaten współrzędne координаты
        координати الاحداثيات الإحداثيات احداثيات إحداثيات מיקום קואורדינטות נקודה
        συντεταγμένες مختصات latlon latlong latlng lonlat lnglat longlat location position
        standort posición posizione gps geolocation geo geopoint point geotag
    """,
}
_NAMES = {kind: frozenset(fold(names).split()) for kind, names in _TYPED_NAMES.items()}
_VAGUE = frozenset(("location", "position", "standort", "posicion", "posizione", "point", "geo"))
_SIZES = frozenset(fold("height weight depth höhe tiefe gewicht ارتفاع وزن גובה משקל ύψος").split())
_PICTURE = frozenset(("w", "h", "width", "height", "px", "pixel", "pixels", "bbox", "frame"))
_LAT_FIRST = frozenset(("latlon", "latlng", "latlong"))
_LON_FIRST = frozenset(("lonlat", "lnglat", "longlat"))
SINGLE_NOTATIONS = ("wkt", "mgrs", "pair", "lonlat")
"""Notations of a column that holds both coordinates."""


@dataclass(frozen=True)
class CoordinateColumns:
    """Columns of the coordinates and their notation."""

    columns: tuple[str, ...]
    notation: str
    rank: int = 0
    """How the names compare with those of other candidates: 0 is the plainest."""
    scale: float = 1
    """How many of the numbers are a degree, as their size shows: 10,000,000 in logs of drones."""


def find_candidates(data: pd.DataFrame, schema: MatchedSchema | None) -> list[CoordinateColumns]:
    """Return what may hold the coordinates, best first; names count more than contents.

    Columns without any value are last. Two columns are taken by their names only; one column by
    its name, or if nearly all of its cells are coordinates beyond doubt.
    """
    found = []
    if schema is not None and schema.coordinates:
        lat, lon = schema.coordinates
        found.append(pair_columns(data, lat, lon))
    checked = [_check_pair(data, *pair) for pair in pair_names(data.columns)]
    named = [pair for pair in checked if pair is not None]
    grids = [pair for pair in named if pair.notation == "xy"]
    plain = [pair for pair in named if pair.notation != "xy"]
    found += [pair for pair in plain if pair.rank <= 2]
    for notation in ("wkt", "mgrs", "pair"):
        found += [
            single_column(data, name, notation)
            for name in data.columns
            if _is_named(notation, name) and _matches(notation, data[name], _SOME)
        ]
    found += [
        single_column(data, name, notation)
        for name in data.columns
        for notation in ("wkt", "mgrs", "pair")
        if _is_beyond_doubt(notation, data[name])
    ]
    found += [*(pair for pair in plain if pair.rank > 2), *grids]
    unique: dict[tuple[str, ...], CoordinateColumns] = {}
    for one in found:
        unique.setdefault(one.columns, one)
    given = sorted(unique.values(), key=lambda one: _is_empty(data, one.columns))
    return given or _by_names_alone(data)


def _by_names_alone(data: pd.DataFrame) -> list[CoordinateColumns]:
    """Return columns with the plain names, whatever is in them: each row reports its fault."""
    names = [(lat, lon) for lat, lon, axis in pair_names(data.columns) if _is_plain(axis)]
    return [CoordinateColumns(pair, "decimal") for pair in names[:1]]


def _is_plain(axis: AxisName) -> bool:
    return axis.axis == "lat" and axis.sure and not axis.rank


def pair_columns(data: pd.DataFrame, lat: str, lon: str, rank: int = 0) -> CoordinateColumns:
    """Return two columns as degrees, or as projected (x, y) if the numbers are large."""
    sample = data.head(_SAMPLE)
    axes = [axis for axis in map(read_name, (lat, lon)) if axis]
    if any(axis.scale > 1 for axis in axes):
        return CoordinateColumns((lat, lon), "decimal", rank)
    if not any(find_parts(sample, name) for name in (lat, lon)):
        numbers = [plain_cells(sample[name]) for name in (lat, lon)]
        if not any(axis.axis in ("lat", "lon") for axis in axes):
            numbers = plain_numbers(*numbers)
        both = [
            formats.parse_degrees(cell, "lat")[0] for cells in numbers for cell in cells if cell
        ]
        sizes = np.abs([number for number in both if np.isfinite(number) and number])
        if axes and axes[0].axis == "lat" and len(sizes) and _are_scaled(sizes):
            semicircles = {"position", "semicircles"} & {*split_name(lat)}  # of Garmin
            return CoordinateColumns(
                (lat, lon), "decimal", rank, _SEMICIRCLE if semicircles else _SCALE
            )
        if len(sizes) and np.mean(sizes > _DEGREES) > _MOST:
            return CoordinateColumns((lon, lat), "xy", rank)
    cells = [cell for name in (lat, lon) for cell in plain_cells(sample[name])]
    angles = [cell for cell in cells if cell and formats.is_angle(cell)]
    decimal = not angles or formats.share_matching(angles, _is_number) >= 0.5
    return CoordinateColumns((lat, lon), "decimal" if decimal else "dms", rank)


def _are_scaled(sizes: np.ndarray) -> bool:
    """Return whether numbers are whole parts of degrees: above metres and millionths of degrees."""
    whole = bool((sizes % 1 == 0).all())
    large = np.median(sizes) > _MAX_METRES and sizes.max() > _MAX_MICRO
    return whole and bool(large and sizes.max() <= 180 * _SEMICIRCLE)


def single_column(data: pd.DataFrame, name: str, notation: str) -> CoordinateColumns:
    """Return one column with both coordinates; a pair may have the longitude first.

    It has if its name says so, if its cells are lists [x, y] as in GeoJSON, or if only that order
    is within the range of latitudes.
    """
    rank = 0 if sum(word.isalpha() for word in split_name(name)) < 2 else 2
    if notation != "pair":
        return CoordinateColumns((name,), notation, rank)
    words = split_name(name)
    axes = [axis.axis for word in words if (axis := read_name(word))]
    cells = [cell for cell in plain_cells(data[name].head(_SAMPLE)) if cell]
    lists = formats.share_matching(cells, lambda cell: cell.startswith("[")) > _MOST
    first = axes in (["lon", "lat"], ["x", "y"]) or bool(_LON_FIRST.intersection(words))
    if not first and axes != ["lat", "lon"] and not _LAT_FIRST.intersection(words):
        parsed = [one for one in map(pairs.parse_pair, cells) if not one[2]]
        beyond = any(abs(lat) > 90 for lat, _, _ in parsed)
        first = lists or (beyond and all(abs(lon) <= 90 for _, lon, _ in parsed))
    return CoordinateColumns((name,), "lonlat" if first else "pair", rank)


def guess_notation(data: pd.DataFrame, name: str) -> CoordinateColumns:
    """Return one column with the notation that most of its cells have, else as a pair."""
    notations = [one for one in _LOOKS_LIKE if _matches(one, data[name], _MOST)]
    return single_column(data, name, notations[0] if notations else "pair")


def _check_pair(data: pd.DataFrame, lat: str, lon: str, axis: AxisName) -> CoordinateColumns | None:
    """Return a pair of columns, None if their values do not fit the names.

    Names with another meaning need decimals or degree signs: width and length, x and y of a
    picture are mostly whole numbers.
    """
    if not (_has_coordinates(data[lat]) and _has_coordinates(data[lon])):
        return None
    pair = pair_columns(data, lat, lon, axis.rank)
    if pair.notation == "xy":
        return pair if axis.sure else None
    if axis.sure and axis.axis == "lat":
        return pair
    both = [plain_cells(data[name].head(_SAMPLE)) for name in (lat, lon)]
    numbers = [np.array([formats.parse_degrees(one, "lat")[0] for one in cells]) for cells in both]
    cells = [cell for column in both for cell in column if cell]
    bare = split_name(lat) == ["y"]  # of anything: a picture, a plot, an acceleration
    exact = partial(formats.is_fine_angle, decimals=3 if bare else 2)
    fine = formats.share_matching(cells, exact) >= 0.5
    others = {word for name in data.columns for word in split_name(name)}
    sized = bool(others & (_PICTURE if axis.axis == "y" else _SIZES))
    plane = axis.axis == "y" and (axis.in_metres or _is_plane(*map(np.abs, numbers)))
    small = np.all(np.abs(np.concatenate(numbers)) <= 1)
    return pair if fine and not sized and not plane and not small else None


def _is_plane(y: np.ndarray, x: np.ndarray) -> bool:
    """Return whether some x and y are beyond degrees, or near their origin, as around a robot."""
    with np.errstate(invalid="ignore"):
        near = (np.maximum(y, x) < _NEAR) & (np.maximum(y, x) > 0)
        return bool(near.mean() > _FEW / 2 or ((y > 90) & (x > 90)).any() or (x > _DEGREES).any())


def _is_named(notation: str, name: str) -> bool:
    words = split_name(name)
    if _NAMES[notation].intersection((*words, "".join(words))):
        return True
    axes = [axis.axis for word in words if (axis := read_name(word))]
    return notation == "pair" and sorted(axes) in (["lat", "lon"], ["x", "y"])


_LOOKS_LIKE: dict[str, Callable[[str], object]] = {
    "wkt": formats.is_geometry_text,
    "mgrs": formats.is_mgrs,
    "pair": pairs.split_pair,
}
_IS_BEYOND_DOUBT: dict[str, Callable[[str], object]] = {
    "wkt": formats.is_geometry_text,
    "mgrs": formats.is_exact_mgrs,
    "pair": pairs.is_exact_pair,
}


def _matches(notation: str, column: pd.Series, min_share: float) -> bool:
    """Return whether at least a share of a column's cells look like a notation."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    cells, _ = resolve_directions(plain_cells(column.head(_SAMPLE)), [str(column.name)])
    vague = notation == "pair" and _VAGUE.intersection(split_name(column.name))
    test = pairs.is_fine_pair if vague else _LOOKS_LIKE[notation]
    return formats.share_matching(cells, test) >= min_share


def _is_beyond_doubt(notation: str, column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    cells = plain_cells(column.head(_SAMPLE))
    share = _MOST if notation == "wkt" else _NEARLY_ALL
    if formats.share_matching(cells[:_FIRST], _IS_BEYOND_DOUBT[notation]) == 0 and any(
        cells[:_FIRST]
    ):
        return False
    return formats.share_matching(cells, _IS_BEYOND_DOUBT[notation]) >= share


def _is_empty(data: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    return any(find_blank_cells(data[name]).all() for name in columns)


def _has_coordinates(column: pd.Series) -> bool:
    """Return whether more than one cell in ten is a coordinate; the others are reported."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return False
    if pd.api.types.is_numeric_dtype(column.dtype):
        return True
    cells = plain_cells(column.head(_SAMPLE))
    numbers = plain_numbers(cells)[0]
    return not any(cells) or formats.share_matching([*cells, *numbers], formats.is_angle) > _FEW


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
