"""Each filter changes the rows and the count, and keeps the rest of the view."""

import datetime as dt
import json

import pytest

from geo.evidence import builtin_evidence
from geo.evidence.models import CERTAINTIES, STANCES
from geo.page_registry import find_page
from geo.view import View
from tests.support.app_elements import (
    RECORDS,
    assert_no_error,
    expected_selection,
    feature,
    link_values,
    read_count,
    read_text,
)

TWELFTH, THIRTEENTH = dt.date(2024, 12, 12), dt.date(2024, 12, 13)
IN_ARTICLES = [one for one in RECORDS.claims if RECORDS.source_by_id[one.source].set == "articles"]
SYSTEMS = sorted({system for claim in IN_ARTICLES for system in claim.systems})
SLIDER = "days_2024-12-08_2024-12-13"


def shows(at, view: View) -> bool:
    """Return whether the page shows the view's report count without an error."""
    assert_no_error(at)
    assert read_count(at) == expected_selection(view).report_count
    return read_count(at) in read_text(at)


def test_all_21_systems_of_the_articles_are_offered(open_page):
    assert len(SYSTEMS) == 21
    families = {"aircraft", "helicopter", "transport aircraft", "truck", "vehicle"}
    families |= {"military vehicle"}
    alone = {f"{name} only" for name in ("air-defence system", "S-400", "S-400 radar")}
    alone |= {"heavy transport aircraft only"}
    offered = set(open_page().multiselect(key="filter_systems").options)
    assert offered == {*SYSTEMS, *families, *alone}


@pytest.mark.parametrize("system", SYSTEMS)
def test_system_filter_shows_only_reports_of_that_system(open_page, system):
    at = open_page("evidence").multiselect(key="filter_systems").select(system).run()
    assert shows(at, View(systems=(system,)))
    assert link_values(at, "system") == [system]
    table = at.dataframe[0].value
    assert tuple(table["id"]) == expected_selection(View(systems=(system,))).ids
    family = {system, *builtin_evidence().system_names.list_members(system)}
    assert all(family & set(named.split(", ")) for named in table["Systems"])
    assert table["Reported by"].str.len().gt(0).all()


def test_two_systems_show_reports_of_either(open_page):
    at = open_page().multiselect(key="filter_systems").set_value(["Su-24", "Su-34"]).run()
    assert shows(at, View(systems=("Su-24", "Su-34")))


def test_slider_sets_the_days(open_page):
    at = open_page().slider(key=SLIDER).set_range(TWELFTH, TWELFTH).run()
    assert shows(at, View(date_from=TWELFTH, date_to=TWELFTH))
    assert (link_values(at, "from"), link_values(at, "to")) == (["2024-12-12"], ["2024-12-12"])
    assert "12 December 2024" in read_text(at)


def test_slider_over_all_days_removes_the_filter(open_page):
    at = open_page("overview", "from=2024-12-12&to=2024-12-12")
    at.slider(key=SLIDER).set_range(dt.date(2024, 12, 8), THIRTEENTH).run()
    assert shows(at, View())
    assert link_values(at, "from") == []


def test_day_buttons_step_through_days_and_stop_at_the_ends(open_page):
    at = open_page()
    assert at.button(key="day1").disabled
    for day in (TWELFTH, dt.date(2024, 12, 11)):
        at.button(key="day-1").click().run()
        assert shows(at, View(date_from=day, date_to=day))
    for day in (TWELFTH, THIRTEENTH):
        assert not at.button(key="day1").disabled
        at.button(key="day1").click().run()
        assert shows(at, View(date_from=day, date_to=day))
    assert at.button(key="day1").disabled
    at = open_page("overview", "from=2024-12-08&to=2024-12-08")
    assert at.button(key="day-1").disabled


def test_day_without_reports_is_no_sign_of_absence(open_page):
    at = open_page("overview", "from=2024-12-11&to=2024-12-11&system=S-400")
    assert shows(
        at, View(date_from=dt.date(2024, 12, 11), date_to=dt.date(2024, 12, 11), systems=("S-400",))
    )
    assert "no sign of absence" in read_text(at)
    at.button(key="reset_empty").click().run()
    assert shows(at, View(systems=("S-400",)))


def test_dates_outside_the_offered_days_break_no_page(open_page):
    at = open_page("overview", "from=2020-01-01&to=2020-02-01")
    assert shows(at, View(date_from=dt.date(2020, 1, 1), date_to=dt.date(2020, 2, 1)))
    assert_no_error(at.button(key="day1").click().run())
    assert at.session_state["view"].date_from >= dt.date(2024, 12, 8)


@pytest.mark.parametrize("sources", ["articles", "wider", "all"])
def test_source_set_can_be_chosen_and_is_in_the_link(open_page, sources):
    at = open_page().radio(key="filter_sources").set_value(sources).run()
    assert shows(at, View(sources=sources))
    assert link_values(at, "sources") == [sources]


def test_wider_reporting_adds_its_days_and_systems(open_page):
    at = open_page().radio(key="filter_sources").set_value("all").run()
    assert assert_no_error(at).slider[0].value == (dt.date(2024, 12, 3), dt.date(2025, 1, 29))
    assert "An-72" in at.multiselect(key="filter_systems").options


@pytest.mark.parametrize("floor", CERTAINTIES)
def test_minimum_certainty_can_be_chosen(open_page, floor):
    at = open_page().selectbox(key="filter_certainty").set_value(floor).run()
    assert shows(at, View(certainty=floor))
    at.selectbox(key="filter_certainty").set_value("any").run()
    assert shows(at, View())


@pytest.mark.parametrize("stance", STANCES)
def test_stance_can_be_chosen(open_page, stance):
    at = open_page().multiselect(key="filter_stances").set_value([stance]).run()
    assert shows(at, View(stances=(stance,)))


@pytest.mark.parametrize("kind", sorted({claim.evidence for claim in IN_ARTICLES}))
def test_evidence_kind_can_be_chosen(open_page, kind):
    at = open_page().multiselect(key="filter_evidence").set_value([kind]).run()
    assert shows(at, View(evidence=(kind,)))


@pytest.mark.parametrize("q", ["radar", "MAXAR", "طرطوس", "{{7*7}}", "<b>", "![](http://x.org)"])
def test_text_search_filters_the_reports(open_page, q):
    at = open_page().text_input(key="filter_q").set_value(q).run()
    assert shows(at, View(q=q))
    assert link_values(at, "q") == [q]


def test_places_can_be_chosen_on_the_overview(open_page):
    at = open_page(more_open=True).multiselect(key="filter_places").set_value(["tartus"]).run()
    assert shows(at, View(places=("tartus",)))


def test_base_map_can_be_chosen_and_is_in_the_link(open_page):
    at = open_page(more_open=True).selectbox(key="filter_base").set_value("osm").run()
    assert shows(at, View())
    assert link_values(at, "base") == ["osm"]


def test_filters_combine_and_are_kept_across_pages(open_page):
    at = open_page().multiselect(key="filter_stances").set_value(["leaving"]).run()
    at.selectbox(key="filter_certainty").set_value("likely").run()
    at.slider(key=SLIDER).set_range(THIRTEENTH, THIRTEENTH).run()
    view = View(stances=("leaving",), certainty="likely", date_from=THIRTEENTH, date_to=THIRTEENTH)
    assert shows(at, view)
    for path in ("khmeimim", "about", "evidence"):
        at.switch_page(find_page(path).script).run()
        assert read_count(assert_no_error(at)) == expected_selection(view, path).report_count
    assert at.multiselect(key="filter_stances").value == ["leaving"]
    assert at.selectbox(key="filter_certainty").value == "likely"
    assert at.slider(key=SLIDER).value == (THIRTEENTH, THIRTEENTH)


def test_empty_selection_is_reported_and_can_be_reset(open_page):
    at = open_page().text_input(key="filter_q").set_value("zeppelin").run()
    assert shows(at, View(q="zeppelin"))
    assert "No report matches" in at.warning[0].value
    at.button(key="reset_empty").click().run()
    assert shows(at, View())
    assert not at.warning
    assert at.text_input(key="filter_q").value == ""


def test_empty_days_with_a_search_are_reported(open_page):
    at = assert_no_error(open_page("convoys", "from=2024-12-12&to=2024-12-12"))
    assert at.warning
    at.text_input(key="filter_q").set_value("convoy").run()
    assert assert_no_error(at).warning


def test_reset_clears_filters_but_keeps_sources_and_base_map(open_page):
    query = "from=2024-12-12&to=2024-12-13&system=S-400&stance=leaving&certainty=observed"
    at = open_page("overview", f"{query}&q=S-400&claim=nyt-03&sources=all&base=osm&undated=1")
    at.button(key="reset").click().run()
    assert shows(at, View(sources="all"))
    assert at.query_params == {"sources": "all", "base": "osm"}
    assert at.multiselect(key="filter_systems").value == []


def test_excluded_undated_reports_are_counted_and_can_be_included(open_page):
    at = open_page("overview", "from=2024-12-12&to=2024-12-13")
    window = View(date_from=TWELFTH, date_to=THIRTEENTH)
    box = at.checkbox(key="filter_undated")
    assert "2 undated reports" in box.label
    assert not box.value
    box.check().run()
    assert shows(at, View(date_from=TWELFTH, date_to=THIRTEENTH, undated=True))
    assert link_values(at, "undated") == ["1"]
    at.checkbox(key="filter_undated").uncheck().run()
    assert shows(at, window)


def test_undated_option_is_hidden_without_a_date_filter(open_page):
    assert not open_page().checkbox


def test_undated_rows_of_each_layer_are_kept_until_their_switch_is_off(open_page, own_layer):
    own_layer(
        feature({"id": "1", "name": "base", "on": "2024-12-12T22:30:00Z"}),
        feature({"id": "2", "name": "depot", "on": None}),
    )
    at = open_page("overview", "layer=own&from=2024-12-13&to=2024-12-13", table_open=True)
    box = at.checkbox(key="undated_own")
    assert (box.value, box.label) == (True, "own: 1 undated row kept on all days")
    words = "own: 2 of 2 rows; 13 December 2024; times in Asia/Damascus"
    assert words in [text.value for text in at.text]
    assert list(at.dataframe[-1].value["on"]) == ["2024-12-13T01:30:00+03:00", ""]
    box.uncheck().run()
    assert link_values(assert_no_error(at), "dated_only") == ["own"]
    assert any(text.value.startswith("own: 1 of 2 rows") for text in at.text)
    at.checkbox(key="undated_own").check().run()
    assert link_values(at, "dated_only") == []


def test_layer_without_dates_says_that_it_is_shown_on_all_days(open_page, own_layer):
    own_layer(feature({"id": "1", "name": "base"}))
    at = open_page("overview", "layer=own&from=2024-12-12&to=2024-12-12")
    assert at.checkbox(key="undated_own").label == "own: no dates, shown on all days"
    assert not open_page("overview", "layer=own").checkbox


def test_days_name_the_background_that_they_leave_out(open_page):
    at = open_page("overview", "from=2024-12-08&to=2024-12-13&sources=all")
    captions = [caption.value for caption in at.sidebar.caption]
    assert "Left out by the days: 5 background." in captions


def test_options_of_a_filter_have_different_texts(open_page):
    """The browser knows an option by its text alone; of two alike it would lose one."""
    for filter_ in open_page("overview", "sources=all", more_open=True).multiselect:
        assert len(set(filter_.options)) == len(filter_.options), filter_.label


def test_layers_of_one_title_can_be_told_apart(open_page, own_layer):
    for name in ("first", "second"):
        catalogue = own_layer(feature({"name": "a"}), name=name).with_name("catalogue.json")
    layers = [
        {"name": name, "title": "Night watch", "file": f"{name}.geojson"}
        for name in ("first", "second")
    ]
    catalogue.write_text(json.dumps({"layers": layers}), encoding="utf-8")
    at = open_page("overview", "layer=second", more_open=True)
    options = at.multiselect(key="filter_layers").options
    assert {"Night watch (first)", "Night watch (second)"} <= set(options)
