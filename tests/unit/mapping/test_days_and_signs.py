"""How exactly days are known, and the signs of the map: counts, legend, histogram."""

import datetime as dt
from collections import Counter

import pytest

from geo.evidence.day_counts import REPORTED_AXIS
from geo.evidence.day_precision import FLOOR, PossibleDays, find_possible_days
from geo.mapping.features import encode_view_features
from geo.mapping.histogram import count_reports_by_last_day
from geo.mapping.legend import build_legend
from geo.mapping.ring_shapes import PATTERNS, RingPart, outline_ring
from geo.mapping.symbols import CONFLICT, SIGNS, STANCE
from geo.selection import select
from geo.view import View

DAY = dt.date(2024, 12, 13)


def group(legend, name):
    return {one["key"]: one["count"] for one in legend if one["group"] == name}


def days(*ends):
    return [dt.date.fromisoformat(one) for one in ends]


@pytest.mark.parametrize(
    ("kind", "ends", "window", "share"),
    [
        ("day", ["2024-12-13"] * 2, ["2024-12-13"] * 2, 1),
        ("range", ["2024-12-08", "2024-12-13"], ["2024-12-01", "2024-12-31"], 1),
        ("range", ["2024-12-04", "2024-12-13"], ["2024-12-13"] * 2, 0.1),
        ("range", ["2024-12-30", "2025-01-02"], ["2025-01-01", "2025-01-31"], 0.5),
        ("by", ["2024-12-07", "2024-12-13"], ["2024-12-13"] * 2, 1 / 7),
        ("by", ["2024-12-07", "2024-12-13"], ["2024-12-14"] * 2, 0),
    ],
)
def test_strength_is_the_share_of_the_possible_days_that_is_shown(kind, ends, window, share):
    found = PossibleDays(kind, *days(*ends)).compute_strength(*days(*window))
    assert found == pytest.approx(1 if kind == "day" else FLOOR + (1 - FLOOR) * share)
    assert PossibleDays(kind, *days(*ends)).compute_strength(None, None) == 1


def test_undated_is_the_weakest_and_stays_legible():
    assert PossibleDays("undated").compute_strength(None, None) == FLOOR > 0


@pytest.mark.parametrize("axis", ["observed", REPORTED_AXIS])
def test_legend_counts_how_exactly_each_day_is_known(builtin_store, axis):
    selection = select(View(sources="all", axis=axis), builtin_store)
    found = group(build_legend(selection), "when")
    rows = selection.rows.to_dict("records")
    assert found == Counter(find_possible_days(row, axis).kind for row in rows)
    assert sum(found.values()) == selection.shown


def test_legend_has_the_signs_that_are_on_the_map_and_no_others(builtin_store):
    selection = select(View(), builtin_store)
    far = group(build_legend(selection, listed=False), "signs")
    assert set(far) == {CONFLICT}
    near = group(build_legend(selection), "signs")
    assert near[CONFLICT] == far[CONFLICT]
    assert "satellite" in near


def test_histogram_knows_reports_by_a_day_whatever_days_are_chosen(builtin_store):
    whole = count_reports_by_last_day(select(View(), builtin_store), builtin_store)
    assert whole
    assert whole == count_reports_by_last_day(
        select(View(date_from=DAY, date_to=DAY), builtin_store), builtin_store
    )
    assert (
        count_reports_by_last_day(select(View(axis=REPORTED_AXIS), builtin_store), builtin_store)
        == []
    )
    assert b'"byDays":[["' in encode_view_features("claims", View(), builtin_store)


def test_every_stance_has_a_pattern_of_its_own_and_a_piece_of_it_in_the_legend():
    assert set(PATTERNS) == set(STANCE) == set(SIGNS["ring"])
    shapes = [str(outline_ring([RingPart(stance, 3)])) for stance in STANCE]
    assert len(set(shapes)) == len(shapes) == len(set(SIGNS["ring"].values()))
