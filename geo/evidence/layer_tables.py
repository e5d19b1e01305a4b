"""The evidence as GeoDataFrames: claims, places, routes and range rings, all EPSG:4326."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo import geodesy
from geo.errors import EvidenceError
from geo.evidence import geometry
from geo.evidence.loading import Evidence
from geo.evidence.models import Claim
from geo.evidence.outlines import build_place_geometry, build_route_line

CRS = "EPSG:4326"
RING_CENTRE = "tartus"
RING_RADII_M = (5_000, 10_000, 15_000)
_RING_LABEL_BEARING = 225  # south-west: at sea, clear of the holding area
_DATES = ("reported_on", "observed_from", "observed_to")
_COUNTS = ("count_min", "count_max")
_COPIED_FIELDS = (
    "date_class",
    "location_class",
    "certainty",
    "stance",
    "count_min",
    "count_max",
    "state",
    "note",
)


def build_claims_frame(evidence: Evidence) -> GeoDataFrame:
    """Lay out the claims, one row a claim, in record order.

    Parameters
    ----------
    evidence
        Checked records.

    Returns
    -------
    GeoDataFrame
        EPSG:4326. Columns: id, source, publisher, reported_on, reported (the wording "reported
        by X on D"), url, source_set, place, place_name, place_name_ar, subject, systems (list of
        str), says, evidence, attributed_to, observed_from, observed_to, date_class,
        location_class, certainty, stance, count_min, count_max (Int64), state, note, origins
        (list of str), conflicts (list of conflict ids), geometry. Dates are datetime64[ms], naive
        midnights. The geometry is the drawn outline of the claim's place, None where the
        location class is "none".
    """
    outlines = {place.id: build_place_geometry(evidence, place) for place in evidence.places}
    rows = [_build_claim_row(evidence, claim) for claim in evidence.claims]
    shapes = [
        None if c.place is None or c.location_class == "none" else outlines[c.place]
        for c in evidence.claims
    ]
    frame = _build_frame(rows, shapes)
    for name in _DATES:
        frame[name] = _to_datetimes(frame[name])
    for name in _COUNTS:
        frame[name] = pd.array(frame[name], dtype="Int64")
    return frame


def build_places_frame(evidence: Evidence) -> GeoDataFrame:
    """Lay out the places, one row a place.

    Parameters
    ----------
    evidence
        Checked records.

    Returns
    -------
    GeoDataFrame
        EPSG:4326. Columns: id, name, name_ar, location_class, drawn_note, source, area_km2
        (geodesic, of the drawn outline; missing for a line), label_lon, label_lat, geometry.
    """
    shapes = [build_place_geometry(evidence, place) for place in evidence.places]
    rows = [
        {
            "id": place.id,
            "name": place.name,
            "name_ar": place.name_ar,
            "location_class": place.location_class,
            "drawn_note": place.drawn_note,
            "source": place.source,
            "area_km2": geometry.measure_area_m2(shape) / 1e6
            if isinstance(shape, Polygon)
            else None,
            "label_lon": place.label_lon,
            "label_lat": place.label_lat,
        }
        for place, shape in zip(evidence.places, shapes, strict=True)
    ]
    return _build_frame(rows, shapes)


def build_routes_frame(evidence: Evidence) -> GeoDataFrame:
    """Lay out the routes, one row a leg.

    Parameters
    ----------
    evidence
        Checked records.

    Returns
    -------
    GeoDataFrame
        EPSG:4326. Columns: id, name, status, inference ("inferred" or "weaker inference"),
        inference_note, length_km (geodesic, of the drawn line), surveyed_km (of the road),
        max_deviation_m (of the drawn line from the road), attribution, geometry.
    """
    shapes = [build_route_line(route) for route in evidence.routes]
    rows = [
        {
            "id": route.id,
            "name": route.name,
            "status": route.status,
            "inference": route.inference,
            "inference_note": route.inference_note,
            "length_km": geometry.measure_length_m(shape) / 1000,
            "surveyed_km": route.surveyed_km,
            "max_deviation_m": route.deviation_from_surveyed_road.max_m,
            "attribution": route.attribution,
        }
        for route, shape in zip(evidence.routes, shapes, strict=True)
    ]
    return _build_frame(rows, shapes)


def build_rings_frame(evidence: Evidence, radii_m: Iterable[float] = RING_RADII_M) -> GeoDataFrame:
    """Lay out range rings around the Tartus naval base.

    Parameters
    ----------
    evidence
        Checked records, with a place "tartus" that has a point.
    radii_m
        Geodesic radii in metres.

    Returns
    -------
    GeoDataFrame
        EPSG:4326. Columns: id, name, radius_m, radius_km, label_lon, label_lat (on the ring,
        south-west of the centre), geometry (closed lines).

    Raises
    ------
    EvidenceError
        If there is no such place, or it has no point.
    """
    centre = evidence.place_by_id.get(RING_CENTRE)
    if centre is None or centre.lon is None or centre.lat is None:
        msg = f"Range rings need a place {RING_CENTRE!r} with a point: add lon and lat to it."
        raise EvidenceError(msg)
    rows, shapes = [], []
    for radius in radii_m:
        lon, lat, _ = geodesy.WGS84.fwd(centre.lon, centre.lat, _RING_LABEL_BEARING, radius)
        kilometres = radius / 1000
        rows.append(
            {
                "id": f"ring-{kilometres:g}km",
                "name": f"{kilometres:g} km from {centre.name}",
                "radius_m": float(radius),
                "radius_km": kilometres,
                "label_lon": float(lon),
                "label_lat": float(lat),
            }
        )
        shapes.append(geometry.build_ring(centre.lon, centre.lat, radius))
    return _build_frame(rows, shapes)


def _build_claim_row(evidence: Evidence, claim: Claim) -> dict[str, Any]:
    source = evidence.source_by_id[claim.source]
    place = evidence.place_by_id[claim.place] if claim.place else None
    return {
        "id": claim.id,
        "source": claim.source,
        "publisher": source.publisher,
        "reported_on": source.reported_on,
        "reported": source.reported,
        "url": source.url,
        "source_set": source.set,
        "place": claim.place,
        "place_name": place.name if place else None,
        "place_name_ar": place.name_ar if place else None,
        "subject": claim.subject,
        "systems": list(claim.systems),
        "says": claim.says,
        "evidence": claim.evidence,
        "attributed_to": claim.attributed_to,
        "observed_from": claim.observed_from,
        "observed_to": claim.observed_to,
        **{name: getattr(claim, name) for name in _COPIED_FIELDS},
        "origins": list(claim.origins),
        "conflicts": [conflict.id for conflict in evidence.find_conflicts(claim.id)],
    }


def _build_frame(
    rows: Sequence[dict[str, Any]], shapes: Sequence[BaseGeometry | None]
) -> GeoDataFrame:
    return GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=CRS)


def _to_datetimes(values: Iterable[date | None]) -> pd.Series:
    days = [None if pd.isna(value) else pd.Timestamp(value) for value in values]
    return pd.Series(pd.to_datetime(days)).astype("datetime64[ms]")
