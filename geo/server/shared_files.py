"""Serve what is the same for everybody: the map's scripts, style sheets and base map.

Each is made and compressed once for a process.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from geo.mapping.frontend_assets import (
    FRONTEND,
    build_map_script,
    build_map_style_sheet,
    build_page_style_sheet,
    share_fonts,
)
from geo.server.first_page import wait_for_page
from geo.server.responses import REVALIDATE, compute_etag, errors_as_responses, etag_response
from geo.settings import cache_per_case

BASE_MAP = "base.json"
GZIP_LEVEL = 4  # of the base map in 12 ms; level 9 saves 6 % and takes 127 ms


class _Packed(NamedTuple):
    body: bytes
    etag: str
    gzip: bytes


# A browser asks early for these two, whose making imports much; the first page goes first.
def _make_script() -> bytes:
    wait_for_page()
    return build_map_script().encode()


def _encode_base_map() -> bytes:
    wait_for_page()
    from geo.mapping.basemap_files import encode_base_map

    return encode_base_map()


SHARED_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "map.js": ("text/javascript", _make_script),
    "map.css": ("text/css", lambda: share_fonts(build_map_style_sheet()).encode()),
    "theme/app.css": ("text/css", lambda: build_page_style_sheet().encode()),
    "page.js": ("text/javascript", (FRONTEND / "dist" / "page.js").read_bytes),
    BASE_MAP: ("application/json", _encode_base_map),
}
"""Media type and content of each file, by its address below map/."""
_making = {name: threading.Lock() for name in SHARED_FILES}


@cache_per_case
def _pack(name: str) -> _Packed:
    body = SHARED_FILES[name][1]()
    return _Packed(body, compute_etag(body), gzip.compress(body, GZIP_LEVEL, mtime=0))


def pack_shared_file(name: str) -> _Packed:
    """Return a file and the same in gzip; of two that ask at once, the second one waits."""
    with _making[name]:
        return _pack(name)


@errors_as_responses
def get_shared_file(request: Request) -> Response:
    """Answer GET /map/<name> of one of SHARED_FILES, in gzip where the browser takes it."""
    name = request.url.path.rpartition("/map/")[2]
    packed = pack_shared_file(name)
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    body = packed.gzip if takes_gzip else packed.body
    response = etag_response(request, body, SHARED_FILES[name][0], REVALIDATE, packed.etag)
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip and response.status_code == 200:
        response.headers["Content-Encoding"] = "gzip"
    return response
