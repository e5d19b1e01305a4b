"""Known column names, and table schemas (ACLED, AIS, FIRMS ...) detected by them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.base.diagnostics import Diagnostics


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STARTS = _words("""
    datefrom startdate start begin datestart starttime begindate from fromdate
    observedfrom validfrom firstseen startedat beginning
    anfang beginn von startdatum début debut datedebut inicio fechainicio desde
    başlangıç baslangic начало датаначала початок بداية تاريخالبداية البداية התחלה
""")
ENDS = _words("""
    dateto enddate end dateend endtime to todate until
    observedto validto lastseen endedat finish stop
    ende bis enddatum fin datefin fechafin hasta bitiş bitis конец датаокончания кінець
    نهاية تاريخالنهاية النهاية סיום
""")
INSTANTS = _words("""
    date eventdate datetime timestamp time when day observed basedatetime acqdate dateevent
    observedon dateutc timeutc datetimeutc التاريخ дата datum fecha
    reported reportedon published created createdat updated
""")
LABELS = _words("""
    name title label nom titel الاسم название имя headline vesselname callsign eventtype type
    city place location admin3 description desc notes cmt
""")
IDS = _words("""
    id uuid guid eventid eventidcnty featureid objectid fid dataid recordid globalid gid
    ogcfid uid
""")


@dataclass(frozen=True)
class MatchedSchema:
    """A published table schema; of a table that has it, with the names of the table's columns."""

    name: str
    coordinates: tuple[str, ...] = ()
    """Latitude, longitude."""
    date: str | None = None
    labels: tuple[str, ...] = ()
    """Candidates, best first."""
    others: tuple[str, ...] = ()
    """Columns by which the schema is detected, beside coordinates, date, id and time."""
    id: str | None = None
    time: str | None = None
    """Column of the time of day, HHMM, beside the date."""
    zone: str | None = None
    moves: bool = False
    """Positions of ships or aircraft, which may be at sea."""


_FULL, _SHORT = ("latitude", "longitude"), ("lat", "lon")
_positions = partial(MatchedSchema, zone="UTC", moves=True)
SCHEMAS = (
    MatchedSchema(
        "ACLED", _FULL, "event_date", ("sub_event_type", "event_type"), id="event_id_cnty"
    ),
    _positions("MarineCadastre AIS", _SHORT, "basedatetime", ("vesselname", "mmsi"), ("mmsi",)),
    _positions("MarineCadastre AIS", _FULL, "basedatetime", ("vesselname", "mmsi"), ("mmsi",)),
    _positions("OpenSky states", _SHORT, "time", ("callsign", "icao24"), ("callsign", "icao24")),
    MatchedSchema(
        "NASA FIRMS", _FULL, "acq_date", ("satellite",), ("satellite",), None, "acq_time", "UTC"
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


def normalise_name(name: object) -> str:
    """Return a column name for comparison: case-folded, without spaces and punctuation."""
    return re.sub(r"[\s_\-.]+", "", str(name)).casefold()


def index_names(names: Iterable[str]) -> dict[str, str]:
    """Return normalised name -> name; the first of several equal ones."""
    return {normalise_name(name): name for name in reversed(list(names))}


def match_name(names: dict[str, str], wanted: Sequence[str]) -> str | None:
    """Return the column whose normalised name comes first in ``wanted``, None for none."""
    return next((names[one] for one in wanted if one in names), None)


def match_schema(data: pd.DataFrame, log: Diagnostics) -> MatchedSchema | None:
    """Return the chosen or any schema (GeoConfirmed only in KML); None if it does not match."""
    chosen = log.options.schema
    names = index_names(data.columns)
    for schema in SCHEMAS:
        needed = (*schema.coordinates, *schema.others, schema.date, schema.id, schema.time)
        if chosen in (None, schema.name) and all(
            normalise_name(one) in names for one in needed if one
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
