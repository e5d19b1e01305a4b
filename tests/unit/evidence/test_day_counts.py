import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence.day_counts import DayCounts, count_days, explain_days

DAYS = st.none() | st.dates(dt.date(2024, 12, 1), dt.date(2024, 12, 31))


def reports(*rows):
    """Return a synthetic table of reports from (first day, last day, evidence kind)."""
    frame = pd.DataFrame(rows, columns=["observed_from", "observed_to", "evidence"])
    ends = {name: pd.to_datetime(frame[name]) for name in ("observed_from", "observed_to")}
    return frame.assign(**ends)


def test_each_kind_of_date_has_its_place():
    counts = count_days(
        reports(
            ("2024-12-12", "2024-12-12", "photo"),
            (None, "2024-12-12", "photo"),  # by the 12th
            ("2024-12-08", "2024-12-13", "photo"),
            ("2020-12-01", "2021-05-31", "background"),
            (None, None, "background"),
            (None, None, "photo"),
        )
    )
    twelfth = dt.date(2024, 12, 12)
    span = (dt.date(2024, 12, 8), dt.date(2024, 12, 13))
    assert counts == DayCounts({twelfth: 2}, {span: 1}, background=2, undated=1)


@given(st.lists(st.tuples(DAYS, DAYS, st.sampled_from(["photo", "background"])), max_size=12))
def test_every_report_counts_once(rows):
    counts = count_days(reports(*rows))
    assert counts.total == len(rows)
    assert counts - counts == DayCounts()
    assert bool(explain_days(counts)) == bool(rows)


def test_rule_names_only_what_there_is():
    assert explain_days(DayCounts()) == ""
    assert explain_days(DayCounts(background=3)) == "Each report counts once: 3 background."
