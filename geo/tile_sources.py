"""Tile servers that an operator adds by the setting TILE_SOURCES, read and checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

BUILT_IN = ("offline", "osm", "grey", "imagery")
"""Names of the base maps that come with the app."""
FIELDS = ("name", "title", "url", "attribution", "max_zoom")
NEEDED = ("name", "url", "attribution")
PLACEHOLDERS = ("{z}", "{x}", "{y}")
USUAL_ZOOM, MOST_ZOOM = 19, 24
EXAMPLE = (
    '[{"name": "ours", "title": "Our map", "url": "https://tiles.example.org/{z}/{x}/{y}.png", '
    '"attribution": "Our survey", "max_zoom": 18}]'
)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?&=%+@!$*()\[\]{}-]+")  # nothing that ends a CSP source
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True)
class TileSource:
    """A server of map tiles in the XYZ scheme (EPSG:3857, y to the south).

    `url` has the placeholders {z}, {x} and {y}; `max_zoom` is the deepest zoom that it has.
    """

    name: str
    title: str
    url: str
    attribution: str
    max_zoom: int = USUAL_ZOOM

    @property
    def host(self) -> str:
        """The name of the server that is asked."""
        return urlsplit(self.url).hostname or ""

    @property
    def origin(self) -> str:
        """Scheme, server and port, as a Content-Security-Policy names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def parse_tile_sources(text: str) -> tuple[TileSource, ...]:
    """Parse the setting TILE_SOURCES: a JSON list of objects with FIELDS; empty for none.

    Raises
    ------
    ValueError
        If it cannot be used: what is wrong, and what to write.
    """
    if not text.strip():
        return ()
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is no JSON ({error}); write a list such as {EXAMPLE}") from error
    if not isinstance(listed, list):
        raise ValueError(f"it is no list; write a list such as {EXAMPLE}")
    sources: list[TileSource] = []
    for number, one in enumerate(listed, start=1):
        source = _parse_source(number, one)
        if source.name in {*BUILT_IN, *(other.name for other in sources)}:
            raise ValueError(f"entry {number}: the name {source.name!r} is taken; choose another")
        sources.append(source)
    return tuple(sources)


def check_tile_sources(text: str) -> str:
    """Return the setting as it is; ValueError if it cannot be used."""
    parse_tile_sources(text)
    return text


def _parse_source(number: int, one: object) -> TileSource:
    if not isinstance(one, dict):
        raise ValueError(f"entry {number} is {one!r}, no object; write one such as {EXAMPLE[1:-1]}")
    unknown = sorted(set(one) - set(FIELDS))
    if unknown:
        raise ValueError(f"entry {number}: no field {unknown[0]!r}; the fields are {FIELDS}")
    for field in (*NEEDED, "title"):
        value = one.get(field, "")
        if not isinstance(value, str) or (field in NEEDED and not value.strip()):
            raise ValueError(f"entry {number}: {field} is {value!r}; write a text")
    zoom = one.get("max_zoom", USUAL_ZOOM)
    if type(zoom) is not int or not 1 <= zoom <= MOST_ZOOM:
        raise ValueError(f"entry {number}: max_zoom is {zoom!r}; write a whole number, 1 to 24")
    name = one["name"]
    if not _NAME.fullmatch(name):
        raise ValueError(f"entry {number}: the name {name!r} cannot be in a link; use a-z, 0-9, -")
    _check_url(number, one["url"])
    title = one.get("title", "").strip() or name
    return TileSource(name, title, one["url"], one["attribution"].strip(), zoom)


def _check_url(number: int, url: str) -> None:
    def refuse(why: str, remedy: str) -> None:
        raise ValueError(f"entry {number}: the url {url!r} {why}; {remedy}")

    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return refuse("has a port or a host that cannot be read", "write https://host/path")
    if parts.scheme not in ("http", "https"):
        refuse("does not begin with https:// or http://", "write the whole address")
    if not _ADDRESS.fullmatch(url):
        refuse("has a letter that an address cannot have", "write it percent-encoded")
    if "@" in parts.netloc or not _HOST.fullmatch(parts.hostname or "") or port == 0:
        refuse("names no plain host", "write one host, without user, password or placeholder")
    missing = [one for one in PLACEHOLDERS if url.count(one) != 1]
    if missing:
        refuse(f"does not have {missing[0]} once", "write {z}, {x} and {y} where they belong")
    if re.search(r"[{}]", re.sub(r"\{[zxy]\}", "", url)):
        refuse("has another placeholder", "only {z}, {x} and {y} are filled in")
    return None
