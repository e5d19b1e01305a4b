"""Other people's text in our messages: short, on one line, nothing unseen in it."""

from __future__ import annotations

import re

LONGEST = 200
# control characters, half characters, and those that turn the direction of what follows
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def printable(value: object, most: int = LONGEST) -> str:
    """Return a value as text for a message: cut, and unseen characters written out."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return ""
    text = value if isinstance(value, str) else str(value)
    cut = text[:most]
    cut = _UNSEEN.sub(lambda hit: f"\\u{ord(hit[0]):04x}", cut)
    return cut + ("…" if len(text) > most else "")
