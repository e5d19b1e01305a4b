"""Build the legend of a Selection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NotRequired, TypedDict

import numpy as np

from geo.evidence import Evidence
from geo.evidence.day_counts import OBSERVED_AXIS, TIME_COLUMNS
from geo.evidence.day_precision import find_possible_days
from geo.evidence.rating_words import count_terms
from geo.evidence.vocabularies import NOT_RATED, UNRATED, Term
from geo.large_layer import LargeLayerRows
from geo.mapping.density_tiles import DENSITY_CLASSES, label_classes
from geo.mapping.symbols import (
    CERTAINTY,
    CONFLICT,
    EVIDENCE_SIGN,
    LOCATION,
    REVIEW,
    SIGN_NAMES,
    STANCE,
    WHEN,
    choose_layer_colour,
)
from geo.mapping.theme import DENSITY_THEMES, compute_palette
from geo.selection import Selection
from geo.view import View
from geo.view_layers import LayerRows

LONGEST_TITLE = 60  # characters of a layer's title
LEGEND_COLUMNS = ("location_class", "place", "stance", "certainty", "review")
"""Columns of claims that decide their entries, without those of ratings, days and signs."""


class Shade(TypedDict):
    """A shade of a layer that is drawn as density: its numbers, its colour in each theme."""

    label: str
    light: str
    dark: str


class LegendEntry(TypedDict):
    """An entry of the legend.

    `group` is a key of LEGEND_GROUPS, or "shades", which follows a layer that is drawn as density:
    its `scale` has the numbers and colours of each shade. `count` is the number of reports or
    features shown; `colour` is that of a layer.
    """

    group: str
    key: str
    label: str
    count: int
    colour: NotRequired[str]
    noun: NotRequired[str]
    scale: NotRequired[list[Shade]]


def find_shape(evidence: Evidence, location_class: str, place_id: str | None) -> str:
    """Return the shape that a claim is drawn in: a key of `symbols.LOCATION`."""
    place = evidence.place_by_id.get(place_id or "")
    own = location_class in ("none", "distance")  # whatever the place is
    on_route = place is not None and place.is_route and not own
    return "route" if on_route or location_class == "route-inferred" else location_class


def build_legend(selection: Selection, *, listed: bool = True) -> list[LegendEntry]:
    """Return the legend's entries in display order.

    `listed`: the map lists what was reported beside its places, with the signs of evidence.
    """
    rows = selection.rows
    find = partial(find_shape, selection.evidence)
    shapes = Counter(map(find, rows["location_class"], rows["place"]))
    if shapes["route"]:
        shapes["route-weak"] = 0
    entries: list[LegendEntry] = []
    groups: tuple[tuple[str, Mapping[str, str], Iterable[str]], ...] = (
        ("place", {name: label for name, (label, _) in LOCATION.items()}, shapes),
        ("when", WHEN, list_day_kinds(selection)),
        ("stance", {name: stance.label for name, stance in STANCE.items()}, rows["stance"]),
        ("signs", SIGN_NAMES, _count_signs(selection, listed=listed)),
        ("certainty", {name: label for name, (label, _) in CERTAINTY.items()}, rows["certainty"]),
        ("review", {name: label for name, (label, _) in REVIEW.items()}, rows.get("review", ())),
    )
    for group, known, found in groups:
        counts = found if isinstance(found, Counter) else Counter(found)
        entries += [
            {"group": group, "key": key, "label": label, "count": counts[key]}
            for key, label in known.items()
            if key in counts
        ]
    entries += _list_ratings(selection)
    for layer in selection.layers:
        entry = name_layer(layer, selection.view)
        crowded = isinstance(layer, LargeLayerRows) and layer.exceeds_limit
        shaded = isinstance(layer, LargeLayerRows) and layer.is_tiled
        if crowded and not shaded:
            entry["label"] += " (seen from near only)"
        entries.append(entry)
        if isinstance(layer, LargeLayerRows) and shaded:
            entries.append(_describe_density(layer, entry["colour"]))
    return entries


def list_day_kinds(selection: Selection) -> list[str]:
    """Return for each row how exactly its day is known: a key of `symbols.WHEN`."""
    axis = selection.view.axis
    columns = ("date_class", *TIME_COLUMNS[axis])
    known: dict[tuple[object, ...], str] = {}
    found = []
    for values in zip(*(selection.rows[name] for name in columns), strict=True):
        if values not in known:
            row = dict(zip(columns, values, strict=True))
            known[values] = find_possible_days(row, axis).kind
        found.append(known[values])
    return found


def list_signs(selection: Selection) -> list[str]:
    """Return for each row the sign of its evidence, if a list on the map has it, else ""."""
    rows, places = selection.rows, selection.evidence.place_by_id
    spread = {name for name, one in places.items() if one.is_route or one.location_class == "area"}
    states = rows["state"] if "state" in rows else [None] * len(rows)
    columns = (rows.geometry.notna(), rows["place"], rows["evidence"], rows["systems"], states)
    return [
        EVIDENCE_SIGN.get(evidence, "page")
        if drawn and place not in spread and (len(systems) or isinstance(state, str))
        else ""
        for drawn, place, evidence, systems, state in zip(*columns, strict=True)
    ]


def list_differing(selection: Selection) -> list[bool]:
    """Return for each row whether it is drawn and sources differ on it."""
    drawn, conflicts = selection.rows.geometry.notna(), selection.rows["conflicts"]
    return [bool(there) and len(one) > 0 for there, one in zip(drawn, conflicts, strict=True)]


def _count_signs(selection: Selection, *, listed: bool) -> Counter[str]:
    """Count the signs on the map: ≠, and evidence where it is listed."""
    counts = Counter(list_signs(selection) if listed else ())
    return counts + Counter({CONFLICT: sum(list_differing(selection))})


def write_term(term: Term) -> tuple[str, str]:
    """Return a rating's term in full, and in short where more than two are named."""
    if not term.code:
        return term.label, term.label
    return f"{term.code} {term.label}", f"“{term.code}”"  # quoted, since a count may follow


def _list_ratings(selection: Selection) -> list[LegendEntry]:
    """Return an entry for each rating that a shown report has, and one for those without any.

    Up to two terms are named in full; of more, the first and the last by their short signs.
    """
    entries: list[LegendEntry] = []
    rows, unrated = selection.rows, np.ones(selection.shown, dtype=bool)
    for name, vocabulary in selection.evidence.vocabulary_by_id.items():
        counts = count_terms(rows[name], vocabulary) if name in rows.columns else []
        terms = [term for _, term, _ in counts if term]
        if not terms:
            continue
        words = [write_term(one) for one in terms]
        ends = (words[0][1], words[-1][1])
        listed = ", ".join(full for full, _ in words) if len(terms) <= 2 else " … ".join(ends)
        rated = rows[name].notna().to_numpy()
        unrated &= ~rated
        label = f"{vocabulary.title}: {listed}"
        entries.append({"group": "rating", "key": name, "label": label, "count": int(rated.sum())})
    if entries and unrated.any():
        label, count = NOT_RATED.capitalize(), int(unrated.sum())
        entries.append({"group": "rating", "key": UNRATED, "label": label, "count": count})
    return entries


def _shorten(title: str) -> str:
    """Return a title cut so that the days after it stay in sight."""
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def describe_layer_days(
    layer: LayerRows | LargeLayerRows, view: View, *, shown: int | None = None
) -> str:
    """Return the layer's own days, and what a date window does with rows that have none.

    ``shown`` is the number of rows shown, by default that of the layer.
    """
    if view.windowed and layer.info.date_from is None:
        out = layer.name in view.dated_only
        return "no dates: left out" if out else "no dates: shown on all days"
    own = "" if view.axis == OBSERVED_AXIS else "its own dates, "
    if layer.shown if shown is None else shown:
        return f"{own}{layer.days_and_zone}"
    return f"{own}{layer.days}, none in this view"


def name_layer(
    layer: LayerRows | LargeLayerRows, view: View, *, shown: int | None = None
) -> LegendEntry:
    """Return the entry of a further layer whose features are drawn; see `describe_layer_days`."""
    days = describe_layer_days(layer, view, shown=shown)
    return LegendEntry(
        group="layer",
        key=layer.name,
        label=f"{_shorten(layer.title)} · {days}",
        count=layer.shown if shown is None else shown,
        colour=choose_layer_colour(layer.name, layer.colour),
    )


def _describe_density(layer: LargeLayerRows, colour: str) -> LegendEntry:
    """Return the legend entry of the density classes of a layer."""
    palettes = (compute_palette(colour, one, len(DENSITY_CLASSES)) for one in DENSITY_THEMES)
    light, dark = (
        [f"rgb({red} {green} {blue} / {opacity / 255:.2f})" for red, green, blue, opacity in one]
        for one in palettes
    )
    spans = label_classes()
    shades = zip(spans, light, dark, strict=True)
    scale = [Shade(label=span, light=one, dark=other) for span, one, other in shades]
    noun = "lines" if layer.info.geometry == "line" else "features"
    label = f"Shade: {noun} on one spot, {' · '.join(spans)}"
    return LegendEntry(
        group="shades", key=layer.name, label=label, count=0, colour=colour, noun=noun, scale=scale
    )
