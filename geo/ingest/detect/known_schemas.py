"""Tables that many people have: known by their header, mapped without a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from geo.ingest.base.column_types import texts


@dataclass(frozen=True)
class Schema:
    """A kind of table. Column names are compared without case, spaces and underscores."""

    name: str
    needed: tuple[str, ...]
    """Columns that make it this kind."""
    coordinates: tuple[str, str]
    """Latitude, longitude."""
    date: str
    label: tuple[str, ...]
    """The first of these that is there."""
    id: str = ""
    time: str = ""
    """A second column with the time of day, HHMM."""
    zone: str = ""
    moves: bool = False
    """Ships and aircraft: at sea as likely as on land."""


SCHEMAS = (
    Schema(
        "ACLED",
        ("event_id_cnty", "event_date", "latitude", "longitude"),
        ("latitude", "longitude"),
        "event_date",
        ("sub_event_type", "event_type"),
        "event_id_cnty",
    ),
    Schema(
        "MarineCadastre AIS",
        ("mmsi", "basedatetime", "lat", "lon"),
        ("lat", "lon"),
        "basedatetime",
        ("vesselname", "mmsi"),
        zone="UTC",
        moves=True,
    ),
    Schema(
        "MarineCadastre AIS",
        ("mmsi", "basedatetime", "latitude", "longitude"),
        ("latitude", "longitude"),
        "basedatetime",
        ("vesselname", "mmsi"),
        zone="UTC",
        moves=True,
    ),
    Schema(
        "OpenSky states",
        ("time", "icao24", "lat", "lon", "callsign"),
        ("lat", "lon"),
        "time",
        ("callsign", "icao24"),
        zone="UTC",
        moves=True,
    ),
    Schema(
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

_DATED = re.compile(r"\s*(?:\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4}|\d{4}-\d{2}-\d{2})\b")
_TRACED = re.compile(r"geo\s*-?\s*locat|geoconfirmed|source\s*\(?s?\)?\s*:", re.IGNORECASE)
_MOST = 0.6
_LOOKED_AT = 200
_LONGEST = 5_000


@dataclass(frozen=True)
class MatchedSchema:
    """A known kind, with the names that its columns have in this file."""

    name: str
    coordinates: tuple[str, ...] = ()
    date: str | None = None
    time: str | None = None
    label: str | None = None
    id: str | None = None
    zone: str | None = None
    moves: bool = False


def known(data: pd.DataFrame, format: str, chosen: str | None = None) -> MatchedSchema | None:
    """Return what kind of table this is, None when it is none that is known.

    Parameters
    ----------
    format
        The file's format: GeoConfirmed's is KML.
    chosen
        A name that a person said instead, "" for none.
    """
    if chosen == "":
        return None
    names = {key(name): name for name in reversed(data.columns)}
    for schema in SCHEMAS:
        if chosen in (None, schema.name) and all(key(one) in names for one in schema.needed):
            return _named(schema, names)
    if chosen in (None, GEOCONFIRMED) and format in ("KML", "KMZ") and _geoconfirmed(data):
        return MatchedSchema(GEOCONFIRMED, date="name", label="name")
    return None


def key(name: object) -> str:
    """Return a column's name as names are compared."""
    return re.sub(r"[\s_\-.]+", "", str(name)).casefold()


def _named(schema: Schema, names: dict[str, str]) -> MatchedSchema:
    label = next((names[key(one)] for one in schema.label if key(one) in names), None)
    return MatchedSchema(
        schema.name,
        tuple(names[key(one)] for one in schema.coordinates),
        names[key(schema.date)],
        names.get(key(schema.time)) if schema.time else None,
        label,
        names.get(key(schema.id)) if schema.id else None,
        schema.zone or None,
        schema.moves,
    )


def _geoconfirmed(data: pd.DataFrame) -> bool:
    """Whether most names begin with a day and most descriptions give a source."""
    if not {"name", "description"} <= set(data.columns) or not len(data):
        return False
    few = data.head(_LOOKED_AT)
    dated = _share(texts(few["name"]), _DATED.match)
    return dated >= _MOST and _share(texts(few["description"]), _TRACED.search) >= _MOST


def _share(cells: Iterable[str], test: Callable[[str], object]) -> float:
    given = list(cells)
    return sum(bool(test(cell[:_LONGEST])) for cell in given) / len(given)
