"""Python and JavaScript agree on the days of reports: strength, words, lines of a list."""

import datetime as dt
from dataclasses import asdict
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.evidence.day_counts import AXES, REPORTED_AXIS
from geo.evidence.day_precision import (
    FLOOR,
    find_possible_days,
    format_days,
    join_days,
    need_years,
)
from geo.export.layout.claim_lines import ShownDays, join_claims, name_common_days
from geo.mapping.ring_shapes import RingPart, outline_ring
from geo.mapping.symbols import STANCE
from tests.unit.frontend.test_parity import in_node

DAYS = """
    const days_of = await load("day_precision.js");
    const { dayStrength, daysText, joinDays, needYears, possibleDays } = days_of;
    const { claimLines, listHead } = await load("claim_lines.js");
    give(data.map(({ claims, reported, from, to }) => {
      const days = claims.map(({ properties }) => possibleDays(properties, reported));
      const years = needYears(days);
      const lines = claimLines(claims, reported);
      const { head, common } = listHead(lines, { from, to, reported, years });
      const text = (one) => daysText(one, years);
      const ids = (line) => line.claims.map(({ id }) => id);
      const listed = lines.map((line) => [line.system, ids(line), text(line.days)]);
      const each = days.map((one) => [text(joinDays([one])), dayStrength(one, from, to)]);
      return { each, listed, head, common };
    }));
"""
some_days = st.dates(dt.date(2023, 11, 20), dt.date(2024, 1, 10))
rare_days = st.one_of(some_days, some_days, st.dates(dt.date(2019, 1, 1), dt.date(2026, 1, 1)))
ends = st.one_of(st.none(), rare_days)


@st.composite
def claims(draw):
    """Return a claim as the store's row, with what a list shows of it."""
    kind = draw(st.sampled_from(["day", "by", "range", "undated"]))
    first, last = draw(st.tuples(ends, ends))
    if kind == "day":
        first = last
    return {
        "date_class": kind,
        "observed_from": first,
        "observed_to": last,
        "reported_from": draw(ends),
        "reported_to": draw(ends),
        "systems": draw(st.sampled_from([(), ("A",), ("A", "B"), ("B",)])),
        "subject": draw(st.sampled_from(["A", "C"])),
        "state": draw(st.sampled_from(["", "in port", "gone"])),
        "stance": draw(st.sampled_from(["leaving", "neutral"])),
        "count": draw(st.sampled_from(["", "2"])),
    }


cases = st.tuples(st.lists(claims(), max_size=6), st.sampled_from(AXES), ends, ends)


def iso(value):
    return value.isoformat() if value else None


def as_feature(number, row):
    named = ("systems", "subject", "stance", "count", "date_class")
    properties = {name: row[name] for name in named} | {"state": row["state"] or None}
    days = {"first": "observed_from", "last": "observed_to"}
    days |= {"reported_first": "reported_from", "reported_last": "reported_to"}
    properties |= {name: iso(row[column]) for name, column in days.items()}
    return {"id": str(number), "properties": properties}


def describe(rows, axis, start, end):
    """Return what Python makes of a case, in the form of the script above."""
    found = [
        SimpleNamespace(
            id=str(number),
            days=find_possible_days({k: pd.NaT if v is None else v for k, v in row.items()}, axis),
            **{name: row[name] for name in ("systems", "subject", "state", "stance", "count")},
        )
        for number, row in enumerate(rows)
    ]
    years = need_years(one.days for one in found)
    lines = join_claims(found)
    shown = ShownDays(start, end, axis == REPORTED_AXIS, years)
    head, common = name_common_days(lines, shown)
    return {
        "each": [
            [format_days(join_days([one.days]), years=years), one.days.compute_strength(start, end)]
            for one in found
        ],
        "listed": [
            [line.system, [one.id for one in line.claims], format_days(line.days, years=years)]
            for line in lines
        ],
        "head": head,
        "common": common,
    }


@settings(max_examples=10, deadline=None)
@given(st.lists(cases, min_size=10, max_size=30))
def test_browser_reads_the_days_of_reports_as_the_server(asked):
    sent = [
        {
            "claims": [as_feature(number, row) for number, row in enumerate(rows)],
            "reported": axis == REPORTED_AXIS,
            "from": iso(start) or "",
            "to": iso(end) or "",
        }
        for rows, axis, start, end in asked
    ]
    found = in_node(DAYS, sent)
    for one, case in zip(found, asked, strict=True):
        expected = describe(*case)
        close = zip(one["each"], expected["each"], strict=True)
        assert all(a[0] == b[0] and abs(a[1] - b[1]) < 1e-9 for a, b in close)
        assert {**one, "each": 0} == {**expected, "each": 0}


RINGS = """
    const { outlineRing } = await load("ring_shapes.js");
    give(data.map((parts) => outlineRing(parts)));
"""
strengths = st.lists(st.floats(FLOOR, 1), max_size=4)
ring_parts = st.tuples(st.sampled_from(list(STANCE)), st.integers(0, 40), strengths).map(
    lambda one: RingPart(one[0], max(one[1] + len(one[2]), 1), tuple(one[2]))
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(ring_parts, min_size=1, max_size=4), min_size=5, max_size=15))
def test_browser_draws_the_ring_of_a_place_as_pictures_do(rings):
    found = in_node(RINGS, [[asdict(part) for part in parts] for parts in rings])
    for one, parts in zip(found, rings, strict=True):
        expected = outline_ring(parts)
        assert [list(map(len, some)) for some in one] == [list(map(len, x)) for x in expected]
        for outlines, others in zip(one, expected, strict=True):
            for outline, other in zip(outlines, others, strict=True):
                np.testing.assert_allclose(outline, other, atol=1e-9)
                assert (np.hypot(*(np.array(other) - 24).T) < 24).all()  # inside its box
