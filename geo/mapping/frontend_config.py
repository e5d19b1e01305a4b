"""The configuration of the map's script: definitions that Python and the browser share."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import parse_qsl

from geo.evidence import find_case_meridian
from geo.mapping.basemap_files import find_known_extent, list_base_files, write_base_credit
from geo.mapping.design import TYPE
from geo.mapping.locator import find_locator_area
from geo.mapping.relief import describe_relief
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, LEGEND_GROUPS, REVIEW, SIGNS, STANCE
from geo.selection import BUILTIN_LAYERS, CLAIMS
from geo.view import FILTER_PARAMETERS, FILTERS, View, to_query


def build_frontend_config() -> dict[str, object]:
    """Return the configuration, which `Config` in geo/frontend/src/types.d.ts describes."""
    return {
        "stance": {name: asdict(stance) for name, stance in STANCE.items()},
        "certainty": {
            name: {"label": label, "opacity": opacity}
            for name, (label, opacity) in CERTAINTY.items()
        },
        "review": {name: mark for name, (_, mark) in REVIEW.items()},
        "sign": EVIDENCE_SIGN,
        "signs": SIGNS,
        "type": dict(TYPE),
        "legendGroups": LEGEND_GROUPS,
        "filterParameters": [one.name for one in FILTERS],
        "filterDefaults": dict(parse_qsl(to_query(View(), explicit=True, only=FILTER_PARAMETERS))),
        "baseMap": list_base_files(),
        "baseCredit": write_base_credit(),
        "known": find_known_extent(),
        "relief": describe_relief(),
        "meridian": find_case_meridian(),
        "locator": _describe_locator(),
        "builtinLayers": [CLAIMS, *sorted(BUILTIN_LAYERS - {CLAIMS})],
    }


def _describe_locator() -> dict[str, object]:
    """Return the locator's area as Leaflet has it: south-west, north-east; latitude first."""
    area = find_locator_area()
    xmin, ymin, xmax, ymax = area.bounds
    at = area.point[::-1] if area.point else None
    return {"bounds": [[ymin, xmin], [ymax, xmax]], "name": area.name, "at": at}
