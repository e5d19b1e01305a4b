"""Python and JavaScript give the same results for coordinates, links and windows."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.geodesy import format_coordinates
from geo.mapping.frontend_config import build_frontend_config
from geo.settings import ROOT
from geo.view import FILTER_PARAMETERS, to_query
from tests.support.random_views import any_views, builtin_views

sys.path.append(str(ROOT / "tools"))
from frontend import find_node

SOURCES = ROOT / "geo" / "frontend" / "src"


def in_node(code: str, data: object) -> list:
    """Run ES module code in Node with `data`, `load` (our modules) and `give` (the result)."""
    folder = find_node()
    if folder is None and not os.environ.get("CI"):
        pytest.skip("no Node.js; `make frontend-check` says what is needed")
    assert folder, "no Node.js; `make frontend-check` says what is needed"
    module = f"""
        import {{ readFileSync }} from "node:fs";
        const data = JSON.parse(readFileSync(0, "utf8"));
        const load = (name) => import("{SOURCES.as_uri()}/" + name);
        const give = (value) => process.stdout.write(JSON.stringify(value));
        {code}
    """
    done = subprocess.run(
        [str(folder / "node"), "--input-type=module", "--eval", module],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


DEGREES = """
    const { decimalDegrees, degreesMinutesSeconds } = await load("coordinate_format.js");
    const positions = data.map(([lat, lng]) => ({ lat, lng }));
    give(positions.map((at) => [decimalDegrees(at), degreesMinutesSeconds(at)]));
"""
EDGES = [0, 0.00001, 0.01666, 0.01667, 0.99999, 1, 35.99999, 59.99999, 89.99999, 90]
QUERIES = """
    const { configure } = await load("config.js");
    const { viewOfAddress } = await load("addresses.js");
    configure(data.config);
    give(data.addresses.map((one) => viewOfAddress(new URLSearchParams(one), {}, []).q));
"""
WINDOWS = """
    const { windowQuery } = await load("prefetch.js");
    give(data.map(({ q, next, extent }) => windowQuery(q, next, extent)));
"""
several = st.lists(builtin_views(), min_size=30, max_size=60)


def as_shown(share: int, most: int) -> float:
    """Round a coordinate to 5 decimals, as the map shows it."""
    return round(most * share / 10**9, 5)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-(10**9), 10**9)] * 2), min_size=200, max_size=400))
def test_browser_formats_coordinates_as_the_server(shares):
    points = [(as_shown(lat, 90), as_shown(lon, 180)) for lat, lon in shares]
    points += [(sign * value, -sign * value) for value in EDGES for sign in (1, -1)]
    expected = [[found["dd"], found["dms"]] for found in (format_coordinates(*at) for at in points)]
    assert in_node(DEGREES, points) == expected


@settings(max_examples=5, deadline=None)
@given(views=several)
def test_browser_parses_the_servers_queries(views):
    addresses = [to_query(view, explicit=explicit) for view in views for explicit in (True, False)]
    expected = [to_query(view, only=FILTER_PARAMETERS) for view in views for _ in (True, False)]
    assert in_node(QUERIES, {"config": build_frontend_config(), "addresses": addresses}) == expected


@settings(max_examples=5, deadline=None)
@given(views=st.lists(any_views(), min_size=20, max_size=40))
def test_browser_keeps_any_text_in_a_query(views):
    queries = [to_query(view, only=FILTER_PARAMETERS) for view in views]
    readable = [query for query in queries if "\ufffd" not in str(parse_qsl(query))]
    found = in_node(QUERIES, {"config": build_frontend_config(), "addresses": readable})
    assert [parse_qsl(one) for one in found] == [parse_qsl(one) for one in readable]


@settings(max_examples=5, deadline=None)
@given(views=several)
def test_browser_changes_the_days_of_a_query_as_the_server(views):
    windowed = [view for view in views if view.date_from and view.date_to]
    all_days = ["2024-11-01", "2024-12-31"]
    asked = [
        {"q": to_query(view, only=FILTER_PARAMETERS), "next": days, "extent": all_days}
        for view in views
        for days in ([str(one.date_from), str(one.date_to)] for one in windowed)
    ]
    expected = [
        to_query(
            replace(view, date_from=one.date_from, date_to=one.date_to), only=FILTER_PARAMETERS
        )
        for view in views
        for one in windowed
    ]
    assert in_node(WINDOWS, asked) == expected
    whole = [
        {"q": to_query(view, only=FILTER_PARAMETERS), "next": all_days, "extent": all_days}
        for view in views
    ]
    undated = [
        to_query(replace(view, date_from=None, date_to=None), only=FILTER_PARAMETERS)
        for view in views
    ]
    assert in_node(WINDOWS, whole) == undated
