"""Definitions of symbols, shared by map, legend, charts and slides.

Location class sets the shape, certainty the opacity, evidence kind the sign, stance the colour
and a mark of its own, so that colour is never the only sign. The four stance colours were chosen
to stay apart for readers with protanopia, deuteranopia and tritanopia (blue, red, ochre, grey;
different lightness), after P. Tol, "Colour Schemes", SRON/EPS/TN/09-002. A test simulates all.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stance:
    """How a stance is shown: words, in short below a title, its mark's name, colours by theme."""

    label: str
    short: str
    mark: str
    light: str
    dark: str
    print: str


STANCE = {
    "leaving": Stance("Points to leaving", "Leaving", "arrow", "#b3261e", "#f0877d", "#b01f17"),
    "staying": Stance("Points to staying", "Staying", "bar", "#1d5c87", "#7db9e0", "#0d4268"),
    "undecided": Stance("Undecided", "Undecided", "half", "#a17606", "#ecca7a", "#a17606"),
    "neutral": Stance("Says neither", "Neither", "dot", "#5f6b72", "#a9b4ba", "#687378"),
}

# Location class: what the legend says of the shape, and what the panel says of the claim.
LOCATION = {
    "exact": ("Exact spot", "the source gives the spot"),
    "locality": (
        "Within the place; number of reports",
        "somewhere within it; the source gives no spot",
    ),
    "vicinity": ("Near here; the spot is not given", "near it; the source gives no spot"),
    "area": ("Approximate area", "an approximate area, drawn from the wording"),
    "distance": (
        "At a distance from a place; no spot",
        "at a distance from a point, drawn with the tolerance of the words; the source gives no "
        "spot",
    ),
    "route": (
        "Road between places named",
        "on the way between the places that the source names; the road is inferred",
    ),
    "route-weak": ("Onward road, weaker inference", "onward road, a weaker inference"),
    "none": ("No place that can be drawn", "the source names no place that can be drawn"),
}

# From strongest to weakest: opacity of the symbol on the map.
CERTAINTY = {
    "observed": ("Observed", 1.0),
    "likely": ("Likely", 0.85),
    "apparent": ("Apparent", 0.75),
    "stated": ("Stated", 0.65),
    "claimed": ("Claimed", 0.55),
    "unconfirmed": ("Unconfirmed", 0.45),
    "unknown": ("Not known", 0.45),
}

# State of review of what is not published: in the legend, and as the mark beside a symbol.
REVIEW = {
    "draft": ("Draft: only its author sees it", "draft"),
    "in review": ("In review: not published yet", "in review"),
}

# Evidence kind: the sign that stands for it.
EVIDENCE_SIGN = {
    "satellite imagery": "satellite",
    "ship tracking": "track",
    "flight tracking": "track",
    "verified video": "video",
    "video": "video",
    "photo": "photo",
    "drone footage": "drone",
    "official statement": "speech",
    "social post": "post",
    "expert": "speech",
    "unconfirmed report": "question",
    "background": "book",
    "article's own reading": "page",
}

CONFLICT = "conflict"  # ≠ among the signs: sources differ
# How exactly the day of a report is known: the legend's words, in the order of the legend.
WHEN = {
    "day": "Day known",
    "by": "By a day",
    "range": "Several days",
    "undated": "Undated",
}

# What the signs on the map mean, in the order of the legend.
SIGN_NAMES = {
    CONFLICT: "Sources differ",
    "satellite": "Satellite imagery",
    "track": "Ship or flight tracking",
    "video": "Video",
    "photo": "Photo",
    "drone": "Drone footage",
    "speech": "Official or expert",
    "post": "Social post",
    "question": "Unconfirmed report",
    "book": "Background",
    "page": "Article's own reading",
}

# The signs themselves: SVG paths in a box of 16 by 16 units, drawn as lines 1.5 wide; those of
# "when" are filled, in a box of 20 by 8, and those of "ring", pieces of a ring, of 8 by 20.
SIGNS = {
    "evidence": {
        "satellite": "M6.2 6.2l3.6 3.6M7 5 5 7l-3-3 2-2zM11 9l-2 2 3 3 2-2zM3 13c0-1 .6-2 2-2"
        "M1.5 14c0-2.5 1-4 3.5-4.5",
        "track": "M2 13l4-5 3 2 5-7M11 3h3v3",
        "video": "M2 4.5h8v7H2zM10 7l4-2v6l-4-2",
        "photo": "M2 5h3l1-1.5h4L11 5h3v8H2zM8 11.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
        "drone": "M6 7h4v2H6zM6 7L3.5 5M10 7l2.5-2M6 9l-2.5 2M10 9l2.5 2M2 5h3M11 5h3M2 11h3"
        "M11 11h3",
        "speech": "M2 3h12v8H7l-3 3v-3H2z",
        "post": "M5 2L4 14M11 2l-1 12M2 6h12M2 10h12",
        "question": "M5 6c0-4 6-4 6-.5C11 8 8 8 8 10M8 12.5v.7",
        "book": "M8 4C6 2.5 4 2.5 2 3v10c2-.5 4-.5 6 1 2-1.5 4-1.5 6-1V3c-2-.5-4-.5-6 1zM8 4v10",
        "page": "M4 2h6l3 3v9H4zM6 7h5M6 9.5h5M6 12h3",
    },
    "stance": {
        "arrow": "M4 12l8-8M6.5 4H12v5.5",
        "bar": "M3 12h10M8 3v9M5 6h6",
        "half": "M8 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM8 3v10",
        "dot": "M8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
    },
    "conflict": {
        "unequal": "M8 .8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM4.6 6.4h6.8M4.6 9.6h6.8"
        "M9.8 4.2L6.2 11.8",
    },
    "ring": {
        "leaving": "M1 1H7V19H1Z",
        "staying": "M1 1H3.2V19H1ZM4.8 1H7V19H4.8Z",
        "undecided": "M1 1H7V3.6H1ZM1 6.1H7V8.7H1ZM1 11.3H7V13.9H1ZM1 16.4H7V19H1Z",
        "neutral": "M4.5 1H7V19H4.5Z",
    },
    "when": {
        "day": "M7 0H13V8H7Z",
        "by": "M0 8L16 0H20V8Z",
        "range": "M0 4L5 1H15L20 4L15 7H5Z",
        "undated": "M0 3H4V5H0ZM8 3H12V5H8ZM16 3H20V5H16Z",
    },
}

# Groups of the legend, in the order in which they are read.
LEGEND_GROUPS = {
    "place": "How well the place is known",
    "when": "How well the day is known",
    "stance": "What a report points to",
    "signs": "Signs",
    "certainty": "How certain",
    "rating": "How it is rated",
    "review": "Not published yet",
    "layer": "Further layers",
}

LAYER_COLOURS = ("#4a7c59", "#894c6a", "#736f27", "#2863a0", "#ac7072", "#917987", "#3b88a3")


def choose_layer_colour(name: str, chosen: str = "") -> str:
    """Return the colour of a layer: the chosen one, or one that depends on its name only."""
    checksum = zlib.crc32(name.encode("utf-8", "surrogateescape"))
    return chosen or LAYER_COLOURS[checksum % len(LAYER_COLOURS)]


def choose_free_colour(taken: Iterable[str]) -> str:
    """Return the first colour of a layer that is not taken yet, or the first of all."""
    used = set(taken)
    return next((one for one in LAYER_COLOURS if one not in used), LAYER_COLOURS[0])
