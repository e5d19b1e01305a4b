"""The records that a report form becomes: the same texts give the same records."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from geo.evidence import Evidence, RecordFault
from geo.evidence.provenance import fill_missing
from geo.ledger.models import Fields
from geo.text.slugs import make_unique, slugify
from geo.ui.typed_distance import DISTANCE, build_distance, find_distance_faults
from geo.ui.typed_report import NEW, OF_CLAIMS, UNNAMED, TypedReport, read_point

FORM = "form"
DAY = "day"  # the field of a report that is of one day
_EXACT_RADIUS_M = 100.0  # of the circle that marks an exact spot


@dataclass(frozen=True)
class BuiltReport:
    """The records of a form, as plain values, and the faults of what could not become one."""

    claim: Fields
    source: Fields | None = None
    place: Fields | None = None
    systems: tuple[Fields, ...] = ()
    origins: tuple[Fields, ...] = ()
    faults: list[RecordFault] = field(default_factory=list)


def build_report(
    typed: TypedReport,
    evidence: Evidence,
    taken: Collection[str],
    make_claim_id: Callable[[str], str],
) -> BuiltReport:
    """Build the records that a form describes.

    Parameters
    ----------
    typed : TypedReport
    evidence : Evidence
        What is there already: published, and the person's drafts.
    taken : collection of str
        Ids that were ever used.
    make_claim_id : callable
        Returns the id of a new claim of a source, by the source's id.
    """
    faults: list[RecordFault] = []
    source = _build_source(typed, evidence, taken) if typed.source == NEW else None
    claim_id = typed.editing or make_claim_id(source["id"] if source else typed.source)
    place = _build_place(typed, taken, faults) if typed.place == NEW else None
    origins, named = _build_origins(typed, evidence, claim_id, taken)
    known = {system.name for system in evidence.systems}
    free = "systems" in evidence.free_names  # then a name needs no record
    names = () if free else map(str.strip, typed.systems)
    new = [name for name in names if name and name not in known]
    systems = tuple(_build_system(name) for name in new)
    typed = typed.model_copy(update={"location_class": _choose_location_class(typed, evidence)})
    claim = _build_claim(typed, evidence, claim_id)
    claim["source"] = source["id"] if source else typed.source or None
    claim["place"] = place["id"] if place else typed.place or None
    claim["origins"] = named
    faults += _find_empty_fields(typed, claim_id)
    faults += find_distance_faults(typed, evidence, claim_id, FORM)
    return BuiltReport(claim, source, place, systems, origins, faults)


def _find_empty_fields(typed: TypedReport, claim_id: str) -> Iterator[RecordFault]:
    """Yield a fault for each field of the form that must not be empty."""
    first = "observed_from" if typed.date_class == "range" else DAY
    for name, value, why, remedy in (
        ("source", typed.source, "no source is chosen", "choose one, or add a new one"),
        ("says", typed.says.strip(), "it says nothing", "write what the source reports"),
        (
            *("subject", typed.subject.strip() or typed.systems),
            *("it names nothing", "choose a system, or write what it is about"),
        ),
        ("evidence", typed.evidence, "no kind of evidence is chosen", "choose one"),
        (
            *(first, typed.first_day or typed.date_class == "undated"),
            *("no day is given", "choose the day, or say that the source gives none"),
        ),
        (
            *("observed_to", typed.last_day or typed.date_class != "range"),
            *("no last day is given", "choose it, or say that it was on one day"),
        ),
    ):
        if not value:
            yield RecordFault(FORM, claim_id, name, why, "empty", remedy)


def _build_system(name: str) -> Fields:
    return {"name": name, "family": None, "spellings": []}


def _build_claim(typed: TypedReport, evidence: Evidence, claim_id: str) -> Fields:
    before = next((one for one in evidence.claims if one.id == typed.editing), None)
    fields: Fields = before.model_dump(mode="json") if before else {}
    first, last = _read_days(typed)
    return (
        fields
        | {
            "id": claim_id,
            "subject": typed.subject.strip() or (typed.systems[0] if typed.systems else ""),
            "says": " ".join(typed.says.split()),
            "evidence": typed.evidence or None,
            "attributed_to": typed.attributed_to.strip() or "not named",
            "observed_from": first,
            "observed_to": last,
            "date_class": typed.date_class,
            "location_class": typed.location_class,
            "distance": build_distance(typed, before.distance if before else None),
            "certainty": typed.certainty,
            "stance": typed.stance,
            "count_min": typed.count_min,
            "count_max": typed.count_max,
            "state": typed.state.strip() or None,
            "note": typed.note.strip() or None,
            "systems": [name.strip() for name in typed.systems if name.strip()],
            "locator": typed.locator.strip() or None,
        }
        | {str(kind): getattr(typed, kind) or None for kind in OF_CLAIMS}
    )


def _read_days(typed: TypedReport) -> tuple[str | None, str | None]:
    first, last = typed.first_day or None, typed.last_day or None
    if typed.date_class == "day":
        return first, first
    if typed.date_class == "by":
        return None, first
    return (first, last) if typed.date_class == "range" else (None, None)


def _choose_location_class(typed: TypedReport, evidence: Evidence) -> str:
    if typed.place == NEW:
        return typed.place_exact
    if not typed.place:
        return "none"
    return typed.location_class or find_usual_class(evidence, typed.place)


def find_usual_class(evidence: Evidence, place_id: str) -> str:
    """Return how exactly claims usually name a place; of a place without any, how it is known."""
    classes = Counter(one.location_class for one in evidence.claims if one.place == place_id)
    own = ("none", DISTANCE)  # of a report, whatever the place is
    drawn = [(name, count) for name, count in classes.most_common() if name not in own]
    if drawn:
        return drawn[0][0]
    place = evidence.place_by_id.get(place_id)
    known = place.location_class if place else "locality"
    return "locality" if known == "exact" else known


def _build_source(typed: TypedReport, evidence: Evidence, taken: Collection[str]) -> Fields:
    sets = evidence.case.source_sets
    source_set = typed.source_set or next((one.id for one in sets if one.default), sets[0].id)
    kinds = [one.kind for one in sets if one.id == source_set and one.kind]
    kinds += [one.kind for one in evidence.sources if one.set == source_set]
    known = typed.reported_on_precision == "day"
    words = typed.reported_on_words.strip()
    name = slugify(f"{typed.publisher or typed.title} {typed.reported_on}", longest=48)
    fields = {
        "id": _make_id(name or "source", taken),
        "publisher": typed.publisher.strip() or None,
        "title": typed.title.strip() or None,
        "url": typed.url.strip() or None,
        "url_note": typed.url_note.strip() or None,
        "reported_on": (typed.reported_on or None) if known else None,
        "reported_on_precision": typed.reported_on_precision,
        "reported_on_words": words or None,
        "kind": next(iter(kinds), "report"),
        "set": source_set,
        "archive_url": typed.archive_url.strip() or None,
        "accessed_on": typed.accessed_on or None,
        "reliability": typed.reliability or None,
    }
    return fill_missing(fields, typed.missing)


def _build_place(typed: TypedReport, taken: Collection[str], faults: list[RecordFault]) -> Fields:
    name, exact = " ".join(typed.place_name.split()), typed.place_exact == "exact"
    place_id = _make_id(slugify(name) or "place", taken)
    point = read_point(typed.place_point)
    if not name:
        why, remedy = "the new place has no name", "name it as readers know it"
        faults.append(RecordFault(FORM, place_id, "place_name", why, "empty", remedy))
    if point is None:
        why = "no latitude (-90 to 90) and longitude (-180 to 180) could be read"
        remedy = "click the map, or write it as 35.4011, 35.9487, in degrees and minutes, or MGRS"
        value = repr(typed.place_point) if typed.place_point.strip() else "empty"
        faults.append(RecordFault(FORM, place_id, "place_point", why, value, remedy))
    lat, lon = (round(one, 6) for one in point or (0.0, 0.0))
    radius = _EXACT_RADIUS_M if exact else float(typed.place_radius)
    spot = "the spot that the source gives" if exact else "the point that was set"
    return {
        "id": place_id,
        **dict.fromkeys(("name", "short_name", "map_label"), name or "New place"),
        "label_side": "right",
        "phrase": f"at {name or 'a new place'}",
        "other_names": [],
        **dict.fromkeys(("name_ar", "icao", "iata", "elevation_ft", "facility"), None),
        "lon": lon,
        "lat": lat,
        "location_class": typed.place_exact,
        "geometry": {"kind": "circle", "radius_m": radius},
        "drawn_note": f"circle of {radius:,.0f} m around {spot}, approximate; not surveyed",
        "geometry_note": None,
        "label_lon": lon,
        "label_lat": lat,
        "source": "entered with a report; see its source",
        "licence": "own drawing",
    }


def _build_origins(
    typed: TypedReport, evidence: Evidence, claim_id: str, taken: Collection[str]
) -> tuple[tuple[Fields, ...], list[str]]:
    """Return records of the origins that are new, and what the claim names."""
    ids = {one: one for one in evidence.origin_by_id}
    ids |= {one.name: one.id for one in evidence.origins}
    new, named, used = [], [], list(taken)
    for text in (one.strip() for one in typed.origins):
        if text.startswith(UNNAMED) or text in ids:
            named.append(ids.get(text, text))
        elif text:
            one = {"id": _make_id(slugify(text) or "origin", used), "name": text}
            used.append(one["id"])
            new.append(one | {"noun": typed.origin_noun})
            named.append(one["id"])
    return tuple(new), named or [f"{UNNAMED}{claim_id}"]


def _make_id(name: str, taken: Collection[str]) -> str:
    return make_unique([name], taken, separator="-")[0]
