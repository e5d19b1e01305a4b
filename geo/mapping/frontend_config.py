"""The configuration of the map's script: what Python and the browser share, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict
from urllib.parse import parse_qsl

from geo.mapping.legend import LEGEND_GROUPS
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, SIGNS, STANCE
from geo.selection import CLAIMS, SHIPPED
from geo.view import PARAMETERS, SELECTING, View, to_query


class PlaceText(TypedDict, total=False):
    """How a place is named where there is little room, and on which side of its symbol."""

    short_name: str
    map_label: str
    label_side: str


PLACES: dict[str, PlaceText] = {
    "khmeimim": {"short_name": "Khmeimim", "label_side": "left"},
    "tartus": {"short_name": "Tartus", "label_side": "right"},
    "tartus-offshore": {"short_name": "Off Tartus", "label_side": "left"},
    "convoy-damascus-homs": {
        "short_name": "Road north",
        "map_label": "Convoy, northbound",
        "label_side": "right",
    },
}


def frontend_config() -> dict[str, object]:
    """Return the configuration, as `Config` in geo/frontend/src/types.d.ts describes it.

    Returns
    -------
    dict
        JSON values. `builtinLayers` begins with the claims; the others depend on no filter.
        `filterDefaults` are the values that a query leaves out.
    """
    return {
        "stance": {name: asdict(stance) for name, stance in STANCE.items()},
        "certainty": {
            name: {"label": label, "opacity": opacity}
            for name, (label, opacity) in CERTAINTY.items()
        },
        "sign": EVIDENCE_SIGN,
        "signs": SIGNS,
        "places": PLACES,
        "legendGroups": LEGEND_GROUPS,
        "filterParameters": [one.name for one in PARAMETERS if one.selects],
        "filterDefaults": dict(parse_qsl(to_query(View(), explicit=True, only=SELECTING))),
        "builtinLayers": [CLAIMS, *sorted(SHIPPED - {CLAIMS})],
    }
