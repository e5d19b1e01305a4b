"""Known table schemas (ACLED, AIS, FIRMS ...), detected by their column names."""

import re
from dataclasses import dataclass, replace

import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.detect.column_names import index_names, normalise_name


@dataclass(frozen=True)
class MatchedSchema:
    """A published table schema; of a table that has it, with the names of the table's columns."""

    name: str
    needed: tuple[str, ...] = ()
    """Columns by which the schema is detected."""
    coordinates: tuple[str, ...] = ()
    """Latitude, longitude."""
    date: str | None = None
    labels: tuple[str, ...] = ()
    """Candidates, best first."""
    id: str | None = None
    time: str | None = None
    """Column of the time of day, HHMM, beside the date."""
    zone: str | None = None
    moves: bool = False
    """Positions of ships or aircraft, which may be at sea."""


SCHEMAS = (
    MatchedSchema(
        "ACLED",
        ("event_id_cnty", "event_date", "latitude", "longitude"),
        ("latitude", "longitude"),
        "event_date",
        ("sub_event_type", "event_type"),
        "event_id_cnty",
    ),
    *(
        MatchedSchema(
            "MarineCadastre AIS",
            ("mmsi", "basedatetime", *coordinates),
            coordinates,
            "basedatetime",
            ("vesselname", "mmsi"),
            zone="UTC",
            moves=True,
        )
        for coordinates in (("lat", "lon"), ("latitude", "longitude"))
    ),
    MatchedSchema(
        "OpenSky states",
        ("time", "icao24", "lat", "lon", "callsign"),
        ("lat", "lon"),
        "time",
        ("callsign", "icao24"),
        zone="UTC",
        moves=True,
    ),
    MatchedSchema(
        "NASA FIRMS",
        ("latitude", "longitude", "acq_date", "acq_time", "satellite"),
        ("latitude", "longitude"),
        "acq_date",
        ("satellite",),
        time="acq_time",
        zone="UTC",
    ),
)
GEOCONFIRMED = "GeoConfirmed"
SCHEMA_NAMES = (*dict.fromkeys(schema.name for schema in SCHEMAS), GEOCONFIRMED)
"""What ``ImportOptions.schema`` may be, beside "" for none."""

_STARTS_WITH_DATE = re.compile(r"^\s*(?:\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\b")
_NAMES_SOURCE = re.compile(r"geo\s*-?\s*locat|geoconfirmed|source\s*\(?s?\)?\s*:", re.IGNORECASE)
_MOST = 0.6
_SAMPLE = 200
_MAX_LENGTH = 5_000


def match_schema(data: pd.DataFrame, log: Diagnostics) -> MatchedSchema | None:
    """Return the chosen or any schema (GeoConfirmed only in KML); None if it does not match."""
    chosen = log.options.schema
    names = index_names(data.columns)
    for schema in SCHEMAS:
        if chosen in (None, schema.name) and all(
            normalise_name(one) in names for one in schema.needed
        ):
            return _use_names(schema, names)
    in_kml = log.detected.format in ("KML", "KMZ")
    if chosen in (None, GEOCONFIRMED) and in_kml and _is_geoconfirmed(data):
        return MatchedSchema(GEOCONFIRMED, date="name", labels=("name",))
    return None


def _use_names(schema: MatchedSchema, names: dict[str, str]) -> MatchedSchema:
    """Return a schema with the names of a table's columns in place of the published ones."""

    def find(name: str | None) -> str | None:
        return names.get(normalise_name(name)) if name else None

    return replace(
        schema,
        coordinates=tuple(filter(None, map(find, schema.coordinates))),
        date=find(schema.date),
        labels=tuple(filter(None, map(find, schema.labels))),
        id=find(schema.id),
        time=find(schema.time),
    )


def _is_geoconfirmed(data: pd.DataFrame) -> bool:
    """Return whether most names start with a date and most descriptions name a source."""
    if not {"name", "description"} <= set(data.columns) or not len(data):
        return False
    sample = data.head(_SAMPLE)
    return all(
        sum(bool(pattern.search(cell[:_MAX_LENGTH])) for cell in cells_as_text(sample[column]))
        / len(sample)
        >= _MOST
        for column, pattern in (("name", _STARTS_WITH_DATE), ("description", _NAMES_SOURCE))
    )
