"""The panel shows a chosen report, place or feature as plain text with its source."""

import pytest

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

HOSTILE = (
    "{{7*7}}",
    "${1}",
    "<img src=x onerror=alert(1)>",
    "</script><script>x</script>",
    "'\"><b>",
    "C:\\users\\new",
    "![](http://example.org/x.png)",
    "a\u2028b",
    "طرطوس 🚁",
)


def card(at) -> str:
    """Return the panel's HTML."""
    (panel,) = [part.value for part in at.html if 'class="panel"' in part.value]
    return panel


def test_claim_in_a_link_shows_its_text_source_and_conflict(open_page):
    at = assert_no_error(open_page("khmeimim", "claim=nyt-01"))
    row = expected_selection(View()).rows.set_index("id").loc["nyt-01"]
    for said in (row["says"], row["reported"], row["attributed_to"]):
        assert said in read_text(at)
    assert "How many transport planes" in card(at)


def test_every_claim_opens_from_a_link_in_any_source_set(open_page):
    at = assert_no_error(open_page("evidence"))
    for claim in RECORDS.claims:
        at.query_params["claim"] = claim.id
        shown = read_text(assert_no_error(at.run()))
        assert claim.says in shown, claim.id
        assert RECORDS.source_by_id[claim.source].reported in shown, claim.id


def test_claim_can_be_closed_again(open_page):
    at = open_page("overview", "claim=nyt-01")
    at.button(key="close_panel").click().run()
    assert "claim" not in assert_no_error(at).query_params
    assert "claim whole" not in card(at)
    assert read_count(at) == "45 of 45 reports"


def test_place_in_a_link_lists_its_reports(open_page):
    at = assert_no_error(open_page("overview", "claim=tartus-offshore"))
    assert card(at).count("<article") == 2


@pytest.mark.parametrize("ids", ["nyt-03,nyt-01", "nyt-01,nyt-05,nyt-07"])
def test_a_line_of_several_reports_opens_exactly_these(open_page, ids):
    at = assert_no_error(open_page("overview", f"claim={ids}"))
    assert not at.info
    html = card(at)
    assert html.count("<article") == ids.count(",") + 1
    assert [html.index(f"claim={one}") for one in ids.split(",")] == sorted(
        html.index(f"claim={one}") for one in ids.split(",")
    )


@pytest.mark.parametrize("ids", ["nyt-01,nobody", "nyt-01,", ",", "nyt-01,khmeimim"])
def test_several_reports_of_which_one_is_unknown_are_reported(open_page, ids):
    at = assert_no_error(open_page("overview", f"claim={ids}"))
    assert at.info
    assert "<article" not in card(at) or read_count(at) == "45 of 45 reports"


def test_selecting_a_claim_filters_nothing(open_page):
    for query in ("", "claim=nyt-01", "claim=khmeimim"):
        assert read_count(open_page("overview", query)) == "45 of 45 reports"


@pytest.mark.parametrize("claim", ["own/0", "own/nowhere", "gone/1"])
def test_unknown_feature_in_a_link_is_reported(open_page, claim):
    at = assert_no_error(open_page("overview", f"claim={claim}"))
    assert at.info
    assert read_count(at) == "45 of 45 reports"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_layer_text_is_shown_literally_in_the_panel(open_page, own_layer, text):
    own_layer(feature({"id": "7", "name": text, "note": text, text: text}))
    at = assert_no_error(open_page("overview", "layer=own&claim=own/7", more_open=True))
    assert read_text(at).count(text) >= 4
    for markup in ("<img", "<script", "<b>", "{{"):
        assert markup not in card(at)
    assert not any("example.org" in part.value for part in at.markdown)


def test_hostile_feature_id_opens_and_is_shown_literally(open_page, own_layer):
    key = "a/b <img src=x> {{7*7}} &"
    own_layer(feature({"id": key, "name": "a thing"}))
    at = assert_no_error(open_page("overview"))
    at.query_params["layer"], at.query_params["claim"] = "own", f"own/{key}"
    at = assert_no_error(at.run())
    assert "a thing" in read_text(at)
    assert key in read_text(at)
    assert "<img" not in card(at)


def test_further_layer_can_be_selected_and_is_in_the_link(open_page, own_layer):
    own_layer(feature({"name": "a", "date": "2024-12-12"}))
    at = assert_no_error(open_page("overview", more_open=True))
    at.multiselect(key="filter_layers").set_value(["own"]).run()
    assert link_values(assert_no_error(at), "layer") == ["own"]
    assert read_count(at) == "45 of 45 reports"


def test_broken_layer_file_breaks_no_page(open_page, own_layer):
    path = own_layer(feature({"name": "a"}))
    (path.parent / "broken.geojson").write_text("{")
    (path.parent / "rubbish.parquet").write_bytes(b"PAR1")
    for page in ("overview", "tartus", "evidence", "about"):
        at = assert_no_error(open_page(page, "layer=own", more_open=True))
        assert not at.info
        assert at.multiselect(key="filter_layers").value == ["own"]


def test_layer_removed_while_shown_breaks_no_page(open_page, own_layer):
    own_layer(feature({"name": "a"}), name="other")
    path = own_layer(feature({"name": "a"}))
    at = assert_no_error(open_page("overview", "layer=own", more_open=True))
    path.unlink()
    at = assert_no_error(at.run())
    assert read_count(at) == "45 of 45 reports"


@pytest.mark.parametrize("name", ["claims", "places", "routes", "rings"])
def test_builtin_layer_as_a_further_layer_breaks_no_page(open_page, own_layer, name):
    own_layer(feature({"name": "a"}))
    assert_no_error(open_page("overview", f"layer={name}", more_open=True, away_open=True))


def test_layer_with_dates_until_9999_breaks_no_page(open_page, own_layer):
    own_layer(feature({"name": "a", "date": "9999-12-31"}))
    at = assert_no_error(open_page("overview", "layer=own"))
    at.button(key="day-1").click().run()
    assert_no_error(at)


def test_layers_with_similar_names_break_no_page(open_page, own_layer):
    for name in ("own", "own-", "sources", "claims-2024-12-12"):
        own_layer(feature({"name": "a"}), name=name)
    query = "&".join(f"layer={name}" for name in ("own", "own-", "sources", "claims-2024-12-12"))
    assert_no_error(open_page("overview", query, more_open=True, away_open=True))


@pytest.mark.parametrize("url", ["/nowhere-at-all", "postgresql://me:secret@host/db"])
def test_unopenable_store_is_reported_on_every_page(open_page, use_store, url):
    use_store(url)
    for page in ("overview", "about"):
        at = open_page(page)
        assert not at.exception
        assert "cannot be shown" in at.error[0].value
        assert at.text[0].value
        assert "secret" not in at.text[0].value
        assert "Traceback" not in at.text[0].value
