"""What changed, in words: moments, values, versions by day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from geo.ledger.change_notes import FieldChange
from geo.ledger.models import Event, RecordChange
from geo.ui.change_log import find_version_at
from geo.ui.record_changes import format_moment, format_value, render_field_changes

CHANGE = RecordChange(kind="claim", record="nyt-01", action="remark")


def make_event(number: int, at: datetime) -> Event:
    return Event(
        number=number, at=at, by="A. Author", why="a test", changes=(CHANGE,), previous="", hash=""
    )


def test_version_of_a_day_is_the_last_one_before_it():
    hours = (datetime(2026, 11, day, 23, 59, tzinfo=UTC) for day in (1, 1, 3))
    events = tuple(make_event(number, at) for number, at in enumerate(hours, start=1))
    found = [find_version_at(events, date(2026, 11, day)) for day in (1, 2, 3, 4)]
    assert found == [0, 2, 2, 3]


def test_moment_is_in_universal_time():
    zone = timezone(timedelta(hours=3))
    assert format_moment(datetime(2026, 11, 2, 1, 5, tzinfo=zone)) == "1 November 2026, 22:05 UTC"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        ([], "none"),
        (0, "0"),
        (["Ka-52", "Il-76"], "Ka-52, Il-76"),
        ({"kind": "circle", "radius_m": 500.0}, "circle of 500 m"),
    ],
)
def test_value_is_in_words(value, words):
    assert format_value(value) == words


def test_old_and_new_stand_side_by_side_and_are_escaped():
    shown = render_field_changes([FieldChange("says", "<b>old</b>", "new {{7*7}}")])
    assert "&lt;b&gt;old&lt;/b&gt;" in shown
    assert "new &#123;&#123;7*7&#125;&#125;" in shown
    assert "<th>Published</th><th>New</th>" in shown
