"""Ratings on the pages: a case with invented ratings, and the built-in one, which has none."""

from collections.abc import Iterator

import pytest

from geo.app_context import context
from geo.evidence import builtin_evidence
from geo.evidence.vocabularies import RATING_KINDS
from geo.selection import select
from geo.view import View
from tests.support.app_elements import (
    assert_no_error,
    clear_caches,
    link_values,
    read_count,
    read_text,
)
from tests.support.rated_case import write_rated_case

KEYS = {f"filter_{name}" for name in RATING_KINDS}


@pytest.fixture
def rated_case(tmp_path, monkeypatch) -> Iterator[None]:
    """Show the built-in case with invented ratings."""
    folder = write_rated_case(tmp_path / "rated")
    monkeypatch.setenv("CASE", str(folder))
    clear_caches()
    yield
    monkeypatch.undo()
    clear_caches()


def shows(at, view: View) -> bool:
    assert_no_error(at)
    return read_count(at) == select(view, context().store).report_count


def filters(at) -> set[str]:
    return {one.key for one in at.sidebar.multiselect} & KEYS


def test_built_in_case_has_no_filter_of_ratings(open_page):
    at = open_page()
    assert not [one for one in at.sidebar.expander if one.label == "Ratings"]
    assert "Rating" not in read_text(at)
    unrated = open_page(query="reliability=none")
    assert shows(unrated, View())


def test_ratings_are_chosen_in_the_sidebar(open_page, rated_case):
    at = open_page(ratings_open=True)
    assert filters(at) == KEYS
    options = at.multiselect(key="filter_credibility").options
    assert options[0] == "1, confirmed by other sources"
    assert options[-1] == "not rated"
    at.multiselect(key="filter_credibility").set_value(["2", "none"]).run()
    at.multiselect(key="filter_reliability").set_value(["B"]).run()
    assert shows(at, View(credibility=("2", "none"), reliability=("B",)))
    assert link_values(at, "credibility") == ["2", "none"]
    at.button(key="reset").click().run()
    assert shows(at, View())
    assert not link_values(at, "reliability")


@pytest.mark.parametrize("page", ["overview", "evidence", "conflicts", "compare"])
@pytest.mark.parametrize("query", ["likelihood=almost-certain", "confidence=high&confidence=none"])
def test_link_with_ratings_opens_on_every_page(open_page, rated_case, page, query):
    at = open_page(page, query)
    assert_no_error(at)
    assert not at.toast


def test_rating_that_is_no_term_gives_a_notice(open_page, rated_case):
    at = open_page(query="reliability=Z&likelihood=likely")
    assert shows(at, View(likelihood=("likely",)))
    assert any("reliability is not in the data: “Z”" in one.value for one in at.text)


def test_panel_and_table_show_ratings_in_words(open_page, rated_case):
    at = open_page(query="claim=nyt-01", table_open=True)
    text = read_text(at)
    for words in ("B2: usually reliable, probably true", "likely (55 to 80 %)", "small doubts"):
        assert words in text
    table = at.dataframe[0].value
    assert list(table.loc[0, ["Rating", "Likelihood", "Confidence"]]) == [
        "B2",
        "likely",
        "moderate",
    ]
    assert list(table.loc[1, ["Rating", "Likelihood"]]) == ["B", "not rated"]


def test_about_explains_every_term_with_its_source(open_page):
    text = read_text(open_page("about"))
    for vocabulary in builtin_evidence().vocabularies:
        assert vocabulary.source in text
        assert all(term.label in text for term in vocabulary.terms)
