"""Searching the rows of a layer for words, in any script: as a person would find them by eye."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from geo.text.formatting import fold

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_OF_CLAIMS = ("says", "subject", "attributed_to", "publisher", "place_name", "evidence", "state",
              "systems", "note", "id", "place_name_ar")  # fmt: skip


def searched(rows: GeoDataFrame, q: str) -> GeoDataFrame:
    """Return the rows that hold every word of `q`, each in any of their columns."""
    if not q or rows.empty:
        return rows
    words = fold(q).split()
    columns = columns_searched(rows)
    keep = [
        all(word in haystack for word in words)
        for haystack in (fold(_haystack(values)) for values in zip(*(rows[c] for c in columns)))  # noqa: B905
    ]
    return rows[keep]


def columns_searched(rows: GeoDataFrame) -> list[str]:
    """Return where words are looked for: those of a claim that a person reads, else all."""
    known = [column for column in _OF_CLAIMS if column in rows.columns]
    return known or [name for name in rows.columns if name != rows.geometry.name]


def _haystack(values: Iterable) -> str:
    parts = []
    for value in values:
        if isinstance(value, str):
            parts.append(value)
        elif hasattr(value, "__iter__"):
            parts += [str(item) for item in value]
    return " \n".join(parts)
