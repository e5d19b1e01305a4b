"""What the routes share: the view in an address, ETags, and errors as responses."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from geo.app_context import Context, context_for_key
from geo.errors import GeoError, LayerNotFoundError, ViewError
from geo.server.session_cookie import parse_session_key

if TYPE_CHECKING:
    from geo.view import View

log = logging.getLogger(__name__)
PRIVATE_REVALIDATE = "private, no-cache"
REVALIDATE = "no-cache"
NO_STORE = "private, no-store"  # for an answer without a layer that may be readable again soon


class BadRequestError(GeoError):
    """An address has a view or a parameter that cannot be used: 400."""


class NotFoundError(GeoError):
    """An address names something that cannot exist: 404."""


def error_response(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response {"error": why}."""
    body = json.dumps({"error": why})
    return PlainTextResponse(body, status, headers, media_type="application/json")


def errors_as_responses(route: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Decorate a route so that a `GeoError` becomes a 400, 404 or 503 response."""

    @wraps(route)
    def answer(request: Request) -> Response:
        try:
            return route(request)
        except BadRequestError as error:
            return error_response(400, str(error))
        except (LayerNotFoundError, NotFoundError) as error:
            return error_response(404, str(error))
        except GeoError as error:
            log.warning("%s: %s", request.url.path[:200], error)
            return error_response(503, str(error))

    return answer


def parse_request(request: Request, *extra: str) -> tuple[View, dict[str, str], Context]:
    """Return the view of an address, the route's extra parameters, and the browser's context.

    The context is that of the view's state of the reports. Raises BadRequestError if part of the
    view cannot be used, or a parameter is given twice.
    """
    from geo.opened_link import put_back
    from geo.view import from_query

    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    found = [(name, text) for name, text in pairs if name in extra]
    rest = urlencode([p for p in pairs if p[0] not in extra]) if found else request.url.query
    view, notices = from_query(rest)
    if notices:
        raise BadRequestError(" ".join(notices))
    if len(dict(found)) < len(found):
        raise BadRequestError(f"One of {', '.join(extra)} is given more than once.")
    key = parse_session_key(request.headers.get("cookie"))
    try:
        return view, dict(found), put_back(context_for_key(key), view.as_of)
    except ViewError as error:
        raise BadRequestError(str(error)) from error


def compute_etag(body: bytes) -> str:
    """Return the weak ETag of a content: 20 hexadecimal digits of its SHA-256."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def etag_response(
    request: Request, body: bytes, media_type: str, cache: str = PRIVATE_REVALIDATE, etag: str = ""
) -> Response:
    """Return a response with an ETag (`compute_etag`), or 304 if the browser has this content."""
    etag = etag or compute_etag(body)
    headers = {"ETag": etag, "Cache-Control": cache}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
