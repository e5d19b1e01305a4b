"""Serve kept files: copies of sources and images beside reports, to whoever sees their record.

A browser runs nothing in them: they are sandboxed, an HTML page or a PDF is saved instead of
opened, and their type is never detected from the content.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from geo.server.responses import (
    PRIVATE_REVALIDATE,
    NotFoundError,
    errors_as_responses,
    parse_request,
)

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)


@errors_as_responses
def get_copy(request: Request) -> Response:
    """Answer GET /copies/<SHA-256>?<view>, if a source or report that this browser sees names it.

    Of the view only `as_of` counts: the state in which the record names the file.
    """
    from geo.evidence.provenance import list_copies
    from geo.media import ENDINGS, PDF

    digest = request.path_params["sha256"]
    _, _, where = parse_request(request)
    record = list_copies(where.evidence).get(digest)
    found = where.ledger.read_copy(digest) if record and where.ledger else None
    if record is None or found is None:
        msg = "No source or report that you see has a kept file of this SHA-256."
        raise NotFoundError(msg)
    data, media_type = found
    shown = media_type.startswith("image/") and media_type in ENDINGS
    typed = shown or media_type == PDF  # no browser may take HTML for a page
    name = f"{record}.{ENDINGS.get(media_type, 'bin')}"
    headers = {
        "Content-Type": media_type if typed else "application/octet-stream",
        "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": PRIVATE_REVALIDATE,
        "ETag": f'"{digest}"',
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers)
