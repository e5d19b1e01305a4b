"""Pydantic models of the evidence records: sources, claims, places, conflicts and routes.

All coordinates are EPSG:4326, longitude before latitude.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, StrictInt, ValidationInfo, field_validator

from geo.evidence import recipe_rules, rules
from geo.evidence.distance import Distance
from geo.evidence.distance_rules import check_claim_distance
from geo.evidence.kept_files import ClaimImage, MissingReason, ProvenanceField
from geo.evidence.record import (
    Bearing,
    Bounds,
    Count,
    Day,
    Id,
    Lat,
    Link,
    Lon,
    Metres,
    Rating,
    Record,
    Sha256,
    Text,
)

SeeingKind = Literal[
    "satellite imagery",
    "verified video",
    "drone footage",
    "ship tracking",
    "flight tracking",
    "photo",
    "video",
]
EvidenceKind = Literal[
    SeeingKind,
    "official statement",
    "social post",
    "expert",
    "unconfirmed report",
    "article's own reading",
    "background",
]
# from the strongest to the weakest
Certainty = Literal["observed", "likely", "apparent", "stated", "claimed", "unconfirmed", "unknown"]
Stance = Literal["leaving", "staying", "undecided", "neutral"]
PlaceClass = Literal["exact", "vicinity", "locality", "area", "route-inferred", "none"]
LocationClass = Literal[PlaceClass, "distance"]

SEEING_KINDS: tuple[str, ...] = get_args(SeeingKind)
EVIDENCE_KINDS: tuple[str, ...] = get_args(EvidenceKind)
CERTAINTIES: tuple[str, ...] = get_args(Certainty)
STANCES: tuple[str, ...] = get_args(Stance)
LOCATION_CLASSES: tuple[str, ...] = get_args(LocationClass)


class Source(Record):
    """A publication that was read, when it reported, and where it can be read again.

    `missing` has a reason for each of PROVENANCE_FIELDS that is None; `url_note` has the words.
    `kind` ends in a noun ("article").
    """

    RULES = rules.SOURCE_RULES

    id: Id
    publisher: Text | None
    title: Text | None
    url: Link | None
    url_note: Text | None
    reported_on: Day
    reported_on_precision: Literal["day", "month", "unknown"]
    reported_on_words: Text | None
    kind: Text
    set: Id
    reliability: Rating = None
    archive_url: Link | None = None
    accessed_on: Day = None
    copy_sha256: Sha256 | None = None
    missing: dict[ProvenanceField, MissingReason] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.id)  # a dict has no hash; equal sources have equal ids

    @property
    def when(self) -> str:
        """When it was published, as "3 May 2024" or "May 2024"; empty if unknown."""
        if self.reported_on is not None:
            return f"{self.reported_on.day} {self.reported_on:%B %Y}"
        return self.reported_on_words or "" if self.reported_on_precision == "month" else ""

    @property
    def named(self) -> str:
        """The publisher, or for readers that there is none on record."""
        noun = (self.kind.split() or ["source"])[-1]
        article = "an" if noun[:1].lower() in "aeiou" else "a"
        of = f" of {self.when}" if self.when else ""
        return self.publisher or f"{article} {noun}{of} (publisher not known)"

    @property
    def reported(self) -> str:
        """The attribution for readers, such as "reported by X on 3 May 2024"."""
        if not self.publisher:
            return f"reported in {self.named}"
        if not self.when:
            return f"reported by {self.publisher} (date of publication not known)"
        return f"reported by {self.publisher} {'on' if self.reported_on else 'in'} {self.when}"


class Claim(Record):
    """One statement of one source about one thing."""

    RULES = (*rules.CLAIM_RULES, check_claim_distance)

    id: Id
    source: Id
    place: Id | None
    subject: Text
    says: Text
    evidence: EvidenceKind
    attributed_to: Text
    observed_from: Day
    observed_to: Day
    date_class: Literal["day", "range", "by", "undated"]
    location_class: LocationClass
    certainty: Certainty
    stance: Stance
    count_min: Count
    count_max: Count
    state: Text | None
    note: Text | None
    systems: tuple[Text, ...]
    origins: Annotated[tuple[Text, ...], Field(min_length=1)]
    locator: Text | None = None
    """Where in the source it stands, such as "paragraph 4" or "0:41"."""
    credibility: Rating = None
    likelihood: Rating = None
    confidence: Rating = None
    image: ClaimImage | None = None
    distance: Distance | None = None
    """How far from a point it was, of the location class "distance"; no other class has it."""


class Hull(Record):
    """Recipe: the convex hull of airfield parts, widened by ``buffer_m`` metres."""

    kind: Literal["hull"]
    of: Annotated[tuple[Literal["runways", "aprons"], ...], Field(min_length=1)]
    buffer_m: Metres


class BoundsBox(Record):
    """Recipe: a box given as (xmin, ymin, xmax, ymax), EPSG:4326; across 180, xmin > xmax."""

    RULES = recipe_rules.BOUNDS_RULES

    kind: Literal["bounds"]
    bounds: Bounds


class Sector(Record):
    """Recipe: a ring sector around another place; metres, true bearings in degrees, clockwise."""

    RULES = recipe_rules.SECTOR_RULES

    kind: Literal["sector"]
    centre: Id
    inner_m: Metres
    outer_m: Metres
    bearing_from: Bearing
    bearing_to: Bearing


class RouteLine(Record):
    """Recipe: the line of one route of routes.json."""

    kind: Literal["route"]
    leg: Id


class Circle(Record):
    """Recipe: a circle around the place's own point."""

    kind: Literal["circle"]
    radius_m: Annotated[Metres, Field(ge=1, le=500_000)]


Recipe = Annotated[Hull | BoundsBox | Sector | RouteLine | Circle, Field(discriminator="kind")]


class MappedPoint(Record):
    """A mapped thing, and where its data are from."""

    name: Text
    lon: Lon
    lat: Lat
    source: Text
    licence: Text


class Facility(MappedPoint):
    """A mapped facility at a place: extent in square kilometres, harbour works in metres."""

    area_km2: Metres
    bounds: Bounds
    breakwaters_m: tuple[Metres, ...]
    entrance_m: Metres | None
    breakwater_source: Text | None


class Place(Record):
    """A place that claims are about, with its labels and a recipe for its drawn outline.

    `short_name` is for a row of a table, `map_label` stands on the preferred side of the symbol,
    and `phrase` follows a number of reports in a sentence ("45 on Example"). In the file,
    ``{short_name}`` may be written in the latter two.
    """

    RULES = rules.PLACE_RULES

    id: Id
    name: Text
    short_name: Text
    map_label: Text
    label_side: Literal["left", "right"]
    phrase: Text
    other_names: tuple[Text, ...] = ()
    name_ar: Text | None = None
    icao: Text | None = None
    iata: Text | None = None
    lon: Lon | None
    lat: Lat | None
    elevation_ft: float | None = None
    location_class: PlaceClass
    geometry: Recipe
    drawn_note: Text
    geometry_note: Text | None = None
    label_lon: Lon
    label_lat: Lat
    source: Text
    licence: Text
    facility: Facility | None = None

    @field_validator("map_label", "phrase")
    @classmethod
    def _fill_in_short_name(cls, text: str, info: ValidationInfo) -> str:
        return text.replace("{short_name}", info.data.get("short_name", ""))

    @property
    def is_route(self) -> bool:
        """Whether the place is a road, drawn as the routes that sources name or imply."""
        return self.location_class == "route-inferred"


class Conflict(Record):
    """A question, and the claims that answer it differently."""

    RULES = rules.CONFLICT_RULES

    id: Id
    question: Text
    claims: tuple[Id, ...]
    note: Text
    set: Id


class Deviation(Record):
    """How far a schematic line strays from the surveyed road: metres, over ``n`` points."""

    n: StrictInt
    mean_m: Metres
    p95_m: Metres
    max_m: Metres


class Route(Record):
    """One leg of road, drawn as straight lines between named points (lon, lat, source)."""

    id: Id
    name: Text
    status: Text
    inference: Literal["inferred", "weaker inference"]
    inference_note: Text
    surveyed_km: Metres
    deviation_from_surveyed_road: Deviation
    attribution: Text
    licence: Text
    points: Annotated[tuple[tuple[Lon, Lat, Text], ...], Field(min_length=2)]
