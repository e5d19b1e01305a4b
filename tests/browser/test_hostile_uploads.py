"""Uploads with fifty injection attempts: no page executes any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from geo.app_context import context
from geo.briefing import Briefing, Scene, Statement
from geo.export.deck import build_deck
from geo.export.html.offline_html import write_handout
from geo.store import FolderStore, OverlayStore
from geo.view import View
from tests.support.app_server import IDLE, MAP, Server, choose_option, retry, serve_app
from tests.support.hostile_texts import TEXTS
from tests.support.page_watch import PageWatch

PLACE = (35.9, 35.4)
NAMES = {text: f"{text} {number}" for number, text in enumerate(TEXTS)}
TITLE = "{{7*7}} ${1} <img src=x onerror=window.top.hacked=1> ![](http://127.0.0.1:9/x.png)"
FILE = "{{7*7}} ${1} <img src=x onerror=window.top.hacked=1> ![](x) :red[x]"


def _geojson() -> bytes:
    """Return a file with each text as a row's label, a column's name and its cells."""
    columns = {name: text for text, name in NAMES.items()}
    features = [
        {
            "type": "Feature",
            "properties": {"name": text, **columns, "day": "2024-12-12"},
            "geometry": {"type": "Point", "coordinates": [PLACE[0] + n / 500, PLACE[1]]},
        }
        for n, text in enumerate(TEXTS)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _csv() -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    head = ",".join(["name", *map(cell, NAMES.values()), "lat", "lon"])
    rows = (
        ",".join([*map(cell, (text, *TEXTS)), str(PLACE[1]), str(PLACE[0] + n / 500)])
        for n, text in enumerate(TEXTS)
    )
    return "\n".join([head, *rows]).encode()


def _kml() -> bytes:
    data = "".join(
        f'<Data name="{escape(name)}"><value>{escape(text)}</value></Data>'
        for text, name in NAMES.items()
    )
    marks = "".join(
        f"<Placemark><name>{escape(text)}</name><description>{escape(text)}</description>"
        f"<ExtendedData>{data}</ExtendedData>"
        f"<Point><coordinates>{PLACE[0] + n / 500},{PLACE[1]}</coordinates></Point></Placemark>"
        for n, text in enumerate(TEXTS)
    )
    return (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'.encode()
    )


FILES: dict[str, Callable[[], bytes]] = {"geojson": _geojson, "csv": _csv, "kml": _kml}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("hostile")
    with serve_app(log=folder / "log.txt", OWN_FOLDER=str(folder / "own")) as server:
        yield server, folder
    assert "Traceback" not in (folder / "log.txt").read_text()


@pytest.fixture
def visitor(browser: Browser, watch: PageWatch) -> Iterator[Page]:
    made = browser.new_context(viewport={"width": 1366, "height": 768})
    page = made.new_page()
    watch.attach(page)
    yield page
    made.close()
    assert not watch.problems, "\n".join(watch.problems)


def _nothing_ran(page: Page) -> None:
    expect(page.locator(IDLE)).to_be_attached()
    assert page.evaluate("typeof window.hacked") == "undefined"
    for frame in page.frames:
        strange = "img[src=x], [src*='127.0.0.1:9/'], [onerror], [onload], [onfocus], [ontoggle]"
        assert frame.locator(strange).count() == 0, frame.url
        assert frame.locator("a[href^='javascript']").count() == 0


def _map(page: Page) -> Frame:
    """Return the frame of the map once the layer is drawn."""
    found = page.frame_locator(MAP).locator(".leaflet-interactive")

    def ready() -> Frame:
        expect(found.first).to_be_attached()
        return next(one for one in page.frames if "component/streamlit_folium" in one.url)

    return retry(ready)


def _at(frame: Frame, number: int) -> tuple[float, float]:
    x, y = frame.evaluate(
        "([lon, lat]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [PLACE[0] + number / 500, PLACE[1]],
    )
    box = frame.frame_element().bounding_box()
    assert box
    return box["x"] + x, box["y"] + y


def _tooltips(page: Page, frame: Frame, step: int = 1) -> None:
    """Hover over rows and check that each tooltip shows its label literally."""
    tip = frame.locator(".leaflet-tooltip strong")
    for number in range(0, len(TEXTS), step):
        page.mouse.move(*_at(frame, number), steps=2)
        expect(tip.first).to_have_text(TEXTS[number].strip(), use_inner_text=False)


def _upload(page: Page, server: Server, kind: str) -> None:
    page.goto(server.link("layers"))
    name = f"{FILE}.{kind}"
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": FILES[kind]()}
    )
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _expect_in_table(table: Locator, role: str, text: str) -> None:
    """Check a canvas table by its accessible text."""
    table.scroll_into_view_if_needed()
    expect(table.locator(f"[role={role}]").filter(has_text=text).first).to_be_attached()


def _check_preview(page: Page, step: int = 1) -> None:
    """Check the preview of a file before it is accepted: map, table, column names."""
    _tooltips(page, _map(page), step)
    table = page.get_by_test_id("stDataFrame")
    _expect_in_table(table, "columnheader", "name")
    _expect_in_table(table, "gridcell", TEXTS[2])
    choose_option(page, "Label", NAMES[TEXTS[2]])
    expect(page.get_by_role("combobox", name="Label")).to_have_value(NAMES[TEXTS[2]])
    _nothing_ran(page)


@pytest.mark.parametrize("kind", ["csv", "kml"])
def test_hostile_file_is_previewed_literally(served: tuple[Server, Path], visitor: Page, kind: str):
    _upload(visitor, served[0], kind)
    _check_preview(visitor, step=7)


def test_hostile_layer_is_shown_literally_on_every_page(
    served: tuple[Server, Path], visitor: Page, watch: PageWatch
):
    page, (server, folder) = visitor, served
    _upload(page, server, "geojson")
    _check_preview(page)
    page.get_by_label("Title of the layer").fill(TITLE)
    page.get_by_role("button", name="Accept the layer").click()
    expect(page.get_by_role("heading", name="Your layers")).to_be_visible()
    kept = page.get_by_test_id("stExpander").filter(has_text="50 rows").last
    expect(kept.locator("summary")).to_contain_text(f"{TITLE} · 50 rows")
    kept.locator("summary").click()
    expect(kept.get_by_label("Title", exact=True)).to_have_value(TITLE)
    _nothing_ran(page)

    slug = page.url.partition("layer=")[2].partition("&")[0]
    page.goto(server.link("overview", f"layer={slug}&at=35.4,35.95,12"))
    frame = _map(page)
    _tooltips(page, frame, step=7)
    page.mouse.click(*_at(frame, 1))
    panel = page.locator(".st-key-panel .panel")
    for name, text in zip(NAMES.values(), TEXTS, strict=True):
        expect(panel).to_contain_text(f"{name}{text}", use_inner_text=False)
    expect(panel).to_contain_text(TITLE)
    head = frame.locator(".legend-head")
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    expect(frame.locator(".legend-layer")).to_contain_text(TITLE[:59])  # then cut
    page.get_by_text("Places and base map").click()
    further = page.get_by_test_id("stMultiSelect").filter(has_text=TITLE)
    expect(further).to_be_visible()
    page.get_by_text("Table: ").first.click()
    table = page.get_by_test_id("stDataFrame").last
    expect(table).to_be_visible()
    _expect_in_table(table, "gridcell", TEXTS[2])
    _nothing_ran(page)
    watch.allowed = re.compile(r"^file:///.*/evil\.html$")
    _check_offline_html(page, folder, slug)


def _check_offline_html(page: Page, folder: Path, slug: str) -> None:
    """Check the same layer in an offline HTML briefing."""
    (own,) = (folder / "own").glob(f"*/{slug}.parquet")
    where = context()
    store = OverlayStore(FolderStore(own.parent), where.store)
    scene = Scene("one", View(layers=(slug,)), Statement(TITLE, ("nyt-01",)), (), TITLE)
    made = build_deck(Briefing("evil", TITLE, TITLE, (scene,)), store, where.evidence)
    path = folder / "evil.html"
    path.write_bytes(write_handout(made, store))
    page.goto(path.as_uri())
    page.wait_for_function("window.paintedSelection?.token", timeout=20_000)
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("body")).to_contain_text(TEXTS[2], use_inner_text=False)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img:not(.leaflet-relief-pane *)").count() == 0
