"""Each page opens, also from a link, and shows its report count."""

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from geo.app_context import context
from geo.page_registry import MAP_PAGE, PAGES_FOLDER, find_page, list_pages
from geo.ui.claims_table import LEDGER_WIDTHS
from geo.view import View
from tests.support.app_elements import (
    MAIN,
    RECORDS,
    assert_no_error,
    expected_selection,
    link_values,
    read_count,
    read_text,
)

PATHS = [spec.path for spec in list_pages() if not spec.fullscreen]
MAPS = [spec.path for spec in list_pages() if spec.frame]
TWELFTH = "from=2024-12-12&to=2024-12-12&sources=articles"
DAY = dt.date(2024, 12, 12)


def test_first_page_opens_without_a_link():
    at = assert_no_error(AppTest.from_file(MAIN, default_timeout=30).run())
    assert read_count(at) == "45 of 45 reports"
    assert "What was reported" in read_text(at)


def test_pages_and_scripts_match():
    scripts = {str(path) for path in PAGES_FOLDER.glob("*.py")}
    generic = str(PAGES_FOLDER / f"{MAP_PAGE}.py")
    assert {spec.script for spec in list_pages()} | {generic} == scripts
    assert len({spec.path for spec in list_pages()}) == len(list_pages())
    assert find_page("no-such-page") is find_page("") is list_pages()[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        "",
        TWELFTH,
        "sources=all",
        "q=zeppelin",
        "claim=nyt-01",
        "from=2024-12-12&to=2024-12-12&q=zeppelin",
    ],
)
def test_page_opens_from_a_link(open_page, path, query):
    at = assert_no_error(open_page(path, query))
    assert not at.info
    for name in ("from", "q", "claim"):
        assert link_values(at, name) == [
            part[len(name) + 1 :] for part in query.split("&") if part.startswith(f"{name}=")
        ]


@pytest.mark.parametrize("path", PATHS)
def test_page_opens_with_every_section_expanded(open_page, path):
    assert_no_error(open_page(path, "sources=all", table_open=True, more_open=True, away_open=True))


@pytest.mark.parametrize("path", PATHS)
def test_switching_pages_keeps_the_filters(open_page, path):
    at = open_page("overview", TWELFTH)
    at = assert_no_error(at.switch_page(find_page(path).script).run())
    assert at.session_state["view"].date_from == DAY
    assert at.session_state["filter_systems"] == []
    assert read_count(at) == expected_selection(View(date_from=DAY, date_to=DAY), path).report_count
    assert link_values(at, "from") == ["2024-12-12"]


@pytest.mark.parametrize("path", MAPS)
@pytest.mark.parametrize("view", [View(), View(sources="all"), View(date_from=DAY, date_to=DAY)])
def test_map_page_shows_one_count_in_headline_and_sidebar(open_page, path, view):
    days = "from=2024-12-12&to=2024-12-12&" if view.date_from else ""
    at = assert_no_error(open_page(path, f"{days}sources={view.sources}"))
    shown = expected_selection(view, path)
    assert read_count(at) == shown.report_count
    (headline,) = [part.value for part in at.html if "headline" in part.value]
    assert "<h1>" in headline
    assert shown.report_count in headline
    assert len(at.get("component_instance")) == 1


@pytest.mark.parametrize("path", MAPS)
def test_table_contains_exactly_the_counted_rows(open_page, path):
    at = assert_no_error(open_page(path, TWELFTH, table_open=True))
    (table,) = at.dataframe
    assert (
        tuple(table.value["id"]) == expected_selection(View(date_from=DAY, date_to=DAY), path).ids
    )


def test_evidence_table_lists_every_claim_with_its_source(open_page):
    at = assert_no_error(open_page("evidence", "sources=all"))
    table = at.dataframe[0].value
    assert tuple(table["id"]) == expected_selection(View(sources="all")).ids
    assert table["Reported by"].str.len().gt(0).all()
    assert tuple(table.columns[: len(LEDGER_WIDTHS)]) == tuple(LEDGER_WIDTHS)


def test_about_page_lists_every_source_with_its_url(open_page):
    text = read_text(assert_no_error(open_page("about")))
    for source in RECORDS.sources:
        assert (source.publisher or source.title) in text
        assert (source.url or source.url_note) in text


def test_convoys_page_gives_the_length_of_each_leg(open_page):
    text = read_text(assert_no_error(open_page("convoys")))
    for leg in context().store.read("routes").itertuples():
        assert leg.name in text
        assert f"{leg.length_km:.0f} km" in text
    assert "weaker inference" in text


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("overview", "from=soon", "soon"),
        ("tartus", "system=X-wing", "X-wing"),
        ("khmeimim", "claim=nyt-99", "nyt-99"),
        ("convoys", "colour=red", "colour"),
        ("evidence", "certainty=sure", "sure"),
        ("about", "sources=mine", "mine"),
        ("overview", "base=moon", "moon"),
        ("overview", "layer=secret", "secret"),
        ("overview", "at=1,2", "1,2"),
        ("overview", "at=nan,nan,nan", "nan,nan,nan"),
        ("overview", "from=2024-12-13&to=2024-12-12", "backwards"),
        ("overview", "v=older", "other data"),
        ("overview", "from=![](http://example.org/x.png)", "![](http://example.org/x.png)"),
    ],
)
def test_invalid_link_parameter_is_reported_as_plain_text(open_page, path, query, named):
    at = assert_no_error(open_page(path, query))
    assert at.info
    assert any(named in text.value for text in at.text)
    assert not any("example.org" in part.value for part in (*at.info, *at.markdown))
    again = assert_no_error(at.run())
    assert not again.info


@pytest.mark.parametrize("query", ["at=35.4,35.9,11", "at=34.9,35.87,9.5"])
def test_camera_in_a_link_is_kept(open_page, query):
    at = assert_no_error(open_page("overview", query))
    assert at.session_state["view"].at is not None
    assert not at.info
    assert link_values(at, "at")


def test_changed_link_changes_the_selection(open_page):
    at = open_page("overview", TWELFTH)
    at.query_params["from"] = "2024-12-13"
    at.query_params["to"] = "2024-12-13"
    day = dt.date(2024, 12, 13)
    assert (
        read_count(assert_no_error(at.run()))
        == expected_selection(View(date_from=day, date_to=day)).report_count
    )
