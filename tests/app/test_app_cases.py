"""Other cases than the one that comes with the app: pages, sets of sources, faults."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from geo.page_registry import list_pages
from geo.settings import ASSETS
from tests.support.app_elements import MAIN, assert_no_error, link_values, read_count, read_text
from tests.support.small_cases import SETS, copy_new_case, make_five_sets

FIXED = ["compare", "conflicts", "evidence", "layers", "briefing", "present", "about"]


@pytest.fixture
def open_case(monkeypatch) -> Callable[..., AppTest]:
    """Open a page of a case; pages of one script differ by their path alone."""

    def opened(folder: Path, path: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("CASE", str(folder))
        at = AppTest.from_file(MAIN, default_timeout=30)
        at.query_params.update(query)
        at._page_hash = calc_hash(path) if path else ""
        return at.run()

    return opened


@pytest.mark.parametrize("path", ["", "example-page", *FIXED])
def test_new_case_shows_every_page_and_no_word_of_sets(open_case, tmp_path, path):
    at = assert_no_error(open_case(copy_new_case(tmp_path / "case"), path))
    assert [page.path for page in list_pages()] == ["overview", "example-page", *FIXED]
    assert "Sources" not in [radio.label for radio in at.radio]
    assert "Both" not in read_text(at)
    if path == "":
        assert read_count(at) == "2 of 2 reports"
    if path == "example-page":
        assert "Example place, 1 January 2000" in read_text(at)


def test_each_of_five_sets_can_be_chosen_and_linked(open_case, tmp_path):
    folder = make_five_sets(tmp_path / "case")
    at = assert_no_error(open_case(folder))
    [choice] = [radio for radio in at.radio if radio.label == "Sources"]
    labels = [rf"Set \*{name}\*" for name in SETS]
    assert list(choice.options) == [*labels, "All five"]
    assert (choice.value, read_count(at)) == ("c", "1 of 1 report")
    at = assert_no_error(choice.set_value("all").run())
    assert (read_count(at), link_values(at, "sources")) == ("5 of 5 reports", ["all"])
    for name in SETS:
        at = assert_no_error(open_case(folder, sources=name))
        assert read_count(at) == "1 of 1 report"
        assert link_values(at, "sources") == [name]
    at = open_case(folder, sources="articles")
    assert "Expected a, b, c, d, e, all." in " ".join(text.value for text in at.text)


@pytest.mark.parametrize("path", ["khmeimim", "tartus", "convoys"])
def test_outline_of_a_case_draws_what_the_own_script_of_a_page_draws(
    open_page, open_case, tmp_path, path
):
    own = assert_no_error(open_page(path))
    copied = shutil.copytree(ASSETS / "case", tmp_path / "copy")
    other = assert_no_error(open_case(copied, path))
    assert read_text(other) == read_text(own)
    assert [one.label for one in other.expander] == [one.label for one in own.expander]


def test_page_names_every_fault_of_a_case(open_case, tmp_path):
    folder = copy_new_case(tmp_path / "case")
    case = json.loads((folder / "case.json").read_text("utf-8"))
    case["case"] |= {"time_zone": "Moon/Base", "frame": [1, 2, 1, 2]}
    (folder / "case.json").write_text(json.dumps(case), "utf-8")
    at = open_case(folder)
    assert [one.value for one in at.error] == ["This page cannot be shown just now."]
    shown = " ".join(text.value for text in at.text)
    assert "time_zone: not the IANA name of a time zone ('Moon/Base')" in shown
    assert "the box has no extent" in shown
    assert not at.exception


@pytest.mark.parametrize(("last", "form"), [("2000-03-01", "D MMM"), ("2002-03-01", "D MMM YYYY")])
def test_days_of_several_years_are_shown_with_their_year(open_case, tmp_path, last, form):
    def add_day(content: dict) -> None:
        later = {"id": "example-03", "observed_from": last, "observed_to": last}
        content["claims"].append(content["claims"][0] | later)

    at = assert_no_error(open_case(copy_new_case(tmp_path / "case", claims=add_day)))
    assert at.slider[0].proto.format == form
    assert ("2002" in at.button(key="day-1").help) is form.endswith("YYYY")
