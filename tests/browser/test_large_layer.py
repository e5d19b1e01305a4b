"""A large layer: density tiles zoomed out, features zoomed in, both clickable."""

import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Frame, Page, expect

from geo.mapping import density_tiles
from geo.selection import select
from geo.settings import settings
from geo.store import LayerSpec, open_store
from geo.view import from_query
from tests.support.app_server import MAP, read_layers, serve_app, wait_for_map

MANY = 20_000
AT = (34.6, 36.9)  # latitude, longitude: east of Homs, where nothing else is drawn
QUERY = "layer=many"
SHADED = """() => [...document.querySelectorAll(".density img")].filter(
    one => one.naturalWidth && one.closest(".density").style.opacity !== "0").length"""
CLOSE = "wanted => briefingMap.state.map.getContainer().dataset.closeUp === String(wanted)"
CAMERA = """(({ map }) => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])(
    briefingMap.state)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write 20,000 synthetic points, densest at one position, spread over thirty days."""
    random = np.random.default_rng(5)
    numbers = np.arange(MANY)
    places = random.normal((AT[1], AT[0]), 0.15, (MANY, 2))
    places[0] = (AT[1] + 0.8, AT[0])  # a single distant point
    frame = gpd.GeoDataFrame(
        {
            "key": [f"k{number}" for number in numbers],
            "name": [f"Synthetic {number}" for number in numbers],
            "day": pd.to_datetime("2024-12-01") + pd.to_timedelta(numbers % 30, unit="D"),
        },
        geometry=gpd.points_from_xy(*places.T),
        crs=4326,
    )
    path = tmp_path_factory.mktemp("big")
    open_store(str(path)).write(
        "many",
        frame,
        LayerSpec(
            title="Synthetic many",
            id_column="key",
            time_columns=("day", "day"),
            label_column="name",
        ),
    )
    return path


@pytest.fixture(scope="module")
def server(folder):
    with serve_app(log=folder / "log.txt", STORE_URL=str(folder), VECTOR_LIMIT="1000") as server:
        yield server


@pytest.fixture
def expected(folder, monkeypatch):
    """Return what a map must show for a link, as the served process computes it."""
    monkeypatch.setenv("VECTOR_LIMIT", "1000")
    settings.cache_clear()
    yield lambda query: select(from_query(query)[0], read_layers(str(folder)))
    settings.cache_clear()


def look(frame: Frame, lat: float, lon: float, zoom: float) -> None:
    """Move the map to a given position."""
    frame.evaluate(
        "([lat, lon, zoom]) => { briefingMap.state.moved = true; "
        "briefingMap.state.map.setView([lat, lon], zoom, { animate: false }); }",
        [lat, lon, zoom],
    )


def spot(page: Page, frame: Frame, lat: float, lon: float) -> tuple[float, float]:
    """Return the pixel position of a coordinate on the page."""
    x, y = frame.evaluate(
        "at => { const p = briefingMap.state.map.latLngToContainerPoint(at); return [p.x, p.y]; }",
        [lat, lon],
    )
    box = page.locator(MAP).bounding_box()
    return box["x"] + x, box["y"] + y


def test_large_layer_is_tiles_zoomed_out_and_features_zoomed_in(page, server, expected):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.link("overview", QUERY))
    whole = expected(QUERY)
    frame = wait_for_map(page, whole.token)
    assert frame.evaluate("window.paintedSelection") == {"token": whole.token}
    assert frame.evaluate(SHADED) > 0
    legend = frame.locator(".legend")
    if "folded" in legend.get_attribute("class"):
        legend.locator(".legend-head").click()
    expect(legend).to_contain_text(f"{MANY:,}")
    expect(legend).to_contain_text("features on one spot")
    expect(legend.locator(".shade-step")).to_have_text(density_tiles.label_classes())
    tiles = [url for url in asked if "/tiles/many/" in url]
    assert any(np.array(answer(page, url).convert("RGBA"))[..., 3].any() for url in tiles)

    look(frame, *AT, 9)
    camera = frame.evaluate(CAMERA)
    page.get_by_role("slider", name="Days — start").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    later = expected("layer=many&from=2024-12-09&to=2024-12-30")
    frame = wait_for_map(page, later.token)
    assert frame.evaluate(CAMERA) == camera
    expect(legend).to_contain_text(f"{later.layers[0].shown:,}")
    assert [url for url in asked if "/tiles/many/" in url and "from=2024-12-09" in url]

    look(frame, *AT, 15)
    frame.wait_for_function(CLOSE, arg=True)
    expect(frame.locator("canvas.point-cloud")).to_have_count(1)
    assert frame.evaluate(SHADED) == 0
    look(frame, *AT, 9)
    frame.wait_for_function(CLOSE, arg=False)
    expect(frame.locator("canvas.point-cloud")).to_have_count(0)
    frame.wait_for_function(f"() => ({SHADED})() > 0")


def answer(page: Page, url: str) -> Image.Image:
    return Image.open(io.BytesIO(page.request.get(url).body()))


def test_click_and_hover_on_density_tiles_show_the_feature(page, server, expected):
    lone = f"{QUERY}&at={AT[0]},{AT[1] + 0.8},9"
    page.goto(server.link("overview", lone))
    frame = wait_for_map(page, expected(QUERY).token)
    frame.wait_for_function(CLOSE, arg=False)
    x, y = spot(page, frame, AT[0], AT[1] + 0.8)
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    expect(frame.locator(".map-tip")).to_contain_text("Synthetic 0")
    page.mouse.click(x, y)
    expect(page.get_by_test_id("stMain").locator(".panel")).to_contain_text("Synthetic many")
    expect(page.get_by_test_id("stMain").locator(".panel h2").first).to_have_text("k0")
    assert frame.evaluate("briefingMap.state.map.getZoom()") == 9
