"""Write a briefing as one self-contained HTML file that works offline, opened from a disk.

It uses the map's own scripts and styles; the data that they would fetch is embedded as JSON. A
Content-Security-Policy allows only the embedded script and style, by hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from geo.errors import ExportError
from geo.export.deck import Progress, ignore_progress
from geo.export.stage import HANDOUT, build_presentation
from geo.large_layer import LargeLayerRows
from geo.mapping.basemap_files import encode_base_map, find_fine_extent
from geo.mapping.density_tiles import find_tiled_rows, render_overlay
from geo.mapping.features import encode_view_features
from geo.mapping.folium_map import build_map_options, build_map_state
from geo.mapping.frontend_assets import (
    build_map_script,
    build_map_style_sheet,
    replace_fonts,
)
from geo.mapping.relief import MEDIA, find_relief_file, read_relief
from geo.mapping.theme import THEMES as PALETTES
from geo.meridian import Box
from geo.page_registry import build_frame
from geo.selection import BUILTIN_LAYERS, CLAIMS

if TYPE_CHECKING:
    from geo.export.deck import Deck
    from geo.export.slide import Slide
    from geo.selection import Selection
    from geo.store import LayerStore

THEMES = ("auto", *PALETTES)
AROUND = 0.5  # degrees round the fine base map, or half the frame of a case without one
PICTURE = 1_400  # width in pixels of a layer's density image
# What JSON must not hold inside a script element.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def write_handout(
    deck: Deck, store: LayerStore, *, theme: str = "auto", progress: Progress = ignore_progress
) -> bytes:
    """Write a briefing as one self-contained HTML page, the same for the same deck and data.

    Parameters
    ----------
    theme : str
        One of THEMES; "auto" follows the reader's colour scheme.
    progress : callable
        Called after each slide; an exception that it raises stops the work.

    Raises
    ------
    geo.errors.ExportError
        If the theme is unknown, or the script contains a tag that would close it early.
    """
    if theme not in THEMES:
        msg = f"No theme {theme!r}; choose one of {', '.join(THEMES)}."
        raise ExportError(msg)
    page = {"theme": theme, "map": build_map_options(build_frame(stage=True), "handout")}
    files = _encode_files(deck, store, progress)
    blocks = {
        "files": f"{{{','.join(f'{json.dumps(name)}:{text}' for name, text in files.items())}}}",
        "page": json.dumps(page),
        "slide": json.dumps(build_presentation(deck, HANDOUT, store=store), ensure_ascii=False),
    }
    return _build_page(deck.title, blocks, _build_script(), _build_style())


def _encode_files(deck: Deck, store: LayerStore, progress: Progress) -> dict[str, str]:
    """Return the base map, and the response for each URL that the scenes request, by URL."""
    found = {"map/base.json": encode_base_map().decode()}
    found |= {f"map/base/{one.file}": _embed_picture(one.file) for one in read_relief()}
    for done, slide in enumerate(deck.slides, start=1):
        view = slide.selection.view
        for name, address in _list_urls(slide, deck.version):
            if address not in found:
                text = encode_view_features(name, view, store).decode()
                found[address] = _add_density_image(text, name, slide.selection)
        progress(done, len(deck.slides))
    return found


def _embed_picture(name: str) -> str:
    """Return a picture of the relief as the JSON of a data URL."""
    path = find_relief_file(name)
    data = base64.b64encode(path.read_bytes()).decode() if path else ""
    return json.dumps(f"data:{MEDIA[Path(name).suffix]};base64,{data}")


def _add_density_image(text: str, name: str, selection: Selection) -> str:
    """Add a density image to the response of a tiled layer; return others unchanged."""
    for layer in selection.layers:
        if layer.name == name and isinstance(layer, LargeLayerRows) and layer.is_tiled:
            rows, colour = find_tiled_rows(selection, name)
            overlay = {"overlay": render_overlay(rows, colour, _find_covered(), PICTURE)}
            return json.dumps(json.loads(text) | overlay, ensure_ascii=False)
    return text


def _find_covered() -> Box:
    """Return the box (degrees, as drawn) of the density images: what a reader may look at."""
    fine = find_fine_extent()
    xmin, ymin, xmax, ymax = fine or build_frame().box
    across, up = (AROUND, AROUND) if fine else ((xmax - xmin) / 2, (ymax - ymin) / 2)
    return (xmin - across, max(ymin - up, -85.0), xmax + across, min(ymax + up, 85.0))


def _list_urls(slide: Slide, version: str) -> Iterator[tuple[str, str]]:
    """Yield each layer of a slide with its URL, as addresses.js builds it."""
    query = str(build_map_state(slide.selection, slide.view, version)["q"])
    layers = [layer.name for layer in slide.selection.layers]
    for name in (CLAIMS, *sorted(BUILTIN_LAYERS - {CLAIMS}), *layers):
        pairs = parse_qsl(query) if name in BUILTIN_LAYERS and name != CLAIMS else None
        state = urlencode([pair for pair in pairs or () if pair[0] == "as_of"])
        filters = query if pairs is None else state
        yield name, f"features/{name}?{f'{filters}&' if filters else ''}v={version}"


def _build_script() -> str:
    text = f"{build_map_script()}\nbriefingMap.openOffline();"
    if re.search(r"</script|<!--|<script", text, re.IGNORECASE):
        msg = "The map's script holds a tag that would end it early; write it in parts."
        raise ExportError(msg)
    return text


def _build_style() -> str:
    """Return the map's style sheet with embedded fonts; a missing font is left out."""
    text = replace_fonts(build_map_style_sheet(), _embed_font)
    # Leaflet's own images belong to controls that the map does not use.
    return re.sub(r"url\((?!\"data:|#)[^)]*\)", "none", text)


def _embed_font(path: Path) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _build_page(title: str, blocks: dict[str, str], script: str, style: str) -> bytes:
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    data = "\n".join(
        f'<script type="application/json" data-{name}>{text.translate(_ESCAPES)}</script>'
        for name, text in blocks.items()
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<noscript>This page needs its own script to draw the map.</noscript>
<div id="map_div"></div>
{data}
<script>{script}</script>
</body>
</html>
""".encode()
