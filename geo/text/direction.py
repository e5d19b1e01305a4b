"""Names in right-to-left script within a sentence that runs from left to right."""

import unicodedata
from collections.abc import Iterable

LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"
MARKS = (LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK)
_RIGHT_TO_LEFT = ("R", "AL")


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter of a text that has a direction is one of a right-to-left script."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), "L") != "L"


def keep_direction(lines: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the lines of a text, each in the direction of the whole, whatever it begins with."""
    back = runs_right_to_left(text)
    mark = RIGHT_TO_LEFT_MARK if back else LEFT_TO_RIGHT_MARK
    return tuple(line if runs_right_to_left(line) == back else f"{mark}{line}" for line in lines)


def keep_apart(name: str) -> str:
    """Return a name that takes no comma or number behind it into its own direction.

    A name in Arabic or Hebrew is closed by a mark without width; others are unchanged.
    """
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name):
        return f"{name}{LEFT_TO_RIGHT_MARK}"
    return name


def lead_with(name: str) -> str:
    """Return a name that begins a line in English, which runs from the left all the same."""
    apart = keep_apart(name)
    return apart if apart == name else f"{LEFT_TO_RIGHT_MARK}{apart}"
