"""Colours and strokes, shared by the map's style sheet and the slides.

Names are the style sheet's variables; a stroke's name is the class of what is drawn with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.mapping.design import write_sizes
from geo.mapping.symbols import STANCE

LIGHT: Mapping[str, str] = {
    "paper": "#fdfcfa", "sheet": "#ffffff", "line": "#d8d3c8",
    "ink": "#1f2a30", "muted": "#4d585e", "faint": "#5c676d",
    "land": "#f6f3ec", "sea": "#dce6ea", "coast": "#b9c7cd", "river": "#c3d5dc",
    "border": "#a89f8d", "country": "#8f8570", "sea-name": "#648090", "halo": "#f6f3ec",
    "runway": "#8d8a83", "accent": "#b3261e", "place": "#1d5c87",
    "badge": "#1d5c87", "badge-ink": "#ffffff", "badge-bar": "#1d5c87", "ring-gap": "#ffffff",
    **{name: stance.light for name, stance in STANCE.items()},
}  # fmt: skip
DARK: Mapping[str, str] = {
    "paper": "#161c20", "sheet": "#1c2226", "line": "#3b464c",
    "ink": "#e8ecee", "muted": "#b7c1c6", "faint": "#93a0a7",
    "land": "#262d31", "sea": "#171d21", "coast": "#46535a", "river": "#35454d",
    "border": "#6d6757", "country": "#7d7767", "sea-name": "#5d7480", "halo": "#262d31",
    "runway": "#7b8489", "accent": "#f0877d", "place": "#7db9e0",
    "badge": "#12405f", "badge-ink": "#ffffff", "badge-bar": "#5f9dc6", "ring-gap": "#171d21",
    **{name: stance.dark for name, stance in STANCE.items()},
}  # fmt: skip
# White paper, strong ink and a pale sea: for printing, and readable on a printer without colour.
PRINT: Mapping[str, str] = {
    "paper": "#ffffff", "sheet": "#ffffff", "line": "#c2c7c9",
    "ink": "#0f1519", "muted": "#353f45", "faint": "#566168",
    "land": "#ffffff", "sea": "#e4edf1", "coast": "#7d8f98", "river": "#9fb6c1",
    "border": "#7d7465", "country": "#6f6755", "sea-name": "#4f6b78", "halo": "#ffffff",
    "runway": "#6b6963", "accent": "#b01f17", "place": "#0d4268",
    "badge": "#0d4268", "badge-ink": "#ffffff", "badge-bar": "#0d4268", "ring-gap": "#ffffff",
    **{name: stance.print for name, stance in STANCE.items()},
}  # fmt: skip
THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "print": PRINT}
THEME_LABELS: Mapping[str, str] = {"light": "Light", "dark": "Dark", "print": "Print"}
PAGE_COLOURS = ("accent", "place", *STANCE)
"""Colours that the page around the map shares with it."""
DENSITY_THEMES = ("light", "dark")
"""Themes that a density image is coloured for; print has the colours of light."""
RELIEF: Mapping[str, float] = {"light": 0.3, "dark": 0.3, "print": 0.26}
"""Opacity of the relief over the land."""


@dataclass(frozen=True)
class Stroke:
    """The style of a line, or of the outline and fill of an area."""

    colour: str  # a name of the palette, for the line and the fill
    width: float = 1.0  # pixels on a screen; 0 draws no line
    dash: tuple[float, ...] = ()  # pixels of line and gap in turn; empty for an unbroken line
    opacity: float = 1.0  # of the line, 0 to 1
    fill: float = 0.0  # opacity of the fill, 0 to 1; 0 leaves the inside empty
    round: bool = False  # ends are round: a dash of length 1 is then a dot
    hatched: bool = False  # the inside is hatched in the colour


STROKES: Mapping[str, Stroke] = {
    "land": Stroke("land", 0, fill=1),
    "lake": Stroke("sea", 0, fill=1),
    "coast": Stroke("coast", 1),
    "river": Stroke("river", 1.1),
    "border": Stroke("border", 1.2, (5, 4), 0.9),
    "runway": Stroke("runway", 1, fill=0.75),
    "local-aprons": Stroke("runway", 0.8, opacity=0.8, fill=0.28),
    "local-taxiways": Stroke("runway", 1.6, opacity=0.8, fill=0.28),
    "local-roads": Stroke("border", 1.6),
    "local-quays": Stroke("coast", 1.6, fill=0.6),
    "ring": Stroke("faint", 1, (2, 5)),
    "place-locality": Stroke("place", 2, fill=0.10),
    "place-exact": Stroke("place", 2, fill=0.10),
    "place-vicinity": Stroke("place", 2, (1, 6), fill=0.06, round=True),
    "place-area": Stroke("place", 1.4, (4, 4), hatched=True),
    "place-distance": Stroke("place", 0, fill=0.09),
    "distance": Stroke("place", 1.3),
    "place-quiet": Stroke("faint", 1.2, opacity=0.6),
    "route-casing": Stroke("halo", 7, opacity=0.85),
    "route": Stroke("accent", 4, (14, 9)),
    "route-weak": Stroke("accent", 2.4, (1, 7), 0.75, round=True),
}
UNPUBLISHED = Stroke("ink", 1.8, (4, 3))
"""Of what only its author sees: a dashed ring, or a dashed outline without a fill."""
# Lengths of a slide in the browser, in units of its canvas, which is at least 90 by 56.25.
STAGE: Mapping[str, float] = {
    "margin": 2.2,
    "head-top": 1.5,
    "head-bottom": 1.25,
    "when": 1.08,
    "headline": 2.3,
    "headline-before": 0.16,
    "lines": 1.36,
    "lines-before": 0.5,
    "panel": 28.5,
    "panel-left": 1.7,
    "panel-top": 1.1,
    "panel-bottom": 0.4,
    "section-gap": 1.15,
    "text": 1.04,
    "small": 0.94,
    "heading-after": 0.3,
    "group-gap": 0.85,
    "sign": 1.9,
    "narrow-sign": 1.5,
    "sign-gap": 0.45,
    "row-gap": 0.1,
    "pair-gap": 1.0,
    "shades": 4.0,
    "question-gap": 0.6,
    "more-before": 0.5,
    "credit-before": 0.3,
    "foot": 0.94,
    "foot-top": 0.75,
    "foot-bottom": 0.8,
    "foot-gap": 2.0,
    "steps": 26.0,
    "step": 1.9,
}
STAGE_TIGHT: Mapping[str, float] = {
    "section-gap": 0.75,
    "heading-after": 0.1,
    "group-gap": 0.45,
    "question-gap": 0.3,
}
STAGE_LEADING: Mapping[str, float] = {
    "when": 1.3,
    "headline": 1.13,
    "lines": 1.32,
    "text": 1.34,
    "heading": 1.3,
    "row": 1.3,
    "question": 1.28,
    "foot": 1.3,
}


def build_style_sheet() -> str:
    """Return palette, strokes and the sizes of the stage as CSS variables and rules."""
    parts = [
        f":root {{ {write_sizes()} }}",
        f":root {{ {_write_variables(LIGHT)} --relief: {RELIEF['light']:g}; }}",
        f'[data-theme="dark"] {{ {_write_variables(DARK)} --relief: {RELIEF["dark"]:g}; }}',
        f'[data-theme="print"] {{ {_write_variables(PRINT)} --relief: {RELIEF["print"]:g}; }}',
    ]
    parts += [
        f"path.{name} {{ {'; '.join(_write_declarations(stroke))} }}"
        for name, stroke in STROKES.items()
    ]
    leadings = " ".join(f"--s-{name}-leading: {size:g};" for name, size in STAGE_LEADING.items())
    parts.append(
        f".stage {{ {_write_sizes(STAGE)} {leadings} }} .tight {{ {_write_sizes(STAGE_TIGHT)} }}"
    )
    return "\n".join(parts)


def build_page_variables() -> str:
    """Return sizes and colours as CSS variables for the page around the map.

    There the browser chooses between light and dark, by the page's `color-scheme`.
    """
    pairs = [f"--{name}: light-dark({LIGHT[name]}, {DARK[name]});" for name in PAGE_COLOURS]
    return f":root {{ {write_sizes()} }} .stApp {{ {' '.join(pairs)} }}"


def _write_sizes(sizes: Mapping[str, float]) -> str:
    return " ".join(f"--s-{name}: calc({size:g} * var(--u));" for name, size in sizes.items())


def _write_variables(palette: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())


def _write_declarations(stroke: Stroke) -> Iterator[str]:
    colour = f"var(--{stroke.colour})"
    yield f"stroke: {colour}" if stroke.width else "stroke: none"
    if stroke.width:
        yield f"stroke-width: {stroke.width:g}"
    if stroke.opacity != 1:
        yield f"stroke-opacity: {stroke.opacity:g}"
    if stroke.dash:
        yield f"stroke-dasharray: {' '.join(f'{length:g}' for length in stroke.dash)}"
        yield f"stroke-linecap: {'round' if stroke.round else 'butt'}"
    if stroke.hatched:
        yield "fill: url(#hatch)"
        yield "fill-opacity: 1"
    elif stroke.fill:
        yield f"fill: {colour}"
        yield f"fill-opacity: {stroke.fill:g}"
    else:
        yield "fill: none"


def compute_palette(colour: str, theme: str, count: int) -> list[tuple[int, int, int, int]]:
    """Return the colours of density classes, from few to many, as RGBA.

    Parameters
    ----------
    colour : str
        "#rrggbb".
    theme : str
        "light" and "print" go from pale to dark, "dark" from dim to bright: more stands out.
    count : int
    """
    own = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    found = []
    for number in range(count):
        share = number / max(count - 1, 1)
        if theme == "dark":
            goal, part = 255, 0.12 + 0.7 * share
        else:  # through the colour itself, which stands in the middle
            goal, part = (255, 0.38 - 0.76 * share) if share < 0.5 else (0, 1.24 * share - 0.62)
        red, green, blue = (round(one + (goal - one) * part) for one in own)
        found.append((red, green, blue, round(255 * (0.7 + 0.2 * share))))
    return found
