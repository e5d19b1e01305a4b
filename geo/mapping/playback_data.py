"""What the map's script needs to show any days of a view by itself: playback, and a drag of days.

The answer has the claims of all days, what each of them counts as in the legend, and the forms of
the sentences. Which claims a window of days selects is the rule of `geo.store.core.date_window` and
`geo.evidence.day_counts`, which the script applies to the days that each feature carries.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.evidence.day_counts import OBSERVED_AXIS, list_rule_words
from geo.evidence.rating_words import count_terms
from geo.evidence.vocabularies import NOT_RATED, UNRATED
from geo.large_layer import LargeLayerRows
from geo.mapping.features import encode_features
from geo.mapping.histogram import NO_COVERAGE
from geo.mapping.legend import (
    LEGEND_COLUMNS,
    build_legend,
    list_day_kinds,
    list_differing,
    list_signs,
    name_layer,
    write_term,
)
from geo.selection import CLAIMS, Selection, select
from geo.store import LayerStore
from geo.summary import describe_place, explain_silence, find_title_form
from geo.text.direction import keep_apart
from geo.text.formatting import MONTHS, SPAN_FORMS
from geo.text.report_words import FORMS, PLACES_NAMED, SYSTEMS_NAMED

if TYPE_CHECKING:
    from geo.view import View

_ANY_DAY = dt.date(2000, 1, 1)  # a label depends on whether there is a window, not on which
_APART = ("rating", "layer", "shades")  # groups of the legend that are not counted claim by claim


def encode_playback(view: View, store: LayerStore, *, vector_limit: int = 20_000) -> bytes:
    """Encode the claims of a view on all days, with what their counts and words follow from.

    Returns
    -------
    bytes
        As `geo.mapping.features.encode_view_features` for the view without its days; the foreign
        member `playback` is described by `PlaybackData` in geo/frontend/src/types.d.ts.
    """
    anyday = replace(view, date_from=None, date_to=None, undated=False)
    return _encode(anyday, store, store.version(), vector_limit)


@lru_cache(maxsize=32)
def _encode(view: View, store: LayerStore, _: str, vector_limit: int) -> bytes:
    selection = select(view, store)
    body = encode_features(CLAIMS, selection, store, vector_limit=vector_limit)
    text = json.dumps(describe_playback(selection), ensure_ascii=False, separators=(",", ":"))
    return b'%b,"playback":%b}' % (body[:-1], text.encode())


def describe_playback(selection: Selection) -> dict[str, object]:
    """Return what the counts and words of any days follow from, as plain data."""
    axis = selection.view.axis
    return {
        "axis": axis,
        "total": selection.total,
        "forms": {
            **FORMS,
            "title": FORMS[find_title_form(axis, silent=False, placed=False)],
            "title place": FORMS[find_title_form(axis, silent=False, placed=True)],
            "title silent": FORMS[find_title_form(axis, silent=True, placed=False)],
            "title silent place": FORMS[find_title_form(axis, silent=True, placed=True)],
            "why silent": explain_silence(selection),
        },
        "spans": SPAN_FORMS,
        "months": MONTHS,
        "named": [PLACES_NAMED, SYSTEMS_NAMED],
        "rule": list_rule_words(axis, drawn=True),
        "noCoverage": "" if axis == OBSERVED_AXIS else NO_COVERAGE,
        "places": {
            place: describe_place(place, selection.evidence)
            for place in selection.by_place
            if place
        },
        "systems": {
            name: keep_apart(name) for name in selection.by_system if keep_apart(name) != name
        },
        "asOf": selection.as_of,
        **_list_marks(selection),
        "ratings": _list_ratings(selection),
        "notRated": {"key": UNRATED, "label": NOT_RATED.capitalize()},
        "layers": _describe_layers(selection),
    }


def _list_marks(selection: Selection) -> dict[str, object]:
    """Return the legend's entries, and for each claim the numbers of those that count it.

    Claims of one kind are in the same entries: `kinds` has pairs of an entry and its count, and
    `kind` a kind for each claim.
    """
    rows = selection.rows
    alone = replace(selection, layers=())
    entries = [dict(one) for one in build_legend(alone) if one["group"] not in _APART]
    place = {(one["group"], one["key"]): number for number, one in enumerate(entries)}
    columns = [name for name in LEGEND_COLUMNS if name in rows.columns]
    deciding = rows[columns].assign(
        when=list_day_kinds(selection), sign=list_signs(selection), differ=list_differing(selection)
    )
    kind = deciding.groupby(list(deciding), dropna=False, sort=False).ngroup().to_numpy()
    firsts = np.unique(kind, return_index=True)[1]
    kinds = [
        [
            [place[one["group"], one["key"]], one["count"]]
            for one in build_legend(replace(alone, rows=rows.iloc[[first]]))
            if one["group"] not in _APART
        ]
        for first in firsts
    ]
    return {"entries": entries, "kinds": kinds, "kind": kind.tolist()}


def _list_ratings(selection: Selection) -> list[dict[str, object]]:
    """Return each rating with its terms in order, and the term of each claim, -1 for none."""
    found: list[dict[str, object]] = []
    rows = selection.rows
    for name, vocabulary in selection.evidence.vocabulary_by_id.items():
        counts = count_terms(rows[name], vocabulary) if name in rows.columns else []
        terms = {key: term for key, term, _ in counts if term}
        if not terms:
            continue
        order = {key: number for number, key in enumerate(terms)}
        found.append(
            {
                "key": name,
                "title": vocabulary.title,
                "terms": [write_term(term) for term in terms.values()],
                "of": [order.get(value, -1) for value in rows[name]],
            }
        )
    return found


def _describe_layers(selection: Selection) -> dict[str, dict[str, object]]:
    """Return the legend's entry of each further layer with some rows and with none, by name.

    A layer whose features are not sent has a title alone: it follows once the days are chosen.
    """
    windowed = replace(selection.view, date_from=_ANY_DAY, date_to=_ANY_DAY)
    found: dict[str, dict[str, object]] = {}
    for layer in selection.layers:
        found[layer.name] = {"title": layer.title}
        if not (isinstance(layer, LargeLayerRows) and layer.exceeds_limit):
            found[layer.name]["some"] = name_layer(layer, windowed, shown=1)
            found[layer.name]["none"] = name_layer(layer, windowed, shown=0)
    return found
