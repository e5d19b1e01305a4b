"""Bundle the map's script, style sheet and fonts, for the server and for offline files.

Leaflet and the fonts come from installed packages; nothing of theirs is in the repository.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from geo.mapping.theme import build_page_variables, build_style_sheet
from geo.settings import ASSETS, ROOT
from geo.streamlit_bridge import find_media_file

FRONTEND = ROOT / "geo" / "frontend"
STYLES = (
    "map",
    "ground",
    "airfield",
    "coordinates",
    "slide_layout",
    "signs",
    "distances",
    "names",
    "playback",
)
FONTS = {
    "sans.woff2": "SourceSansVF-Upright*.woff2",
    "sans-italic.woff2": "SourceSansVF-Italic*.woff2",
    "serif.woff2": "SourceSerifVariable-Roman*.woff2",
}


def find_font_file(name: str) -> Path | None:
    """Return the file of one of FONTS (WOFF2, variable weight); None where Streamlit has none."""
    return find_media_file(FONTS[name]) if name in FONTS else None


def replace_fonts(style: str, address: Callable[[Path], str]) -> str:
    """Return a style sheet in which the fonts have other addresses; a missing one keeps its own."""
    for name in FONTS:
        if path := find_font_file(name):
            style = style.replace(f'url("fonts/{name}")', f'url("{address(path)}")')
    return style


def share_fonts(style: str) -> str:
    """Return a style sheet, served one folder below the root, with the fonts of Streamlit's page.

    A browser that shows the page has them by that address.
    """
    return replace_fonts(style, lambda path: f"../static/media/{path.name}")


def _read_leaflet(kind: str) -> str:
    return files("xstatic.pkg.leaflet").joinpath("data", f"leaflet.{kind}").read_text("utf-8")


@lru_cache(maxsize=1)
def build_map_script() -> str:
    """Return Leaflet, our bundle and its configuration as one script.

    The bundle is built by `make frontend` and committed; `window.briefingMap` is its namespace.
    """
    from geo.mapping.frontend_config import build_frontend_config

    bundle = (FRONTEND / "dist" / "map.js").read_text("utf-8")
    shared = json.dumps(build_frontend_config()).replace("<", "\\u003c")  # offline it is in HTML
    configure = f"briefingMap.configure({shared});"
    return "\n".join((_read_leaflet("js"), bundle, configure))


def build_page_style_sheet() -> str:
    """Return the style sheet of the page around the map, with the theme's sizes and colours."""
    return f"{build_page_variables()}\n{(ASSETS / 'theme' / 'app.css').read_text('utf-8')}"


@lru_cache(maxsize=1)
def build_map_style_sheet() -> str:
    """Return Leaflet's style sheet, the theme and our own style sheets as one."""
    own = [(FRONTEND / "styles" / f"{name}.css").read_text("utf-8") for name in STYLES]
    return "\n".join((_read_leaflet("css"), build_style_sheet(), *own))
