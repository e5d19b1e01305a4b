"""Validation rules of distances from a point; see `geo.evidence.rules`."""

from collections.abc import Iterator

from geo.evidence.rules import Breach

FARTHEST_M = 1_000_000.0
"""A ring of a larger radius is no longer a place on a map of a region."""
Number = float | None


def _check_reach(distance_m: Number, min_m: Number, max_m: Number) -> Iterator[Breach]:
    span = {"min_m": min_m, "max_m": max_m}
    if distance_m is None and min_m is None and max_m is None:
        remedy = "give distance_m, or min_m and max_m, in metres"
        yield Breach("distance_m", "no distance is given", None, remedy)
    elif distance_m is not None:
        for field, value in span.items():
            if value is not None:
                why = "a distance is one number or a span, and both are given"
                yield Breach(field, why, value, "remove it, or remove distance_m")
    else:
        for field, value in span.items():
            if value is None:
                yield Breach(field, "a span has two ends", None, "give both min_m and max_m")
    if min_m is not None and max_m is not None and min_m >= max_m:
        why = f"the smallest distance is not below the largest ({max_m:g})"
        yield Breach("min_m", why, min_m, "swap or correct the two")


def _check_size(
    distance_m: Number, min_m: Number, max_m: Number, tolerance_m: float
) -> Iterator[Breach]:
    far = max_m if distance_m is None else distance_m
    field = "max_m" if distance_m is None else "distance_m"
    near = min_m if distance_m is None else distance_m
    if far is not None and far + tolerance_m > FARTHEST_M:
        why = f"the distance is more than {FARTHEST_M / 1000:,.0f} km"
        yield Breach(field, why, far, "write metres; what is as far as that has no ring on a map")
    if distance_m == 0:
        why = "a distance of 0 is the point itself"
        yield Breach(field, why, 0, "use the location class vicinity, or correct the distance")
    elif near is not None and near and tolerance_m >= near:
        why = f"the tolerance is not below the distance ({near:g})"
        remedy = "make it smaller, or use the location class vicinity"
        yield Breach("tolerance_m", why, tolerance_m, remedy)


def _check_bearings(bearing_from: Number, bearing_to: Number) -> Iterator[Breach]:
    if (bearing_from is None) != (bearing_to is None):
        field = "bearing_from" if bearing_from is None else "bearing_to"
        why = "a direction is a sector between two bearings"
        yield Breach(field, why, None, "give both, or neither where the source gives none")
    elif bearing_from is not None and bearing_from == bearing_to:
        why = "the sector opens by no angle"
        yield Breach("bearing_to", why, bearing_to, "give two different true bearings")


def check_claim_distance(location_class: str, distance: object) -> Iterator[Breach]:
    """Yield a breach unless a claim has a distance just where its location class says so."""
    if location_class == "distance" and distance is None:
        why = "a claim of location class 'distance' needs a distance and its centre"
        yield Breach("distance", why, None, 'write {"centre": ..., "distance_m": ...}')
    if location_class != "distance" and distance is not None:
        why = f"a claim of location class {location_class!r} has no distance"
        yield Breach("distance", why, distance, "remove it, or use location_class 'distance'")


DISTANCE_RULES = (_check_reach, _check_size, _check_bearings)
