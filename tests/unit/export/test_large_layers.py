"""Large layers in images, slides and offline HTML: density or single points."""

import base64
import io
import json
import re
import zipfile

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image

from geo.camera import Camera
from geo.export.deck import build_view_deck
from geo.export.html.offline_html import write_handout
from geo.export.image.display_list import Dots, Raster
from geo.export.image.render import render_picture
from geo.export.image.slide_layout import map_sheet
from geo.export.pptx.writer import write_pptx
from geo.export.slide import build_slide
from geo.mapping import density_tiles
from geo.mapping.symbols import choose_layer_colour
from geo.mapping.theme import compute_palette
from geo.store import FolderStore, LayerSpec
from geo.view import View

MANY = 3_000
AFAR = View(layers=("many",))


@pytest.fixture
def big(tmp_path, fresh_context):
    """Return a context whose store has a large layer of synthetic points."""
    places = np.random.default_rng(3).uniform((35, 33.6), (37.5, 35.8), (MANY, 2))
    frame = gpd.GeoDataFrame({"key": range(MANY)}, geometry=gpd.points_from_xy(*places.T), crs=4326)
    FolderStore(tmp_path).write("many", frame, LayerSpec(title="Synthetic many", id_column="key"))
    return fresh_context(tmp_path, VECTOR_LIMIT="1000")


def slide(context, view: View = AFAR):
    return build_slide(view, context.store, context.evidence)


def find_density(sheet) -> list[Raster]:
    """Return the pictures of a map that have colour: the relief has light and shade only."""
    rasters = [item for item in sheet.items if isinstance(item, Raster)]
    return [one for one in rasters if np.ptp(one.pixels[..., :3], axis=-1).any()]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_image_draws_density_with_its_legend(big, theme):
    sheet = map_sheet(slide(big), big.store, (960, 540), theme)
    (raster,) = find_density(sheet)
    known = {
        (0, 0, 0, 0),
        *compute_palette(choose_layer_colour("many"), theme, len(density_tiles.DENSITY_CLASSES)),
    }
    assert {tuple(one) for one in raster.pixels.reshape(-1, 4).tolist()} <= known
    assert np.count_nonzero(raster.pixels[..., 3]) > MANY / 4
    assert not [item for item in sheet.items if isinstance(item, Dots)]
    said = [one.text for one in sheet.words]
    assert "Synthetic many: features on one spot" in said
    assert [text for text in said if text in density_tiles.label_classes()] == list(
        density_tiles.label_classes()
    )


def test_density_is_drawn_at_the_features(big):
    view = View(layers=("many",), at=Camera(34.7, 36.2, 8))
    with_layer = slide(big, view)
    images = [
        np.asarray(Image.open(io.BytesIO(render_picture(one, big.store, "png", size=(960, 540)))))
        for one in (with_layer, slide(big, View(at=view.at)))
    ]
    changed = np.any(images[0] != images[1], axis=-1)
    assert 0.02 < changed.mean() < 0.6


def test_image_with_few_visible_features_draws_points(big):
    near = View(layers=("many",), at=Camera(34.7, 36.2, 12))
    sheet = map_sheet(slide(big, near), big.store, (960, 540), "light")
    assert not find_density(sheet)
    (dots,) = [item for item in sheet.items if isinstance(item, Dots)]
    assert 0 < len(dots.points) < 500


@pytest.mark.parametrize("fmt", ["svg", "pdf"])
def test_vector_file_holds_the_density_as_one_image(big, fmt):
    body = render_picture(slide(big), big.store, fmt, size=(960, 540))
    assert (b"<image" if fmt == "svg" else b"/Subtype /Image") in body
    assert len(body) < 2_000_000


def test_slides_and_offline_html_contain_the_density_image(big):
    deck = build_view_deck(AFAR, big.store, big.evidence)
    page = write_handout(deck, big.store).decode()
    (files,) = re.findall(r'<script type="application/json" data-files>(.*?)</script>', page, re.S)
    (answer,) = [one for name, one in json.loads(files).items() if name.startswith("features/many")]
    assert answer["density"] is True
    for theme in ("light", "dark"):
        head, _, packed = answer["overlay"][theme].partition(",")
        image = Image.open(io.BytesIO(base64.b64decode(packed)))
        assert head == "data:image/png;base64"
        assert np.asarray(image.convert("RGBA"))[..., 3].any()
    assert zipfile.ZipFile(io.BytesIO(write_pptx(deck, big.store))).testzip() is None
