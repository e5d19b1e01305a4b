"""Names in right-to-left script within a sentence that runs from left to right."""

import unicodedata

LEFT_TO_RIGHT_MARK = "\u200e"
_RIGHT_TO_LEFT = ("R", "AL")


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter of a text that has a direction is one of a right-to-left script."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), "L") != "L"


def keep_apart(name: str) -> str:
    """Return a name that takes no comma or number behind it into its own direction.

    A name in Arabic or Hebrew is closed by a mark without width; others are unchanged.
    """
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name):
        return f"{name}{LEFT_TO_RIGHT_MARK}"
    return name
