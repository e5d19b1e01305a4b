"""Further layers while days are chosen: undated rows on the map, their switch, the legend."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Frame, Page, expect

from geo.selection import select
from geo.view import from_query
from tests.support.app_elements import feature
from tests.support.app_server import Server, read_layers, serve_app, wait_for_map

WINDOW = "layer=bases&layer=watch&from=2024-12-12&to=2024-12-12"
LAYERS = {
    "bases": [feature({"id": "1", "name": "a"}), feature({"id": "2", "name": "b"})],
    "watch": [
        feature({"id": "1", "name": "c", "seen": "2024-12-11T22:30:00Z"}),  # 01:30 in Damascus
        feature({"id": "2", "name": "d", "seen": "2024-12-12T22:30:00Z"}),
        feature({"id": "3", "name": "e", "seen": None}),
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two synthetic layers: without dates, and with times and one row without."""
    path = tmp_path_factory.mktemp("layers")
    for name, features in LAYERS.items():
        collection = {"type": "FeatureCollection", "features": features}
        (path / f"{name}.geojson").write_text(json.dumps(collection))
    return path


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with serve_app(log=log, STORE_URL=str(folder)) as server:
        yield server


def read_legend(frame: Frame) -> dict[str, str]:
    """Return the label and the count of each further layer in the legend of the map."""
    legend = frame.locator(".legend")
    if "folded" in (legend.get_attribute("class") or ""):
        legend.locator(".legend-head").click()
    rows = [row.inner_text().split("\n") for row in legend.locator(".legend-layer").all()]
    return {label: "".join(count) for label, *count in rows}


def test_undated_rows_stay_on_the_map_until_their_switch_is_off(
    page: Page, server: Server, folder
) -> None:
    store = read_layers(str(folder))

    def wait(query: str) -> Frame:
        return wait_for_map(page, select(from_query(query)[0], store).token)

    page.goto(server.link("overview", WINDOW))
    assert read_legend(wait(WINDOW)) == {
        "bases · no dates: shown on all days": "2",
        "watch · 12–13 December 2024, Damascus time": "2",
    }
    page.get_by_text("bases: no dates, shown on all days").click()
    assert read_legend(wait(f"{WINDOW}&dated_only=bases")) == {
        "bases · no dates: left out": "",
        "watch · 12–13 December 2024, Damascus time": "2",
    }
    page.get_by_text("watch: 1 undated row kept on all days").click()
    both = f"{WINDOW}&dated_only=bases&dated_only=watch"
    assert read_legend(wait(both))["watch · 12–13 December 2024, Damascus time"] == "1"
    expect(page).to_have_url(re.compile("dated_only=bases.*dated_only=watch"))

    page.reload()
    assert read_legend(wait(both))["bases · no dates: left out"] == ""
    page.get_by_text("bases: no dates, shown on all days").click()
    again = read_legend(wait(f"{WINDOW}&dated_only=watch"))
    assert again["bases · no dates: shown on all days"] == "2"


def test_click_on_the_head_of_the_legend_is_not_one_on_the_map(
    page: Page, server: Server, folder
) -> None:
    page.goto(server.link("overview", "layer=bases"))
    shown = select(from_query("layer=bases")[0], read_layers(str(folder)))
    frame = wait_for_map(page, shown.token)
    frame.evaluate("window.clicks = 0; briefingMap.state.map.on('click', () => window.clicks++)")
    head = frame.locator(".legend-head")
    before = head.get_attribute("aria-expanded")
    head.click()
    assert head.get_attribute("aria-expanded") != before
    assert frame.evaluate("window.clicks") == 0
