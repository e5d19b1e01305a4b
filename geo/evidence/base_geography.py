"""Records of the base geography: runways, aprons and towns, EPSG:4326, longitude first."""

from typing import Annotated

from pydantic import Field, StrictInt

from geo.evidence.models import MappedPoint
from geo.evidence.record import Id, Metres, Point, Record, Text


class Runway(Record):
    """A runway between two ends (lon, lat); length and width in metres."""

    designator: Text
    north_end: Point
    south_end: Point
    length_m: Metres
    width_m: Metres
    surface: Text
    source: Text
    licence: Text


class Apron(MappedPoint):
    """An apron: its centre point and its area in hectares."""

    area_ha: Metres


class Airfield(Record):
    """Runways and aprons: base geography only, no claim may be pinned to one."""

    place: Id
    caution: Text
    runways: Annotated[tuple[Runway, ...], Field(min_length=1)]
    aprons: tuple[Apron, ...]


class Town(MappedPoint):
    """A town, its name in Arabic, GeoNames number and population (0: GeoNames gives none)."""

    name_ar: Text | None = None
    geonameid: StrictInt
    population: Annotated[StrictInt, Field(ge=0)]
