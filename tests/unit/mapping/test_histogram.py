"""The histogram under the map: reports by day, and coverage that never claims absence."""

import datetime as dt

from geo.app_context import context
from geo.mapping.histogram import count_reports_by_day, count_reports_by_span, list_coverage_rows
from geo.selection import select
from geo.view import View


def rows_of(view):
    store = context().store
    selection = select(view, store)
    return {row["place"]: row for row in list_coverage_rows(selection, store)}, [
        day for day, _, _ in count_reports_by_day(selection, store)
    ]


def status(view, place, day):
    rows, days = rows_of(view)
    return rows[place]["days"][days.index(day)]


def test_base_is_seen_on_the_days_with_imagery():
    assert status(View(), "khmeimim", "2024-12-12") == "s"
    assert status(View(), "khmeimim", "2024-12-13") == "s"


def test_day_without_a_report_is_no_data():
    assert status(View(), "khmeimim", "2024-12-10") == "-"


def test_port_with_only_a_date_range_is_reported_not_seen():
    assert status(View(), "tartus", "2024-12-09") == "r"


def test_coverage_does_not_depend_on_the_date_filter():
    alone = View(date_from=dt.date(2024, 12, 12), date_to=dt.date(2024, 12, 12))
    assert rows_of(alone) == rows_of(View())


def test_coverage_lists_the_kinds_of_evidence_of_a_day():
    rows, days = rows_of(View())
    assert "drone footage" in rows["khmeimim"]["kinds"][days.index("2024-12-12")]


def test_coverage_has_a_cell_for_each_day_of_the_histogram():
    for sources in ("articles", "wider", "all"):
        rows, days = rows_of(View(sources=sources))
        assert rows
        assert all(len(row["days"]) == len(row["kinds"]) == len(days) for row in rows.values())


def test_histogram_marks_days_outside_the_window():
    store = context().store
    view = View(date_from=dt.date(2024, 12, 12), date_to=dt.date(2024, 12, 12))
    chosen = select(view, store)
    counts = {day: counts for day, *counts in count_reports_by_day(chosen, store)}
    assert counts["2024-12-12"] == [5, 0]
    assert counts["2024-12-13"] == [0, 33]
    assert count_reports_by_span(chosen) == [
        ("2024-12-08", "2024-12-13", 3, 0),
        ("2024-12-12", "2024-12-13", 1, 0),
    ]
    assert chosen.shown == 5 + 3 + 1
