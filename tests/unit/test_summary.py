"""Headline, summary and date texts agree with the selected rows."""

import datetime as dt
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given

from geo import summary
from geo.evidence import builtin_evidence
from geo.evidence.coverage import tabulate_coverage
from geo.evidence.day_counts import REPORTED_AXIS, TIME_COLUMNS, count_days
from geo.evidence.models import CERTAINTIES, EVIDENCE_KINDS, LOCATION_CLASSES, STANCES
from geo.mapping.legend import build_legend, find_shape
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, LOCATION, STANCE
from geo.selection import select
from geo.text import formatting
from geo.view import View
from tests.support.random_views import builtin_views

TWELFTH, THIRTEENTH = dt.date(2024, 12, 12), dt.date(2024, 12, 13)


def test_title_names_the_days_of_the_window(builtin_store):
    chosen = select(View(date_from=TWELFTH, date_to=THIRTEENTH), builtin_store)
    assert summary.build_title(chosen) == "What was reported of 12–13 December 2024"


def test_title_of_one_day_says_of(builtin_store):
    chosen = select(View(date_from=TWELFTH, date_to=TWELFTH), builtin_store)
    assert summary.build_title(chosen) == "What was reported of 12 December 2024"


def test_title_of_one_days_rows_names_it_without_a_window(builtin_store):
    chosen = select(View(evidence=("drone footage",)), builtin_store)
    assert summary.build_title(chosen) == "What was reported of 12 December 2024"


@pytest.mark.parametrize(
    ("view", "title"),
    [
        (View(), "What was reported on 13 December 2024"),
        (View(date_from=TWELFTH, date_to=THIRTEENTH), "What was reported 12–13 December 2024"),
        (View(date_from=TWELFTH, date_to=TWELFTH), "Nothing reported on 12 December 2024"),
        (View(date_from=TWELFTH, sources="all"), "What was reported from 12 December 2024"),
        (View(places=("khmeimim",)), "Khmeimim air base, reported on 13 December 2024"),
    ],
)
def test_title_says_when_the_days_are_those_of_reporting(builtin_store, view, title):
    chosen = select(replace(view, axis=REPORTED_AXIS), builtin_store)
    place = "Khmeimim air base" if view.places else ""
    assert summary.build_title(chosen, place) == title


def test_title_of_a_place_names_the_days_of_its_rows(builtin_store):
    chosen = select(View(places=("khmeimim",)), builtin_store)
    assert (
        summary.build_title(chosen, "Khmeimim air base") == "Khmeimim air base, 12–13 December 2024"
    )


def test_title_of_undated_rows_has_no_day(builtin_store):
    chosen = select(View(q="nyt-10"), builtin_store)
    assert chosen.ids == ("nyt-10",)
    assert "2024" not in summary.build_title(chosen, "Syria")
    assert summary.format_day_range(chosen) == ""


def test_title_excludes_the_background_of_2021(builtin_store):
    assert "2021" not in summary.build_title(select(View(sources="all"), builtin_store))


def test_empty_selection_text_names_the_remedy(builtin_store):
    empty = select(View(q="zeppelin"), builtin_store)
    assert "No report" in summary.build_title(empty)
    assert "No report" in summary.build_title(empty, "Tartus")
    assert "filters off" in summary.build_subtitle(empty)
    assert summary.list_latest_reports(empty) == ()
    assert summary.tabulate_system_days(empty) == ([], {})
    assert build_legend(empty) == []


def test_empty_day_is_no_sign_of_absence(builtin_store):
    ninth = dt.date(2024, 12, 11)
    empty = select(View(systems=("S-400",), date_from=ninth, date_to=ninth), builtin_store)
    assert summary.build_title(empty) == "No report of 11 December 2024"
    assert "matches the other filters" in summary.build_subtitle(empty)
    assert "no sign of absence" in summary.build_subtitle(empty)


@pytest.mark.parametrize("sources", ["articles", "wider", "all"])
def test_default_view_names_its_background(builtin_store, sources):
    chosen = select(View(sources=sources), builtin_store)
    background = int((chosen.rows["evidence"] == "background").sum())
    assert summary.count_reports(chosen).endswith(f"reports, {background} background")


@given(builtin_views())
def test_subtitle_counts_by_drawn_place_add_up(builtin_store, view):
    chosen = select(view, builtin_store)
    subtitle = summary.build_subtitle(chosen)
    if subtitle.startswith("Reports:"):
        assert sum(map(int, re.findall(r"\b(\d+) (?:on|with|at)", subtitle))) == chosen.shown


@given(builtin_views())
def test_title_and_summary_of_any_view_are_clean_text(builtin_store, view):
    chosen = select(view, builtin_store)
    for words in (
        summary.build_title(chosen),
        summary.build_title(chosen, "Tartus"),
        summary.build_subtitle(chosen),
    ):
        assert words == words.strip()
        assert words
        assert "None" not in words
        assert "nan" not in words.split()


@given(builtin_views())
def test_latest_reports_are_of_the_last_days_newest_first(builtin_store, view):
    chosen = select(view, builtin_store)
    column = TIME_COLUMNS[view.axis][1]
    ends = chosen.rows.loc[chosen.rows["evidence"] != "background", column].dropna()
    days = sorted({min(end.date(), view.date_to or end.date()) for end in ends})
    notes = summary.list_latest_reports(chosen, days=2)
    told = [note.day for note in notes]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) <= 2
    assert set(told) <= set(days)
    ids = [name for note in notes for name in note.ids]
    assert set(ids) <= set(chosen.ids)
    assert len(ids) == len(set(ids))
    assert all(note.phrases for note in notes)


def test_latest_reports_of_one_day_cover_each_place(builtin_store):
    notes = summary.list_latest_reports(select(View(), builtin_store), days=1)
    assert {note.day for note in notes} == {THIRTEENTH}
    assert {"Khmeimim air base", "Tartus naval base"} <= {note.place for note in notes}


@given(builtin_views())
def test_system_table_marks_only_days_with_a_report(builtin_store, view):
    chosen, names = select(view, builtin_store), builtin_evidence().system_names
    days, cells = summary.tabulate_system_days(chosen)
    rows = chosen.rows
    known = rows[rows["observed_to"].notna() & (rows["certainty"] != "unknown")]
    named = {
        (system, day.date())
        for row in known[known["evidence"] != "background"].itertuples()
        for start in [row.observed_to if pd.isna(row.observed_from) else row.observed_from]
        for day in pd.date_range(start, row.observed_to)
        for system in names.widen(row.systems, chosen.by_system)
    }
    assert {(system, day) for system, by_day in cells.items() for day in by_day} == named
    if cells:
        assert set(days) == {day for _, day in named} | count_days(rows).by_day.keys()
    places = tabulate_coverage(rows)
    seen = {row.day.date() for row in places.itertuples() if row.status == "seen"}
    assert {d for by_day in cells.values() for d, mark in by_day.items() if mark == "seen"} <= seen
    assert {mark for by_day in cells.values() for mark in by_day.values()} <= {"seen", "reported"}


def test_system_table_marks_images_as_seen_and_others_as_reported(builtin_store):
    _, cells = summary.tabulate_system_days(select(View(sources="all"), builtin_store))
    assert cells["Ka-52"][THIRTEENTH] == "seen"
    assert cells["drone"] == {TWELFTH: "reported"}


def test_latest_reports_use_the_text_of_the_claims(builtin_store):
    rows = select(View(), builtin_store).rows
    states = {state for state in rows["state"] if isinstance(state, str)}
    for note in summary.list_latest_reports(select(View(), builtin_store)):
        for phrase in note.phrases:
            assert any(phrase.endswith(state) for state in states), phrase


def test_further_layer_is_last_in_the_legend_with_a_colour(layer_store):
    from tests.support.layer_files import feature

    entries = build_legend(select(View(layers=("own",)), layer_store(feature({"name": "a"}))))
    assert (entries[-1]["key"], entries[-1]["count"]) == ("own", 1)
    assert entries[-1]["colour"].startswith("#")


def test_legend_shows_the_weaker_route_with_the_road(builtin_store):
    with_road = build_legend(select(View(places=("convoy-damascus-homs",)), builtin_store))
    without = build_legend(select(View(places=("tartus",)), builtin_store))
    assert "route-weak" in [entry["key"] for entry in with_road]
    assert "route-weak" not in [entry["key"] for entry in without]


@pytest.mark.parametrize("location_class", LOCATION_CLASSES)
@pytest.mark.parametrize("place", ["tartus", "convoy-damascus-homs"])
def test_every_location_class_has_a_symbol_and_explanation(builtin_records, location_class, place):
    shape = find_shape(builtin_records, location_class, place)
    assert shape in LOCATION
    assert all(LOCATION[shape])


def test_every_certainty_stance_and_evidence_kind_has_a_symbol():
    assert set(CERTAINTY) == set(CERTAINTIES)
    assert set(STANCE) == set(STANCES)
    assert set(EVIDENCE_SIGN) == set(EVIDENCE_KINDS)


def test_weaker_certainty_is_never_drawn_stronger():
    strengths = [CERTAINTY[name][1] for name in CERTAINTIES]
    assert strengths == sorted(strengths, reverse=True)


def test_short_date_formats_are_correct():
    assert formatting.format_short_day(TWELFTH) == "12 Dec"


def test_subtitle_of_many_places_names_some_and_counts_the_rest(builtin_store):
    chosen = select(View(sources="all"), builtin_store)
    evidence = chosen.evidence
    [like] = (place for place in evidence.places if place.id == "khmeimim")
    names = [f"synthetic-{number}" for number in range(40)]
    places = tuple(like.model_copy(update={"id": name, "phrase": f"at {name}"}) for name in names)
    counts = {name: 40 - number for number, name in enumerate(names)}
    many = replace(chosen, evidence=replace(evidence, places=places), by_place=counts)
    said = summary.build_subtitle(many)
    assert said.startswith("Reports: 40 at synthetic-0, 39 at synthetic-1, ")
    assert said.endswith(f"33 at synthetic-7 and {sum(range(1, 33))} at 32 further places.")
    nine = replace(many, by_place=dict(list(counts.items())[:9]))
    assert summary.build_subtitle(nine).endswith("33 at synthetic-7 and 32 at synthetic-8.")
