"""The values that a link may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LinkVocabulary:
    """The values that exist in the current data, and that a link may name."""

    places: frozenset[str]
    systems: frozenset[str]
    evidence: frozenset[str]
    origins: frozenset[str]
    claims: frozenset[str]
    layers: frozenset[str]
    bases: frozenset[str]
    version: str
    reliability: frozenset[str] = frozenset()
    credibility: frozenset[str] = frozenset()
    likelihood: frozenset[str] = frozenset()
    confidence: frozenset[str] = frozenset()
    """Terms of the vocabularies, and the word that stands for what is not rated."""
    find_earlier: Callable[[str], LinkVocabulary] | None = field(
        default=None, repr=False, compare=False
    )
    """Returns the values at the end of a day, or at a data version; ViewError if unknown."""

    def as_of(self, state: str | None) -> LinkVocabulary:
        """Return the values of an earlier state of the reports: this one for None.

        ViewError if the state is not known here.
        """
        if state is None or self.find_earlier is None:
            return self
        return self.find_earlier(state)

    def has(self, kind: str, value: str) -> bool:
        """Whether a value exists; a feature of a further layer is layer/id."""
        layer, slash, _ = value.partition("/")
        if kind == "claims" and slash and layer in self.layers:
            return True
        place, colon, _ = value.partition(":")  # one line of a place's list: place:system
        if kind == "claims" and colon:
            return place in self.places
        if kind == "claims" and "," in value:  # reports that share a line of a list
            return all(one in self.claims - self.places for one in value.split(","))
        return value in getattr(self, kind)
