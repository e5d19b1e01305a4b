"""What a symbol looks like, defined once: for the map, its legend, the charts and the slides.

Location class sets the shape, certainty the opacity, evidence kind the sign, stance the colour
and a mark of its own, so that colour is never the only sign. The four stance colours were chosen
to stay apart for readers with deuteranopia and protanopia (blue, red, ochre, grey; different
lightness), after P. Tol, "Colour Schemes", SRON/EPS/TN/09-002.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Stance:
    """How a stance is shown: words, a one-letter mark's path name, colours by theme."""

    label: str
    mark: str
    light: str
    dark: str


STANCE = {
    "leaving": Stance("Points to leaving", "arrow", "#b3261e", "#f0877d"),
    "staying": Stance("Points to staying", "bar", "#1d5c87", "#7db9e0"),
    "undecided": Stance("Undecided", "half", "#8a6414", "#dcb55f"),
    "neutral": Stance("Says neither", "dot", "#5f6b72", "#a9b4ba"),
}

# Location class: what the legend says of the shape, and what the panel says of the claim.
LOCATION = {
    "exact": ("Exact spot", "the source gives the spot"),
    "locality": (
        "Within the base; number of reports",
        "somewhere within it; the source gives no spot",
    ),
    "vicinity": ("Near here; the spot is not given", "near it; the source gives no spot"),
    "area": (
        "Approximate area",
        "an approximate area, drawn from the wording",
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

# Evidence kind: the sign that stands for it. The drawings themselves are in web/signs.js.
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

LAYER_COLOURS = ("#4a7c59", "#7a5c99", "#8a6414", "#3f6f8f")


def as_config() -> dict:
    """Return the definitions as plain data, for the script that draws in the browser."""
    return {
        "stance": {name: asdict(stance) for name, stance in STANCE.items()},
        "certainty": {
            name: {"label": label, "opacity": opacity}
            for name, (label, opacity) in CERTAINTY.items()
        },
        "sign": EVIDENCE_SIGN,
    }
