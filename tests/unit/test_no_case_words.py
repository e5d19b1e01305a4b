"""Code, JavaScript and style sheets know nothing of the case that comes with the app.

The words that they must not have are read from the case's own files: ids, names and days.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.evidence import Evidence, load_evidence
from geo.settings import ASSETS, ROOT

CASE = load_evidence(ASSETS / "case")
OF_THE_CASE = {page.path for page in CASE.case.pages}  # scripts under pages/ of its own pages
FILES = sorted(
    path
    for folder, pattern in (
        ("geo", "*.py"),
        ("geo/frontend/src", "*.[jt]s"),
        ("geo/frontend/styles", "*.css"),
        ("assets/theme", "*.css"),
        ("pages", "*.py"),
        (".", "dashboard.py"),
    )
    for path in (ROOT / folder).rglob(pattern)
    if "node_modules" not in path.parts
    and not (folder == "." and path.parent != ROOT)
    and not (folder == "pages" and path.stem in OF_THE_CASE)
)
ALLOWED = {
    "overview": "an English word, and the home page of every new case",
    "wider": "an English word",
    "articles": "an English word: its singular and plural stand in texts about any source",
    "M5": "also the start of a path in SVG",
}
"""Words of the case that code may have, each with the reason."""
QUOTED = {"wider", "articles"}
"""Of these, the ones that are ids of the case where they stand alone in quotes."""


def list_days(records: Evidence) -> Iterator[dt.date]:
    """Yield every day of the case."""
    for claim in records.claims:
        yield from (day for day in (claim.observed_from, claim.observed_to) if day)
    for source in records.sources:
        if source.reported_on:
            yield source.reported_on


def list_words(records: Evidence) -> set[str]:
    """Return ids, names and days of the case, each as code would write it."""
    case = records.case
    words = {one.id for one in case.source_sets} | {page.path for page in case.pages}
    words |= {one.id for one in (*records.sources, *records.claims, *records.places)}
    words |= {one.id for one in (*records.conflicts, *records.routes, *records.origins)}
    for place in records.places:
        words |= {place.name, place.short_name, *place.other_names, place.name_ar or ""}
        words |= {code for code in (place.icao, place.iata) if code}
    words |= {town.name for town in records.towns}
    words |= (
        {runway.designator for runway in records.airfield.runways} if records.airfield else set()
    )
    words |= {one.publisher for one in records.sources if one.publisher}
    words |= {one.name for one in records.systems if re.search(r"\d", one.name)}
    words |= {case.time_zone, case.country.name if case.country else ""}
    for day in list_days(records):
        words |= {f"{day:%Y-%m-%d}", f"{day.day} {day:%B %Y}", f"{day:%B %Y}"}
    return {word for word in words if len(word) > 1} - set(ALLOWED)


WORDS = re.compile(
    "|".join(
        [rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in sorted(list_words(CASE), key=len)]
        + [rf"[\"'`]{word}[\"'`]" for word in sorted(QUOTED)]
    ),
    re.IGNORECASE,
)


def test_words_are_those_of_the_case():
    words = list_words(CASE)
    assert len(words) > 200
    for known in (CASE.places[0].short_name, CASE.claims[0].id, CASE.sources[0].id):
        assert WORDS.search(f"a {known}, in a sentence")
    assert not WORDS.search("a sentence of no case")
    assert WORDS.search(f'sources = "{CASE.case.source_sets[0].id}"')


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_has_no_word_of_the_case(path: Path):
    lines = path.read_text("utf-8").splitlines()
    found = {n: m.group() for n, line in enumerate(lines, 1) if (m := WORDS.search(line))}
    assert found == {}
