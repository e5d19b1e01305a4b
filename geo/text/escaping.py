"""Escape text that cannot be stored or seen, or that a spreadsheet would evaluate."""

import re
from typing import Any

# control characters, lone surrogates, and characters that change the direction of what follows
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# A spreadsheet skips white space, invisible characters and quotes before it looks for a formula.
_FORMULA = re.compile(
    r"[\s\"'`´“”‘’„‚«»\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*"
    r"[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n]"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


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


def escape_formula(text: str) -> str:
    """Add an apostrophe before text that a spreadsheet would evaluate; plain numbers stay."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
