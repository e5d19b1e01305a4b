"""A map of 40 places with long names: nothing overlaps, and each place is shown or named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Page

from tests.support.app_server import Server, retry, serve_app
from tests.support.map_boxes import find_overlaps, measure_map
from tests.support.small_cases import copy_new_case

COUNT = 40
SIZES = ((1366, 768), (1920, 1080), (390, 844))
PAINTED = """() => [...document.querySelectorAll("iframe")].some(
  (frame) => frame.contentWindow?.paintedSelection)"""
# Names of places in sight that are neither on the map, with symbol and name, nor in its list.
LOST = """() => {
  const { state } = window.briefingMap;
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const listed = [...document.querySelectorAll(".more-place")];
  const named = new Set(listed.map((one) => one.textContent));
  return state.sites.filter(({ at }) => state.map.getBounds().contains(at))
    .filter(({ badge, text }) => !(visible(badge) && visible(text)))
    .map(({ text }) => text.querySelector(".site-name").textContent)
    .filter((name) => !named.has(name));
}"""


def _name(number: int) -> str:
    return f"Place {number:02d} of a case with many places and very long names"[:60]


def _key(number: int) -> str:
    return f"place-{number:02d}" if number else "example-place"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a case of many places near each other, one report each."""

    def edit_places(content: dict) -> None:
        [like] = content["places"]
        content["places"] = [
            like
            | {"id": _key(i), "name": _name(i), "map_label": "{name}"}
            | {"short_name": f"P{i:02d}", "phrase": f"at place {i}"}
            | {"lon": like["lon"] + i % 8 / 20, "lat": like["lat"] + i // 8 / 20}
            | {"label_lon": like["lon"] + i % 8 / 20, "label_lat": like["lat"] + i // 8 / 20}
            for i in range(COUNT)
        ]

    def edit_claims(content: dict) -> None:
        like = content["claims"][0]
        content["claims"] = [
            like
            | {
                "id": f"many-{i:02d}",
                "place": _key(i),
                "origins": [f"unnamed:many-{i:02d}"],
            }
            for i in range(COUNT)
        ]

    folder = tmp_path_factory.mktemp("crowded")
    case = copy_new_case(folder / "case", places=edit_places, claims=edit_claims)
    with serve_app(log=folder / "log.txt", CASE=str(case)) as server:
        yield server


def _map(page: Page) -> Frame:
    page.wait_for_function(PAINTED, timeout=30_000)
    return next(frame for frame in page.frames if "component/streamlit_folium" in frame.url)


@pytest.mark.parametrize("size", SIZES)
def test_forty_long_names_do_not_overlap_and_none_is_lost(
    crowded: Server, open_page: Callable[..., Page], size: tuple[int, int]
):
    page = open_page(size=size)
    page.goto(crowded.url)
    frame = _map(page)

    def laid() -> None:
        assert frame.locator(".site .badge").count() == COUNT

    retry(laid)
    frame.evaluate("document.fonts.ready.then(() => briefingMap.state.labels.lay())")
    faults = find_overlaps(measure_map(frame))
    assert not faults, "\n".join(faults)
    assert frame.evaluate(LOST) == []
