"""Answers of services as features: OpenStreetMap's Overpass, and feeds of aircraft.

Of aircraft: readsb and tar1090 (aircraft.json and traces), and the OpenSky API (states, tracks).
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress

import shapely
from shapely.errors import ShapelyError

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count
from geo.ingest.readers.json_records import (
    Json,
    JsonLayer,
    as_dict,
    as_list,
    build_feature,
    flatten,
    list_dicts,
    to_geojson,
)
from geo.store.core.normalise import parse_crs

# Values in the order of OpenSky's REST API, with the names of its CSV files.
_OPENSKY_NAMES = (
    *("icao24", "callsign", "origin_country", "time_position", "lastcontact", "lon", "lat"),
    *("baroaltitude", "onground", "velocity", "heading", "vertrate", "sensors", "geoaltitude"),
    *("squawk", "spi", "position_source", "category"),
)
_MIN_VALUES = 17
_PATH_NAMES = ("time", "lat", "lon", "baroaltitude", "heading", "onground")
_TRACE_NAMES = (
    *("time", "lat", "lon", "alt_baro", "gs", "track", "flags", "baro_rate", "aircraft", "type"),
    *("alt_geom", "geom_rate", "ias", "roll"),
)
_MILLISECONDS = 100_000_000_000
"""Larger times are milliseconds."""
_NOT_AREAS = ("highway", "barrier", "railway", "waterway", "route", "power")


def read_feed(document: Json, log: Diagnostics) -> list[JsonLayer]:
    """Return the features of a known answer; empty if it is none."""
    crs = parse_crs("OGC:CRS84")
    for read in (_read_overpass, _read_aircraft, _read_trace, _read_states, _read_path):
        features = read(document, log)
        if features is not None:
            return [JsonLayer("", list(enumerate(features, 1)), crs)]
    chats = list_dicts(as_dict(document.get("chats")).get("list")) or [document]
    found = [(str(one.get("name") or ""), _read_chat(one)) for one in chats]
    if not any(messages is not None for _, messages in found):
        return []
    _report_messages(chats, sum(len(messages or ()) for _, messages in found), log)
    single = len(chats) == 1
    return [JsonLayer("" if single else name, one, crs) for name, one in found if one]


def _point(record: Json, lon: str = "lon", lat: str = "lat") -> Json | None:
    place = [record.get(lon), record.get(lat)]
    return {"type": "Point", "coordinates": place} if None not in place else None


def _feature(record: Json, geometry: Json | None) -> Json:
    return {"type": "Feature", "properties": record, "geometry": geometry}


def _read_states(document: Json, log: Diagnostics) -> list[Json] | None:
    time, states = document.get("time"), document.get("states")
    if not isinstance(time, int) or not isinstance(states, list):
        return None
    if not all(isinstance(one, list) and len(one) >= _MIN_VALUES for one in states[:50]):
        return None
    log.inform("It is a response of the OpenSky API: each state is a row.")
    values = (one if isinstance(one, list) else [] for one in states)
    rows = [{"time": time, **dict(zip(_OPENSKY_NAMES, one, strict=False))} for one in values]
    return [_feature(row, _point(row)) for row in rows]


def _read_path(document: Json, log: Diagnostics) -> list[Json] | None:
    path = document.get("path")
    if not isinstance(path, list) or "icao24" not in document:
        return None
    log.inform("It is a track of the OpenSky API: each position is a row.")
    head = {name: document.get(name) for name in ("icao24", "callsign")}
    values = (one if isinstance(one, list) else [] for one in path)
    rows = [head | dict(zip(_PATH_NAMES, one, strict=False)) for one in values]
    return [_feature(row, _point(row)) for row in rows]


def _read_aircraft(document: Json, log: Diagnostics) -> list[Json] | None:
    """Read aircraft.json, or an answer of a service in its form; a row has its position's time."""
    listed = document.get("aircraft", document.get("ac"))
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return None
    if not any("hex" in one for one in listed):
        return None
    log.inform("It is a list of aircraft of readsb or tar1090: each aircraft is a row.")
    return [_build_aircraft(one, document.get("now")) for one in listed]


def _build_aircraft(aircraft: Json, now: object) -> Json:
    record = {key: one for key, one in aircraft.items() if key != "lastPosition"}
    last = aircraft.get("lastPosition")
    if record.get("lat") is None and isinstance(last, dict):
        record |= {key: last.get(key) for key in ("lat", "lon", "seen_pos")}
    seen = record.get("seen_pos", record.get("seen", 0))
    seconds = now / (1000 if now > _MILLISECONDS else 1) if isinstance(now, (int, float)) else None
    if seconds is not None and isinstance(seen, (int, float)):
        record = {"time": _format_seconds(seconds - seen), **record}
    return _feature(flatten(record), _point(record))


def _format_seconds(seconds: float) -> str | None:
    with suppress(ValueError, OverflowError):
        time = dt.datetime.fromtimestamp(round(seconds, 3), dt.UTC)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return None


def _read_trace(document: Json, log: Diagnostics) -> list[Json] | None:
    """Read a trace file of tar1090; values of an aircraft are given for some positions only."""
    start, trace = document.get("timestamp"), document.get("trace")
    if not isinstance(start, (int, float)) or not isinstance(trace, list):
        return None
    log.inform("It is a trace of readsb or tar1090: each position is a row.")
    head = {"hex": document.get("icao"), "r": document.get("r"), "t": document.get("t")}
    features = []
    for one in trace:
        row = dict(zip(_TRACE_NAMES, one if isinstance(one, list) else [], strict=False))
        more = row.pop("aircraft", None)
        if isinstance(more, dict) and more.get("flight"):
            head |= {"flight": str(more["flight"]).strip()}
        offset = row.get("time")
        row["time"] = _format_seconds(start + offset) if isinstance(offset, (int, float)) else None
        features.append(_feature(head | row, _point(row)))
    return features


def _read_chat(chat: Json) -> list[tuple[int, Json]] | None:
    """Return the messages with a location of a chat that Telegram exported; None if it is none."""
    messages = as_list(chat.get("messages"))
    if not any("date" in one and "text" in one for one in list_dicts(messages)):
        return None
    found = []
    for row, one in enumerate(messages, 1):
        where = as_dict(as_dict(one).get("location_information"))
        if (place := _point(where, "longitude", "latitude")) is not None:
            skipped = ("location_information", "text_entities", "date_unixtime")
            record = {key: cell for key, cell in as_dict(one).items() if key not in skipped}
            if (seconds := str(as_dict(one).get("date_unixtime"))).isdecimal():
                record["date"] = _format_seconds(int(seconds))  # the other one has no zone
            found.append((row, _feature(as_dict(build_feature(record)["properties"]), place)))
    return found


def _report_messages(chats: Sequence[Json], found: int, log: Diagnostics) -> None:
    total = sum(len(as_list(one.get("messages"))) for one in chats)
    if not found:
        count = format_count(total, "message")
        why = f"It is an export of Telegram; of its {count} none has a location."
        raise FileRejectedError(why, "Make a table of the messages, with columns of coordinates.")
    log.inform(
        f"It is an export of Telegram: the {format_count(found, 'message')} of {total:,} with a "
        "location are read."
    )


def _read_overpass(document: Json, log: Diagnostics) -> list[Json] | None:
    """Read nodes, ways and relations; nodes that only carry a way are part of its line."""
    listed = document.get("elements")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return None
    if not any(one.get("type") in ("node", "way", "relation") for one in listed):
        return None
    nodes = {one.get("id"): one for one in listed if one.get("type") == "node" and _point(one)}
    ways = {one.get("id"): one for one in listed if one.get("type") == "way"}
    used = {node for way in ways.values() for node in as_list(way.get("nodes"))}
    in_relations = {
        member.get("ref")
        for one in listed
        if one.get("type") == "relation"
        for member in list_dicts(one.get("members"))
        if member.get("type") == "way"
    }
    features, carried = [], 0
    for one in listed:
        part = used if one.get("type") == "node" else in_relations
        if one.get("id") in part and not one.get("tags") and one.get("type") != "relation":
            carried += 1
            continue
        features.append(_build_element(one, nodes, ways))
    log.inform("It is a response of the Overpass API: each element with a meaning is a row.")
    if carried:
        log.inform(f"{format_count(carried, 'element')} without tags: only parts of others' lines.")
    return features


def _build_element(element: Json, nodes: dict[object, Json], ways: dict[object, Json]) -> Json:
    tags = as_dict(element.get("tags"))
    row: Json = {"id": f"{element.get('type')}/{element.get('id')}"}
    row |= {key: element[key] for key in ("timestamp", "version", "user") if key in element}
    row |= {key if key not in row else f"tag:{key}": one for key, one in tags.items()}
    try:
        geometry = _build_geometry(element, tags, nodes, ways)
    except (ShapelyError, ValueError, TypeError):
        geometry = None
    return _feature(row, geometry)


def _build_geometry(
    element: Json, tags: Json, nodes: dict[object, Json], ways: dict[object, Json]
) -> Json | None:
    """Return an element's geometry: its own, else that of its parts, its centre, or its box."""
    if element.get("type") == "node":
        return _point(element)
    if element.get("type") == "way":
        line = _find_line(element, nodes)
        if len(line) > 1:
            closed = line[0] == line[-1] and len(line) > 3 and tags.get("area") != "no"
            is_area = closed and not any(key in tags for key in _NOT_AREAS)
            return to_geojson(shapely.Polygon(line) if is_area else shapely.LineString(line))
    elif (shape := _join_members(element, tags, nodes, ways)) is not None:
        return to_geojson(shape)
    if isinstance(centre := element.get("center"), dict):
        return _point(centre)
    if isinstance(box := element.get("bounds"), dict):
        return to_geojson(shapely.box(box["minlon"], box["minlat"], box["maxlon"], box["maxlat"]))
    return None


def _find_line(way: Json, nodes: dict[object, Json]) -> list[tuple[object, object]]:
    places = [one for one in list_dicts(way.get("geometry")) if _point(one)]
    if not places:
        places = [nodes[one] for one in as_list(way.get("nodes")) if one in nodes]
    return [(one["lon"], one["lat"]) for one in places]


def _join_members(
    relation: Json, tags: Json, nodes: dict[object, Json], ways: dict[object, Json]
) -> shapely.Geometry | None:
    """Return a relation's lines joined: to polygons if it is an area, else as lines."""
    lines: dict[bool, list[shapely.LineString]] = {True: [], False: []}
    for member in list_dicts(relation.get("members")):
        way = member if member.get("geometry") else ways.get(member.get("ref"), {})
        if member.get("type") == "way" and len(line := _find_line(way, nodes)) > 1:
            lines[member.get("role") != "inner"].append(shapely.LineString(line))
    if not lines[True]:
        return None
    if tags.get("type") in ("multipolygon", "boundary"):
        outer, inner = (
            shapely.union_all(shapely.get_parts(shapely.polygonize(lines[side])))
            for side in (True, False)
        )
        if not outer.is_empty:
            return shapely.difference(outer, inner)
    return shapely.line_merge(shapely.MultiLineString(lines[True]))
