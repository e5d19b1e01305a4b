"""Serve Streamlit's index.html with our stylesheet and preload links injected.

A stylesheet that the script sends comes late: a page was unstyled for up to 0.4 s, and wide
tables pushed a telephone's page aside meanwhile (measured). `geo.ui.app` adds it once more, since
there it comes after Streamlit's own rules and wins.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from geo.case_file import FIXED_PAGES, map_page_paths
from geo.server.responses import REVALIDATE, compute_etag, etag_response
from geo.streamlit_bridge import index_html, page_scripts

SCRIPT = '<script defer src="./map/page.js"></script>'
STYLESHEET = '<link rel="stylesheet" href="./map/theme/app.css">'
PREFETCHED = ("map/map.js", "map/map.css", "map/base.json")
_HEAD_END = "</head>"


def page_paths() -> list[str]:
    """Return the paths of all pages; none if index.html has no head to add links to."""
    if _HEAD_END not in index_html():
        return []
    return ["/", *(f"/{path}" for path in (*map_page_paths(), *FIXED_PAGES))]


@lru_cache(maxsize=1)
def styled_index() -> tuple[bytes, str]:
    """Return the page and its ETag; with links to what every page of ours loads later."""
    scripts = [f"./static/js/{name}" for name in page_scripts()]
    links = [
        STYLESHEET,
        SCRIPT,
        *(f'<link rel="modulepreload" crossorigin href="{one}">' for one in scripts),
    ]
    links += [f'<link rel="prefetch" href="./{path}">' for path in PREFETCHED]
    head = "".join(f"    {link}\n" for link in links)
    body = index_html().replace(_HEAD_END, f"{head}  {_HEAD_END}", 1).encode()
    return body, compute_etag(body)


def get_page(request: Request) -> Response:
    """Answer GET of a page's path with index.html."""
    body, etag = styled_index()
    return etag_response(request, body, "text/html", REVALIDATE, etag)
