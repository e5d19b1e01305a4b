"""Names of distances lie on no arc, and each one is named or counted; the locator is beside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.app_server import Server, expected_selection, wait_for_map

SIZES = [(1920, 1080), (1366, 768), (1280, 720), (390, 844)]
VIEWS = [("tartus", "sources=all"), ("", "sources=all"), ("tartus", "sources=wider")]
# Names and locator that a drawn arc crosses, and labels that are neither on the map nor counted.
MEASURED = """() => {
  const { state } = window.briefingMap;
  const boxes = [...document.querySelectorAll(".arc-name .town-name, .locator:not([hidden])")]
    .map((node) => [node.textContent || "locator", node.getBoundingClientRect()]);
  const crossed = new Set();
  for (const path of document.querySelectorAll("path.distance")) {
    const matrix = path.getScreenCTM();
    for (let at = 0; at <= path.getTotalLength(); at += 2) {
      const { x, y } = path.getPointAtLength(at).matrixTransform(matrix);
      for (const [text, box] of boxes) {
        if (x > box.left && x < box.right && y > box.top && y < box.bottom) crossed.add(text);
      }
    }
  }
  const named = boxes.map(([text]) => text.replace(/^← | →$/g, ""));
  const counted = [...document.querySelectorAll(".more-name")].map((node) => node.textContent);
  const size = state.map.getSize();
  const due = state.labels.arcs.filter(({ line }) => {
    const at = line.map(([lon, lat]) => state.map.latLngToContainerPoint([lat, lon]));
    const { x, y } = L.bounds(at).getSize();
    const inside = at.some((p) => p.x > 0 && p.y > 0 && p.x < size.x && p.y < size.y);
    return Math.max(x, y) >= 48 && inside;
  }).map(({ label }) => label);
  const lost = due.filter((label) => !named.includes(label) && !counted.includes(label));
  const head = document.querySelector(".more-head")?.textContent ?? "";
  return { crossed: [...crossed], lost, due, counted, head };
}"""


@pytest.mark.parametrize("size", SIZES)
def test_each_distance_is_named_beside_its_arc_or_counted(
    app: Server, open_page: Callable[..., Page], size: tuple[int, int]
):
    page = open_page(size=size)
    for path, query in VIEWS:
        page.goto(app.link(path, query))
        frame = wait_for_map(page, expected_selection(path or "overview", query).token)
        found = frame.evaluate(MEASURED)
        where = f"{path}?{query} {size}"
        assert found["due"], where
        assert not found["crossed"], where
        assert not found["lost"], where
        if found["counted"]:
            count = len(found["counted"])
            assert f"{count} distance{'s' if count > 1 else ''}" in found["head"]


def test_the_locator_is_where_the_view_puts_it_whatever_was_before(
    app: Server, open_page: Callable[..., Page]
):
    corners = []
    for before in ((1920, 1080), (390, 844)):
        page = open_page(size=before)
        page.goto(app.link("tartus", "sources=all"))
        token = expected_selection("tartus", "sources=all").token
        frame = wait_for_map(page, token)
        frame.evaluate("window.briefingMap.state.moved = true")  # the window then keeps its camera
        frame.evaluate(
            "void window.briefingMap.state.map.setView([34.6, 35.4], 8.5, {animate: false})"
        )
        page.set_viewport_size({"width": 1366, "height": 768})
        frame.wait_for_function("innerWidth > 600 && innerWidth < 900")
        frame.evaluate(
            "void window.briefingMap.state.map.setView([34.9, 35.8], 10, {animate: false})"
        )
        frame.wait_for_function("window.briefingMap.state.map.getZoom() === 10")
        corner = "n => [n.hidden, n.style.left, n.style.top]"
        corners.append(frame.locator(".locator").evaluate(corner))
    assert corners[0] == corners[1]
