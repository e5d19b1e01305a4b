"""The pages of the bases: runway numbers, aprons, the nearby town, and the locator."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame

from tests.support.app_server import Server, expected_selection, wait_for_map

SIZES = [(1920, 1080), (1366, 768), (1280, 720), (390, 844)]
# Boxes of what is drawn, relative to the map; words by their text.
MEASURE = """() => {
  const map = document.querySelector('.leaflet-container').getBoundingClientRect();
  const box = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, top, right, bottom } = node.matches('.further-name, .town-name, .site-name')
      ? range.getBoundingClientRect() : node.getBoundingClientRect();
    return [left - map.left, top - map.top, right - map.left, bottom - map.top];
  };
  const isSeen = (node) => getComputedStyle(node).visibility !== 'hidden';
  const all = (selector) => [...document.querySelectorAll(selector)]
    .filter((node) => node.getBoundingClientRect().width && isSeen(node))
    .map((node) => ({ text: node.textContent, box: box(node) }));
  return {
    names: all('.further-name'), locator: all('.locator'),
    towns: all('.town:not(.own-point) .town-name'),
    fixed: all('.badge, .site-name, .fan, .fan-button, .legend, .attribution, .leaflet-bar, '
      + '.scale-box, .north'),
    size: [map.width, map.height],
    marks: [...document.querySelectorAll('.locator-mark')]
      .map((node) => Number(node.getAttribute('width'))),
  };
}"""


def overlaps(one: list[float], other: list[float]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 1


def check(frame: Frame) -> dict:
    found = frame.evaluate(MEASURE)
    small = [*found["names"], *found["locator"]]
    for number, one in enumerate(small):
        others = [*small[number + 1 :], *found["towns"], *found["fixed"]]
        hit = [other["text"] for other in others if overlaps(one["box"], other["box"])]
        assert not hit, (one["text"], hit)
    return found


@pytest.mark.parametrize("size", SIZES)
def test_air_base_shows_its_town_its_numbers_and_where_it_is(app: Server, open_page, size):
    page = open_page(size=size)
    page.goto(app.link("khmeimim"))
    frame = wait_for_map(page, expected_selection("khmeimim").token)
    frame.wait_for_function("() => document.querySelector('.locator:not([hidden])')")
    found = check(frame)
    assert "Jableh" in {one["text"] for one in found["towns"]}
    words = " ".join(one["text"] for one in found["names"])
    rest = frame.locator(".more-head").all_text_contents()
    numbers = [one in words for one in ("17R", "17L", "35L", "35R")]
    assert all(numbers) or (not any(numbers) and "2 runways" in rest[0]), (words, rest)
    assert ("apron" in words) != any("4 aprons" in one for one in rest), (words, rest)
    if size == SIZES[0]:  # on smaller maps only where there is room
        assert "not held" in words
    page.mouse.move(size[0] / 2, 420)
    frame.locator(".leaflet-control-zoom-in").click()
    frame.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
    check(frame)


def test_locator_follows_the_camera_and_hides_where_it_says_nothing(app: Server, open_page):
    page = open_page(size=(1366, 768))
    page.goto(f"{app.link('tartus')}?at=34.9,35.9,9")
    frame = wait_for_map(page, expected_selection("tartus").token)
    frame.wait_for_function("() => document.querySelector('.locator:not([hidden])')")
    [near] = check(frame)["marks"]
    for _ in range(2):
        frame.locator(".leaflet-control-zoom-out").click()
    frame.wait_for_function(
        "(near) => Number(document.querySelector('.locator-mark').getAttribute('width')) > near",
        arg=near,
    )
    page.goto(f"{app.link('tartus')}?at=34.9,35.9,6")
    frame = wait_for_map(page, expected_selection("tartus").token)
    frame.wait_for_function("() => document.querySelector('.locator[hidden]')")
    assert not check(frame)["locator"]
