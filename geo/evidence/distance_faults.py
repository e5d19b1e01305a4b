"""Faults of distances that only show beside the places: the centre, and rings around a pole."""

from collections.abc import Iterator

from geo.evidence.json_records import RecordFault, RecordTable
from geo.evidence.models import Claim, Place
from geo.geodesy import WGS84

_FROM_POLE = 0.98  # of the way: a ring that comes nearer cannot be drawn on Web Mercator


def find_distance_faults(
    claims: RecordTable[Claim], places: RecordTable[Place]
) -> Iterator[RecordFault]:
    """Yield a fault for each centre that is no place with a point, and each ring near a pole."""
    points = {one.id: one.lat for one in places.records if one.lat is not None}
    broken = set(places.ids) - {one.id for one in places.records}
    for claim in claims.records:
        distance = claim.distance
        if distance is None:
            continue
        centre = distance.centre
        lat = points.get(centre) if isinstance(centre, str) else centre.lat
        if lat is None:
            if not places.lost and centre not in broken:
                why = "the centre is no place with a point"
                remedy = f"use one of {', '.join(sorted(points))}, or give name, lon and lat"
                where = claims.file, claim.id, "distance.centre"
                yield RecordFault(*where, why, repr(centre), remedy)
            continue
        _, _, to_pole = WGS84.inv(0, lat, 0, 90 if lat >= 0 else -90)
        if distance.reach_m[1] >= _FROM_POLE * to_pole:
            why = f"the ring would go round the pole, which is {to_pole / 1000:,.0f} km away"
            value = f"{distance.reach_m[1]:g}"
            remedy = "correct the distance, or use the location class none"
            yield RecordFault(claims.file, claim.id, "distance", why, value, remedy)
