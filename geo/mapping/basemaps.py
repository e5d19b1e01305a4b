"""Base maps: the drawn one, which works offline, and online tiles by choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geo.settings import settings
from geo.tile_sources import TileSource, parse_tile_sources
from geo.view import OFFLINE

# Their hosts are named here too, since xyzservices is loaded only when one of them is chosen.
_PROVIDERS = {
    "osm": ("OpenStreetMap", "OpenStreetMap.Mapnik", "https://tile.openstreetmap.org"),
    "grey": ("Esri grey", "Esri.WorldGrayCanvas", "https://server.arcgisonline.com"),
    "imagery": ("Esri imagery", "Esri.WorldImagery", "https://server.arcgisonline.com"),
}


@dataclass(frozen=True)
class BaseMap:
    """A base map: its name in a link, its title, and for an online one the server it asks."""

    name: str
    title: str
    host: str = ""

    @property
    def online(self) -> bool:
        """Whether it asks a server over the internet."""
        return bool(self.host)


def list_bases() -> tuple[BaseMap, ...]:
    """Return the base maps that a person may choose, the drawn one first."""
    return (
        BaseMap(OFFLINE, "Drawn map (works offline)"),
        *(
            BaseMap(name, f"{title} (online)", origin.removeprefix("https://"))
            for name, (title, _, origin) in _PROVIDERS.items()
        ),
        *(BaseMap(one.name, f"{one.title} (online)", one.host) for one in _read_own()),
    )


def describe_online_bases() -> str:
    """Return a sentence that says which servers the online base maps ask."""
    asked = [f"{one.title.removesuffix(' (online)')} asks {one.host}" for one in list_bases()[1:]]
    return (
        f"Online maps come over the internet, to your browser: {', '.join(asked)}. "
        "Pictures and slides have the drawn map."
    )


def list_tile_origins() -> tuple[str, ...]:
    """Return scheme and host of each tile server that a map may ask, each once."""
    built_in = [origin for _, _, origin in _PROVIDERS.values()]
    return tuple(dict.fromkeys([*built_in, *(one.origin for one in _read_own())]))


def find_tile_source(name: str) -> dict[str, object] | None:
    """Return where a base map's tiles come from; None for the drawn one and for an unknown one.

    `url` is a Leaflet template, `host` the server, `title` and `attribution` plain text.
    """
    own = next((one for one in _read_own() if one.name == name), None)
    if own is None:
        return _find_built_in(name)
    return _describe(own)


def _describe(source: TileSource) -> dict[str, object]:
    return {
        "url": source.url,
        "title": source.title,
        "host": source.host,
        "attribution": source.attribution,
        "maxZoom": source.max_zoom,
    }


@lru_cache(maxsize=8)
def _find_built_in(name: str) -> dict[str, object] | None:
    """Return a built-in source as xyzservices has it; None if it asks for a key by now."""
    if name not in _PROVIDERS:
        return None
    import xyzservices.providers

    title, known, _ = _PROVIDERS[name]
    provider = xyzservices.providers.query_name(known)
    if provider.requires_token():
        return None
    zoom = int(provider.get("max_zoom", 18))
    url = provider.build_url(scale_factor="")
    return _describe(TileSource(name, title, url, str(provider.attribution), zoom))


def _read_own() -> tuple[TileSource, ...]:
    return _parse(settings().tile_sources)


_parse = lru_cache(maxsize=4)(parse_tile_sources)
