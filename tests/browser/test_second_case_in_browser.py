"""The synthetic case across 180 degrees in a browser: marks at both sides, camera, read-outs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Page, Response, expect

from tests.support.app_server import IDLE, MAP, Server, retry, serve_app
from tests.support.second_case import SYNTHETIC_PACIFIC

PAINTED = f"""() => [...document.querySelectorAll("{MAP}")].some(
    frame => frame.contentWindow?.paintedSelection?.token)"""
LOOKS = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
WEST, EAST = "west-harbour", "east-anchorage"
CLAIMS = json.loads((SYNTHETIC_PACIFIC / "claims.json").read_text("utf-8"))["claims"]
PAGES = {
    one["path"]: one.get("places", [])
    for one in json.loads((SYNTHETIC_PACIFIC / "case.json").read_text("utf-8"))["case"]["pages"]
}


@pytest.fixture(scope="module")
def pacific(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the synthetic case."""
    log = tmp_path_factory.mktemp("pacific") / "log.txt"
    with serve_app(log=log, CASE=str(SYNTHETIC_PACIFIC)) as server:
        yield server


def open_map(page: Page, app: Server, path: str = "", query: str = "") -> Frame:
    """Open a page of the case; return the frame of its painted map."""
    page.goto(f"{app.url}/{path}" + (f"?{query}" if query else ""))

    def found() -> Frame:
        page.wait_for_function(PAINTED, timeout=20_000)
        expect(page.locator(IDLE)).to_be_attached()
        return next(one for one in page.frames if "component/streamlit_folium" in one.url)

    return retry(found)


def ids_of(places: list[str]) -> set[str]:
    """Return the claims of places; all claims without any."""
    return {one["id"] for one in CLAIMS if not places or one["place"] in places}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_paints_its_reports_and_asks_for_no_missing_file(pacific, page, path):
    missing: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 400 and "/map/" in answer.url:
            missing.append(answer.url)

    page.on("response", note)
    first = next(iter(PAGES))
    frame = open_map(page, pacific, "" if path == first else path)
    painted = frame.evaluate("window.paintedSelection")
    assert set(painted["ids"]) == ids_of(PAGES[path])
    assert not missing
    shown = frame.evaluate(
        """() => [...document.querySelectorAll(".site")].map((site) => [site.dataset.place,
           site.getBoundingClientRect().x, site.getBoundingClientRect().y])"""
    )
    width, height = frame.evaluate("[innerWidth, innerHeight]")
    inside = {place for place, x, y in shown if 0 <= x <= width and 0 <= y <= height}
    wanted = set(PAGES[path]) or {one["place"] for one in CLAIMS if one["place"]}
    assert wanted <= inside


def test_the_two_sides_of_180_are_beside_each_other(pacific, page):
    frame = open_map(page, pacific)
    left, right = (
        frame.locator(f'.site[data-place="{place}"] .badge').bounding_box()
        for place in (WEST, EAST)
    )
    assert left["x"] < right["x"] < left["x"] + 600
    land = frame.evaluate(
        """() => [...document.querySelectorAll("path.land")].map((one) => one.getBBox().width)"""
    )
    assert max(land) > 0


def test_a_camera_east_of_180_is_in_the_link_with_a_western_longitude(pacific, open_page):
    page: Page = open_page()
    frame = open_map(page, pacific)
    container = frame.locator(".leaflet-container")
    container.focus()

    def moved() -> None:
        container.press("ArrowRight")
        assert frame.evaluate(LOOKS)[1] > 181

    retry(moved)

    def at() -> list[float]:
        query = page.evaluate("location.search.slice(1)")
        camera = parse_qs(query).get("at", [""])[0]
        assert re.fullmatch(r"-\d+\.\d+,-\d+\.\d+,\d+\.\d+", camera)
        lat, lon, zoom = (float(part) for part in camera.split(","))
        assert frame.evaluate(LOOKS) == pytest.approx([lat, lon + 360, zoom], abs=1e-4)
        return [lat, lon, zoom]

    lat, lon, zoom = retry(at)
    other = open_page()
    again = open_map(other, pacific, "", urlsplit(page.url).query)
    assert again.evaluate(LOOKS) == pytest.approx([lat, lon + 360, zoom], abs=1e-3)
    assert "cannot be used" not in other.content()


def test_coordinates_are_read_out_with_south_and_west(pacific, page):
    frame = open_map(page, pacific, "east")
    badge = frame.locator(f'.site[data-place="{EAST}"] .badge').bounding_box()
    page.mouse.move(badge["x"] + 60, badge["y"] + 40)
    page.mouse.move(badge["x"] + 61, badge["y"] + 41)
    degrees = frame.locator(".cursor-dd")
    expect(degrees).to_have_text(re.compile(r"^1\d\.\d+° S, 17\d\.\d+° W$"))
    expect(frame.locator(".cursor-mgrs")).to_have_text(re.compile(r"^01K"))


def test_a_length_across_180_is_measured_the_short_way(pacific, page):
    frame = open_map(page, pacific)
    frame.get_by_label("Measure distance and bearing").click()
    boxes = [
        frame.locator(f'.site[data-place="{place}"] .badge').bounding_box()
        for place in (WEST, EAST)
    ]
    for count, box in enumerate(boxes, start=1):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(frame.locator("path.measure-point")).to_have_count(count)
    total = frame.locator(".measure-total")
    expect(total).to_have_text(re.compile(r"^Total 4\d\d\.\d km$"))
    drawn = frame.evaluate(
        """() => Math.max(...[...document.querySelectorAll("path.measure-line")]
             .map((line) => line.getBBox().width))"""
    )
    assert drawn == pytest.approx(boxes[1]["x"] - boxes[0]["x"], abs=30)


def test_locked_maps_of_compare_show_the_same_area(pacific, page):
    open_map(page, pacific, "compare")

    def same() -> None:
        frames = [one for one in page.frames if "component/streamlit_folium" in one.url]
        cameras = [one.evaluate(LOOKS) for one in frames]
        assert len(cameras) == 2
        assert cameras[0] == pytest.approx(cameras[1])
        assert 175 < cameras[0][1] < 185

    retry(same)


def test_arabic_names_are_written_on_the_map(pacific, page):
    frame = open_map(page, pacific)
    expect(frame.locator('.site[data-place="marsa"] .site-name')).to_have_text("مرسى الاختبار")
