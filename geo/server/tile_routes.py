"""Routes of large layers: density tiles, features within a box, and features near a point."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from geo.mapping.theme import DENSITY_THEMES
from geo.meridian import wrap_longitude
from geo.server.responses import (
    PRIVATE_REVALIDATE,
    BadRequestError,
    NotFoundError,
    errors_as_responses,
    etag_response,
    parse_request,
)

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.selection import Selection
    from geo.view import View

GEOJSON = "application/geo+json"
CACHED = "private, max-age=600"
_NUMBER = re.compile(r"0|[1-9]\d{0,9}")


@errors_as_responses
def get_tile(request: Request) -> Response:
    """Answer GET /tiles/<layer>/{z}/{x}/{y}.png?<view> with a density tile."""
    from geo.mapping.density_tiles import render_tile as draw_tile

    tile = _parse_tile(request.path_params)
    view, extra, where = parse_request(request, "theme")
    theme = extra.get("theme", "light")
    if theme not in DENSITY_THEMES:
        raise BadRequestError(f"No theme {theme!r}; it is {' or '.join(DENSITY_THEMES)}.")
    name, selection = _select_layer(request, view, where)
    body = draw_tile(selection, name, tile, theme)
    # With the current data version in its address a tile never changes.
    current = view.v is not None and view.v == where.store.version()
    return etag_response(request, body, "image/png", CACHED if current else PRIVATE_REVALIDATE)


def _parse_tile(params: dict[str, str]) -> tuple[int, int, int]:
    """Return z, x and y of an existing tile."""
    from geo.mapping.density_tiles import ZOOMS

    texts = [params[name] for name in ("z", "x", "y")]
    if all(_NUMBER.fullmatch(text) for text in texts):
        z, x, y = map(int, texts)
        if z in ZOOMS and max(x, y) < 2**z:
            return z, x, y
    msg = (
        f"There is no tile {'/'.join(texts)[:60]}: z is 0 to {max(ZOOMS)}, and x and y are whole "
        "numbers from 0 to 2^z - 1."
    )
    raise NotFoundError(msg)


@errors_as_responses
def get_features_within(request: Request) -> Response:
    """Answer GET /features/<layer>/within?<view>&box=xmin,ymin,xmax,ymax with its features."""
    from geo.mapping.drawing_windows import to_windows
    from geo.mapping.features import encode_features_within

    view, extra, where = parse_request(request, "box")
    xmin, ymin, xmax, ymax = _parse_numbers(extra.get("box", ""), 4, "box=xmin,ymin,xmax,ymax")
    if xmin > xmax or ymin > ymax:
        raise BadRequestError("The box runs backwards: the smaller of each pair comes first.")
    name, selection = _select_layer(request, view, where)
    windows = to_windows((xmin, ymin, xmax, ymax))
    return etag_response(request, encode_features_within(name, selection, windows), GEOJSON)


@errors_as_responses
def get_features_near(request: Request) -> Response:
    """Answer GET /features/<layer>/near?<view>&spot=lat,lon,zoom with the nearest features."""
    from geo.mapping.features import encode_features_near
    from geo.store.bulk.spatial_index import WORLD, to_window

    view, extra, where = parse_request(request, "spot")
    lat, lon, zoom = _parse_numbers(extra.get("spot", ""), 3, "spot=lat,lon,zoom")
    if not 0 <= zoom <= 24:
        raise BadRequestError(f"The zoom {zoom:g} is off the map: it is 0 to 24.")
    lon = wrap_longitude(lon)
    x, y, _, _ = to_window((lon, lat, lon, lat))
    pixel = WORLD / 256 / 2**zoom
    name, selection = _select_layer(request, view, where)
    body = encode_features_near(name, selection, (x, y, pixel))
    return etag_response(request, body, GEOJSON)


def _select_layer(request: Request, view: View, where: Context) -> tuple[str, Selection]:
    """Return the layer's name and the selection; raises if the layer cannot be read."""
    from geo.selection import select

    name = request.path_params["layer"]
    where.store.layer(name)
    return name, select(view, where.store)


def _parse_numbers(text: str, count: int, form: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise BadRequestError(f"{text[:60]!r} is not of the form {form}.")
    return numbers
