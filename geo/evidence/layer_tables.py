"""The evidence as GeoDataFrames: claims, places, routes and range rings, all EPSG:4326."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from shapely import MultiPolygon, Polygon, to_wkt
from shapely.geometry.base import BaseGeometry

from geo.evidence import geometry
from geo.evidence.day_counts import REPORTED_AXIS, TIME_COLUMNS
from geo.evidence.distance import Distance
from geo.evidence.distance_shapes import build_distance_shape, find_centre
from geo.evidence.loading import Evidence
from geo.evidence.models import Place, Source
from geo.evidence.provenance import format_missing
from geo.evidence.record import Record
from geo.evidence.report_days import Ends, find_report_span
from geo.evidence.vocabularies import RATING_KINDS
from geo.geodesy import WGS84

CRS = "EPSG:4326"
DRAWN_COLUMNS = ("distance_label", "arc")
"""Columns of the claims layer that only the map needs: a short label, and a line as WKT."""
CLAIM_COLUMNS = (
    *("id", "source", "publisher", "reported_on", "reported", "url", "source_set", "place"),
    *("place_name", "place_name_ar", "subject", "systems", "says", "evidence", "attributed_to"),
    *("observed_from", "observed_to", "date_class", "location_class", "certainty", "stance"),
    *("count_min", "count_max", "state", "note", "origins", "conflicts"),
    *("locator", "review"),
    *("reliability", "credibility", "likelihood", "confidence"),
    *("archive_url", "accessed_on", "copy_sha256", "missing"),
    *("image_sha256", "image_credit", "image_alt", "image_licence", "image_may_publish"),
    *TIME_COLUMNS[REPORTED_AXIS],
    *("distance_words", "distance_min_m", "distance_max_m", "bearing_from", "bearing_to"),
    *("distance_label", "arc"),
)
"""Columns of the claims layer before the geometry, in order."""
ROUTE_COLUMNS = {
    **dict.fromkeys(("id", "name", "status", "inference", "inference_note"), "str"),
    **dict.fromkeys(("length_km", "surveyed_km", "max_deviation_m"), "float64"),
    "attribution": "str",
}
RING_COLUMNS = {
    **dict.fromkeys(("id", "name"), "str"),
    **dict.fromkeys(("radius_m", "radius_km", "label_lon", "label_lat"), "float64"),
}
_TYPES: dict[str, str] = {
    **dict.fromkeys(("count_min", "count_max"), "Int64"),
    # Text also where every cell is empty.
    **dict.fromkeys(("locator", "archive_url", "copy_sha256", "missing"), "str"),
    **dict.fromkeys(("image_sha256", "image_credit", "image_alt", "image_licence"), "str"),
    **dict.fromkeys(RATING_KINDS, "str"),
    **dict.fromkeys(("distance_words", "distance_label", "arc"), "str"),
    **dict.fromkeys(("distance_min_m", "distance_max_m", "bearing_from", "bearing_to"), "float64"),
    "image_may_publish": "boolean",
}


Outlines = Mapping[str, BaseGeometry]
"""The drawn outline of each place, by its id."""


def build_outlines(evidence: Evidence) -> Outlines:
    """Build the outlines of all places, for claims and places together."""
    return {one.id: _find_outline(evidence, one) for one in evidence.places}


_outlines: dict[Hashable, BaseGeometry] = {}  # by place and what its recipe is drawn from
_MOST_OUTLINES = 2_000


def _find_outline(evidence: Evidence, place: Place) -> BaseGeometry:
    """Return the outline of a place, built once for all evidence that draws it alike."""
    centre = evidence.place_by_id.get(getattr(place.geometry, "centre", ""))
    key = (place, centre, evidence.airfield, evidence.routes)
    if key not in _outlines:
        if len(_outlines) >= _MOST_OUTLINES:
            _outlines.clear()
        _outlines[key] = geometry.build_place_geometry(evidence, place)
    return _outlines[key]


def build_claims_frame(evidence: Evidence, outlines: Outlines | None = None) -> GeoDataFrame:
    """Build the table of claims, one row for each claim, in record order.

    Dates are datetime64[ms] at midnight without time zone, counts are Int64; systems, origins and
    conflicts are lists of str. The geometry is the outline of the claim's place, or the band of its
    distance, and None where the location class is "none". `arc` is the line of the distance as WKT,
    EPSG:4326, longitude before latitude.
    """
    rows, shapes = [], []
    outlines = build_outlines(evidence) if outlines is None else outlines
    for claim in evidence.claims:
        source = evidence.source_by_id[claim.source]
        place = evidence.place_by_id[claim.place] if claim.place else None
        drawn = _describe_distance(evidence, claim.distance)
        outline = outlines[place.id] if place and claim.location_class != "none" else None
        shapes.append(drawn.pop("band", outline))
        rows.append(
            _copy_fields(source, "reported_on reported url archive_url accessed_on copy_sha256")
            | _copy_fields(source, "reliability")
            | dict(claim)
            | dict(zip(TIME_COLUMNS[REPORTED_AXIS], _find_report_days(source), strict=True))
            | drawn
            | {f"image_{name}": value for name, value in dict(claim.image or ()).items()}
            | {
                "publisher": source.named,
                "missing": format_missing(source),
                "source_set": source.set,
                "place_name": place.name if place else None,
                "place_name_ar": place.name_ar if place else None,
                "systems": list(claim.systems),
                "origins": list(claim.origins),
                "conflicts": [conflict.id for conflict in evidence.find_conflicts(claim.id)],
                "review": evidence.review.get(claim.id, "published"),
            }
        )
    columns = [*CLAIM_COLUMNS, "geometry"]
    frame = _build_frame(rows, shapes).reindex(columns=columns)
    for name in ("reported_on", "accessed_on", *chain(*TIME_COLUMNS.values())):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ms]")
    return frame.astype(_TYPES)


def _describe_distance(evidence: Evidence, distance: Distance | None) -> dict[str, object]:
    """Return the columns of a claim's distance, and its band; nothing for a claim without one."""
    if distance is None:
        return {}
    shape, (near, far) = build_distance_shape(evidence, distance), distance.reach_m
    return {
        "band": shape.band,
        "distance_words": distance.describe(find_centre(evidence, distance)[2]),
        "distance_label": distance.label,
        "distance_min_m": near,
        "distance_max_m": far,
        "bearing_from": distance.bearing_from,
        "bearing_to": distance.bearing_to,
        "arc": to_wkt(shape.line, rounding_precision=6),
    }


def build_places_frame(evidence: Evidence, outlines: Outlines | None = None) -> GeoDataFrame:
    """Build the table of places; area_km2 is the geodesic area, missing for a line."""
    rows, shapes = [], []
    outlines = build_outlines(evidence) if outlines is None else outlines
    for place in evidence.places:
        shape = outlines[place.id]
        polygon = isinstance(shape, Polygon | MultiPolygon)
        area = geometry.measure_area_m2(shape) / 1e6 if polygon else None
        shapes.append(shape)
        rows.append(
            _copy_fields(place, "id name name_ar location_class drawn_note source")
            | {"area_km2": area}
            | _copy_fields(place, "label_lon label_lat short_name map_label label_side")
        )
    return _build_frame(rows, shapes)


def build_routes_frame(evidence: Evidence) -> GeoDataFrame:
    """Build the table of routes, one row for each leg.

    length_km is the geodesic length of the drawn line, surveyed_km that of the road;
    max_deviation_m is the largest distance between the two.
    """
    if not evidence.routes:
        return _build_empty_frame(ROUTE_COLUMNS)
    shapes = [geometry.build_route_line(route) for route in evidence.routes]
    rows = [
        _copy_fields(route, "id name status inference inference_note")
        | {"length_km": WGS84.geometry_length(shape) / 1000, "surveyed_km": route.surveyed_km}
        | {"max_deviation_m": route.deviation_from_surveyed_road.max_m}
        | {"attribution": route.attribution}
        for route, shape in zip(evidence.routes, shapes, strict=True)
    ]
    return _build_frame(rows, shapes)


def build_rings_frame(evidence: Evidence, radii_m: Iterable[float] | None = None) -> GeoDataFrame:
    """Build the table of range rings of the case, as closed lines; empty if it has none.

    Radii are geodesic, in metres. Columns: id, name, radius_m, radius_km, label_lon, label_lat (on
    the ring, at the bearing of the labels), geometry. An EvidenceError is raised if the evidence
    has no such place with a point.
    """
    rings, rows, shapes = evidence.case.rings, [], []
    if rings is None:
        return _build_empty_frame(RING_COLUMNS)
    centre = geometry.find_point(evidence, rings.centre)
    for radius in rings.radii_m if radii_m is None else radii_m:
        lon, lat, _ = WGS84.fwd(*centre, rings.label_bearing, radius)
        kilometres = radius / 1000
        rows.append(
            {
                "id": f"ring-{kilometres:g}km",
                "name": f"{kilometres:g} km from {evidence.place_by_id[rings.centre].name}",
                "radius_m": float(radius),
                "radius_km": kilometres,
                "label_lon": float(lon),
                "label_lat": float(lat),
            }
        )
        shapes.append(geometry.build_ring(*centre, radius))
    return _build_frame(rows, shapes)


def _find_report_days(source: Source) -> Ends:
    written = source.reported_on, source.reported_on_precision, source.reported_on_words
    return find_report_span(*written)


def _copy_fields(record: Record, names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names.split()}


def _build_empty_frame(columns: Mapping[str, str]) -> GeoDataFrame:
    data = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})
    return GeoDataFrame(data, geometry=[], crs=CRS)


def _build_frame(
    rows: Sequence[dict[str, Any]], shapes: Sequence[BaseGeometry | None]
) -> GeoDataFrame:
    return GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=CRS)
