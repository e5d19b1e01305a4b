"""What each file of the base map holds: functions from package folders to features.

A feature is (properties, shape) in EPSG:4326. Nothing is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import basemap_harbour as harbour
import basemap_shapes as shapes
import basemap_sources as sources
import geopandas as gpd
import shapely
from shapely.geometry import MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

Feature = tuple[dict, BaseGeometry]

BOX = box(34, 32, 39, 37.5)
OUTER = box(26, 28, 46, 42)
LATAKIA = (35.79088, 35.53125)
DETAIL_M = 20_000
THIN = 0.0004  # degrees, about 40 m
REGIONAL = 0.01
HARBOUR_DIGITS, REGIONAL_DIGITS, OUTER_DIGITS = 5, 4, 3

# Lakes of GSHHG 2.3.6 by id. The shoreline is decades old: those that have since been
# drained or have dried up are left out. GSHHG names none; the names are the project's.
LAKE_NAMES = {
    "181414": "Lake Tiberias",
    "182129": "Seyhan Reservoir",
    "182759": "Akyatan Lagoon",
    "183001": "Sabkhat al-Jabbul",
    "183715": "Lake Qattinah (Lake Homs)",
    "186822": "Lake Qaraoun",
}
GONE_LAKES = {"181877": "Lake Amik", "182833": "Lake Utaybah", "185716": "Utaybah marsh"}
# Points inside the reservoirs of Natural Earth that lie in the box.
NEW_LAKES = {(38.2, 36.0): "Lake Assad", (38.5, 37.55): "Atatürk Reservoir"}
RIVER_ZOOMS = {6: 30, 8: 12, 10: 0}  # min_zoom of stretches of at least so many km
BORDER_KINDS = {
    "International boundary (verify)": "international",
    "Indefinite (please verify)": "indefinite",
    "Disputed (please verify)": "disputed",
    "Line of control (please verify)": "line-of-control",
}


def merge(frame: gpd.GeoDataFrame) -> BaseGeometry:
    """Return the union of a table's shapes."""
    return shapely.union_all(frame.geometry.to_numpy())


def gshhg_land(roots: list[Path]) -> MultiPolygon:
    """Return GSHHG land in the box."""
    table = sources.read_gshhg(roots, "gshhs_f", BOX.bounds)
    sites = [(s["lon"], s["lat"]) for s in sources.read_facts()["sites"].values()]
    parts = []
    for polygon in table.loc[table["level"] == 1, "geometry"]:
        for part in shapes.polygons(shapely.make_valid(polygon).intersection(BOX)):
            parts.append(shapes.thin(part, [*sites, LATAKIA], radius_m=DETAIL_M, tolerance=THIN))
    whole = shapely.make_valid(shapely.union_all(parts))
    return MultiPolygon(shapes.polygons(shapes.snap(whole, HARBOUR_DIGITS)))


def land_and_coast(roots: list[Path]) -> tuple[MultiPolygon, BaseGeometry]:
    """Return GSHHG land without the harbour, and its outline without the edges of both boxes."""
    land = shapes.snap(gshhg_land(roots).difference(harbour.find_hole()), HARBOUR_DIGITS)
    whole = MultiPolygon(shapes.polygons(land))
    return whole, shapes.rim(whole, BOX, harbour.find_hole())


def harbour_land_layer(roots: list[Path]) -> Iterable[Feature]:
    """Land, piers and moles of the harbour, in place of GSHHG's."""
    yield from harbour.build_land(gshhg_land(roots))


def harbour_coast_layer(roots: list[Path]) -> Iterable[Feature]:
    """The waterfront and the moles of the harbour, to stroke: one feature."""
    yield {"kind": "coast"}, harbour.build_coast(gshhg_land(roots))


def land_layer(roots: list[Path]) -> Iterable[Feature]:
    """Land to fill: one feature."""
    yield {"kind": "land"}, land_and_coast(roots)[0]


def coast_layer(roots: list[Path]) -> Iterable[Feature]:
    """The coast to stroke: one feature, vertex for vertex the outline of the land."""
    yield {"kind": "coast"}, land_and_coast(roots)[1]


def outer_land(roots: list[Path]) -> MultiPolygon:
    """Return Natural Earth land around the box."""
    land = merge(sources.read_natural_earth(roots, "land", OUTER.bounds))
    ring = shapes.outside(land, BOX, overlap=0.02, tolerance=REGIONAL)
    return MultiPolygon(shapes.polygons(shapes.snap(ring, OUTER_DIGITS)))


def land_outer_layer(roots: list[Path]) -> Iterable[Feature]:
    """Land around the box, to fill when somebody zooms out: one feature."""
    yield {"kind": "land"}, outer_land(roots)


def coast_outer_layer(roots: list[Path]) -> Iterable[Feature]:
    """The coast around the box: one feature."""
    land = outer_land(roots).difference(BOX)
    yield {"kind": "coast"}, shapes.rim(land, BOX, OUTER)


def lakes_layer(roots: list[Path]) -> Iterable[Feature]:
    """GSHHG lakes in the box, less their islands and less those that are gone."""
    table = sources.read_gshhg(roots, "gshhs_f", BOX.bounds)
    islands = merge(table[table["level"] == 3])
    for row in table[(table["level"] == 2) & ~table["id"].isin(GONE_LAKES)].itertuples():
        shape = row.geometry.intersection(BOX).difference(islands)
        name = {"name": LAKE_NAMES[row.id]} if row.id in LAKE_NAMES else {}
        properties = {"kind": "lake", "gshhg_id": int(row.id), **name}
        yield properties, shapes.snap(shape.simplify(THIN), REGIONAL_DIGITS)


def lakes_ne_layer(roots: list[Path]) -> Iterable[Feature]:
    """Reservoirs in the box that GSHHG is too old to hold: holes in Natural Earth's land."""
    land = merge(sources.read_natural_earth(roots, "land", OUTER.bounds))
    holes = [Polygon(ring) for part in shapes.polygons(land) for ring in part.interiors]
    for (lon, lat), name in NEW_LAKES.items():
        hole = next(h for h in holes if h.covers(Point(lon, lat)))
        if not hole.within(BOX):  # as coarse as the hole in the land around
            hole = hole.simplify(REGIONAL)
        yield {"kind": "lake", "name": name}, shapes.snap(hole, REGIONAL_DIGITS)


def rivers_layer(roots: list[Path]) -> Iterable[Feature]:
    """GSHHG rivers in the box, cut at the coast, longest stretches first."""
    table = sources.read_gshhg(roots, "rivers_f", BOX.bounds)
    whole = shapely.line_merge(merge(table))
    lines = list(shapely.get_parts(whole.intersection(BOX).simplify(THIN * 2)))
    land = gshhg_land(roots)
    coast = shapes.rim(land, BOX)
    lakes = [shape for _, shape in lakes_layer(roots)]
    shores = shapely.union_all([coast, BOX.boundary, *lakes])
    zooms = shapes.river_zooms(lines, RIVER_ZOOMS, shores)
    for min_zoom in sorted(set(zooms)):
        some = [line for line, zoom in zip(lines, zooms, strict=True) if zoom == min_zoom]
        shape = shapely.line_merge(MultiLineString(some).intersection(land))
        yield {"kind": "river", "min_zoom": min_zoom}, shapes.snap(shape, REGIONAL_DIGITS)


def rivers_outer_layer(roots: list[Path]) -> Iterable[Feature]:
    """Natural Earth rivers around the box, the great ones first."""
    frame = sources.read_natural_earth(roots, "rivers_lake_centerlines", OUTER.bounds)
    frame = frame[frame["featurecla"] == "River"]
    great = frame["scalerank"] <= 4
    for min_zoom, group in ((5, frame[great]), (7, frame[~great])):
        shape = shapely.line_merge(merge(group).difference(BOX)).simplify(REGIONAL)
        yield {"kind": "river", "min_zoom": min_zoom}, shapes.snap(shape, OUTER_DIGITS)


def borders_layer(roots: list[Path]) -> Iterable[Feature]:
    """Natural Earth's land boundaries, with its judgement of each as a kind."""
    frame = sources.read_natural_earth(roots, "admin_0_boundary_lines_land", OUTER.bounds)
    sides = frame["adm0_left"] + frame["adm0_right"]
    frame = frame[~sides.str.contains("Sovereign Base")]  # British, on Cyprus
    for kind, group in frame.groupby(frame["featurecla"].map(BORDER_KINDS)):
        lines = shapely.line_merge(merge(group))
        yield {"kind": kind}, shapes.snap(lines.simplify(THIN * 4), REGIONAL_DIGITS)


def admin1_layer(roots: list[Path]) -> Iterable[Feature]:
    """Natural Earth's lines between the governorates of Syria and of Lebanon."""
    frame = sources.read_natural_earth(roots, "admin_1_states_provinces_lines", OUTER.bounds)
    for country in ("Lebanon", "Syria"):
        lines = shapely.line_merge(merge(frame[frame["adm0_name"] == country]))
        shape = shapes.snap(lines.simplify(REGIONAL / 4), REGIONAL_DIGITS)
        yield {"kind": "governorate", "country": country}, shape


def towns_layer(roots: list[Path]) -> Iterable[Feature]:
    """Towns of the reviewed list, the most important first."""
    towns = sources.read_towns(roots)
    for town in sorted(towns, key=lambda t: (t["rank"], t["min_zoom"], t["geonameid"])):
        point = Point(town.pop("lon"), town.pop("lat"))
        yield town, point


def labels_layer(_: list[Path]) -> Iterable[Feature]:
    """Names of countries and of the sea, for each range of zooms."""
    text = (sources.HERE / "basemap_labels.json").read_text("utf-8")
    table = json.loads(text)
    for name, kind, lon, lat, low, high in table["labels"]:
        arabic = {"name_ar": table["arabic"][name]} if name in table["arabic"] else {}
        known = {"name": name, **arabic, "kind": kind, "min_zoom": low, "max_zoom": high}
        yield known, Point(lon, lat)


def airfield_layer(_: list[Path]) -> Iterable[Feature]:
    """The runways of Khmeimim as rectangles, its aprons as points: no outline is known."""
    field = sources.read_facts()["khmeimim_airfield"]
    for row in field["runways"]:
        shape = shapes.runway(row["north_end"], row["south_end"], row["width_m"])
        keys = ("designator", "side", "length_m", "width_m", "surface", "source")
        yield {"kind": "runway", **{key: row[key] for key in keys}}, shape
    for row in field["aprons"]:
        properties = {"kind": "apron", "name": row["name"], "area_ha": row["area_ha"]}
        properties |= {"source": field["apron_source"], "caution": field["caution"]}
        yield properties, Point(row["lon"], row["lat"])
