"""Ratings in words, for every screen, file and slide.

A word of likelihood and a level of confidence are always texts, or sentences, of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.evidence.vocabularies import (
    NOT_RATED,
    RATING_KINDS,
    RatingKind,
    Term,
    Vocabulary,
    VocabularyTable,
)

RATING = "Rating"
_CODED: tuple[RatingKind, RatingKind] = ("reliability", "credibility")
_MISSING: Mapping[RatingKind, str] = {
    "reliability": f"source {NOT_RATED}",
    "credibility": f"report {NOT_RATED}",
}
_LAST = 1_000  # of a source or report that is not rated
_NAMED = 12  # ids of claims in a line


@dataclass(frozen=True)
class RatingLine:
    """One rating in words.

    Attributes
    ----------
    title, short, text : str
        What is rated, the rating for a narrow place ("B2"), and in full: "B2: usually reliable,
        probably true".
    meanings : tuple of str
        What each term means.
    order : tuple of int
        By which lines of several reports are sorted: as the vocabularies and their terms are.
    """

    title: str
    short: str
    text: str
    meanings: tuple[str, ...]
    order: tuple[int, ...] = ()


def find_terms(row: Mapping[Any, Any], vocabularies: VocabularyTable) -> dict[RatingKind, Term]:
    """Return the term of each rating that a row of the claims layer has.

    A term that the vocabulary does not have, as of an operator's layer, is its own label.
    """
    terms: dict[RatingKind, Term] = {}
    for name in RATING_KINDS:
        value = row.get(name)
        if value is None or pd.isna(value) or value == "":
            continue
        found = vocabularies[name].find(value) if name in vocabularies else None
        terms[name] = found or _make_term(str(value))
    return terms


def describe_ratings(
    row: Mapping[Any, Any], vocabularies: VocabularyTable
) -> tuple[RatingLine, ...]:
    """Return the ratings of a row of the claims layer, each in words; nothing if it has none."""
    terms = find_terms(row, vocabularies)
    order = {name: _find_order(name, term, vocabularies) for name, term in terms.items()}
    lines = [_describe_pair(terms, order)] if any(name in terms for name in _CODED) else []
    for name, term in terms.items():
        if name not in _CODED:
            title = _title(name, vocabularies)
            text = f"{term.label} ({term.span})" if term.span else term.label
            meanings = (f"{term.label}: {term.meaning}",)
            place = (RATING_KINDS.index(name), order[name])
            lines.append(RatingLine(title, term.short, text, meanings, place))
    return tuple(lines)


def _find_order(name: RatingKind, term: Term, vocabularies: VocabularyTable) -> int:
    """Return the place of a term in its vocabulary; one that is not in it comes last."""
    terms = vocabularies[name].terms if name in vocabularies else ()
    return terms.index(term) if term in terms else len(terms)


def _describe_pair(terms: Mapping[RatingKind, Term], order: Mapping[RatingKind, int]) -> RatingLine:
    """Return the rating of the source with that of the report, such as B2."""
    there = [terms.get(name) for name in _CODED]
    labels = [terms[name].label if name in terms else _MISSING[name] for name in _CODED]
    text = ", ".join(labels)
    short = text
    if all(term.code for term in there if term):
        short = "".join(term.code or "" for term in there if term)
        text = f"{short}: {text}"
    meanings = tuple(f"{term.named}: {term.meaning}" for term in there if term)
    place = (0, *(order.get(name, _LAST) for name in _CODED))
    return RatingLine(RATING, short, text, meanings, place)


def write_ratings(row: Mapping[Any, Any], vocabularies: VocabularyTable) -> str:
    """Return the ratings of a row as sentences, one for each; empty if it has none."""
    return join_ratings(describe_ratings(row, vocabularies))


def describe_rows(
    rows: pd.DataFrame, vocabularies: VocabularyTable
) -> list[tuple[RatingLine, ...]]:
    """Return what `describe_ratings` gives for each row; equal ratings are described once."""
    kinds = [name for name in RATING_KINDS if name in rows.columns]
    if not _is_rated(rows, kinds):
        return [()] * len(rows)
    made: dict[tuple[object, ...], tuple[RatingLine, ...]] = {}
    found = []
    for values in zip(*(rows[name].astype(object).fillna("") for name in kinds), strict=True):
        if values not in made:
            made[values] = describe_ratings(dict(zip(kinds, values, strict=True)), vocabularies)
        found.append(made[values])
    return found


def join_ratings(lines: Iterable[RatingLine]) -> str:
    """Return ratings as sentences, one for each; empty if there are none."""
    return " ".join(f"{one.title}: {one.text}." for one in lines)


def list_rating_heads(vocabularies: VocabularyTable) -> tuple[str, ...]:
    """Return the titles that `describe_ratings` may give, in order."""
    return (RATING, *(_title(name, vocabularies) for name in RATING_KINDS if name not in _CODED))


def list_rating_columns(rows: pd.DataFrame, vocabularies: VocabularyTable) -> dict[str, list[str]]:
    """Return a column of a table for each rating that some row has, in short."""
    groups = (_CODED, *((name,) for name in RATING_KINDS if name not in _CODED))
    titles = zip(list_rating_heads(vocabularies), groups, strict=True)
    shown = [title for title, names in titles if _is_rated(rows, names)]
    if not shown:
        return {}
    described = describe_rows(rows, vocabularies)
    cells = [{line.title: line.short for line in lines} for lines in described]
    return {title: [one.get(title, NOT_RATED) for one in cells] for title in shown}


def list_ratings(rows: pd.DataFrame, vocabularies: VocabularyTable) -> tuple[str, ...]:
    """Return a line for each rating that a row has, with the ids of its claims, for notes."""
    if not _is_rated(rows, RATING_KINDS):
        return ()
    found: dict[tuple[tuple[int, ...], str], list[str]] = {}
    unrated = 0
    for name, lines in zip(rows["id"], describe_rows(rows, vocabularies), strict=True):
        unrated += not lines
        for line in lines:
            key = (line.order, f"{line.title}: {line.text}.")
            found.setdefault(key, []).append(str(name))
    listed = [f"{text} {_join_ids(ids)}" for (_, text), ids in sorted(found.items())]
    rest = f"{NOT_RATED.capitalize()}: {unrated:,} of {len(rows):,} reports."
    return (*listed, rest) if unrated else tuple(listed)


def _join_ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}."


def _is_rated(rows: pd.DataFrame, kinds: Iterable[str]) -> bool:
    return any(name in rows.columns and rows[name].notna().any() for name in kinds)


def count_terms(values: pd.Series, vocabulary: Vocabulary) -> list[tuple[str, Term | None, int]]:
    """Count the terms of one rating, in their order: id, term, count; "" is not rated.

    Nothing is returned where nothing is rated. A term that the vocabulary does not have follows.
    """
    counts = Counter(str(name) for name in values[values.notna()])
    if not counts:
        return []
    known = {term.id: term for term in vocabulary.terms}
    order = [*(name for name in known if name in counts), *sorted(set(counts) - set(known))]
    found: list[tuple[str, Term | None, int]] = [
        (name, known.get(name) or _make_term(name), counts[name]) for name in order
    ]
    unrated = len(values) - sum(counts.values())
    return [*found, ("", None, unrated)] if unrated else found


def _title(name: RatingKind, vocabularies: VocabularyTable) -> str:
    return vocabularies[name].title if name in vocabularies else name.capitalize()


def _make_term(name: str) -> Term:
    unknown = "not a term of this case's vocabulary"
    return Term.model_construct(id=name, label=name, meaning=unknown)
