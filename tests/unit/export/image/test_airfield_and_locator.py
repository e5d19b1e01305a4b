"""Runway numbers, aprons and the locator of a picture lie on nothing."""

import itertools

import numpy as np
import pytest
import shapely

from geo.export.image.basemap import read_base
from geo.export.image.display_list import DisplayList, overlap
from geo.export.image.locator import draw_locator
from geo.export.image.map import draw_map
from geo.export.image.map_claims import sites_of
from geo.export.image.projection import MapCanvas, camera_for
from geo.mapping.locator import find_locator_area
from tests.unit.export.image.test_render import scene

NUMBERS = {"17R", "17L", "35R", "35L"}
SIZES = [(1280, 760), (1920, 1080), (900, 900), (700, 1200), (420, 420)]


def draw(slide, store, size):
    sheet = DisplayList(size, size[0] / 1920, "light")
    camera = draw_map(sheet, (0.0, 0.0, *map(float, size)), slide, store)
    return sheet, camera


@pytest.mark.parametrize("size", SIZES)
def test_names_of_the_air_base_are_clear_of_strips_outline_and_each_other(size, store):
    slide = scene("khmeimim-13")
    sheet, camera = draw(slide, store, size)
    shapes, known = read_base("airfield")
    strips = [one for one, about in zip(shapes, known, strict=True) if about["kind"] == "runway"]
    outline = next(one.shape for one in sites_of(slide.selection, store) if one.id == "khmeimim")
    lines = [shapely.transform(one, camera.pixels) for one in strips]
    lines.append(shapely.boundary(shapely.transform(outline, camera.pixels)))
    words = [one for one in sheet.words if set(one.text.split(" · ")) <= NUMBERS]
    aprons = [one for one in sheet.words if "apron" in one.text or "not held" in one.text]
    found = {number for one in words for number in one.text.split(" · ")}
    notes = " ".join(
        one.text for one in sheet.words if "more: " in one.text or "runway " in one.text
    )
    assert found == NUMBERS or (not found and "runway 17R/35L" in notes)
    area = shapely.transform(outline, camera.pixels)
    assert len({area.contains(shapely.box(*one.box).centroid) for one in words}) <= 1
    for one in words:
        assert not any(shapely.intersects(line, shapely.box(*one.box)) for line in lines)
    for one, other in itertools.combinations([*words, *aprons], 2):
        assert not overlap(one.box, other.box) or one.text == other.text


def test_aprons_say_that_their_outline_is_not_held(store):
    sheet, _ = draw(scene("khmeimim-13"), store, (1920, 1080))
    assert [one.text for one in sheet.words if "not held" in one.text] == ["outlines not held"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["khmeimim-13", "tartus"])
def test_locator_covers_no_word_and_shows_where_the_map_is(name, size, store):
    slide = scene(name)
    box = (0.0, 0.0, *map(float, size))
    sheet = DisplayList(size, size[0] / 1920, "light")
    canvas = MapCanvas(sheet, camera_for(box, sheet.unit, slide.frame, None))
    found = draw_locator(canvas, [])
    assert found is not None
    assert sheet.taken == [found]
    whole, _ = draw(slide, store, size)
    country = [one for one in whole.words if one.text == find_locator_area().name.upper()]
    if not country:  # left out: there was no room
        return
    inset = next(taken for taken in whole.taken if overlap(taken, country[0].box))
    others = [one for one in whole.words if one is not country[0]]
    assert not any(overlap(one.box, inset) for one in others)


def test_locator_is_left_out_where_the_map_shows_most_of_it(store):
    slide = scene("setting")
    sheet = DisplayList((1920, 1080), 1.0, "light")
    box = (0.0, 0.0, 1920.0, 1080.0)
    canvas = MapCanvas(sheet, camera_for(box, 1.0, slide.frame, None))
    assert draw_locator(canvas, []) is None
    assert sheet.taken == []


def test_locator_shows_frame_and_country():
    xmin, ymin, xmax, ymax = find_locator_area().bounds
    assert np.all(np.array([xmin, ymin]) < [34.6, 32.0])
    assert np.all(np.array([xmax, ymax]) > [42.4, 37.4])
