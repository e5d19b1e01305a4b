"""Known table schemas (ACLED, AIS, FIRMS ...), detected by their column names."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.detect.column_names import index_names, normalise_name


@dataclass(frozen=True)
class KnownSchema:
    """A published table schema; its column names are compared in normalised form."""

    name: str
    needed: tuple[str, ...]
    """Columns by which the schema is detected."""
    coordinates: tuple[str, str]
    """Latitude, longitude."""
    date: str
    label: tuple[str, ...]
    """Candidates, best first."""
    id: str = ""
    time: str = ""
    """Column of the time of day, HHMM, beside the date."""
    zone: str = ""
    moves: bool = False
    """Positions of ships or aircraft, which may be at sea."""


SCHEMAS = (
    KnownSchema(
        "ACLED",
        ("event_id_cnty", "event_date", "latitude", "longitude"),
        ("latitude", "longitude"),
        "event_date",
        ("sub_event_type", "event_type"),
        "event_id_cnty",
    ),
    *(
        KnownSchema(
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
    KnownSchema(
        "OpenSky states",
        ("time", "icao24", "lat", "lon", "callsign"),
        ("lat", "lon"),
        "time",
        ("callsign", "icao24"),
        zone="UTC",
        moves=True,
    ),
    KnownSchema(
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

_STARTS_WITH_DATE = re.compile(r"^\s*(?:\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\b")
_NAMES_SOURCE = re.compile(r"geo\s*-?\s*locat|geoconfirmed|source\s*\(?s?\)?\s*:", re.IGNORECASE)
_MOST = 0.6
_SAMPLE = 200
_MAX_LENGTH = 5_000


@dataclass(frozen=True)
class MatchedSchema:
    """A detected schema, with the column names of this file."""

    name: str
    coordinates: tuple[str, ...] = ()
    date: str | None = None
    time: str | None = None
    label: str | None = None
    id: str | None = None
    zone: str | None = None
    moves: bool = False


def match_schema(
    data: pd.DataFrame, format: str, chosen: str | None = None
) -> MatchedSchema | None:
    """Return the schema of a table, None if no known one matches.

    Parameters
    ----------
    format
        The file's format: GeoConfirmed is matched in KML only.
    chosen
        Name of the only schema to try; "" for none.
    """
    if chosen == "":
        return None
    names = index_names(data.columns)
    for schema in SCHEMAS:
        if chosen in (None, schema.name) and all(
            normalise_name(one) in names for one in schema.needed
        ):
            return _match_columns(schema, names)
    if chosen in (None, GEOCONFIRMED) and format in ("KML", "KMZ") and _is_geoconfirmed(data):
        return MatchedSchema(GEOCONFIRMED, date="name", label="name")
    return None


def _match_columns(schema: KnownSchema, names: dict[str, str]) -> MatchedSchema:
    def find(name: str) -> str | None:
        return names.get(normalise_name(name))

    return MatchedSchema(
        schema.name,
        tuple(names[normalise_name(one)] for one in schema.coordinates),
        find(schema.date),
        find(schema.time) if schema.time else None,
        next(filter(None, map(find, schema.label)), None),
        find(schema.id) if schema.id else None,
        schema.zone or None,
        schema.moves,
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
