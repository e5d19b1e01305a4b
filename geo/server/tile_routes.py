"""The routes for big layers: density tiles, features of a piece of the map, and what is near."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

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
A_WHILE = "private, max-age=600"
_NUMBER = re.compile(r"0|[1-9]\d{0,9}")


@errors_as_responses
def get_tile(request: Request) -> Response:
    """Answer GET /tiles/<layer>/{z}/{x}/{y}.png?<view> with a picture of the layer's density."""
    from geo.mapping.density_tiles import render_tile as drawn

    spot = _spot_of(request.path_params)
    view, own, where = parse_request(request, "theme")
    theme = own.get("theme", "light")
    if theme not in ("light", "dark"):
        raise BadRequestError(f"No theme {theme!r}; it is light or dark.")
    name, selection = _layer(request, view, where)
    body = drawn(selection, name, spot, theme)
    # An address that names the data version as it is now means this picture for ever.
    settled = view.v is not None and view.v == where.store.version()
    return etag_response(request, body, "image/png", A_WHILE if settled else PRIVATE_REVALIDATE)


def _spot_of(params: dict[str, str]) -> tuple[int, int, int]:
    """Return z, x and y of a tile that there is."""
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
    from geo.mapping.features import encode_features_within
    from geo.store.bulk.spatial_index import to_window

    view, own, where = parse_request(request, "box")
    xmin, ymin, xmax, ymax = _numbers(own.get("box", ""), 4, "box=xmin,ymin,xmax,ymax")
    if xmin > xmax or ymin > ymax:
        raise BadRequestError("The box runs backwards: the smaller of each pair comes first.")
    name, selection = _layer(request, view, where)
    box = to_window((xmin, ymin, xmax, ymax))
    return etag_response(request, encode_features_within(name, selection, box), GEOJSON)


@errors_as_responses
def get_features_near(request: Request) -> Response:
    """Answer GET /features/<layer>/near?<view>&spot=lat,lon,zoom with the nearest features."""
    from geo.mapping.features import encode_features_near
    from geo.store.bulk.spatial_index import WORLD, to_window

    view, own, where = parse_request(request, "spot")
    lat, lon, zoom = _numbers(own.get("spot", ""), 3, "spot=lat,lon,zoom")
    if not 0 <= zoom <= 24:
        raise BadRequestError(f"The zoom {zoom:g} is off the map: it is 0 to 24.")
    x, y, _, _ = to_window((lon, lat, lon, lat))
    pixel = WORLD / 256 / 2**zoom
    name, selection = _layer(request, view, where)
    body = encode_features_near(name, selection, (x, y, pixel))
    return etag_response(request, body, GEOJSON)


def _layer(request: Request, view: View, where: Context) -> tuple[str, Selection]:
    """Return the layer's name and what is selected; why it cannot be read just now is said."""
    from geo.selection import select

    name = request.path_params["layer"]
    where.store.layer(name)
    return name, select(view, where.store)


def _numbers(text: str, count: int, form: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise BadRequestError(f"{text[:60]!r} is not of the form {form}.")
    return numbers
