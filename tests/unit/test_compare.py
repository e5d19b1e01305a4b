"""Comparison of two date windows: absence is never reported as departure."""

import datetime as dt

import pytest

from geo.app_context import context
from geo.compare import (
    APPEARED,
    CHANGED,
    NOT_OBSERVED,
    REPORTED_GONE,
    UNCHANGED,
    compare_views,
    resolve_windows,
)
from geo.evidence import load_evidence
from geo.evidence.layer_tables import build_claims_frame
from geo.selection import select
from geo.settings import ASSETS
from geo.store import LayerSpec, open_store
from geo.view import View

TWELFTH, THIRTEENTH = dt.date(2024, 12, 12), dt.date(2024, 12, 13)
DAYS = (dt.date(2024, 12, 8), THIRTEENTH)


def between(store, before, after, **filters):
    return compare_views(
        View(date_from=before, date_to=before, **filters),
        View(date_from=after, date_to=after, **filters),
        store,
    )


def by_system(comparison):
    return {change.system: change for change in comparison.changes}


@pytest.fixture
def store():
    return context().store


@pytest.fixture
def gap_store(tmp_path):
    """The built-in claims without those on Khmeimim on 13 December (synthetic gap)."""
    claims = build_claims_frame(load_evidence(ASSETS / "case"))
    at_base = (claims["place"] == "khmeimim") & (claims["observed_to"] == "2024-12-13")
    made = open_store(str(tmp_path))
    made.write(
        "claims",
        claims[~at_base],
        LayerSpec(id_column="id", time_columns=("observed_from", "observed_to")),
    )
    return made


def test_aircraft_missing_on_the_second_day_are_not_observed_not_gone(store):
    found = by_system(between(store, TWELFTH, THIRTEENTH, places=("khmeimim",)))
    for system in ("Su-34", "Su-24"):
        assert found[system].change == NOT_OBSERVED
        assert "no sign that it had gone" in found[system].words
        assert found[system].before
        assert not found[system].after


def test_transports_named_only_on_the_second_day_have_appeared(store):
    found = by_system(between(store, TWELFTH, THIRTEENTH, places=("khmeimim",)))
    assert found["An-124"].change == APPEARED
    assert found["An-124"].after == ("nyt-01", "s400-03")


def test_radar_with_another_state_has_changed(store):
    found = by_system(between(store, TWELFTH, THIRTEENTH, places=("khmeimim",)))
    assert found["S-400 radar"].change == CHANGED
    assert found["S-400 radar"].words == "visible → being packed"


def test_day_without_reports_on_a_place_says_so(gap_store):
    comparison = between(gap_store, TWELFTH, THIRTEENTH, places=("khmeimim",))
    kinds = {change.change for change in comparison.changes}
    assert kinds == {NOT_OBSERVED}
    assert all("no report on the place" in change.words for change in comparison.changes)
    assert "gone" not in " ".join(change.words for change in comparison.changes)


def test_ship_reported_as_gone_is_reported_gone(store):
    found = by_system(
        between(
            store, dt.date(2025, 1, 25), dt.date(2025, 1, 29), sources="wider", places=("tartus",)
        )
    )
    assert found["cargo ship"].change == REPORTED_GONE
    assert "as reported" in found["cargo ship"].words


def test_comparing_a_day_with_itself_shows_no_change(store):
    comparison = between(store, THIRTEENTH, THIRTEENTH)
    assert {change.change for change in comparison.changes} == {UNCHANGED}


def test_comparison_lists_each_system_once_per_place(store):
    comparison = between(store, TWELFTH, THIRTEENTH)
    keys = [(change.place, change.system) for change in comparison.changes]
    assert len(keys) == len(set(keys))
    placed = [
        selection.rows[selection.rows["place"].notna()]
        for selection in (comparison.first, comparison.second)
    ]
    systems = {name for rows in placed for row in rows["systems"] for name in row}
    assert {change.system for change in comparison.changes} == systems
    assert sum(comparison.counts.values()) == len(comparison.changes)


def test_windows_default_to_the_last_two_days_with_reports():
    first, second = resolve_windows(View(), DAYS, [TWELFTH, THIRTEENTH])
    assert (first.date_from, first.date_to) == (TWELFTH, TWELFTH)
    assert (second.date_from, second.date_to) == (THIRTEENTH, THIRTEENTH)


def test_windows_use_the_links_days_and_keep_other_filters():
    view = View(
        date_from=TWELFTH,
        date_to=THIRTEENTH,
        compare=DAYS[0],
        compare_to=dt.date(2024, 12, 10),
        systems=("Su-34",),
        q="radar",
    )
    first, second = resolve_windows(view, DAYS, [TWELFTH, THIRTEENTH])
    assert (first.date_from, first.date_to) == (DAYS[0], dt.date(2024, 12, 10))
    assert (second.date_from, second.date_to) == (TWELFTH, THIRTEENTH)
    assert first.systems == second.systems == ("Su-34",)
    assert first.q == second.q == "radar"


def test_windows_without_reports_default_to_the_last_day():
    first, second = resolve_windows(View(), DAYS, [])
    assert second.date_from == second.date_to == THIRTEENTH
    assert first.date_from == DAYS[0]


def test_comparison_uses_the_rows_of_its_selections(store):
    comparison = between(store, TWELFTH, THIRTEENTH)
    assert (
        comparison.second.ids == select(View(date_from=THIRTEENTH, date_to=THIRTEENTH), store).ids
    )
