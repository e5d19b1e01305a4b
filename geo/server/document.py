"""Streamlit's own page, dressed: it asks for our looks before anything is drawn.

A style sheet that comes with the script's first messages is late: a page was seen without its
looks for up to 0.4 s, and tables that are to scroll pushed a telephone's page aside meanwhile
(measured). The element in `geo.ui.app` stays: it stands after Streamlit's own rules and wins.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from geo.settings import ROOT

LOOKS = '<link rel="stylesheet" href="./map/theme/app.css">'
_END = "</head>"


@lru_cache(maxsize=1)
def streamlit_page() -> str:
    """Return Streamlit's index.html; empty where it cannot be found."""
    spec = find_spec("streamlit")
    page = Path(spec.origin).parent / "static" / "index.html" if spec and spec.origin else None
    return page.read_text("utf-8") if page and page.is_file() else ""


def pages() -> list[str]:
    """Return the paths to answer with the page; none where it has no head to put the looks in."""
    if _END not in streamlit_page():
        return []
    return ["/", *(f"/{script.stem}" for script in sorted((ROOT / "pages").glob("*.py")))]


@lru_cache(maxsize=1)
def _dressed() -> tuple[bytes, str]:
    body = streamlit_page().replace(_END, f"    {LOOKS}\n  {_END}", 1).encode()
    return body, f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def document(request: Request) -> Response:
    """Answer with the page that every address of a page starts from."""
    body, tag = _dressed()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html", headers=headers)
