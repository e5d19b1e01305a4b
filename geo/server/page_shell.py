"""Streamlit's own page, dressed: it asks for our looks before anything is drawn.

A style sheet that comes with the script's first messages is late: a page was seen without its
looks for up to 0.4 s, and tables that are to scroll pushed a telephone's page aside meanwhile
(measured). The element in `geo.ui.app` stays: it stands after Streamlit's own rules and wins.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from geo.server.responses import REVALIDATE, compute_etag, etag_response
from geo.settings import ROOT

LOOKS = '<link rel="stylesheet" href="./map/theme/app.css">'
_END = "</head>"
# Parts of Streamlit that each page of ours draws with. Asked for only when they are first drawn,
# they and what they import would keep the first map waiting for a third of a second (measured).
_PARTS = ("Html", "purify.es", "Slider", "ComponentInstance", "Radio", "Multiselect", "Button",
          "TextInput", "Selectbox")  # fmt: skip
_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"', re.ASCII)


@lru_cache(maxsize=1)
def streamlit_folder() -> Path | None:
    """Return the folder of Streamlit's own page and files, None where it cannot be found."""
    spec = find_spec("streamlit")
    return Path(spec.origin).parent / "static" if spec and spec.origin else None


@lru_cache(maxsize=1)
def streamlit_page() -> str:
    """Return Streamlit's index.html; empty where it cannot be found."""
    folder = streamlit_folder()
    page = folder / "index.html" if folder else None
    return page.read_text("utf-8") if page and page.is_file() else ""


def _ahead() -> list[str]:
    """Return links that let the browser fetch early what every page of ours draws with."""
    folder = streamlit_folder()
    scripts = folder / "static" / "js" if folder else Path()
    waiting = [path.name for part in _PARTS for path in scripts.glob(f"{part}.*.js")]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found and (scripts / name).is_file() and name not in streamlit_page():
            found[name] = None
            waiting += _IMPORTED.findall((scripts / name).read_text("utf-8"))
    modules = [
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in found
    ]
    later = ["map/map.js", "map/map.css"]
    return modules + [f'<link rel="prefetch" href="./{path}">' for path in later]


def page_paths() -> list[str]:
    """Return the paths to answer with the page; none where it has no head to put the looks in."""
    if _END not in streamlit_page():
        return []
    return ["/", *(f"/{script.stem}" for script in sorted((ROOT / "pages").glob("*.py")))]


@lru_cache(maxsize=1)
def _dressed() -> tuple[bytes, str]:
    links = "".join(f"    {link}\n" for link in (LOOKS, *_ahead()))
    body = streamlit_page().replace(_END, f"{links}  {_END}", 1).encode()
    return body, compute_etag(body)


def get_page(request: Request) -> Response:
    """Answer with the page that every address of a page starts from."""
    body, tag = _dressed()
    return etag_response(request, body, "text/html", REVALIDATE, tag=tag)
