"""The words of the vocabularies that belong to the case, and other ways to write them."""

from collections.abc import Mapping

from geo.evidence import Evidence

SOURCE_SET = "set"


def list_words(evidence: Evidence) -> Mapping[str, tuple[str, ...]]:
    """Return, by field, the words of the ratings, and the sets of sources."""
    ratings = {
        str(name): tuple(term.id for term in vocabulary.terms)
        for name, vocabulary in evidence.vocabulary_by_id.items()
    }
    return ratings | {SOURCE_SET: tuple(one.id for one in evidence.case.source_sets)}


def list_labels(evidence: Evidence) -> Mapping[str, Mapping[str, str]]:
    """Return, by field, each further way to write a word: label, code, code and label."""
    sets = {one.label: one.id for one in evidence.case.source_sets}
    found: dict[str, dict[str, str]] = {SOURCE_SET: sets}
    for name, vocabulary in evidence.vocabulary_by_id.items():
        labels = found.setdefault(name, {})
        for term in vocabulary.terms:
            labels |= dict.fromkeys((term.label, term.named, *term.words), term.id)
            if term.code:
                labels |= dict.fromkeys((term.code, f"{term.code} {term.label}"), term.id)
    return found
