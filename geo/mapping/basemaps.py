"""Base maps: the offline one, and optional online tiles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geo.view import OFFLINE


@dataclass(frozen=True)
class BaseMap:
    """A base map: its name in a link, its title, and for an online one where its tiles are."""

    name: str
    title: str
    provider: str | None = None


BASES = (
    BaseMap(OFFLINE, "Drawn map (works offline)"),
    BaseMap("osm", "OpenStreetMap (online)", "OpenStreetMap.Mapnik"),
    BaseMap("positron", "CARTO Positron (online)", "CartoDB.Positron"),
    BaseMap("imagery", "Esri imagery (online)", "Esri.WorldImagery"),
)


@lru_cache(maxsize=8)
def find_tile_source(name: str) -> dict[str, object] | None:
    """Return where a base map's tiles come from; None for the offline base map.

    `url` is a Leaflet template, `attribution` plain text; all of it comes from xyzservices.
    """
    known = next((base.provider for base in BASES if base.name == name), None)
    if known is None:
        return None
    import xyzservices.providers

    provider = xyzservices.providers.query_name(known)
    return {
        "url": provider.build_url(scale_factor=""),
        "attribution": provider.attribution,
        "maxZoom": int(provider.get("max_zoom", 18)),
    }
