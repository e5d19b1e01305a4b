"""Characters that cannot be stored or seen: lone surrogates, controls, direction marks."""

from __future__ import annotations

import re
from typing import Any

# control characters, lone surrogates, and characters that change the direction of what follows
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def escape_invisible(text: str) -> str:
    r"""Return text with each invisible character written out, such as ``\u200b``."""
    return _INVISIBLE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


def replace_surrogates(value: Any) -> Any:
    """Return a JSON value with each lone surrogate as U+FFFD; UTF-8 cannot encode surrogates."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [replace_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {replace_surrogates(key): replace_surrogates(one) for key, one in value.items()}
    return value
