"""Cases of broken and unusual files with the expected result; see test_corpus.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

YES, WARN, NO = "accept", "accept-with-warning", "reject"


@dataclass(frozen=True)
class Case:
    """A file, its expected verdict and counts, and text that its messages must contain."""

    id: str
    name: str
    body: Callable[[], bytes]
    verdict: str
    accepted: int
    words: tuple[str, ...] = ()
    aside: int = 0


def case(
    id: str,
    name: str,
    body: Callable[[], bytes] | bytes,
    verdict: str,
    accepted: int,
    *words: str,
    aside: int = 0,
) -> Case:
    return Case(id, name, body if callable(body) else lambda: body, verdict, accepted, words, aside)
