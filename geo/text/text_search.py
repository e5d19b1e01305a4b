"""Full-text search in the rows of a layer, in any script.

A search is a list of terms, and a row must have each of them in some cell. A term is a regular
expression for text that `fold_text` has folded; Python and RE2 (pyarrow) read it alike.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.text.formatting import fold_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_CLAIM_COLUMNS = (
    *("says", "subject", "attributed_to", "publisher", "place_name", "evidence", "state"),
    *("systems", "note", "id", "place_name_ar", "origins"),
)
_ID_COLUMNS = ("id", "origins")  # of claims; found only when they are typed whole
_LONGEST_NAME = 4  # words of a name that is written apart
_DASHES = "\u00ad\u2010-\u2015\u2212\ufe63\uff0d"
_DASH = re.compile(f"[{_DASHES}]")
_GAP = rf"[\s{_DASHES}-]"  # between the parts of a name such as X-20, X20, x 20
_PARTS = re.compile(r"[^\W\d_]+|\d+|\W+|_+")
_MODEL = re.compile(r"[^\W\d_]{1,3}")  # letters before the number of a model: S 400, Tu 22M3
_WORD_STARTS = r"(?:^|[\W_])"
_NUMBER_ENDS = r"(?:$|[^\d-]|-(?:$|\D))"  # X-2 is not X-20; X-20 is not in the id x20-12


@dataclass(frozen=True)
class SearchNames:
    """Names that a search folds: the other ways to write each, and what else a cell stands for."""

    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded name (`fold_name`) to every way to write it."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Item of a list, such as a system, to the texts that are searched in its place."""
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column of claims, such as a rating, to the texts that its values are searched by."""

    def find(self, text: str) -> tuple[str, ...]:
        """Return every way to write a name; empty if it is not known."""
        folded = fold_name(text)
        return self.spellings.get(folded) or self.spellings.get(fold_singular(folded)) or ()


def fold_name(text: str) -> str:
    """Return a name as folded letters and digits only: X-20, x 20 and X20 are the same."""
    return "".join(letter for letter in fold_text(text) if letter.isalnum())


def fold_singular(folded: str) -> str:
    """Return a folded name without the s of a plural: frigates, X-20s."""
    return folded[:-1] if folded.endswith("s") and len(folded) > 3 else folded


def parse_terms(q: str, names: SearchNames | None = None) -> tuple[str, ...]:
    """Return the terms of a search as regular expressions.

    A known name is one term, however it is written, and so is a model such as "s 400".
    """
    names = names or SearchNames()
    words = _DASH.sub("-", fold_text(q)).split()
    terms: list[str] = []
    while words:
        sizes = range(min(_LONGEST_NAME, len(words)), 0, -1)
        size = next((n for n in sizes if names.find(" ".join(words[:n]))), 0)
        ways = names.find(" ".join(words[:size])) if size else ()
        if not size:
            is_model = len(words) > 1 and _MODEL.fullmatch(words[0]) and words[1][0].isdigit()
            size = 2 if is_model else 1
        patterns = [_build_pattern(way, is_name=True) for way in ways]
        terms.append("|".join(patterns or [_build_pattern(" ".join(words[:size]))]))
        words = words[size:]
    return tuple(terms)


def _build_pattern(text: str, *, is_name: bool = False) -> str:
    """Return the pattern of a term: letters and numbers may be apart, joined or with a hyphen."""
    parts = _PARTS.findall(_DASH.sub("-", fold_text(text)))
    letters, numbers = (any(map(kind, parts)) for kind in (str.isalpha, str.isdigit))
    if not letters:
        return re.escape(text)
    pattern, before, gap = "", "", ""
    for part in parts:
        if not part.strip("- \t"):
            gap = f"{_GAP}+"
            continue
        both_numbers = before.isdigit() and part.isdigit()
        pattern += ("" if not before else gap if both_numbers else f"{_GAP}*") + re.escape(part)
        before, gap = part, ""
    starts = _WORD_STARTS if is_name or numbers else ""
    return starts + pattern + (_NUMBER_ENDS if parts[-1].isdigit() else "")


def search_rows(rows: "GeoDataFrame", q: str, names: SearchNames | None = None) -> "GeoDataFrame":
    """Return the rows that have every term of `q` in some column."""
    if not q or rows.empty:
        return rows
    names = names or SearchNames()
    terms = parse_terms(q, names)
    bare = [term.replace(_WORD_STARTS, "").replace(_NUMBER_ENDS, "") for term in terms]
    pairs = list(zip(map(re.compile, terms), map(re.compile, bare), strict=True))
    columns = list_search_columns(rows)
    ids = [column for column in _ID_COLUMNS if _is_claims(rows) and column in columns]
    texts = _fold_cells(rows, [name for name in columns if name not in ids], names)
    if "origins" in ids:
        labels = names.labels
        named = ((text for one in row for text in labels.get(one, ())) for row in rows["origins"])
        texts = [
            fold_text("\n".join((text, *more))) for text, more in zip(texts, named, strict=True)
        ]
    if _is_claims(rows):
        texts = _add_cells(texts, rows, names)
    folded_ids = [text.split("\n") for text in _fold_cells(rows, ids, SearchNames())]
    return rows[
        [
            all(term.search(text) or any(map(alone.fullmatch, whole)) for term, alone in pairs)
            for text, whole in zip(texts, folded_ids, strict=True)
        ]
    ]


def _add_cells(texts: list[str], rows: "GeoDataFrame", names: SearchNames) -> list[str]:
    """Return the folded text of each row, with those that its cells are searched by."""
    for column, words in names.cells.items():
        if column in rows.columns and rows[column].notna().any():
            added = rows[column].map({key: fold_text(text) for key, text in words.items()})
            texts = [
                f"{text}\n{more}" if isinstance(more, str) else text
                for text, more in zip(texts, added, strict=True)
            ]
    return texts


def list_search_columns(rows: "GeoDataFrame") -> list[str]:
    """Return the columns to search: the readable ones of claims, or all of another layer."""
    if _is_claims(rows):
        return [column for column in _CLAIM_COLUMNS if column in rows.columns]
    return [name for name in rows.columns if name != rows.geometry.name]


def _is_claims(rows: "GeoDataFrame") -> bool:
    return {"says", "systems", "certainty"} <= set(rows.columns)


def _fold_cells(rows: "GeoDataFrame", columns: list[str], names: SearchNames) -> list[str]:
    """Return the folded texts of each row, one a line."""
    if not columns:
        return [""] * len(rows)
    cells = zip(*(rows[column] for column in columns), strict=True)
    return [fold_text("\n".join(_list_texts(values, names))) for values in cells]


def _list_texts(values: Iterable[object], names: SearchNames) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif hasattr(value, "__iter__"):
            for item in value:
                yield from names.labels.get(str(item), (str(item),))
