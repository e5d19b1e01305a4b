"""Line numbers of the fields of a TOML file, which tomllib does not report."""

from __future__ import annotations

import re
from collections import Counter

FieldPath = tuple[str | int, ...]
_TABLE = re.compile(r"\s*\[\[\s*([\w.\s]+?)\s*\]\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*(.*)")
_LONG = ('"""', "'''")


def locate_fields(text: str) -> dict[FieldPath, int]:
    """Return the line numbers of the tables and keys of a valid TOML text.

    Returns
    -------
    dict
        Line number from 1, by path as in pydantic: ("scene", 0, "statement", 1, "claims").
    """
    lines: dict[FieldPath, int] = {}
    at: FieldPath = ()
    counts: Counter[FieldPath] = Counter()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if table := _TABLE.match(line):
            at = _locate_table(re.split(r"\s*\.\s*", table[1]), counts)
            lines[at] = number
        elif key := _KEY.match(line):
            lines.setdefault((*at, key[1]), number)
            opened = next((mark for mark in _LONG if key[2].startswith(mark)), "")
            inside = opened if opened and opened not in key[2][3:] else ""
    return lines


def _locate_table(names: list[str], counts: Counter[FieldPath]) -> FieldPath:
    """Return the path of the next table of an array."""
    at: FieldPath = ()
    for name in names[:-1]:
        at = (*at, name, max(counts[(*at, name)] - 1, 0))
    array = (*at, names[-1])
    counts[array] += 1
    return (*array, counts[array] - 1)
