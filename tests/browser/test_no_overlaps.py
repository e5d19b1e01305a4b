"""Nothing on a map lies on anything else, at all sizes, and in random views and cameras."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page

from geo.app_context import context
from geo.mapping.folium_map import build_map_state
from geo.selection import select
from geo.view import to_query
from tests.support.app_server import MAP_PAGES, Server, expected_selection, wait_for_map
from tests.support.map_boxes import find_overlaps, measure_map
from tests.support.random_views import pick_builtin_view
from tests.support.stage import deck, slide_query, wait_for_slide
from tests.support.walker import walk

VIEWS = int(os.environ.get("LAYOUT_VIEWS", "60"))  # 200 for a thorough run
SEED = int(os.environ.get("LAYOUT_SEED", "13"))
# Pixels of the window; the last is 1366 x 768 at 200 %.
SIZES = ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (390, 844), (683, 384))
SOURCES = ("sources=articles", "sources=all")
STAGES = ((1920, 1080), (1280, 720), (390, 844))
# Resolves when the frame has had one size and its fonts for some time.
SETTLED = """() => new Promise((done) => {
  let [before, calm] = ["", 0];
  const look = () => {
    const { width, height } = document.querySelector("#map_div").getBoundingClientRect();
    const now = [width, height, innerWidth, innerHeight, document.fonts.status].join();
    calm = now === before && document.fonts.status === "loaded" ? calm + 1 : 0;
    before = now;
    if (calm > 8) done(); else requestAnimationFrame(look);
  };
  look();
})"""
# Shows a view without the page, then a camera; resolves when both are painted.
SHOW = """async ([message, camera]) => {
  const { state, show } = window.briefingMap;
  await show({ ...message, v: state.requested.v });
  state.map.setView(camera.slice(0, 2), camera[2], { animate: false });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return window.paintedSelection.token;
}"""


def _resize(page: Page, frame: Frame, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    frame.evaluate(SETTLED)
    page.wait_for_timeout(0)
    frame.evaluate(SETTLED)


def _turn_legend(frame: Frame) -> None:
    """Scroll the page to the foot of the map, where the window is low, and fold or open it."""
    frame.frame_element().evaluate("node => node.scrollIntoView({ block: 'end' })")
    frame.locator(".legend-head").click()


def _faults(frame: Frame, where: str) -> list[str]:
    return [f"{where}: {fault}" for fault in find_overlaps(measure_map(frame))]


def _report(faults: list[str]) -> None:
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


@pytest.mark.parametrize("path", MAP_PAGES)
def test_nothing_overlaps_on_a_map_page(app: Server, open_page: Callable[..., Page], path: str):
    faults = []
    page = open_page()
    page.goto(app.link(path))
    for query in SOURCES:
        walk(page, app, path, query)
        frame = wait_for_map(page, expected_selection(path, query).token)
        for size in SIZES:
            _resize(page, frame, size)
            faults += _faults(frame, f"{path}?{query} {size}")
            _turn_legend(frame)
            faults += _faults(frame, f"{path}?{query} {size} legend turned")
            _turn_legend(frame)
    _report(faults)


def test_nothing_overlaps_in_compare(app: Server, open_page: Callable[..., Page]):
    page = open_page()
    page.goto(app.link("compare", "from=2024-12-13&to=2024-12-13&compare=2024-12-12"))
    frames = [
        wait_for_map(page, expected_selection("compare", f"from={day}&to={day}").token)
        for day in ("2024-12-12", "2024-12-13")
    ]
    faults = []
    for size in SIZES:
        for side, frame in zip(("left", "right"), frames, strict=True):
            _resize(page, frame, size)
            faults += _faults(frame, f"compare, {side}, {size}")
    _report(faults)


@pytest.mark.parametrize("size", STAGES)
def test_nothing_overlaps_on_the_stage(app: Server, open_page: Callable[..., Page], size: tuple):
    page = open_page(size=size)
    page.emulate_media(reduced_motion="reduce")
    slides = deck().slides
    page.goto(app.link("present", slide_query(slides[0])))
    faults = []
    for slide in slides:
        frame = wait_for_slide(page, slide)
        faults += _faults(frame, f"{slide.key}, {size}")
        page.keyboard.press("ArrowRight")
    _report(faults)


def test_nothing_overlaps_in_random_views_and_cameras(app: Server, open_page: Callable[..., Page]):
    chance = random.Random(SEED)
    page = open_page()
    page.goto(app.link("tartus"))
    frame = wait_for_map(page, expected_selection("tartus").token)
    store, faults = context().store, []
    for number in range(VIEWS):
        if number % 10 == 0:
            _resize(page, frame, SIZES[number // 10 % len(SIZES)])
        view = pick_builtin_view(chance)
        selection = select(view, store)
        lat, lon = chance.uniform(34.3, 35.6), chance.uniform(35.6, 36.4)
        camera = [lat, lon, chance.choice((6, 7, 8, 9, 10, 11, 12, 13))]
        near = chance.choice(((34.915, 35.875), (35.4011, 35.9487), None))
        if near:
            camera[:2] = [at + chance.uniform(-0.4, 0.4) * 2 ** (8 - camera[2]) for at in near]
        message = build_map_state(selection, view, "")
        frame.evaluate(SHOW, [message, camera])
        where = f"view {number} {to_query(view)} at {camera} in {page.viewport_size}"
        faults += _faults(frame, where)
    _report(faults)
