"""The recipe that a distance in the report form becomes."""

from collections.abc import Iterator

from geo.evidence import Evidence, RecordFault
from geo.evidence.distance import Distance, find_bearings
from geo.evidence.distance_words import EXAMPLES, parse_distance
from geo.ledger.models import Fields
from geo.ui.typed_report import TypedReport, read_point, type_distance

DISTANCE = "distance"
_UNNAMED = "the point"


def build_distance(typed: TypedReport, before: Distance | None) -> Fields | None:
    """Return the recipe of a form; parts that nobody changed stay as they were before."""
    if typed.location_class != DISTANCE:
        return None
    old = before.model_dump(mode="json") if before else {}
    shown = type_distance(before)
    fields: Fields = {"seaward": typed.distance_sea, "centre": typed.place or None}
    if before and (typed.distance_point, typed.distance_name) == (
        shown["distance_point"],
        shown["distance_name"],
    ):
        fields["centre"] = old["centre"]
    elif point := read_point(typed.distance_point):
        lat, lon = (round(one, 6) for one in point)
        name = typed.distance_name.strip() or _UNNAMED
        fields["centre"] = {"name": name, "lon": lon, "lat": lat}
    if before and typed.distance == shown["distance"]:
        numbers = ("distance_m", "min_m", "max_m", "tolerance_m", "words")
        fields |= {name: old[name] for name in numbers}
    else:
        fields |= parse_distance(typed.distance) or {}
        fields["words"] = " ".join(typed.distance.split()) or None
    if before and typed.distance_winds == shown["distance_winds"]:
        fields |= {name: old[name] for name in ("bearing_from", "bearing_to")}
    elif bearings := find_bearings(typed.distance_winds):
        fields |= dict(zip(("bearing_from", "bearing_to"), bearings, strict=True))
    return fields


def find_distance_faults(
    typed: TypedReport, evidence: Evidence, claim_id: str, form: str
) -> Iterator[RecordFault]:
    """Yield a fault for each part of a distance that cannot be read."""
    if typed.location_class != DISTANCE:
        return
    kept = next((one.distance for one in evidence.claims if one.id == typed.editing), None)
    shown = type_distance(kept).get(DISTANCE)
    if typed.distance != shown and parse_distance(typed.distance) is None:
        value = repr(typed.distance) if typed.distance.strip() else "empty"
        remedy = f"write it as the source does: {EXAMPLES}"
        yield RecordFault(form, claim_id, DISTANCE, "no distance could be read", value, remedy)
    if typed.distance_winds and find_bearings(typed.distance_winds) is None:
        why, value = "the directions are not side by side", ", ".join(typed.distance_winds)
        remedy = "choose neighbours such as west and north-west, or all that the source names"
        yield RecordFault(form, claim_id, "distance_winds", why, value, remedy)
    place = evidence.place_by_id.get(typed.place)
    if typed.distance_point.strip():
        if read_point(typed.distance_point) is None:
            why, value = "no position could be read", repr(typed.distance_point)
            remedy = "write it as 35.4011, 35.9487, in degrees and minutes, or MGRS"
            yield RecordFault(form, claim_id, "distance_point", why, value, remedy)
    elif place is not None and place.lon is None:
        why, remedy = "the place has no point to measure from", "give the position of one"
        yield RecordFault(form, claim_id, "distance_point", why, "empty", remedy)
