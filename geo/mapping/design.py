"""Sizes of text and space: one scale for the screen, the page, slides and pictures.

Colours and strokes are in `geo.mapping.theme`, symbols in `geo.mapping.symbols`. docs/design.md
shows all of them on one page; a test compares it with the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROOT_SIZE = 16  # pixels of 1 rem
TYPE: Mapping[str, int] = MappingProxyType(
    {
        "micro": 10,
        "fine": 11,
        "small": 12,
        "note": 13,
        "text": 14,
        "label": 15,
        "body": 16,
        "lead": 17,
        "name": 18,
        "title": 20,
        "head": 22,
        "display": 26,
        "page": 34,
    }
)
"""Sizes of text, pixels on a screen; a picture multiplies them by its own scale."""
SPACE: Mapping[str, int] = MappingProxyType(
    {"hair": 2, "tight": 4, "near": 6, "gap": 8, "pad": 12, "block": 16, "wide": 24}
)
"""Distances between things, pixels on a screen."""
LEADING: Mapping[str, float] = MappingProxyType({"head": 1.15, "label": 1.25, "text": 1.4})
"""From one line to the next, in sizes of the text."""


def write_sizes() -> str:
    """Return the sizes as CSS variables: --t-note of text, --g-gap of space, --l-text of lines.

    Text is in rem, so that it follows the size that a reader chose in the browser.
    """
    text = [f"--t-{name}: {size / ROOT_SIZE:g}rem;" for name, size in TYPE.items()]
    space = [f"--g-{name}: {size}px;" for name, size in SPACE.items()]
    lines = [f"--l-{name}: {ratio:g};" for name, ratio in LEADING.items()]
    return " ".join([*text, *space, *lines])
