"""The folium map: a constant base map, and one element that fetches the features of a view.

No text of a feature passes through here: branca renders what it is given as a template a second
time (FIELD-NOTES 2). What does pass is made of constants, numbers and percent-encoded addresses,
written by `write_script_literal`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from geo.camera import Camera
from geo.evidence import find_case_meridian
from geo.mapping.basemaps import find_tile_source
from geo.mapping.lazy_folium import MacroElement, Template, folium
from geo.meridian import Box, unwrap_box, unwrap_longitude
from geo.selection import Selection
from geo.text.map_names import ENGLISH
from geo.view import FILTER_PARAMETERS, View, to_query

ASSET_PREFIX = "../../map"  # from the component's frame, so that a path prefix is kept
Bounds = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax, EPSG:4326
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&{}`$#%\u2028\u2029"}


@dataclass(frozen=True)
class MapExtent:
    """The initial extent of a page's map, with its extra layers and labels."""

    bounds: Bounds  # fitted into view; see `box`
    scenery: tuple[str, ...] = ()  # constant layers: "airfield", "rings", "locator"
    towns: tuple[str, ...] = ()  # named from afar too, because the page is about them
    listed: bool = False  # room is left at the right for the list of what was reported
    lock: bool = False  # the maps of one page move together
    stage: bool = False  # the map is on a slide: its words round it, and none of its own tools

    @property
    def box(self) -> Box:
        """The bounds as drawn: xmin < xmax also where they cross the 180th meridian.

        `bounds` is xmin, ymin, xmax, ymax, EPSG:4326; xmin is above xmax where they cross.
        """
        return unwrap_box(self.bounds, find_case_meridian())


def write_script_literal(value: object) -> str:
    """Write a value as JSON that is inert in a script, in HTML and in a Jinja template.

    Numbers must be finite. Structural braces are kept apart by a space, so that neither ``{{`` nor
    ``{%`` occurs; inside strings the letters < > & { } ` $ # % and the two line separators are
    escapes.
    """
    if isinstance(value, dict):
        items = (
            f"{write_script_literal(str(k))}:{write_script_literal(v)}" for k, v in value.items()
        )
        return "{ " + ",".join(items) + " }"
    if isinstance(value, list | tuple):
        return f"[{','.join(write_script_literal(item) for item in value)}]"
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.translate(_ESCAPES) if isinstance(value, str) else text


class _Show(MacroElement):
    """A call of the map's script with one literal."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.briefingMap.show({{ this.literal }});{% endmacro %}"
    )

    def __init__(self, value: dict[str, object]) -> None:
        super().__init__()
        self._name = "Show"
        self.literal = write_script_literal(value)


class _Group(folium.FeatureGroup):
    """A feature group with a minimal script."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }}=L.featureGroup();{% endmacro %}"
    )


class OfflineMap(folium.Map):
    """A folium map that loads only our script and style sheet.

    folium's own template adds some 2 KB of styles and options to every message; here the options
    are in the script, which is served once.
    """

    default_js: ClassVar = [("map", f"{ASSET_PREFIX}/map.js")]  # type: ignore[misc]
    default_css: ClassVar = [("map", f"{ASSET_PREFIX}/map.css")]  # type: ignore[misc]
    _template = Template(
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = window.briefingMap.mount("{{ this.get_name() }}", '
        "{{ this.literal }});"
        "{% endmacro %}"
    )

    def __init__(self, value: dict[str, object], **options: Any) -> None:
        super().__init__(tiles=None, **options)
        self.literal = write_script_literal(value)
        figure: Any = self.get_root()
        figure.header._children.clear()
        figure.html._children.clear()


def build_base_map(
    frame: MapExtent, page: str, places: tuple[str, ...] = (), heading: str = ""
) -> OfflineMap:
    """Build a page's base map; it does not depend on filters.

    `page` is written into the script, so that each page's map is one of its own. `places` are
    those that the page is about, whatever its address says; empty for all. `heading` is the place
    in the page's headline.
    """
    xmin, ymin, xmax, ymax = frame.box
    centre = ((ymin + ymax) / 2, (xmin + xmax) / 2)
    options = build_map_options(frame, page, places, heading)
    return OfflineMap(options, location=centre, zoom_start=9)


def build_spot_map(bounds: Bounds) -> OfflineMap:
    """Build a small map on which somebody sets one point; see `build_spot`."""
    xmin, ymin, xmax, ymax = bounds
    centre = ((ymin + ymax) / 2, (xmin + xmax) / 2)
    value = {"page": "spot", "spot": True, "bounds": [[ymin, xmin], [ymax, xmax]]}
    return OfflineMap(value, location=centre, zoom_start=9)


def build_spot(spot: tuple[float, float, float] | None) -> folium.FeatureGroup:
    """Build the group of a small map: latitude, longitude and metres of the circle, or no point."""
    group = _Group(control=False)
    group.add_child(_Show({"spot": spot}))
    return group


def build_map_options(
    frame: MapExtent, page: str, places: tuple[str, ...] = (), heading: str = ""
) -> dict[str, object]:
    """Return the options of the map's script; see `build_base_map`."""
    value = {"page": page, **_describe_extent(frame), "places": places, "heading": heading}
    return {name: part for name, part in value.items() if part}


def _describe_extent(frame: MapExtent) -> dict[str, object]:
    """Return the fields of an extent, its bounds as Leaflet has them: south-west, north-east."""
    xmin, ymin, xmax, ymax = frame.box
    return asdict(frame) | {"bounds": [[ymin, xmin], [ymax, xmax]]}


def build_feature_group(
    selection: Selection,
    view: View,
    version: str,
    *,
    scene: dict[str, object] | None = None,
    shared: bool = False,
) -> folium.FeatureGroup:
    """Build the dynamic feature group: constants and URLs, never features.

    `view` has what is not a filter: selected claim, camera, base map. `version`, that of the data,
    makes an address change with the data. `scene` comes from `build_scene_state`, on a slide.
    `shared` asks the map to send its camera when somebody moves it.
    """
    group = _Group(control=False)
    group.add_child(_Show(build_map_state(selection, view, version, scene=scene, shared=shared)))
    return group


def build_map_state(
    selection: Selection,
    view: View,
    version: str,
    *,
    scene: dict[str, object] | None = None,
    shared: bool = False,
) -> dict[str, object]:
    """Return the state that the map's script shows, as plain data; see `build_feature_group`."""
    value = {
        "token": selection.token,
        "v": version,
        "q": to_query(selection.view, only=FILTER_PARAMETERS),
        "layers": [layer.name for layer in selection.layers],
        "chosen": view.claim,
        "at": _describe_camera(view.at) if view.at else None,
        "screen": view.screen,
        "shared": shared or None,
        "tiles": find_tile_source(view.base),
        "names": None if view.names == ENGLISH else view.names,
        "play": asdict(view.play) if view.play else None,
        "scene": scene,
    }
    return {name: part for name, part in value.items() if part not in (None, [])}


def _describe_camera(at: Camera) -> list[float]:
    return [at.lat, round(unwrap_longitude(at.lon, find_case_meridian()), 5), at.zoom]


def build_scene_state(key: str, frame: MapExtent) -> dict[str, object]:
    """Return the scene that a map shows, with extent and extra layers, as plain data."""
    extent = _describe_extent(frame)
    return {"key": key} | {name: extent[name] for name in ("bounds", "scenery", "towns", "listed")}
