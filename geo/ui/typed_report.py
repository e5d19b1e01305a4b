"""What somebody typed into the report form; nothing here knows Streamlit."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from geo.evidence import Evidence
from geo.evidence.distance import Distance, NamedPoint, list_winds
from geo.evidence.models import Claim
from geo.evidence.vocabularies import OF_SOURCES, RATING_KINDS
from geo.ledger.models import Fields

NEW = "new:"  # in place of the id of a source or place that is added with the report
UNNAMED = "unnamed:"  # before the id of a claim: the source does not name what it rests on
OF_CLAIMS = tuple(kind for kind in RATING_KINDS if kind not in OF_SOURCES)

_SAME = (
    *("source", "subject", "says", "systems", "count_min", "count_max"),
    *("date_class", "location_class", "certainty", "stance", "evidence"),
)
_MAYBE_EMPTY = ("place", "state", "note", "locator", *OF_CLAIMS)


class TypedReport(BaseModel):
    """The fields of the form, as they are kept: texts are as typed, days are ISO days or empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    editing: str = ""  # id of the claim that is corrected; empty for a new one
    seen: int = 0  # number of the last event of the ledger when the correction was begun
    source: str = ""
    publisher: str = ""
    title: str = ""
    url: str = ""
    url_note: str = ""
    reported_on: str = ""
    reported_on_precision: str = "day"
    reported_on_words: str = ""
    source_set: str = ""
    archive_url: str = ""
    accessed_on: str = ""
    missing: str = "unknown"  # why a source has no address, archive or day of access
    reliability: str = ""
    locator: str = ""
    subject: str = ""
    says: str = ""
    systems: tuple[str, ...] = ()
    count_min: int | None = None
    count_max: int | None = None
    state: str = ""
    date_class: str = "day"
    first_day: str = ""
    last_day: str = ""
    place: str = ""
    location_class: str = ""
    place_name: str = ""
    place_point: str = ""
    place_exact: str = "vicinity"
    place_radius: int = 1_000
    distance: str = ""  # as the source writes it
    distance_winds: tuple[str, ...] = ()
    distance_sea: bool = False
    distance_point: str = ""  # empty: it is measured from the place's own point
    distance_name: str = ""
    certainty: str = "stated"
    stance: str = "neutral"
    evidence: str = ""
    attributed_to: str = ""
    origins: tuple[str, ...] = ()
    origin_noun: str = "image"
    credibility: str = ""
    likelihood: str = ""
    confidence: str = ""
    note: str = ""
    why: str = ""

    def start_next(self) -> "TypedReport":
        """Return the form for the next report: the same source, days and place."""
        same = {"date_class", "first_day", "last_day", "location_class", "evidence"}
        kept = {name: getattr(self, name) for name in same}
        return TypedReport(source=self.source, place=self.place, **kept)

    @property
    def is_begun(self) -> bool:
        """Whether somebody typed what a next report would not have anyway."""
        return self != self.start_next()


def read_point(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a position in any notation; None if it cannot be read."""
    from geo.ingest.detect.coordinate_formats import is_mgrs, make_mgrs_parser
    from geo.ingest.detect.coordinate_pairs import parse_pair

    text = text.strip()
    lat, lon, why = (make_mgrs_parser() if is_mgrs(text) else parse_pair)(text)
    return (lat, lon) if not why and abs(lat) <= 90 and abs(lon) <= 180 else None


def type_distance(distance: Distance | None) -> Fields:
    """Return the fields of the form that describe a distance; none without one."""
    if distance is None:
        return {}
    centre = distance.centre
    point = centre if isinstance(centre, NamedPoint) else None
    return {
        "distance": distance.label,
        "distance_winds": list_winds(distance.bearing_from, distance.bearing_to),
        "distance_sea": distance.seaward,
        "distance_point": f"{point.lat!r}, {point.lon!r}" if point else "",
        "distance_name": point.name if point else "",
    }


def type_claim(claim: Claim, evidence: Evidence, seen: int) -> TypedReport:
    """Return the form that describes a claim which is there, to correct it."""
    first, last = claim.observed_from, claim.observed_to
    known = evidence.origin_by_id
    named = [one for one in claim.origins if one != f"{UNNAMED}{claim.id}"]
    origins = tuple(known[one].name if one in known else one for one in named)
    speaker = claim.attributed_to if claim.attributed_to != "not named" else ""
    fields: Fields = {name: getattr(claim, name) or "" for name in _MAYBE_EMPTY}
    fields |= {name: getattr(claim, name) for name in _SAME}
    fields |= type_distance(claim.distance)
    return TypedReport(
        editing=claim.id,
        seen=seen,
        attributed_to=speaker,
        origins=origins,
        first_day=_to_text(first or last),
        last_day=_to_text(last),
        **fields,
    )


def _to_text(day: date | None) -> str:
    return day.isoformat() if day else ""
