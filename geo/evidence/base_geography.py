"""Records of the base geography: runways, aprons and towns, EPSG:4326, longitude first."""

from typing import Annotated

from pydantic import Field, StrictInt

from geo.evidence.models import Id, Lat, Lon, Metres, Point, Record, Text


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


class Apron(Record):
    """An apron: its centre point and its area in hectares."""

    name: Text
    lon: Lon
    lat: Lat
    area_ha: Metres
    source: Text
    licence: Text


class Airfield(Record):
    """Runways and aprons: base geography only, no claim may be pinned to one."""

    place: Id
    caution: Text
    runways: Annotated[tuple[Runway, ...], Field(min_length=1)]
    aprons: tuple[Apron, ...]


class Town(Record):
    """A town: its point, its GeoNames number and population (0: GeoNames gives none)."""

    name: Text
    lon: Lon
    lat: Lat
    geonameid: StrictInt
    population: Annotated[StrictInt, Field(ge=0)]
    source: Text
    licence: Text
