"""Convert an OpenSky API response (a time, and a list of values for each aircraft) to GeoJSON."""

from __future__ import annotations

from collections.abc import Iterator

# Values in the order of OpenSky's REST API, with the names of its CSV files.
_NAMES = (
    *("icao24", "callsign", "origin_country", "time_position", "lastcontact", "lon", "lat"),
    *("baroaltitude", "onground", "velocity", "heading", "vertrate", "sensors", "geoaltitude"),
    *("squawk", "spi", "position_source", "category"),
)
_MIN_VALUES = 17


def is_opensky_response(document: dict[str, object]) -> bool:
    """Return whether a JSON document is an OpenSky response with states."""
    states = document.get("states")
    return (
        isinstance(document.get("time"), int)
        and isinstance(states, list)
        and all(isinstance(one, list) and len(one) >= _MIN_VALUES for one in states[:50])
    )


def iterate_features(document: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield each state as a GeoJSON feature; without a position its geometry is None."""
    states = document["states"]
    for state in states if isinstance(states, list) else []:
        values = state if isinstance(state, list) else []
        row = {"time": document["time"], **dict(zip(_NAMES, values, strict=False))}
        place = [row.get("lon"), row.get("lat")]
        geometry = {"type": "Point", "coordinates": place} if None not in place else None
        yield {"type": "Feature", "properties": row, "geometry": geometry}
