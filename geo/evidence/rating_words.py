"""Ratings in words, for every screen, file and slide.

A word of likelihood and a level of confidence are always texts, or sentences, of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
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
_MISSING = {"reliability": f"source {NOT_RATED}", "credibility": f"report {NOT_RATED}"}
_NONE = "–"  # of a pair of codes, the one that is not given


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
    """

    title: str
    short: str
    text: str
    meanings: tuple[str, ...]


def find_terms(row: Mapping[Any, Any], vocabularies: VocabularyTable) -> dict[str, Term]:
    """Return the term of each rating that a row of the claims layer has.

    A term that the vocabulary does not have, as of an operator's layer, is its own label.
    """
    terms: dict[str, Term] = {}
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
    lines = [_describe_pair(terms)] if any(name in terms for name in _CODED) else []
    for name, term in terms.items():
        if name not in _CODED:
            title = vocabularies[name].title if name in vocabularies else name.capitalize()
            text = f"{term.label} ({term.span})" if term.span else term.label
            lines.append(RatingLine(title, term.short, text, (f"{term.label}: {term.meaning}",)))
    return tuple(lines)


def _describe_pair(terms: Mapping[str, Term]) -> RatingLine:
    """Return the rating of the source with that of the report, such as B2."""
    there = [terms.get(name) for name in _CODED]
    labels = [terms[name].label if name in terms else _MISSING[name] for name in _CODED]
    text = ", ".join(labels)
    short = text
    if all(term.code for term in there if term):
        short = "".join(term.code or "" if term else _NONE for term in there)
        text = f"{short}: {text}"
    meanings = tuple(f"{term.named}: {term.meaning}" for term in there if term)
    return RatingLine(RATING, short, text, meanings)


def write_ratings(row: Mapping[Any, Any], vocabularies: VocabularyTable) -> str:
    """Return the ratings of a row as sentences, one for each; empty if it has none."""
    return " ".join(f"{one.title}: {one.text}." for one in describe_ratings(row, vocabularies))


def list_rating_heads(vocabularies: VocabularyTable) -> tuple[str, ...]:
    """Return the titles that `describe_ratings` may give, in order."""
    rest = [one.title for name, one in vocabularies.items() if name not in _CODED]
    return (RATING, *rest)


def count_terms(
    values: Iterable[object], vocabulary: Vocabulary
) -> list[tuple[str, Term | None, int]]:
    """Count the terms of one rating, in their order: id, term, count; "" is not rated.

    Nothing is returned where nothing is rated. A term that the vocabulary does not have follows.
    """
    counts = Counter("" if pd.isna(one) else str(one) for one in values)
    unrated = counts.pop("", 0)
    if not counts:
        return []
    known = {term.id: term for term in vocabulary.terms}
    order = [*(name for name in known if name in counts), *sorted(set(counts) - set(known))]
    found: list[tuple[str, Term | None, int]] = [
        (name, known.get(name) or _make_term(name), counts[name]) for name in order
    ]
    return [*found, ("", None, unrated)] if unrated else found


def _make_term(name: str) -> Term:
    unknown = "not a term of this case's vocabulary"
    return Term.model_construct(id=name, label=name, meaning=unknown)
