"""Hostile text of layers and links is shown literally and never executed or fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.support.app_server import (
    Server,
    choose_option,
    expected_selection,
    serve_app,
    wait_for_map,
)

EVIL = (
    "{{7*7}} {% raw %} ${1} `x` <img src=x onerror=window.parent.hacked=1> "
    "![](http://example.invalid/x) [a](http://example.invalid/y) </script>"
    "<script>window.parent.hacked=1</script> \\u003cb\\u003e C:\\users &amp; <b>bold</b>"
)
SHORT = "{{7*7}} ${1} <img src=x onerror=window.parent.hacked=1>"  # ids have at most 200 characters
TITLE = f"Layer {EVIL}"
PLACES = {"north": (36.35, 35.3), "south": (36.6, 34.4)}
CATALOGUED = {
    "name": "catalogued",
    "title": TITLE,
    "label": "name",
    "id": "key",
    "attribution": EVIL,
}
FILE_NAME = "{{7*7}} ${1} <img src=x onerror=window.parent.hacked=1> ![](x).geojson"
SLUG = "7-7-1-img-src-x-onerror-window-parent-hacked-1-x"


def _collection(**extra: str) -> str:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(at)},
            "properties": {
                "key": f"{key} {SHORT}",
                "name": f"{key} {EVIL}",
                "note": EVIL,
                "day": "2024-12-12",
                EVIL: "a name of a column",
                **extra,
            },
        }
        for key, at in PLACES.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """Serve two layers of hostile text: one named by a catalogue, one by its file name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "catalogued.geojson").write_text(_collection(), "utf-8")
    (folder / FILE_NAME).write_text(_collection(), "utf-8")
    catalogue = {"layers": [{**CATALOGUED, "file": "catalogued.geojson"}]}
    (folder / "catalogue.json").write_text(json.dumps(catalogue), "utf-8")
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with serve_app(log=log, STORE_URL=str(folder)) as server:
        yield server, str(folder)


def _spot(frame: Frame, at: tuple[float, float]) -> tuple[float, float]:
    x, y = frame.evaluate(
        "([lon, lat]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        list(at),
    )
    box = frame.frame_element().bounding_box()
    assert box
    return box["x"] + x, box["y"] + y


def _nothing_ran(page: Page, frame: Frame) -> None:
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert frame.evaluate("typeof window.hacked") == "undefined"
    for place in (page.locator("body"), frame.locator("body")):
        assert place.locator("img[src='x'], img[src*='example.invalid']").count() == 0
    for texts in (
        page.locator("h1, .panel, [data-testid=stSidebar]"),
        frame.locator(".leaflet-tooltip, .legend"),
    ):
        assert "49" not in "\n".join(texts.all_inner_texts())


@pytest.mark.parametrize("layer", ["catalogued", SLUG])
def test_hostile_layer_text_is_shown_literally(hostile: tuple[Server, str], page: Page, layer: str):
    server, folder = hostile
    query = f"layer={layer}"
    page.goto(server.link("overview", query))
    expected = expected_selection("overview", query, store=folder)
    assert [rows.shown for rows in expected.layers] == [len(PLACES)]
    frame = wait_for_map(page, expected.token)
    for key, at in PLACES.items():
        spot = _spot(frame, at)
        page.mouse.move(*spot, steps=3)
        expect(frame.locator(".leaflet-tooltip strong")).to_have_text(f"{key} {EVIL}")
        page.mouse.click(*spot)
        panel = page.locator(".st-key-panel .panel")
        for text in (f"{key} {EVIL}", f"{key} {SHORT}", "a name of a column"):
            expect(panel).to_contain_text(text)
        _nothing_ran(page, frame)


def test_hostile_title_is_literal_in_legend_sidebar_and_panel(
    hostile: tuple[Server, str], page: Page
):
    server, folder = hostile
    page.goto(server.link())
    wait_for_map(page, expected_selection("overview", "", store=folder).token)
    page.get_by_text("Places and base map").click()
    choose_option(page, "Further layers", TITLE)
    frame = wait_for_map(
        page, expected_selection("overview", "layer=catalogued", store=folder).token
    )
    page.mouse.click(*_spot(frame, PLACES["south"]))
    expect(page.locator(".st-key-panel").get_by_text(TITLE, exact=True)).to_be_visible()
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Layer {{7*7}}")
    head = frame.locator(".legend-head")
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    expect(frame.locator(".legend-layer")).to_contain_text(TITLE[:59])  # then cut
    _nothing_ran(page, frame)


@pytest.mark.parametrize(
    "query",
    [
        "q=%7B%7B7*7%7D%7D%20%3Cimg%20src%3Dx%20onerror%3Dwindow.parent.hacked%3D1%3E",
        "system=!%5B%5D(http%3A%2F%2Fexample.invalid%2Fx)&layer=%7B%7B7*7%7D%7D",
        "%3Cimg%20src%3Dx%20onerror%3Dhacked%3D1%3E=%24%7B1%7D",
    ],
    ids=["words", "names", "parameter"],
)
def test_hostile_link_text_is_shown_literally(app: Server, page: Page, query: str):
    page.goto(app.link("overview", query))
    expect(page.locator(".counted")).to_be_visible()
    token = expected_selection("overview", query if query.startswith("q=") else "").token
    _nothing_ran(page, wait_for_map(page, token))
