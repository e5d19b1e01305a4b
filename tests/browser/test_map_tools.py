"""Map coordinates and measuring, by pointer and keyboard, without a rerun."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from geo.geodesy import format_coordinates, measure_line
from tests.support.app_server import MAP, Server, expected_selection, retry, wait_for_map

KHMEIMIM = (35.4011, 35.9487)
CENTRE = "(() => { const {lat, lng} = map.getCenter(); return [lat, lng]; })()"
AT = "([x, y]) => { const {lat, lng} = map.containerPointToLatLng([x, y]); return [lat, lng]; }"
MEASURE = "Measure distance and bearing"


class MessageCounter:
    """Counts WebSocket messages in both directions; create it before opening the page."""

    def __init__(self, page: Page) -> None:
        self.messages = 0
        page.on("websocket", self._hear)

    def _hear(self, socket) -> None:
        for way in ("framereceived", "framesent"):
            socket.on(way, self._count)

    def _count(self, _: object) -> None:
        self.messages += 1


def _open(page: Page, app: Server, query: str = "") -> Frame:
    page.goto(app.link("overview", query))
    return wait_for_map(page, expected_selection("overview", query).token)


def _on_page(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return the centre of a map pixel, so that rounding does not change it."""
    box = page.frame_locator(MAP).locator(".leaflet-container").bounding_box()
    assert box
    return box["x"] + x + 0.5, box["y"] + y + 0.5


def _click(page: Page, *spots: tuple[float, float], **options) -> None:
    for spot in spots:
        page.mouse.click(*_on_page(page, *spot), **options)


def _badge(page: Page, frame: Frame) -> tuple[int, int]:
    """Return the pixel position of a symbol on the map."""
    box = frame.locator(".badge").first.bounding_box()
    assert box
    x, y = _on_page(page, 0, 0)
    return round(box["x"] - x + box["width"] / 2), round(box["y"] - y + box["height"] / 2)


def _words(leg: dict) -> str:
    metres = leg["metres"]
    length = f"{metres:.0f} m" if round(metres) < 1000 else f"{metres / 1000:,.1f} km"
    return f"{length} · {round(leg['bearing']) % 360:03d}°"


def _expect_measured(frame: Frame, points: list) -> None:
    """Expect exact legs on the map and in the list, and their total."""
    rounded = [(round(lat, 6), round(lon, 6)) for lat, lon in points]
    found = measure_line(rounded)
    legs = [_words(leg) for leg in found["legs"]]
    expect(frame.locator(".measure-legs li")).to_have_text(legs)
    expect(frame.locator(".measure-label:not(.beside)")).to_have_text(legs)
    total = f"Total {_words({**found['legs'][0], 'metres': found['metres']}).split(' ·')[0]}"
    expect(frame.locator(".measure-total")).to_have_text(total)
    expect(frame.locator("li.estimate")).to_have_count(0)


def _record_requests(page: Page, path: str) -> list[str]:
    addresses: list[str] = []
    page.on("request", lambda request: path in request.url and addresses.append(request.url))
    return addresses


def test_cursor_box_requests_coordinates_once_the_pointer_rests(app: Server, page: Page):
    frame = _open(page, app)
    asked = _record_requests(page, "/map/grid")
    page.mouse.move(*_on_page(page, 200, 250))
    page.mouse.move(*_on_page(page, 300, 200), steps=25)
    lat, lon = (round(value, 5) for value in frame.evaluate(AT, [300, 200]))
    expected = format_coordinates(lat, lon)
    for name in ("dd", "dms", "mgrs"):
        expect(frame.locator(f".cursor-{name}")).to_have_text(expected[name])
    assert asked == [f"{app.url}/map/grid?lat={lat}&lon={lon}"]
    page.mouse.move(5, 5)
    expect(frame.locator(".cursor-box")).to_be_hidden()


def test_cursor_box_is_hidden_on_small_screens(app: Server, page: Page):
    page.set_viewport_size({"width": 620, "height": 900})
    frame = _open(page, app)
    asked = _record_requests(page, "/map/grid")
    page.locator(MAP).hover(position={"x": 200, "y": 200})
    page.locator(MAP).hover(position={"x": 210, "y": 205})
    frame.wait_for_function("briefingMap.state.pointer")
    frame.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    expect(frame.locator(".cursor-box")).to_be_hidden()
    assert not asked


def _copy_all(page: Page, frame: Frame, expected: dict) -> None:
    labels = {"dd": "Decimal degrees", "dms": "Degrees, minutes, seconds", "mgrs": "MGRS"}
    for name, label in labels.items():
        frame.get_by_role("button", name=f"Copy {label}", exact=True).click()
        expect(frame.get_by_role("status")).to_have_text(f"Copied: {label}")
        assert page.evaluate("navigator.clipboard.readText()") == expected[name]


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_right_click_opens_a_card_with_copyable_coordinates(
    app: Server, page: Page, clipboard: bool
):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    frame = _open(page, app)
    if not clipboard:  # as with plain HTTP from another machine
        frame.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    lat, lon = frame.evaluate(AT, [300, 300])
    _click(page, (300, 300), button="right")
    card = frame.get_by_role("dialog", name="Coordinates of this point")
    expected = format_coordinates(round(lat, 5), round(lon, 5))
    expect(card.locator(".card-value")).to_have_text(
        [expected[name] for name in ("dd", "dms", "mgrs")]
    )
    expect(card).not_to_contain_text("spot")
    _copy_all(page, frame, expected)
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)


def test_key_c_opens_the_card_of_the_centre_and_escape_closes_it(app: Server, page: Page):
    frame = _open(page, app)
    frame.locator(".leaflet-container").focus()
    lat, lon = (round(value, 5) for value in frame.evaluate(CENTRE))
    page.keyboard.press("c")
    card = frame.get_by_role("dialog", name="Coordinates of this point")
    expect(card.locator(".card-value").first).to_have_text(format_coordinates(lat, lon)["dd"])
    expect(card.get_by_role("button", name="Copy Decimal degrees")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(frame.locator(".leaflet-container")).to_be_focused()


def test_place_card_says_that_no_source_gives_the_position(app: Server, page: Page):
    frame = _open(page, app)
    frame.evaluate(
        """([lat, lon]) => document.body.append(briefingMap.coordinatesButton({properties:
            {name: "Khmeimim <b>air base</b>", label_lat: lat, label_lon: lon}}))""",
        list(KHMEIMIM),
    )
    frame.locator(".place-coordinates").last.dispatch_event("click")
    card = frame.get_by_role("dialog", name="Coordinates of Khmeimim <b>air base</b>")
    expect(card.locator("strong")).to_have_text("Khmeimim <b>air base</b>")
    expect(card.locator(".card-value").last).to_have_text("36SYE6779321518")
    expect(card).to_contain_text("The spot of a report within it is not given by its source.")


def test_measuring_by_mouse_is_geodesic_and_selects_nothing(app: Server, page: Page):
    talk = MessageCounter(page)
    frame = _open(page, app)
    address, said = page.url, talk.messages
    toggle = frame.get_by_role("button", name=MEASURE)
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    spots = [(150, 250), (250, 150), (330, 320)]
    spots.append(_badge(page, frame))
    points = [frame.evaluate(AT, list(spot)) for spot in spots]
    _click(page, *spots)
    _expect_measured(frame, points)
    page.keyboard.press("Backspace")
    _expect_measured(frame, points[:-1])
    page.keyboard.press("Escape")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    expect(frame.get_by_role("status")).to_contain_text("Measured:")
    _expect_measured(frame, points[:-1])
    toggle.click()
    expect(frame.locator(".measure-label")).to_have_count(0)
    toggle.click()
    expect(frame.locator(".measure-box")).to_be_hidden()
    assert frame.evaluate(
        "[briefingMap.state.measuring, briefingMap.state.requested.chosen ?? null]"
    ) == [False, None]
    assert (page.url, talk.messages) == (address, said)


def test_symbols_are_selectable_again_after_measuring(app: Server, page: Page):
    frame = _open(page, app)
    toggle = frame.get_by_role("button", name=MEASURE)
    toggle.click()
    _click(page, _badge(page, frame))
    expect(frame.get_by_role("status")).to_have_text("First point set.")
    toggle.click()
    _click(page, _badge(page, frame))
    page.wait_for_url(re.compile("claim="))


def test_measuring_by_keyboard_sets_points_at_the_crosshair(app: Server, page: Page):
    frame = _open(page, app)
    frame.get_by_role("button", name=MEASURE).focus()
    page.keyboard.press("Enter")
    expect(frame.locator(".measure-cross")).to_be_visible()
    expect(frame.locator(".leaflet-container")).to_be_focused()
    points = []
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft"):
        points.append(frame.evaluate(CENTRE))
        page.keyboard.press("Enter")
        page.keyboard.press(key)
        frame.wait_for_function(f"before => {CENTRE}.join() !== before.join()", arg=points[-1])
        frame.wait_for_function("!map._panAnim?._inProgress")
    _expect_measured(frame, points)
    page.keyboard.press("Backspace")
    _expect_measured(frame, points[:-1])
    page.keyboard.press("Escape")
    expect(frame.locator(".measure-cross")).to_be_hidden()
    frame.get_by_role("button", name="Clear").press("Enter")
    expect(frame.locator(".measure-label")).to_have_count(0)


def test_double_click_ends_measuring_and_a_drag_sets_no_point(app: Server, page: Page):
    frame = _open(page, app)
    zoom = frame.evaluate("map.getZoom()")
    frame.get_by_role("button", name=MEASURE).click()
    _click(page, (150, 200))
    page.mouse.move(*_on_page(page, 200, 330))
    page.mouse.down()
    page.mouse.move(*_on_page(page, 260, 300), steps=5)
    page.mouse.up()
    frame.wait_for_function("!map._panAnim?._inProgress")
    expect(frame.locator("path.measure-point")).to_have_count(1)
    page.mouse.dblclick(*_on_page(page, 300, 250))
    expect(frame.locator(".measure-legs li")).to_have_count(1)
    expect(frame.get_by_role("button", name=MEASURE)).to_have_attribute("aria-pressed", "false")
    assert frame.evaluate("map.getZoom()") == zoom


@pytest.mark.parametrize("fails", [False, True])
def test_estimate_is_marked_until_the_exact_length_arrives(
    app: Server, page: Page, watch, fails: bool
):
    watch.allowed = re.compile("/map/measure")
    held: list[Callable] = []
    page.route(
        re.compile("/map/measure"),
        lambda route: held.append(route.abort if fails else route.continue_),
    )
    frame = _open(page, app)
    frame.get_by_role("button", name=MEASURE).click()
    _click(page, (150, 250), (300, 200))
    points = [frame.evaluate(AT, spot) for spot in ([150, 250], [300, 200])]
    expect(frame.locator(".measure-legs li")).to_have_class("estimate")
    expect(frame.locator(".measure-total")).to_contain_text("≈")

    def asked() -> None:
        frame.evaluate("1")  # Playwright reports the request, which comes after the estimate
        assert held

    retry(asked)
    held[0]()
    if fails:
        expect(frame.locator(".measure-note")).to_contain_text("measured on a sphere")
        expect(frame.locator(".measure-total")).to_contain_text("≈")
    else:
        _expect_measured(frame, points)
