"""Cache one GeoJSON feature per row of a layer."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.evidence import builtin_evidence, find_case_meridian
from geo.evidence.rating_words import RatingLine, describe_rows
from geo.mapping.symbols import REVIEW
from geo.meridian import unwrap_longitude, unwrap_shapes
from geo.selection import CLAIMS
from geo.store import LayerInfo, LayerStore, row_ids
from geo.store.core.date_window import to_days
from geo.store.core.normalise import mask_finite
from geo.text import formatting

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    PropertyReader = Callable[[GeoDataFrame, LayerInfo], Iterable[dict[str, Any]]]

DECIMALS = 6  # of a degree: 0.1 m


@lru_cache(maxsize=32)
def load_fragments(store: LayerStore, name: str, version: str) -> dict[str, str]:
    """Return the GeoJSON feature of each row of a layer, as text, by id.

    Returns
    -------
    dict of str to str
        GeoJSON features, EPSG:4326, longitude then latitude, 6 decimals; longitudes are unwrapped
        about the case's meridian, for drawing. A geometry with a coordinate that is not finite is
        given as null.
    """
    return encode_rows(store.read(name), store.layer(name))


def encode_rows(frame: GeoDataFrame, info: LayerInfo) -> dict[str, str]:
    """Encode some rows of a layer, as its store read them; see `load_fragments`."""
    read_properties: PropertyReader = _PROPERTIES.get(info.name) or _read_label_and_dates
    properties = read_properties(frame, info)
    geometries = _encode_geometries(frame)
    ids = row_ids(frame, info)
    return {
        key: f'{{"type":"Feature","id":{json.dumps(key)},"geometry":{geometry},'
        f'"properties":{json.dumps(values, ensure_ascii=False, separators=(",", ":"))}}}'
        for key, geometry, values in zip(ids, geometries, properties, strict=True)
    }


def _encode_geometries(frame: GeoDataFrame) -> list[str]:
    shapes = frame.geometry.to_numpy()
    drawable = mask_finite(shapes)
    texts = np.full(len(frame), "null", dtype=object)
    unwrapped = unwrap_shapes(shapes[drawable], find_case_meridian())
    rounded = shapely.transform(unwrapped, lambda numbers: numbers.round(DECIMALS))
    texts[drawable] = shapely.to_geojson(rounded)
    return texts.tolist()


def _read_label_and_dates(frame: GeoDataFrame, info: LayerInfo) -> Iterable[dict[str, Any]]:
    """Yield label and dates of each row for its tooltip; other columns are fetched on click."""
    ends = _read_days(frame, info)
    for label, start, end in zip(read_labels(frame, info), *ends, strict=True):
        days = {"first": start or None, "last": end or None} if info.time_columns else {}
        yield {"label": label, "when": _format_days(start, end), **days}


def read_labels(frame: GeoDataFrame, info: LayerInfo) -> list[str]:
    """Return the label of each row as text, empty where there is none."""
    if not info.label_column:
        return [""] * len(frame)
    column = frame[info.label_column]
    return [
        "" if missing else str(value) for value, missing in zip(column, column.isna(), strict=True)
    ]


def _read_days(frame: GeoDataFrame, info: LayerInfo) -> tuple[list[str], list[str]]:
    """Return the first and last ISO day of each row, in the layer's time zone; "" for none."""
    if not info.time_columns:
        return [""] * len(frame), [""] * len(frame)
    start, end = (
        ["" if day.item() is None else str(day) for day in to_days(frame[column], info.time_zone)]
        for column in info.time_columns
    )
    return start, end


def _format_days(start: str, end: str) -> str:
    return start if start == end or not end else end if not start else f"{start} – {end}"


CLAIM_TEXTS = (
    "place", "place_name", "says", "subject", "evidence", "attributed_to", "publisher",
    "location_class", "certainty", "stance", "state",
)  # fmt: skip


_DAYS = {
    "first": "observed_from",
    "last": "observed_to",
    "reported_first": "reported_from",
    "reported_last": "reported_to",
}
_CLAIM_COLUMNS = (
    *CLAIM_TEXTS,
    *_DAYS.values(),
    *("systems", "date_class", "count_min", "count_max", "conflicts", "review"),
    *("distance_words", "distance_label", "arc"),
)


def _read_claims(frame: GeoDataFrame, _: LayerInfo) -> Iterable[dict[str, Any]]:
    ratings = describe_rows(frame, builtin_evidence().vocabulary_by_id)
    there = [name for name in _CLAIM_COLUMNS if name in frame.columns]  # each costs time
    for row, lines in zip(frame[there].to_dict("records"), ratings, strict=True):
        values = {name: None if pd.isna(row[name]) else row[name] for name in CLAIM_TEXTS}
        yield values | {
            "systems": list(row["systems"]),
            "when": formatting.format_when(row),
            "date_class": row["date_class"],
            **{name: _to_iso_day(row.get(column)) for name, column in _DAYS.items()},
            "count": formatting.format_count(row["count_min"], row["count_max"]),
            "conflict": len(row["conflicts"]) > 0,
            **_shorten_ratings(lines),
            **_encode_arc(row),
            **({"review": row["review"]} if row.get("review") in REVIEW else {}),
        }


def _encode_arc(row: Mapping[Hashable, object]) -> dict[str, object]:
    """Return the line of a claim's distance as GeoJSON, and its words; nothing without one."""
    text = row.get("arc")
    if not isinstance(text, str):
        return {}
    line = unwrap_shapes(np.array([shapely.from_wkt(text)]), find_case_meridian())[0]
    arc = {"label": row["distance_label"], "words": row["distance_words"]}
    return {"arc": arc | {"line": json.loads(shapely.to_geojson(line))}}


def _to_iso_day(value: object) -> str | None:
    day = formatting.to_day(value)
    return day.isoformat() if day else None


def _shorten_ratings(lines: Sequence[RatingLine]) -> dict[str, Any]:
    """Return the ratings of a claim in short, by title; nothing for one that is not rated."""
    return {"ratings": {line.title: line.short for line in lines}} if lines else {}


def _read_columns(*names: str) -> PropertyReader:
    def read(frame: GeoDataFrame, _: LayerInfo) -> Iterable[dict[str, Any]]:
        there = [name for name in names if name in frame.columns]
        for row in frame[there].to_dict("records"):
            values = {name: None if pd.isna(value) else value for name, value in row.items()}
            if (lon := values.get("label_lon")) is not None:
                values["label_lon"] = unwrap_longitude(lon, find_case_meridian())
            yield values

    return read


_PROPERTIES: dict[str, PropertyReader] = {
    CLAIMS: _read_claims,
    "places": _read_columns(
        *("name", "location_class", "drawn_note", "label_lon", "label_lat"),
        *("short_name", "map_label", "label_side", "name_ar"),
    ),
    "routes": _read_columns("name", "inference", "length_km"),
    "rings": _read_columns("radius_km", "label_lon", "label_lat"),
}
