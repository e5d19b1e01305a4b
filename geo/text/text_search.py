"""Full-text search in the rows of a layer, in any script."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from geo.text.formatting import fold_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_CLAIM_COLUMNS = (
    *("says", "subject", "attributed_to", "publisher", "place_name", "evidence", "state"),
    *("systems", "note", "id", "place_name_ar"),
)


def search_rows(rows: "GeoDataFrame", q: str) -> "GeoDataFrame":
    """Return the rows that contain every word of `q` in any column."""
    if not q or rows.empty:
        return rows
    words = fold_text(q).split()
    columns = list_search_columns(rows)
    cells = zip(*(rows[column] for column in columns), strict=True)
    texts = (fold_text(_join_texts(values)) for values in cells)
    return rows[[all(word in text for word in words) for text in texts]]


def list_search_columns(rows: "GeoDataFrame") -> list[str]:
    """Return the columns to search: the readable ones of claims, or all of another layer."""
    known = [column for column in _CLAIM_COLUMNS if column in rows.columns]
    return known or [name for name in rows.columns if name != rows.geometry.name]


def _join_texts(values: Iterable[object]) -> str:
    parts = []
    for value in values:
        if isinstance(value, str):
            parts.append(value)
        elif hasattr(value, "__iter__"):
            parts += [str(item) for item in value]
    return " \n".join(parts)
