"""Each page keeps every part of its link, and hands it on: camera, compared days, chosen report."""

import datetime as dt
from dataclasses import replace

import pytest

from geo.app_context import context
from geo.briefing import read_briefing, write_briefing
from geo.camera import Camera
from geo.compare import LEFT, RIGHT
from geo.export.page_rows import collect_page_rows
from geo.page_registry import find_page, list_pages
from geo.ui.page_context import keep_camera
from geo.view import View, from_query
from tests.support.app_elements import assert_no_error, link_values, read_text

DRAWN = [page.path for page in list_pages() if not page.fullscreen]
SHARED = ["overview", "khmeimim", "tartus", "convoys", "compare", "conflicts", "evidence"]
FULL = (
    "from=2024-12-11&to=2024-12-13&undated=1&system=S-400&evidence=satellite&stance=leaving"
    "&certainty=stated&sources=all&q=radar&claim=nyt-03&at=35.10000,35.90000,9.25&screen=706x458"
    "&base=osm&compare=2024-12-09&compare_to=2024-12-10"
)


def view_of(at) -> View:
    return at.session_state["view"]


def shared_link(at) -> str:
    return next(one.value for one in at.code if "v=" in one.value)


@pytest.mark.parametrize("path", DRAWN)
def test_each_page_keeps_every_part_of_its_link(open_page, path):
    vocabulary = context().link_vocabulary()
    query = FULL.replace("evidence=satellite", f"evidence={sorted(vocabulary.evidence)[0]}")
    wanted, notices = from_query(query, page=path, vocabulary=vocabulary)
    assert notices == ()
    at = assert_no_error(open_page(path, query))
    assert view_of(at) == wanted
    assert not at.info
    assert view_of(assert_no_error(at.run())) == wanted


@pytest.mark.parametrize("path", SHARED)
def test_shared_link_opens_as_the_same_view(open_page, path):
    at = assert_no_error(open_page(path, FULL.replace("&evidence=satellite", ""), away_open=True))
    other = assert_no_error(open_page(path, shared_link(at).partition("?")[2]))
    assert not other.info
    assert replace(view_of(other), v=None) == view_of(at)


@pytest.mark.parametrize("query", ["", "from=2024-12-13&to=2024-12-13", "compare=2024-12-10"])
def test_shared_link_of_compare_names_both_windows(open_page, query):
    at = assert_no_error(open_page("compare", query, away_open=True))
    where = context()
    found = collect_page_rows(view_of(at), where.store, where.evidence).comparison
    other = assert_no_error(open_page("compare", shared_link(at).partition("?")[2]))
    view = view_of(other)
    first, second = found.first.view, found.second.view
    assert (view.compare, view.compare_to) == (first.date_from, first.date_to)
    assert (view.date_from, view.date_to) == (second.date_from, second.date_to)


def slider(at, side: str):
    return next(one for one in at.slider if one.label == f"Days on the {side}")


def test_days_of_one_side_leave_those_of_the_other(open_page):
    at = assert_no_error(open_page("compare"))
    assert not any(one.label == "Days" for one in at.slider)
    left = slider(at, LEFT).value
    first, last = dt.date(2024, 12, 8), dt.date(2024, 12, 13)
    at = assert_no_error(slider(at, RIGHT).set_value((first, last)).run())
    assert slider(at, LEFT).value == left
    right = slider(at, RIGHT).value
    at = assert_no_error(slider(at, LEFT).set_value((first, first)).run())
    assert slider(at, RIGHT).value == right
    assert (view_of(at).compare, view_of(at).compare_to) == (first, first)


def test_days_outside_the_data_are_shown_as_they_are(open_page):
    query = "compare=2020-01-01&compare_to=2020-01-03&from=2024-12-13&to=2024-12-13"
    at = assert_no_error(open_page("compare", query))
    assert [day.isoformat() for day in slider(at, LEFT).value] == ["2020-01-01", "2020-01-03"]
    assert "3 January 2020" in read_text(at)


def test_scene_added_from_compare_has_both_windows_and_presents(open_page):
    query = "compare=2024-12-10&from=2024-12-13&to=2024-12-13&at=35.1,35.9,9&screen=490x340"
    at = open_page("compare", query, away_open=True)
    at = assert_no_error(
        next(b for b in at.button if b.label == "Add to the briefing").click().run()
    )
    briefing = at.session_state["briefing"]
    read = read_briefing(
        write_briefing(briefing).encode(), briefing.name, context().link_vocabulary()
    )
    view = read.scenes[-1].view
    assert (view.page, view.at, view.screen) == ("compare", Camera(35.1, 35.9, 9), (490, 340))
    days = (view.compare, view.compare_to, view.date_from, view.date_to)
    assert [day.day for day in days] == [10, 10, 13, 13]
    scene = f"{briefing.name}/{read.scenes[-1].id}"
    assert_no_error(open_page("present", f"scene={scene}", briefing=briefing))


def test_camera_of_the_map_is_in_the_next_link(open_page, monkeypatch):
    at = assert_no_error(open_page("overview", "sources=all"))
    monkeypatch.setattr("geo.ui.page_context.st", at)
    overview, tartus = (find_page(path) for path in ("overview", "tartus"))
    keep_camera(overview, ["35.12345,35.90000,9.25", "706x458"])
    monkeypatch.undo()
    at.session_state["away_open"] = True
    at = assert_no_error(at.run())
    assert "at=35.12345%2C35.90000%2C9.25&screen=706x458" in shared_link(at)
    at.radio(key="filter_sources").set_value("articles").run()
    assert view_of(at).at == Camera(35.12345, 35.9, 9.25)
    monkeypatch.setattr("geo.ui.page_context.st", at)
    keep_camera(tartus, ["34.9", "706x458"])  # sent by a page that was left since
    assert view_of(at).at == Camera(35.12345, 35.9, 9.25)
    keep_camera(overview, None)
    monkeypatch.undo()
    at = assert_no_error(at.run())
    assert (view_of(at).at, view_of(at).screen) == (None, None)
    assert link_values(at, "sources") == ["articles"]
