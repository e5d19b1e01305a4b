"""Each page of the case that CASE names opens, and shows its count; run by test_second_case."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from geo.app_context import context
from geo.page_registry import PageSpec, list_pages
from geo.selection import select
from geo.view import View, from_query, to_query
from tests.support.app_elements import MAIN, assert_no_error, read_count, read_text

PAGES = [page for page in list_pages() if not page.fullscreen]
FIRST = list_pages()[0]


def open_page(page: PageSpec, query: str = "") -> AppTest:
    """Open a page in a fresh session; pages of a case may share one script."""
    at = AppTest.from_file(MAIN, default_timeout=60)
    at._page_hash = calc_hash("" if page is FIRST else page.path)
    for part in query.split("&") if query else ():
        name, _, text = part.partition("=")
        at.query_params[name] = text
    return at.run()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_page_opens_without_an_error(page):
    assert_no_error(open_page(page))


@pytest.mark.parametrize("page", [page for page in PAGES if page.frame], ids=lambda page: page.path)
def test_map_page_counts_its_own_reports(page):
    at = assert_no_error(open_page(page))
    expected = select(View(page=page.path).narrow_to_places(page.places), context().store)
    assert read_count(at).startswith(expected.report_count)
    if page.heading:
        assert page.heading in read_text(at)


@pytest.mark.parametrize("claim", [one.id for one in context().evidence.claims])
def test_a_link_to_a_report_opens_it(claim):
    at = assert_no_error(open_page(FIRST, f"claim={claim}"))
    record = next(one for one in context().evidence.claims if one.id == claim)
    assert record.says in read_text(at)


def test_every_view_of_the_pages_comes_back_from_its_link():
    vocabulary = context().link_vocabulary()
    for page in PAGES:
        view = View(page=page.path, places=page.places)
        back, notices = from_query(
            to_query(view, explicit=True), page=page.path, vocabulary=vocabulary
        )
        assert (back, notices) == (view, ())
