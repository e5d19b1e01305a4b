"""Every control can be reached and used by keyboard, with visible focus."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.app_server import Server, expected_selection, wait_for_map

# The [kind, label] of the focused element, also inside the map's frame.
FOCUSED = """() => {
  let node = document.activeElement;
  if (node.tagName === "IFRAME") node = node.contentDocument.activeElement;
  const names = [["badge", ".badge"], ["line", ".fan-line"], ["day", ".day"],
    ["legend", ".legend-head"], ["zoom", ".leaflet-control-zoom-in"], ["whole", ".home button"],
    ["map", ".leaflet-container"], ["panel", ".panel"], ["page", "[data-testid=stTopNavLink]"],
    ["slider", "input[type=range]"], ["radio", "input[type=radio]"],
    ["button", "[data-testid=stBaseButton-secondary]"], ["expander", "summary"],
    ["search", "input[placeholder^=radar]"], ["choice", "[role=combobox]"]];
  const found = names.find(([, css]) => node.matches(css));
  const label = node.getAttribute("aria-label") || node.textContent.trim();
  return [found ? found[0] : node.tagName, label];
}"""
IN_MAP = "document.activeElement.tagName === 'IFRAME'"
# Its box on the page in pixels, with a margin for the focus ring.
SPOT = """() => {
  const node = document.activeElement;
  node.scrollIntoView({ block: "nearest", behavior: "instant" });
  const box = node.getBoundingClientRect();
  const x = Math.max(0, box.left - 14), y = Math.max(0, box.top - 14);
  return { x, y, width: Math.min(box.width + 28, innerWidth - x),
           height: Math.min(box.height + 28, innerHeight - y) };
}"""
OUTLINED = """() => {
  const node = document.activeElement.contentDocument.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
  return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
}"""
TABS = 90


def _stops(page: Page) -> list[tuple[str, str]]:
    """Press Tab until the focus returns to the start; return each focused element."""
    stops: list[tuple[str, str]] = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        kind, label = page.evaluate(FOCUSED)
        if kind == "BODY" and len(stops) > 10:
            break
        stops.append((kind, label))
    return stops


def _tab_to(page: Page, kind: str, label: str = "") -> None:
    for _ in range(TABS):
        page.keyboard.press("Tab")
        found, words = page.evaluate(FOCUSED)
        if found == kind and label in words:
            return
    msg = f"Tab does not reach {kind} {label!r}."
    raise AssertionError(msg)


def test_tab_reaches_every_filter_and_map_control(app: Server, page: Page):
    page.goto(app.link())
    wait_for_map(page, expected_selection("overview").token)
    stops = _stops(page)
    kinds = [kind for kind, _ in stops]
    assert {
        "slider",
        "button",
        "radio",
        "choice",
        "search",
        "expander",
        "map",
        "badge",
        "zoom",
        "whole",
        "legend",
        "day",
        "page",
    } <= set(kinds)
    assert kinds.count("slider") == 2
    labels = {label for kind, label in stops if kind == "choice"}
    assert {"Systems", "Evidence", "At least this certain", "Points to"} <= labels
    assert kinds.count("badge") == 4


def test_enter_on_a_badge_opens_its_claims(app: Server, page: Page):
    page.goto(app.link())
    frame = wait_for_map(page, expected_selection("overview").token)
    _tab_to(page, "badge", "Tartus naval base")
    expect(frame.locator(".map-tip.floating")).to_contain_text("Tartus naval base")
    page.keyboard.press("Enter")
    panel = page.locator(".st-key-panel .panel")
    expect(panel.get_by_role("heading").first).to_have_text("Tartus naval base")
    expect(panel.locator("article.claim")).to_have_count(
        expected_selection("overview").by_place["tartus"]
    )


def test_badge_keeps_the_focus_after_opening(app: Server, page: Page):
    page.goto(app.link())
    wait_for_map(page, expected_selection("overview").token)
    _tab_to(page, "badge", "Tartus naval base")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-panel .panel h2.name")).to_have_text("Tartus naval base")
    assert page.evaluate(FOCUSED)[0] == "badge"


def test_enter_on_a_line_opens_all_the_reports_that_it_counts(app: Server, page: Page):
    page.goto(app.link("khmeimim"))
    frame = wait_for_map(page, expected_selection("khmeimim").token)
    _tab_to(page, "line")
    joined = frame.locator(".fan-line").first.locator(".fan-reports")
    count = int(joined.inner_text().split()[0]) if joined.count() else 1
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-panel article.claim")).to_have_count(count)


def test_histogram_day_is_chosen_by_keyboard(app: Server, page: Page):
    page.goto(app.link())
    wait_for_map(page, expected_selection("overview").token)
    _tab_to(page, "day")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    wait_for_map(page, expected_selection("overview", "from=2024-12-13&to=2024-12-13").token)


def test_sources_and_days_are_changed_by_keyboard(app: Server, page: Page):
    page.goto(app.link())
    wait_for_map(page, expected_selection("overview").token)
    _tab_to(page, "radio")  # the days: on which it happened, or was reported
    _tab_to(page, "radio")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    page.goto(app.link("overview", "from=2024-12-12&to=2024-12-12"))
    wait_for_map(page, expected_selection("overview", "from=2024-12-12&to=2024-12-12").token)
    _tab_to(page, "button", "Day after")
    page.keyboard.press("Enter")
    wait_for_map(page, expected_selection("overview", "from=2024-12-13&to=2024-12-13").token)


def test_focus_is_visible_on_every_control(app: Server, page: Page):
    page.goto(app.link("khmeimim"))
    wait_for_map(page, expected_selection("khmeimim").token)
    seen: dict[str, bool] = {}
    for _ in range(TABS):
        page.keyboard.press("Tab")
        kind, _label = page.evaluate(FOCUSED)
        if kind == "BODY":
            break
        if kind not in seen:
            seen[kind] = page.evaluate(OUTLINED) if page.evaluate(IN_MAP) else _looks_other(page)
    assert not [kind for kind, visible in seen.items() if not visible]
    assert {"slider", "radio", "choice", "search", "badge", "line", "day"} <= set(seen)


def _looks_other(page: Page) -> bool:
    """Compare the focused element with itself unfocused; restore the focus."""
    spot = page.evaluate(SPOT)
    focused = page.screenshot(clip=spot)
    node = page.evaluate_handle("document.activeElement")
    node.evaluate("node => node.blur()")
    without = page.screenshot(clip=spot)
    node.evaluate("node => node.focus()")
    return focused != without
