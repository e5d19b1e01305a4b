"""Bundle the map's script, style sheet and fonts, for the server and for offline files.

Leaflet and the fonts come from installed packages; nothing of theirs is in the repository.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from geo.errors import GeoError
from geo.settings import ROOT
from geo.streamlit_bridge import find_media_file

FRONTEND = ROOT / "geo" / "frontend"
STYLES = ("map", "coordinates", "slide_layout")
FONTS = {
    "sans.woff2": "SourceSansVF-Upright*.woff2",
    "sans-italic.woff2": "SourceSansVF-Italic*.woff2",
    "serif.woff2": "SourceSerifVariable-Roman*.woff2",
}


def find_package_folder(name: str) -> Path:
    """Return the folder of an installed package.

    Raises
    ------
    geo.errors.GeoError
        If it is not installed.
    """
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        msg = f"The package {name} is not installed; run the installation again."
        raise GeoError(msg)
    return Path(next(iter(spec.submodule_search_locations)))


def find_font_file(name: str) -> Path | None:
    """Return the file of a font that Streamlit brings along (WOFF2, variable weight).

    Parameters
    ----------
    name : str
        One of FONTS; None is returned for any other, and where the package has none.
    """
    if name not in FONTS:
        return None
    return find_media_file(FONTS[name])


def _read_leaflet(kind: str) -> str:
    path = find_package_folder("xstatic.pkg.leaflet") / "data" / f"leaflet.{kind}"
    return path.read_text("utf-8")


@lru_cache(maxsize=1)
def build_map_script() -> str:
    """Return Leaflet, our bundle and its configuration as one script.

    The bundle is built by `make frontend` and committed; `window.briefingMap` is its namespace.
    """
    from geo.mapping.frontend_config import build_frontend_config

    bundle = (FRONTEND / "dist" / "map.js").read_text("utf-8")
    configure = f"briefingMap.configure({json.dumps(build_frontend_config())});"
    return "\n".join((_read_leaflet("js"), bundle, configure))


@lru_cache(maxsize=1)
def build_map_style_sheet() -> str:
    """Return Leaflet's style sheet, the theme and our own style sheets as one."""
    from geo.mapping.theme import build_style_sheet

    own = (FRONTEND / "styles" / f"{name}.css" for name in STYLES)
    return "\n".join(
        (_read_leaflet("css"), build_style_sheet(), *(path.read_text("utf-8") for path in own))
    )
