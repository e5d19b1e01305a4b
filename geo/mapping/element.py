"""The folium map: a constant base map, and one small element that fetches what a view shows.

No text of a feature passes through here: branca renders what it is given as a template a second
time (FIELD-NOTES 2). What does pass is made of constants, numbers and percent-encoded addresses,
written by `script_literal`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.mapping.tiles import tile_source
from geo.selection import CLAIMS, SHIPPED, Selection
from geo.view import SELECTING, View, to_query

ASSET_PREFIX = "../../map"  # from the component's frame, so that a path prefix is kept
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&{}`$#%\u2028\u2029"}


@dataclass(frozen=True)
class Frame:
    """What a page's map shows before anybody moves it.

    Attributes
    ----------
    bounds : tuple of float
        (xmin, ymin, xmax, ymax), EPSG:4326, fitted into whatever size the map has.
    scenery : tuple of str
        Names of constant layers drawn beside the base map: "airfield", "port", "rings".
    """

    bounds: tuple[float, float, float, float]
    scenery: tuple[str, ...] = ()


def script_literal(value: Any) -> str:
    """Write a value as JSON that is inert in a script, in HTML and in a Jinja template.

    Parameters
    ----------
    value : Any
        What `json.dumps` takes; numbers must be finite.

    Returns
    -------
    str
        Structural braces are kept apart by a space, so that neither ``{{`` nor ``{%`` occurs;
        inside strings the letters < > & { } ` $ # % and the two line separators are escapes.
    """
    if isinstance(value, dict):
        items = (f"{script_literal(str(k))}: {script_literal(v)}" for k, v in value.items())
        return "{ " + ", ".join(items) + " }"
    if isinstance(value, list | tuple):
        return "[ " + ", ".join(script_literal(item) for item in value) + " ]"
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.translate(_ESCAPES) if isinstance(value, str) else text


class _Script(MacroElement):
    """A call of our own script, with one literal."""

    def __init__(self, call: str, value: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Call"
        self.call = call
        self.literal = script_literal(value)


class _Mount(_Script):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.call }}({{ this._parent.get_name() }}, {{ this.literal }});"
        "{% endmacro %}"
    )


class _Show(_Script):
    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.call }}({{ this.literal }});{% endmacro %}"
    )


class OfflineMap(folium.Map):
    """A folium map that asks for nothing but Leaflet and our own files, served by us."""

    default_js = (
        ("leaflet", f"{ASSET_PREFIX}/leaflet/leaflet.js"),
        ("signs", f"{ASSET_PREFIX}/web/signs.js"),
        ("cloud", f"{ASSET_PREFIX}/web/cloud.js"),
        ("labels", f"{ASSET_PREFIX}/web/labels.js"),
        ("base", f"{ASSET_PREFIX}/web/base.js"),
        ("drawing", f"{ASSET_PREFIX}/web/drawing.js"),
        ("furniture", f"{ASSET_PREFIX}/web/furniture.js"),
        ("board", f"{ASSET_PREFIX}/web/board.js"),
    )
    default_css = (
        ("leaflet_css", f"{ASSET_PREFIX}/leaflet/leaflet.css"),
        ("map_css", f"{ASSET_PREFIX}/web/map.css"),
    )


def base_map(frame: Frame, page: str) -> OfflineMap:
    """Return a page's constant base map, built fresh; it depends on no filter.

    Parameters
    ----------
    frame : Frame
    page : str
        Written into the script, so that each page's map is one of its own.
    """
    xmin, ymin, xmax, ymax = frame.bounds
    drawn = OfflineMap(
        location=((ymin + ymax) / 2, (xmin + xmax) / 2),
        zoom_start=9,
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        prefer_canvas=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        min_zoom=6,
        max_zoom=17,
    )
    value = {"page": page, "bounds": [[ymin, xmin], [ymax, xmax]], "scenery": frame.scenery}
    drawn.add_child(_Mount("window.board.mount", value))
    return drawn


def feature_group(selection: Selection, view: View, versions: dict[str, str]) -> folium.FeatureGroup:
    """Return the one dynamic group: constants and addresses, never a feature.

    Parameters
    ----------
    selection : Selection
    view : View
        For what is not a filter: selected claim, camera, base map.
    versions : dict of str to str
        Version of each layer that is drawn, by name; it makes an address change with its data.
    """
    query = to_query(selection.view, only=SELECTING)
    value = {
        "token": selection.token,
        "claims": f"features/{CLAIMS}?{query}&v={versions[CLAIMS]}",
        "scenery": {name: f"features/{name}?v={versions[name]}" for name in SHIPPED - {CLAIMS}
                    if name in versions},
        "layers": {layer.name: f"features/{layer.name}?{query}&v={versions[layer.name]}"
                   for layer in selection.layers},
        "chosen": view.claim,
        "at": [view.at.lat, view.at.lon, view.at.zoom] if view.at else None,
        "tiles": tile_source(view.base),
    }  # fmt: skip
    group = folium.FeatureGroup(control=False)
    group.add_child(_Show("window.board.show", value))
    return group
