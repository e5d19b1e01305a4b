"""What the routes for features and tiles share: the view in an address, tags, refusals in words."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from geo.app_context import Context, context_for_key
from geo.errors import GeoError, LayerNotFoundError
from geo.server.request_guard import error_response
from geo.server.session_cookie import parse_session_key

if TYPE_CHECKING:
    from geo.view import View

log = logging.getLogger(__name__)
PRIVATE_REVALIDATE = "private, no-cache"
REVALIDATE = "no-cache"  # what is everybody's
NO_STORE = "private, no-store"  # what lacks something that may be there a moment later


class BadRequestError(GeoError):
    """An address names a view that cannot be, or lacks what the route needs."""


class NotFoundError(GeoError):
    """An address names what there is not, and never will be."""


def errors_as_responses(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Turn what goes wrong while answering into a refusal that says it."""

    @wraps(answer)
    def answered(request: Request) -> Response:
        try:
            return answer(request)
        except BadRequestError as error:
            return error_response(400, str(error))
        except (LayerNotFoundError, NotFoundError) as error:
            return error_response(404, str(error))
        except GeoError as error:
            log.warning("%s: %s", request.url.path[:200], error)
            return error_response(503, str(error))

    return answered


def parse_request(request: Request, *own: str) -> tuple[View, dict[str, str], Context]:
    """Return the view of an address, its parameters of the route's own, and the browser's context.

    Raises
    ------
    WrongAddressError
        If part of the view cannot be used, or a parameter is given twice.
    """
    from geo.view import from_query

    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    mine = [(name, text) for name, text in pairs if name in own]
    rest = urlencode([pair for pair in pairs if pair[0] not in own]) if mine else request.url.query
    view, notices = from_query(rest)
    if notices:
        raise BadRequestError(" ".join(notices))
    if len(dict(mine)) < len(mine):
        raise BadRequestError(f"One of {', '.join(own)} is given more than once.")
    return view, dict(mine), context_for_key(parse_session_key(request.headers.get("cookie")))


def compute_etag(body: bytes) -> str:
    """Return the ETag of a content."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def etag_response(
    request: Request,
    body: bytes,
    kind: str,
    cache: str = PRIVATE_REVALIDATE,
    *,
    tag: str | None = None,
) -> Response:
    """Return an answer with an ETag of its content; 304 to who has it already.

    ``tag``: the content's `tag_of`, where it is held with the content.
    """
    tag = tag or compute_etag(body)
    headers = {"ETag": tag, "Cache-Control": cache}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)
