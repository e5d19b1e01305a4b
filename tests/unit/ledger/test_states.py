"""A state of the evidence is found by its name, by a version that ends in it, or by a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ledger.models import NO_EVENTS, Event, Head, RecordChange
from geo.ledger.states import find_number, format_state

ZONE = "Asia/Damascus"  # UTC+3 all year
CHANGE = RecordChange(kind="claim", record="nyt-01", action="remark")


def make_events(*moments: datetime) -> tuple[Event, ...]:
    return tuple(
        Event(number=n, at=at, by="Ann", why="", changes=(CHANGE,), previous="", hash=f"{n:064x}")
        for n, at in enumerate(moments, 1)
    )


NIGHT = datetime(2025, 3, 1, 20, 59, tzinfo=UTC)  # 23:59 in Damascus
EVENTS = make_events(NIGHT, NIGHT + timedelta(minutes=2), NIGHT + timedelta(days=2))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2025-02-28", 0),
        ("2025-03-01", 1),
        ("2025-03-02", 2),
        ("2025-03-03", 3),
        ("2030-01-01", 3),
        ("2025-02-30", None),
        ("0001-01-01", 0),
        ("9999-12-31", 3),
    ],
)
def test_day_ends_in_the_zone_of_the_case(day, number):
    assert find_number(day, "case", EVENTS, ZONE) == number


@given(st.integers(0, 3), st.text("0123456789abcdef", max_size=24))
def test_version_leads_to_the_event_that_it_was_made_on(number, prefix):
    head = Head(number, EVENTS[number - 1].hash) if number else NO_EVENTS
    name = format_state("case", head)
    assert find_number(name, "case", EVENTS, ZONE) == number
    assert find_number(f"{prefix}-{name}" if prefix else name, "case", EVENTS, ZONE) == number
    assert find_number(name, "another case", EVENTS, ZONE) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9]{1,3}-[0-9a-f]{8}", fullmatch=True)))
def test_any_other_text_is_no_state(text):
    known = {format_state("case", Head(one.number, one.hash)) for one in EVENTS}
    if text not in known | {format_state("case", NO_EVENTS)}:
        assert find_number(text, "case", EVENTS, ZONE) is None


@given(st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)), max_size=12), st.dates())
def test_days_are_in_order(moments, day):
    events = make_events(*(at.replace(tzinfo=UTC) for at in sorted(moments)))
    day = date(2024 + day.year % 3, day.month, min(day.day, 28))
    here, next_day = (
        find_number(one.isoformat(), "case", events, ZONE) for one in (day, day + timedelta(1))
    )
    assert here <= next_day <= len(events)
