"""The ground of the map on the screen: relief, harbour, and the world around the base map."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, expect

from tests.support.app_server import IDLE, Server, expected_selection, wait_for_map
from tests.support.walker import Walker

# Whether the middle of the map is in a path that is filled as land.
MIDDLE_IS_LAND = """() => {
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
  return [...document.querySelectorAll("path.land")].some((path) =>
    path.isPointInFill(middle.matrixTransform(path.getScreenCTM().inverse())));
}"""
RELIEF = """() => {
  const pane = document.querySelector(".leaflet-relief-pane");
  const pictures = [...pane.querySelectorAll("img")];
  return {
    loaded: pictures.filter((one) => one.complete && one.naturalWidth).length,
    opacity: Number(getComputedStyle(pane).opacity),
  };
}"""


# Moves the map; resolves when it has been painted there.
LOOK = """async ([lat, lon, zoom]) => {
  const { state } = window.briefingMap;
  state.moved = true;
  state.map.setView([lat, lon], zoom, { animate: false });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@pytest.fixture(scope="module")
def ground(app: Server, module_walker: Walker) -> Frame:
    """The overview's map, which these tests share and move."""
    page = module_walker.open(app)
    frame = wait_for_map(page, expected_selection("overview").token)
    frame.wait_for_function("() => document.querySelector('path.land')")
    expect(page.locator(IDLE)).to_be_attached()
    return frame


def look_at(frame: Frame, lat: float, lon: float, zoom: float) -> Frame:
    frame.evaluate(LOOK, [lat, lon, zoom])
    return frame


@pytest.mark.parametrize(
    ("lat", "lon", "zoom", "land"),
    [
        (34.905, 35.866, 16, False),  # a basin of the harbour
        (34.9105, 35.868, 16, True),  # its piers
        (34.9077, 35.868, 16, True),
        (34.9045, 35.869, 16, True),
        (34.9037, 35.8564, 17, True),  # a mole
        (51.5, -0.1, 6, True),  # the world beyond the base map
        (35.7, 51.4, 6, True),
        (24.7, 46.7, 6, True),
        (35.0, 18.0, 6, False),
        (-20.0, 75.0, 6, False),
    ],
)
def test_land_and_water_are_where_they_are(ground, walker, lat, lon, zoom, land):
    frame = look_at(ground, lat, lon, zoom)
    assert frame.evaluate(MIDDLE_IS_LAND) is land


@pytest.mark.parametrize(("zoom", "least", "most"), [(9, 0.2, 0.4), (11.75, 0.1, 0.2)])
def test_relief_is_drawn_and_fades(ground, walker, zoom, least, most):
    frame = look_at(ground, 34.3, 36.1, zoom)
    frame.wait_for_function(f"() => ({RELIEF})().loaded === 2")
    assert least <= frame.evaluate(RELIEF)["opacity"] <= most


def test_near_view_has_no_relief(app, page):
    page.goto(app.link("", "at=34.3,36.1,13"))
    frame = wait_for_map(page, expected_selection("overview").token)
    frame.wait_for_function("() => document.querySelector('path.land')")
    assert frame.evaluate(RELIEF)["loaded"] == 0
