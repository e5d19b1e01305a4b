"""The map's script and style sheet as one text each, and the fonts: for the server and for files.

Leaflet and the fonts come from installed packages; nothing of theirs is in the repository.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from geo.errors import GeoError
from geo.settings import ROOT

WEB = ROOT / "geo" / "mapping" / "web"
SCRIPTS = ("signs", "cloud", "labels", "base", "drawing", "density",
           "timeline", "furniture", "tools",
           "measure", "ahead", "stage", "flight", "present", "board")  # fmt: skip
STYLES = ("map", "tools", "stage")
FONTS = {
    "sans.woff2": "SourceSansVF-Upright*.woff2",
    "sans-italic.woff2": "SourceSansVF-Italic*.woff2",
    "serif.woff2": "SourceSerifVariable-Roman*.woff2",
}


def package_folder(name: str) -> Path:
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


def font_file(name: str) -> Path | None:
    """Return the file of a font that Streamlit brings along (WOFF2, variable weight).

    Parameters
    ----------
    name : str
        One of FONTS; None is returned for any other, and where the package has none.
    """
    if name not in FONTS:
        return None
    folder = package_folder("streamlit") / "static" / "static" / "media"
    return next(iter(sorted(folder.glob(FONTS[name]))), None)


@lru_cache(maxsize=2)
def board_bundle(kind: str) -> str:
    """Join Leaflet and our own files: one request, and nothing left to fail.

    Parameters
    ----------
    kind : str
        "js" or "css".
    """
    from geo.mapping.symbols import as_config
    from geo.mapping.theme import style_sheet

    leaflet = package_folder("xstatic.pkg.leaflet") / "data" / f"leaflet.{kind}"
    own = [WEB / f"{name}.{kind}" for name in (SCRIPTS if kind == "js" else STYLES)]
    looks = f"window.looks = {json.dumps(as_config())};" if kind == "js" else style_sheet()
    first, *rest = (path.read_text("utf-8") for path in (leaflet, *own))
    return "\n".join((first, looks, *rest))
