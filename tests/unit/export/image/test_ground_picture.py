"""The ground of exported pictures: relief, harbour, and land beyond the base map."""

import io

import numpy as np
import pytest
from PIL import Image

from geo.app_context import context
from geo.camera import Camera
from geo.export.image.display_list import Raster
from geo.export.image.render import render_map
from geo.export.image.slide_layout import map_sheet
from geo.export.slide import build_slide
from geo.mapping.theme import THEMES
from geo.view import View

SIZE = (640, 480)


def view_at(lat, lon, zoom):
    where = context()
    view = View(page="overview", places=("khmeimim",), at=Camera(lat, lon, zoom))
    return build_slide(view, where.store, where.evidence)


def colours(slide, store, theme="light"):
    """Return the colours around the middle of a map, most frequent first."""
    data = render_map(slide, store, size=SIZE, theme=theme)
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    around = pixels[SIZE[1] // 2 - 3 : SIZE[1] // 2 + 3, SIZE[0] // 2 - 3 : SIZE[0] // 2 + 3]
    found, counts = np.unique(around.reshape(-1, 3), axis=0, return_counts=True)
    return ["#{:02x}{:02x}{:02x}".format(*found[at]) for at in np.argsort(-counts)]


def reliefs(slide, store, theme):
    sheet = map_sheet(slide, store, SIZE, theme)
    return [item for item in sheet.items if isinstance(item, Raster)]


@pytest.mark.parametrize("theme", THEMES)
def test_relief_is_drawn_and_quiet_in_every_theme(theme, store):
    rasters = reliefs(view_at(34.3, 36.1, 9), store, theme)
    assert rasters
    alphas = np.concatenate([one.pixels[..., 3].ravel() for one in rasters])
    assert 10 < alphas.max() <= 0.4 * 255


def test_relief_fades_as_on_the_screen(store):
    most = {
        zoom: max((int(one.pixels[..., 3].max()) for one in reliefs(at, store, "light")), default=0)
        for zoom, at in ((zoom, view_at(34.3, 36.1, zoom)) for zoom in (11, 12, 13))
    }
    assert most[11] > most[12] > most[13] == 0


def test_relief_has_the_size_of_the_pictures_pixels(store):
    for one in reliefs(view_at(34.3, 36.1, 10), store, "dark"):
        assert one.pixels.shape[:2] == (one.box[3] - one.box[1], one.box[2] - one.box[0])


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (34.905, 35.866, "sea"),
        (34.906, 35.860, "sea"),
        (34.9105, 35.868, "land"),
        (34.9077, 35.868, "land"),
        (34.9045, 35.869, "land"),
    ],
)
@pytest.mark.parametrize("theme", ["light", "print"])
def test_piers_and_basins_of_the_harbour(lat, lon, name, theme, store):
    assert colours(view_at(lat, lon, 17), store, theme)[0] == THEMES[theme][name]


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (51.9, -0.9, "land"),  # near London
        (35.7, 51.4, "land"),  # Tehran
        (24.7, 46.7, "land"),  # Riyadh
        (35.0, 18.0, "sea"),  # the Mediterranean
        (-20.0, 75.0, "sea"),  # the Indian Ocean
    ],
)
@pytest.mark.parametrize("theme", THEMES)
def test_world_is_around_the_base_map(lat, lon, name, theme, store):
    assert colours(view_at(lat, lon, 6), store, theme)[0] == THEMES[theme][name]


@pytest.mark.parametrize("zoom", [4, 5, 6, 7.5, 9])
@pytest.mark.parametrize(("lat", "lon"), [(34.0, 46.0), (42.0, 44.5), (30.0, 46.0)])
def test_no_line_of_sea_is_at_the_edge_of_the_base_map(lat, lon, zoom, store):
    assert THEMES["light"]["sea"] not in colours(view_at(lat, lon, zoom), store)
