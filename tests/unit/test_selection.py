"""Selections by days, systems, sources and text, on the built-in data."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.evidence import builtin_evidence
from geo.evidence.day_counts import TIME_COLUMNS
from geo.evidence.models import CERTAINTIES
from geo.evidence.vocabularies import RATING_KINDS, UNRATED
from geo.facets import list_facets
from geo.lru_cache import LruCache
from geo.selection import CLAIMS, compute_token, select
from geo.store import FolderStore
from geo.text.formatting import fold_text
from geo.view import View
from tests.support.layer_files import feature
from tests.support.random_views import builtin_views

TWELFTH = dt.date(2024, 12, 12)
THIRTEENTH = dt.date(2024, 12, 13)
DRONE = {"s400-11", "s400-12", "s400-13", "s400-22"}
FAMILIES = builtin_evidence().system_names
SYSTEMS = (
    "An-124",
    "Il-76",
    "heavy transport aircraft",
    "light transport aircraft",
    "fighter aircraft",
    "Syrian Airlines aircraft",
    "Su-24",
    "Su-34",
    "Ka-52",
    "drone",
    "S-400",
    "S-400 radar",
    "91N6E radar",
    "other air-defence system",
    "air-defence system",
    "naval vessel",
    "cargo truck",
    "armoured personnel carrier",
    "mobility vehicle",
    "SUV",
    "military equipment",
)


def on(day: dt.date, **others) -> View:
    return View(date_from=day, date_to=day, **others)


def test_twelfth_shows_the_drone_footage_and_no_later_image(builtin_store):
    chosen = select(on(TWELFTH), builtin_store)
    assert set(chosen.ids) >= DRONE
    assert set(chosen.rows.loc[chosen.rows["evidence"] == "drone footage", "id"]) == DRONE
    assert (chosen.rows["observed_from"].dt.date <= TWELFTH).all()


def test_twelfth_at_khmeimim_shows_its_four_reports(builtin_store):
    chosen = select(on(TWELFTH, places=("khmeimim",)), builtin_store)
    assert set(chosen.ids) == {*DRONE, "s400-14", "s400-20"}


def test_thirteenth_shows_the_images_and_no_drone_footage(builtin_store):
    chosen = select(on(THIRTEENTH), builtin_store)
    assert {"nyt-01", "nyt-03", "s400-01", "s400-14"} <= set(chosen.ids)
    assert not DRONE & set(chosen.ids)


@pytest.mark.parametrize("sources", ["all", "wider"])
def test_wider_reporting_spans_3_december_to_29_january(builtin_store, sources):
    rows = select(View(sources=sources), builtin_store).rows
    rows = rows[rows["evidence"] != "background"]
    assert rows["observed_from"].min().date() == dt.date(2024, 12, 3)
    assert rows["observed_to"].max().date() == dt.date(2025, 1, 29)


@pytest.mark.parametrize("sources", ["all", "wider"])
def test_background_of_2021_is_shown_only_without_a_date_filter(builtin_store, sources):
    old = {"ext-27a", "ext-27b", "ext-27c"}
    anyday = View(sources=sources)
    window = replace(anyday, date_from=dt.date(2024, 12, 3), date_to=dt.date(2025, 1, 29))
    without, within = select(anyday, builtin_store), select(window, builtin_store)
    assert set(without.rows.loc[without.rows["id"].isin(old), "evidence"]) == {"background"}
    assert old <= set(without.ids)
    assert not old & set(within.ids)
    assert without.days.background - within.days.background == len(without.ids) - len(within.ids)
    assert within.left_out.background == without.days.background - within.days.background
    assert not any(day.year < 2024 for day in without.days.by_day)


def test_articles_and_wider_reporting_are_disjoint_sets(builtin_store):
    articles, wider, both = (
        set(select(View(sources=sources), builtin_store).ids)
        for sources in ("articles", "wider", "all")
    )
    assert len(articles) == 45
    assert not articles & wider
    assert articles | wider == both
    assert all(name.startswith("ext-") for name in wider)


def test_claim_dated_by_a_day_matches_that_day_only(builtin_store):
    assert "s400-17" in select(on(THIRTEENTH), builtin_store).ids
    assert "s400-17" not in select(on(TWELFTH), builtin_store).ids
    assert "s400-17" not in select(View(date_to=TWELFTH), builtin_store).ids


def test_undated_claims_are_counted_as_excluded_unless_included(builtin_store):
    window = View(date_from=TWELFTH, date_to=THIRTEENTH)
    without = select(window, builtin_store)
    kept = select(replace(window, undated=True), builtin_store)
    undated = set(kept.ids) - set(without.ids)
    assert undated == {"nyt-10", "nyt-18"}
    assert (without.undated_left_out, kept.undated_left_out) == (2, 0)
    assert select(View(), builtin_store).undated_left_out == 0


def test_excluded_undated_count_follows_the_other_filters(builtin_store):
    assert select(on(TWELFTH, systems=("S-400",)), builtin_store).undated_left_out == 0


@pytest.mark.parametrize("floor", CERTAINTIES)
def test_minimum_certainty_includes_stronger_classes(builtin_store, floor):
    allowed = CERTAINTIES[: CERTAINTIES.index(floor) + 1]
    everything = select(View(sources="all"), builtin_store).rows
    chosen = select(View(sources="all", certainty=floor), builtin_store)
    assert set(chosen.ids) == set(everything.loc[everything["certainty"].isin(allowed), "id"])


def test_articles_name_exactly_21_systems(builtin_store):
    assert len(SYSTEMS) == 21
    assert select(View(), builtin_store).by_system.keys() == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_system_filter_shows_reports_with_their_source(builtin_store, system):
    rows = select(View(systems=(system,)), builtin_store).rows
    assert len(rows)
    family = {system, *FAMILIES.list_members(system)}
    assert all(family.intersection(named) for named in rows["systems"])
    for column in ("source", "publisher", "reported", "attributed_to", "says"):
        assert rows[column].str.strip().str.len().gt(0).all(), column


def test_every_claim_is_selected_with_all_sources(builtin_store, builtin_records):
    recorded = [claim.id for claim in builtin_records.claims]
    assert list(select(View(sources="all"), builtin_store).ids) == recorded


def test_every_claim_is_found_by_its_id(builtin_store, builtin_records):
    for claim in builtin_records.claims:
        assert claim.id in select(View(sources="all", q=claim.id), builtin_store).ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("maxar", "MAXAR"),
        ("Tartus", "ṭārtús"),
        ("an-124", "ＡＮ-124"),
        ("radar s-400", "S-400 radar"),
    ],
)
def test_search_ignores_case_accents_and_word_order(builtin_store, one, other):
    found = [select(View(sources="all", q=words), builtin_store).ids for words in (one, other)]
    assert found[0] == found[1]
    assert 0 < len(found[0]) < 107


@pytest.mark.parametrize(
    ("word", "places"),
    [("طرطوس", {"tartus", "tartus-offshore"}), ("حميميم", {"khmeimim"}), ("حُمَيمِيم", {"khmeimim"})],
)
def test_search_in_arabic_finds_the_place(builtin_store, word, places):
    rows = select(View(q=word), builtin_store).rows
    assert set(rows["place"]) <= places
    assert len(rows)


def test_search_without_matches_keeps_the_total(builtin_store):
    chosen = select(View(q="zeppelin"), builtin_store)
    assert (chosen.shown, chosen.total, chosen.report_count) == (0, 45, "0 of 45 reports")


def test_search_on_zero_rows_is_empty(builtin_store):
    chosen = select(View(date_from=dt.date(2030, 1, 1), q="radar"), builtin_store)
    assert (chosen.shown, chosen.ids, chosen.report_count) == (0, (), "0 of 45 reports")


def test_search_in_an_empty_further_layer_is_empty(layer_store):
    view = View(date_from=dt.date(2030, 1, 1), layers=("own",), q="radar")
    (rows,) = select(view, layer_store(feature({"name": "Radar", "date": "2024-12-12"}))).layers
    assert rows.shown == 0


def test_fold_normalises_case_and_accents():
    assert fold_text("ÉCOLE Straße İ") == fold_text("ecole strasse i")


def test_token_is_equal_for_equal_view_and_data(builtin_store, fresh_context):
    again = fresh_context().store
    assert again is not builtin_store
    view = on(TWELFTH, systems=("S-400",))
    assert select(view, builtin_store).token == select(view, again).token
    assert compute_token(view, "1") != compute_token(view, "2")
    assert compute_token(View(), "v") == compute_token(View(), "v")


def test_token_changes_exactly_with_the_selected_rows(builtin_store):
    plain = View()
    others = [
        on(TWELFTH),
        View(date_to=TWELFTH),
        View(undated=True),
        View(places=("tartus",)),
        View(systems=("S-400",)),
        View(evidence=("photo",)),
        View(stances=("leaving",)),
        View(certainty="likely"),
        View(sources="all"),
        View(layers=("x",)),
        View(q="a"),
    ]
    tokens = {select(view, builtin_store).token for view in (plain, *others)}
    assert len(tokens) == len(others) + 1
    same = View(page="tartus", claim="nyt-01", base="osm", scene="s", compare=TWELFTH, v="x")
    assert select(same, builtin_store).token == select(plain, builtin_store).token


def test_selection_is_cached_per_view(builtin_store):
    assert select(on(TWELFTH), builtin_store) is select(on(TWELFTH, claim="nyt-01"), builtin_store)


def test_cached_selections_are_evicted_by_bytes(layer_store, monkeypatch):
    store = layer_store(*[feature({"name": "Synthetic " * 50, "n": n}) for n in range(500)])
    views = [View(layers=("own",), q=f"synthetic {letter}") for letter in "syn"]
    size = select(views[0], store).nbytes
    assert size > 500 * (500 + 100 + 16)
    kept = LruCache(2 * size, most=128)
    monkeypatch.setattr("geo.selection._selections", kept)
    first, second, _ = [select(view, store) for view in views]
    assert select(views[1], store) is second
    assert select(views[0], store) is not first


@settings(max_examples=150)
@given(builtin_views())
def test_counts_by_day_place_and_system_agree_with_the_rows(builtin_store, view):
    chosen = select(view, builtin_store)
    rows = chosen.rows
    assert chosen.ids == tuple(rows["id"])
    assert chosen.days.total == chosen.shown == len(rows) <= chosen.total
    anyday = replace(view, date_from=None, date_to=None, undated=True)
    every = select(anyday, builtin_store)
    assert chosen.left_out.total == every.shown - chosen.shown
    assert every.days - chosen.left_out == chosen.days
    assert sum(chosen.by_place.values()) == chosen.shown
    assert chosen.by_system.keys() == {system for named in rows["systems"] for system in named}
    for system, count in chosen.by_system.items():
        family = {system, *FAMILIES.list_members(system)}
        assert count == sum(not family.isdisjoint(named) for named in rows["systems"])
    assert set(chosen.conflicts) == {name for names in rows["conflicts"] for name in names}
    assert chosen.report_count.startswith(f"{chosen.shown} of {chosen.total} ")


@settings(max_examples=150)
@given(builtin_views())
def test_excluded_count_and_total_equal_those_of_other_views(builtin_store, view):
    chosen = select(view, builtin_store)
    undated = set(select(replace(view, undated=True), builtin_store).ids) - set(chosen.ids)
    wider = select(View(places=view.places, sources=view.sources), builtin_store)
    assert chosen.undated_left_out == len(undated)
    assert chosen.total == wider.shown


def test_counts_follow_replaced_claims(tmp_path, builtin_store):
    store, claims = FolderStore(tmp_path), builtin_store.read(CLAIMS)
    window = View(date_from=TWELFTH, date_to=THIRTEENTH)
    store.write(CLAIMS, claims)
    before = select(window, store)
    store.write(CLAIMS, claims[claims["id"] != "nyt-10"])
    after = select(window, store)
    assert (before.total, before.undated_left_out) == (45, 2)
    assert (after.total, after.undated_left_out) == (44, 1)


@settings(max_examples=150)
@given(builtin_views())
def test_shown_rows_meet_every_filter(builtin_store, view):
    for row in select(view, builtin_store).rows.itertuples():
        assert view.sources in ("all", row.source_set)
        assert not view.places or row.place in view.places
        assert not view.systems or set(FAMILIES.expand(view.systems)) & set(row.systems)
        assert not view.origins or set(view.origins) & set(row.origins)
        assert not view.evidence or row.evidence in view.evidence
        assert not view.stances or row.stance in view.stances
        assert not view.certainty or CERTAINTIES.index(row.certainty) <= CERTAINTIES.index(
            view.certainty
        )
        for name in RATING_KINDS:  # nothing of the built-in data is rated
            assert UNRATED in (getattr(view, name) or (UNRATED,))


@settings(max_examples=150)
@given(builtin_views())
def test_shown_rows_have_a_chosen_rating(rated_store, view):
    for row in select(view, rated_store).rows.to_dict("records"):
        for name in RATING_KINDS:
            value = UNRATED if pd.isna(row[name]) else row[name]
            assert value in (getattr(view, name) or (value,))


def test_ratings_of_one_kind_are_alternatives_and_of_two_kinds_both_hold(rated_store):
    either = select(View(credibility=("2", "none"), reliability=("B",)), rated_store).rows
    assert set(either["credibility"].dropna()) == {"2"}
    assert either["credibility"].isna().any()
    assert set(either["reliability"]) == {"B"}
    unrated = select(View(reliability=("none",)), rated_store).rows
    assert set(unrated["source"]) == {"s400-withdrawal-article"}


def test_choices_of_ratings_are_those_that_claims_have(rated_store, builtin_store):
    assert list_facets(builtin_store, "all", ()).ratings == {}
    found = list_facets(rated_store, "articles", ()).ratings
    assert found["reliability"] == {"B": "B, usually reliable", "none": "not rated"}
    assert list(found["credibility"]) == ["1", "2", "6", "none"]
    assert list(found["likelihood"]) == ["very-unlikely", "likely", "almost-certain", "none"]
    assert found["likelihood"]["likely"] == "likely (55 to 80 %)"
    assert list(found["confidence"]) == ["moderate", "high", "none"]


@settings(max_examples=150)
@given(builtin_views())
def test_days_of_shown_rows_overlap_the_window(builtin_store, view):
    rows = select(view, builtin_store).rows
    first, last = (rows[name] for name in TIME_COLUMNS[view.axis])
    first = first.fillna(last)  # claims dated "by" a day count on that day
    if view.windowed and not view.undated:
        assert last.notna().all()
    if view.date_from:
        assert not (last < pd.Timestamp(view.date_from)).any()
    if view.date_to:
        assert not (first > pd.Timestamp(view.date_to)).any()


@settings(max_examples=150)
@given(builtin_views())
def test_counted_days_are_within_the_window(builtin_store, view):
    days = select(view, builtin_store).days
    counted = days.by_day.keys()
    spans = days.by_span.keys()
    assert not view.date_from or all(last >= view.date_from for _, last in spans)
    assert not view.date_to or all(first <= view.date_to for first, _ in spans)
    assert not view.date_from or all(day >= view.date_from for day in counted)
    assert not view.date_to or all(day <= view.date_to for day in counted)


@settings(max_examples=30)
@given(st.lists(builtin_views(), max_size=4))
def test_selecting_does_not_change_the_stores_rows(builtin_store, views):
    before = builtin_store.read(CLAIMS)
    for view in views:
        select(view, builtin_store)
    assert_geodataframe_equal(builtin_store.read(CLAIMS), before)


def test_further_layer_is_filtered_by_window_and_search(layer_store):
    store = layer_store(
        feature({"name": "Radar north", "date": "2024-12-12"}),
        feature({"name": "Radar south", "date": "2024-12-13"}),
        feature({"name": "Gate", "date": "2024-12-12"}),
    )
    (rows,) = select(on(TWELFTH, layers=("own",), q="radar"), store).layers
    assert list(rows.frame["name"]) == ["Radar north"]
    assert (rows.shown, rows.total) == (1, 3)


def test_missing_further_layer_is_omitted(layer_store):
    chosen = select(View(layers=("gone", "own")), layer_store(feature({"name": "a"})))
    assert [layer.name for layer in chosen.layers] == ["own"]
    assert chosen.shown == 45
