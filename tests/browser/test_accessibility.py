"""axe finds no serious problem on any page, light or dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

from tests.support.app_server import IDLE, MAP_PAGES, Server, expected_selection, wait_for_map
from tests.support.walker import Walker

OPTIONS = {"iframes": False, "resultTypes": ["violations"]}
# Faults in Streamlit's own markup: (rule, part of the selector) to a description.
STREAMLITS: dict[tuple[str, str], str] = {}


def _faults(where: Page | Frame, name: str) -> list[str]:
    found = Axe().run(where, options=OPTIONS).response["violations"]
    return [
        f"{name}: {rule['id']} ({rule['impact']}) at {target}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        for target in [" ".join(map(str, node["target"]))]
        if not any(rule["id"] == known and part in target for known, part in STREAMLITS)
    ]


READY = {
    "overview": ".panel",
    "khmeimim": "article.claim.whole",
    "conflicts": "article.claim",
    "evidence": "[data-testid=stDataFrame] canvas",
    "about": ".reading table",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", READY)
def test_page_has_no_serious_accessibility_fault(
    app: Server, walker: Walker, path: str, scheme: str
):
    claim = expected_selection("khmeimim").ids[0] if path == "khmeimim" else ""
    page = walker.open(app, path, f"claim={claim}" if claim else "", scheme=scheme)
    expect(page.locator(READY[path]).first).to_be_visible()
    faults = []
    if path in MAP_PAGES:
        frame = wait_for_map(page, expected_selection(path).token)
        assert frame.evaluate("document.documentElement.dataset.theme") == scheme
        head = frame.locator(".legend-head")
        if head.get_attribute("aria-expanded") == "false":
            head.click()
        faults += _faults(frame, "map")
    expect(page.locator(IDLE)).to_be_attached()
    faults += _faults(page, "page")
    assert not faults, "\n".join(faults)
