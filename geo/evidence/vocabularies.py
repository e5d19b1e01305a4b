"""Vocabularies that sources and claims are rated with: records of the case, in order.

A case without the file has the vocabularies that come with the app; one that brings its own
replaces those of the same id.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from geo.errors import EvidenceError
from geo.evidence import rules
from geo.evidence.json_records import RecordFault, RecordTable, read_records
from geo.evidence.models import Claim, Source
from geo.evidence.record import Id, Record, Text
from geo.settings import ASSETS

RatingKind = Literal["reliability", "credibility", "likelihood", "confidence"]
RATING_KINDS: tuple[RatingKind, ...] = get_args(RatingKind)
"""Ids of the vocabularies: a field of sources, then fields of claims."""
OF_SOURCES: tuple[RatingKind, ...] = ("reliability",)
UNRATED = rules.UNRATED
NOT_RATED = "not rated"
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]


class Term(Record):
    """One word of a vocabulary.

    `code` is a short sign such as "B", `low` and `high` are per cent, and `words` are other
    wordings of the term in a sentence.
    """

    RULES = rules.TERM_RULES

    id: Id
    label: Text
    meaning: Text
    code: Text | None = None
    low: Percent | None = None
    high: Percent | None = None
    words: tuple[Text, ...] = ()

    @property
    def span(self) -> str:
        """The percentages, such as "55 to 80 %"; empty if there are none."""
        return "" if self.low is None else f"{self.low} to {self.high} %"

    @property
    def short(self) -> str:
        """The code, or the label where there is no code."""
        return self.code or self.label

    @property
    def named(self) -> str:
        """The label with its code or its percentages: "B, usually reliable"."""
        name = f"{self.code}, {self.label}" if self.code else self.label
        return f"{name} ({self.span})" if self.span else name


class Vocabulary(Record):
    """The terms of one rating in order, where they are from, and what the rating says."""

    RULES = rules.VOCABULARY_RULES

    id: RatingKind
    title: Text
    source: Text
    licence: Text
    wording: Text
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]

    def find(self, term: object) -> Term | None:
        """Return a term by its id, or None."""
        return next((one for one in self.terms if one.id == term), None)

    def list_words(self) -> tuple[str, ...]:
        """Return every wording of every term in a sentence.

        A label of confidence is no wording: "low" alone says nothing of confidence.
        """
        labels = () if self.id == "confidence" else tuple(one.label for one in self.terms)
        return (*labels, *(word for one in self.terms for word in one.words))


VocabularyTable = Mapping[str, Vocabulary]
"""Each vocabulary by its id."""


def read_vocabularies(folder: Path) -> RecordTable[Vocabulary]:
    """Read the vocabularies of a case; none where it has no file of its own."""
    path = folder / "vocabularies.json"
    if not path.exists():
        return RecordTable(path.name)
    return read_records(path, "vocabularies", Vocabulary)


@lru_cache(maxsize=1)
def builtin_vocabularies() -> tuple[Vocabulary, ...]:
    """Read the vocabularies that come with the app, once a process."""
    table = read_vocabularies(ASSETS / "case")
    if table.faults:
        raise EvidenceError("\n".join(map(str, table.faults)))
    return tuple(table.records)


def complete_vocabularies(own: RecordTable[Vocabulary]) -> tuple[Vocabulary, ...]:
    """Return one vocabulary for each rating: that of the case, or the one of the app.

    Those that have faults are left out.
    """
    if own.faults and not own.ids:  # nothing in the file can be read
        return ()
    found = {one.id: one for one in builtin_vocabularies() if one.id not in own.ids}
    found |= {one.id: one for one in own.records}
    return tuple(found[name] for name in RATING_KINDS if name in found)


def list_rating_words(vocabularies: VocabularyTable) -> dict[str, frozenset[str]]:
    """Return what a link may name for each rating: its terms, and UNRATED."""
    return {
        name: frozenset({UNRATED, *(term.id for term in vocabulary.terms)})
        for name, vocabulary in vocabularies.items()
    }


def list_searched_terms(vocabularies: Iterable[Vocabulary]) -> dict[str, dict[str, str]]:
    """Return for each rating the text by which a search finds each of its terms.

    The code of a source ends its text, and that of a claim begins its own, so that B2 is found.
    """
    found: dict[str, dict[str, str]] = {}
    for vocabulary in vocabularies:
        ends = vocabulary.id in OF_SOURCES
        for one in vocabulary.terms:
            code = one.code or ""
            text = f"{one.label} {code}" if ends else f"{code} {one.label}"
            found.setdefault(vocabulary.id, {})[one.id] = text.strip()
    return found


def find_mixed_sentences(text: str, vocabularies: VocabularyTable) -> tuple[str, ...]:
    """Return the sentences that have a word of likelihood and a level of confidence."""
    return rules.find_sentences_with_both(text, *_list_wordings(vocabularies))


def _list_wordings(vocabularies: VocabularyTable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return every wording of likelihood, and every one of confidence."""
    found = (vocabularies.get("likelihood"), vocabularies.get("confidence"))
    first, second = (one.list_words() if one else () for one in found)
    return first, second


def find_rating_faults(
    own: RecordTable[Vocabulary], sources: RecordTable[Source], *claims: RecordTable[Claim]
) -> Iterator[RecordFault]:
    """Yield a fault for each rating that is no term, and for each sentence that mixes two."""
    vocabularies: VocabularyTable = {one.id: one for one in complete_vocabularies(own)}
    tables: tuple[RecordTable[Source] | RecordTable[Claim], ...] = (sources, *claims)
    for table in tables:
        for record in table.records:
            for name, vocabulary in vocabularies.items():
                term = getattr(record, name, None)
                if term is None or vocabulary.find(term):
                    continue
                why = f"not a term of the vocabulary {name!r}"
                remedy = f"use one of {', '.join(one.id for one in vocabulary.terms)}, or null"
                yield RecordFault(table.file, record.id, name, why, repr(term), remedy)
    wordings = _list_wordings(vocabularies)
    for claim_table in claims:
        for claim in claim_table.records:
            for field, text in (("says", claim.says), ("note", claim.note or "")):
                for sentence in rules.find_sentences_with_both(text, *wordings):
                    why = "one sentence has a word of likelihood and a level of confidence"
                    remedy = "write two sentences, one for each (ICD 203)"
                    where = claim_table.file, claim.id, field
                    yield RecordFault(*where, why, repr(sentence), remedy)
