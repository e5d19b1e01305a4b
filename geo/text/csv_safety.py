"""Protection against formula injection in CSV cells."""

from __future__ import annotations

import re

# A spreadsheet skips white space, invisible characters and quotes before it looks for a formula.
_FORMULA = re.compile(
    r"[\s\"'`´“”‘’„‚«»\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*"
    r"[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n]"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def escape_formula(text: str) -> str:
    """Add an apostrophe before text that a spreadsheet would evaluate; plain numbers stay."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
