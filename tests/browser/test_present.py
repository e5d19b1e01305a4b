"""Presenting a briefing: one map for all scenes, with each slide's text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geo.page_registry import list_pages
from geo.summary import count_reports
from geo.view import to_query
from tests.support.app_server import MAP, Server, expected_selection, read_painted, wait_for_map
from tests.support.layout_boxes import find_layout_faults, measure_boxes
from tests.support.stage import (
    NAME,
    WORDS,
    deck,
    find_text_differences,
    slide_query,
    wait_for_slide,
)
from tests.support.walker import walk

SIZES = ((1920, 1080), (1280, 720), (1024, 768))
SLIDES = deck().slides
CHROME = "[data-testid=stHeader], [data-testid=stSidebar], [data-testid=stToolbar]"
LEAST = {"headline": 40, "lines": 24, "column": 18, "foot": 18}  # pixels at 1920 x 1080


@pytest.fixture
def still(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page with reduced motion: the camera jumps without animation."""

    def opened(**looks: object) -> Page:
        page = open_page(**looks)
        page.emulate_media(reduced_motion="reduce")
        return page

    return opened


def _begin(page: Page, app: Server, position: int = 0) -> Frame:
    page.goto(app.link("present", slide_query(SLIDES[position])))
    return wait_for_slide(page, SLIDES[position])


def _focus_map(frame: Frame) -> None:
    frame.locator("#map_div").focus()


def test_arrow_keys_step_through_all_scenes_on_one_map(app: Server, still: Callable):
    page = still()
    frame = _begin(page, app)
    page.locator(MAP).evaluate("frame => { frame.marker = frame.contentWindow.marker = 'first'; }")
    _focus_map(frame)
    faults = []
    for position, slide in enumerate(SLIDES):
        frame = wait_for_slide(page, slide)
        assert read_painted(frame) == {
            "token": slide.selection.token,
            "ids": list(slide.selection.ids),
        }
        faults += find_text_differences(frame.evaluate(WORDS), slide, position, len(SLIDES))
        page.keyboard.press("ArrowRight")
    assert not faults, "\n".join(faults)
    assert page.locator(MAP).count() == 1
    both = "frame => [frame.marker, frame.contentWindow.marker]"
    assert page.locator(MAP).evaluate(both) == ["first", "first"]
    expect(page).to_have_url(re.compile(f"scene={NAME}%2F{SLIDES[-1].key}$"))
    expect(page.locator(CHROME).filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("inside", [True, False], ids=["focus in the map", "focus in the page"])
def test_every_navigation_key_moves_one_step_without_wrapping(
    app: Server, still: Callable, inside: bool
):
    page = still()
    frame = _begin(page, app)
    if inside:
        _focus_map(frame)
    else:
        page.locator("body").click(position={"x": 2, "y": 2}, force=True)
        page.evaluate("document.activeElement.blur()")
    at, last = 0, len(SLIDES) - 1
    for key, by in (
        ("ArrowLeft", -1),
        ("ArrowDown", 1),
        (" ", 1),
        ("PageDown", 1),
        ("Enter", 1),
        ("n", 1),
        ("ArrowUp", -1),
        ("PageUp", -1),
        ("Backspace", -1),
        ("p", -1),
        ("Shift+ ", -1),
        ("End", last),
        ("ArrowRight", 1),
        ("Home", -last),
    ):
        page.keyboard.press(key)
        at = min(max(at + by, 0), last)
        wait_for_slide(page, SLIDES[at])
    expect(page).to_have_url(re.compile(f"{SLIDES[0].key}$"))


def test_quick_key_presses_are_all_counted(app: Server, still: Callable):
    page = still()
    frame = _begin(page, app)
    _focus_map(frame)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[5])
    expect(page).to_have_url(re.compile(f"{SLIDES[5].key}$"))
    wait_for_slide(page, SLIDES[5])


def test_space_on_a_focused_button_presses_it_once(app: Server, still: Callable):
    page = still()
    frame = _begin(page, app, 4)
    frame.get_by_role("button", name="Previous scene").focus()
    page.keyboard.press("Space")
    frame = wait_for_slide(page, SLIDES[3])
    expect(frame.get_by_role("button", name="Previous scene")).to_be_focused()
    page.keyboard.press("Enter")
    wait_for_slide(page, SLIDES[2])
    frame.get_by_role("button", name="Next scene").click()
    wait_for_slide(page, SLIDES[3])
    frame.locator(".badge").first.click()  # symbols open nothing here; space goes on
    page.keyboard.press("Space")
    wait_for_slide(page, SLIDES[4])


def _step_and_back(page: Page, app: Server) -> None:
    _focus_map(_begin(page, app, 1))
    page.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[2])
    expect(page).to_have_url(re.compile(f"{SLIDES[2].key}$"))
    page.go_back()
    wait_for_slide(page, SLIDES[1])


def test_reload_back_and_forward_restore_the_scene(app: Server, still: Callable):
    page = still()
    _step_and_back(page, app)
    page.go_forward()
    wait_for_slide(page, SLIDES[2])
    page.reload()
    wait_for_slide(page, SLIDES[2])


def _drop_messages_after_url_change(page: Page) -> None:
    """Drop the messages after a URL change, as when a step back interrupts the run."""
    cut = False

    def passed(message: bytes | str, on: Callable) -> None:
        nonlocal cut
        kind = ForwardMsg.FromString(message).WhichOneof("type")
        cut = cut and kind != "new_session"
        if not cut:
            on(message)
        cut = cut or kind == "page_info_changed"

    def between(socket: WebSocketRoute) -> None:
        socket.connect_to_server().on_message(lambda message: passed(message, socket.send))

    page.route_web_socket(re.compile("/_stcore/stream$"), between)


def test_step_back_during_an_interrupted_run_is_applied(app: Server, still: Callable):
    page = still()
    _drop_messages_after_url_change(page)
    _step_and_back(page, app)
    page.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[2])
    expect(page).to_have_url(re.compile(f"{SLIDES[2].key}$"))


def test_camera_animates_while_the_text_is_visible(app: Server, page: Page):
    frame = _begin(page, app)
    frame.evaluate("() => { map.on('zoom', () => { window.steps = (window.steps || 0) + 1; }); }")
    page.keyboard.press("ArrowRight")
    frame.wait_for_function("() => window.steps > 3 && document.body.classList.contains('flying')")
    assert frame.locator("h1").inner_text() == SLIDES[1].headline
    wait_for_slide(page, SLIDES[1])
    xmin, ymin, xmax, ymax = SLIDES[1].frame.bounds
    assert frame.evaluate(
        "([s, w, n, e]) => map.getBounds().contains([[s, w], [n, e]])", [ymin, xmin, ymax, xmax]
    )


def test_escape_returns_to_the_previous_page_and_filters(app: Server, still: Callable):
    page = still()
    query = "from=2024-12-12&to=2024-12-12&sources=all"
    page.goto(app.link("tartus", query))
    wait_for_map(page, expected_selection("tartus", query).token)
    page.get_by_test_id("stTopNavLink").get_by_text("Present", exact=True).click()
    _focus_map(wait_for_slide(page, SLIDES[0]))
    page.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[1])
    page.keyboard.press("Escape")
    expect(page.locator(".counted")).to_have_text(
        count_reports(expected_selection("tartus", query))
    )
    wait_for_map(page, expected_selection("tartus", query).token)
    assert "/tartus" in page.url
    expect(page.get_by_test_id("stTopNavLink").first).to_be_visible()


def test_back_leaves_the_presentation_for_the_previous_page(app: Server, still: Callable):
    page = still()
    page.goto(app.link("overview", "sources=all"))
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    page.get_by_test_id("stTopNavLink").get_by_text("Present", exact=True).click()
    wait_for_slide(page, SLIDES[0])
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"{SLIDES[1].key}$"))
    page.go_back()
    wait_for_slide(page, SLIDES[0])
    page.go_back()
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    assert "scene" not in page.url


def test_open_this_view_opens_the_view_of_the_scene(app: Server, still: Callable):
    page = still()
    frame = _begin(page, app, 3)
    slide = SLIDES[3]
    address = frame.get_by_role("link", name="Open this view")
    assert address.get_attribute("href") == f"{app.url}{slide.link}"
    address.click()
    expect(page.locator(".counted")).to_have_text(count_reports(slide.selection))
    query = to_query(slide.view)
    assert expected_selection(slide.page.path, query).token == slide.selection.token
    wait_for_map(page, slide.selection.token)


def test_unknown_scene_is_reported_and_the_nearest_is_shown(app: Server, still: Callable):
    page = still()
    page.goto(app.link("present", f"scene={NAME}/khmeimim-14&colour=red"))
    wait_for_slide(page, SLIDES[1])
    expect(page.get_by_text("khmeimim-14")).to_be_visible()
    expect(page.get_by_text("colour")).to_be_visible()
    page.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[2])
    expect(page.get_by_text("khmeimim-14")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_scenes_have_no_layout_faults(
    app: Server, still: Callable, size: tuple[int, int], scheme: str
):
    page = still(size=size, scheme=scheme)
    frame = _begin(page, app)
    faults = []
    for slide in SLIDES:
        frame = wait_for_slide(page, slide)
        found = measure_boxes(frame)
        faults += [f"{slide.key}: {fault}" for fault in find_layout_faults(found)]
        if size == SIZES[0]:
            small = {name: px for name, px in found["sizes"].items() if 0 < px < LEAST[name]}
            assert not small
        page.keyboard.press("ArrowRight")
    assert frame.evaluate("document.documentElement.dataset.theme") == scheme
    assert not faults, "\n".join(faults)


def test_phone_layout_scrolls_to_every_part(app: Server, still: Callable):
    page = still(size=(390, 844))
    frame = _begin(page, app, 2)
    found = measure_boxes(frame)
    assert found["document"][0] <= found["document"][1]
    left, top, right, bottom = found["parts"]["#map_div"]
    assert (left, right) == (0, 390)
    assert bottom - top > 300
    for part in (".stage-lines", ".stage-legend", ".stage-question >> nth=-1", ".stage-sources"):
        frame.locator(part).scroll_into_view_if_needed()
        expect(frame.locator(part)).to_be_in_viewport()
    frame.get_by_role("button", name="Next scene").click()
    wait_for_slide(page, SLIDES[3])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_presentation_has_no_serious_accessibility_fault(app: Server, still: Callable, scheme: str):
    frame = _begin(still(scheme=scheme), app, 2)
    found = Axe().run(frame, options={"iframes": False, "resultTypes": ["violations"]}).response
    serious = [
        f"{rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)


def test_slide_texts_reach_the_page_as_text(app: Server, still: Callable):
    page = still()
    _begin(page, app)
    raw = page.locator("[data-slide]").text_content()
    assert raw
    scenes = json.loads(raw)["scenes"]
    assert [one["headline"] for one in scenes] == [slide.headline for slide in SLIDES]
    assert [one["notes"] for one in scenes] == [slide.notes for slide in SLIDES]


def test_notes_window_follows_and_controls_the_presentation(app: Server, still: Callable):
    page = still()
    frame = _begin(page, app)
    _focus_map(frame)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    faults: list[str] = []
    notes.on("pageerror", lambda error: faults.append(str(error)))
    expect(notes.locator("h1")).to_have_text(SLIDES[0].headline)
    expect(notes.locator("[data-part=next]")).to_have_text(SLIDES[1].headline)
    notes.keyboard.press("ArrowRight")
    wait_for_slide(page, SLIDES[1])
    expect(notes.locator("h1")).to_have_text(SLIDES[1].headline)
    expect(notes.locator("[data-part=position]")).to_have_text(f"2 / {len(SLIDES)}")
    said = notes.locator("[data-part=notes] p").all_inner_texts()
    assert "\n\n".join(said) == SLIDES[1].notes
    page.keyboard.press("End")
    expect(notes.locator("h1")).to_have_text(SLIDES[-1].headline)
    notes.get_by_role("button", name="Start").click()
    expect(notes.locator("[data-part=timer]")).not_to_have_text("0:00")
    notes.get_by_role("button", name="Pause").click()
    notes.get_by_role("button", name="Reset").click()
    expect(notes.locator("[data-part=timer]")).to_have_text("0:00")
    page.goto("about:blank")
    expect(notes.get_by_text("No presentation is open.")).to_be_visible()
    assert not faults
    notes.close()


def test_notes_window_without_a_presentation_says_so(app: Server, page: Page):
    page.goto(f"{app.url}/briefing/notes")
    expect(page.get_by_text("No presentation is open.")).to_be_visible()


CLEAN = {"16:9": (1280, 800), "4:3": (1280, 720)}


@pytest.mark.parametrize("shape", CLEAN)
def test_screenshot_view_of_every_page_has_no_controls(app: Server, still: Callable, shape: str):
    page = still(size=CLEAN[shape])
    query = "from=2024-12-12&to=2024-12-13&sources=all"
    wide, tall = map(int, shape.split(":"))
    faults = []
    page.goto(app.link("", f"{query}&clean={shape}"))
    for spec in list_pages():
        if spec.fullscreen:
            walk(page, app, spec.path, f"clean={shape}")
            frame = wait_for_slide(page, SLIDES[0])
        else:
            walk(page, app, spec.path, f"{query}&clean={shape}")
            frame = wait_for_map(page, expected_selection(spec.path, query).token)
            frame.wait_for_selector(f".stage[data-scene={spec.path}]", state="attached")
        frame.wait_for_function("document.fonts.status === 'loaded'")
        found = measure_boxes(frame)
        left, top, right, bottom = found["parts"][".stage"]
        width, height = right - left, bottom - top
        assert width / height == pytest.approx(wide / tall, abs=0.01), spec.path
        room = CLEAN[shape]
        assert max(width / room[0], height / room[1]) == pytest.approx(1, abs=0.01), spec.path
        faults += [f"{spec.path}: {fault}" for fault in find_layout_faults(found)]
        expect(page.locator(CHROME).filter(visible=True)).to_have_count(0)
        expect(frame.locator("button, a").filter(visible=True)).to_have_count(
            frame.locator(".badge, .fan-line").filter(visible=True).count()
        )
        expect(frame.locator("h1")).to_be_visible()
        if spec.frame:
            expect(frame.locator(".scale-box")).to_be_visible()
            expect(frame.locator(".stage-legend")).to_be_visible()
    assert not faults, "\n".join(faults)


def test_screenshot_view_ends_with_escape_and_reports_a_bad_shape(app: Server, still: Callable):
    page = still()
    page.goto(app.link("khmeimim", "sources=all&clean=1"))
    frame = wait_for_map(page, expected_selection("khmeimim", "sources=all").token)
    frame.wait_for_selector(".stage[data-scene=khmeimim]", state="attached")
    page.keyboard.press("Escape")
    expect(page.locator(".counted")).to_have_text(
        count_reports(expected_selection("khmeimim", "sources=all"))
    )
    page.goto(app.link("khmeimim", "clean=huge"))
    expect(page.get_by_text("huge")).to_be_visible()
    expect(page.get_by_test_id("stTopNavLink").first).to_be_visible()


def test_back_from_an_opened_view_returns_to_its_scene(app: Server, still: Callable):
    page = still()
    slide = next(one for one in SLIDES if one.page.path == "khmeimim")
    page.goto(app.link("present", slide_query(slide)))
    frame = wait_for_slide(page, slide)
    frame.get_by_text("Open this view").click()
    expect(page).to_have_url(re.compile("/khmeimim[?]"))
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.go_back()
    wait_for_slide(page, slide)
    expect(page).to_have_url(re.compile(f"scene={NAME}(/|%2F){slide.key}$"))


def test_mistyped_scene_is_named_above_the_stage_and_not_over_it(app: Server, still: Callable):
    page = still(size=(1366, 768))
    page.goto(app.link("present", f"scene={NAME}/{SLIDES[0].key}x"))
    wait_for_slide(page, SLIDES[0])
    notice, stage = page.locator(".st-key-stage_notices"), page.locator(MAP)
    expect(notice).to_contain_text(f"{SLIDES[0].key}x")
    above, below = notice.bounding_box(), stage.bounding_box()
    assert above["y"] + above["height"] <= below["y"] + 1
    assert below["y"] + below["height"] <= 768 + 1
