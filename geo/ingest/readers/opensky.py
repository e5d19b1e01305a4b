"""OpenSky's own JSON: a time, and a list of values for each aircraft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# The order of the values, as OpenSky's REST API documents it; the names as its CSV files have them.
_NAMES = (
    "icao24",
    "callsign",
    "origin_country",
    "time_position",
    "lastcontact",
    "lon",
    "lat",
    "baroaltitude",
    "onground",
    "velocity",
    "heading",
    "vertrate",
    "sensors",
    "geoaltitude",
    "squawk",
    "spi",
    "position_source",
    "category",
)
_LEAST = 17


def is_answer(document: dict[str, Any]) -> bool:
    """Whether a document is what OpenSky answers when it is asked for states."""
    states = document.get("states")
    return (
        isinstance(document.get("time"), int)
        and isinstance(states, list)
        and all(isinstance(one, list) and len(one) >= _LEAST for one in states[:50])
    )


def features(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return each state as a feature; one without a position has no geometry."""
    for state in document["states"]:
        values = state if isinstance(state, list) else []
        row = {"time": document["time"], **dict(zip(_NAMES, values, strict=False))}
        place = [row.get("lon"), row.get("lat")]
        geometry = {"type": "Point", "coordinates": place} if None not in place else None
        yield {"type": "Feature", "properties": row, "geometry": geometry}
