"""The relief of the base map: the pictures of the case, and faults in those of other cases."""

import json
import shutil
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from geo.errors import EvidenceError
from geo.mapping.basemap_files import find_base_map_faults
from geo.mapping.relief import (
    describe_relief,
    find_relief_file,
    find_strength,
    read_relief,
)
from geo.mapping.theme import RELIEF, THEMES, build_style_sheet
from geo.settings import case_folder
from tests.support.second_case import SYNTHETIC_PACIFIC

MOST_BYTES = 310_000


def spot(name, lon, lat, around=0.12):
    """Return tones and alphas (0 to 255) of a picture of the case around a place; degrees."""
    (picture,) = [one for one in read_relief() if one.file == name]
    pixels = np.asarray(Image.open(case_folder() / "basemap" / name).convert("RGBA")).astype(int)
    west, south, east, north = picture.box
    high, wide = pixels.shape[:2]

    def down(at):
        up, foot, here = np.arctanh(np.sin(np.radians([north, south, at])))
        return round((up - here) / (up - foot) * high)

    def across(at):
        return round((at - west) / (east - west) * wide)

    rows = slice(max(down(lat + around), 0), down(lat - around))
    part = pixels[rows, max(across(lon - around), 0) : across(lon + around)]
    return part[..., 0], part[..., 3]


def test_case_has_two_pictures_that_cover_its_base_map():
    outer, fine = read_relief()
    assert (outer.box, fine.box) == ((26, 28, 46, 42), (34, 32, 39, 37.5))
    files = [find_relief_file(one.file) for one in (outer, fine)]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    for one, path in zip((outer, fine), files, strict=True):
        wide, high = Image.open(path).size
        west, south, east, north = one.box
        up, foot = np.arctanh(np.sin(np.radians([north, south])))
        assert high / wide == pytest.approx((up - foot) / np.radians(east - west), rel=1e-3)


@pytest.mark.parametrize(
    ("lon", "lat"), [(36.12, 34.3), (35.86, 33.41), (36.22, 35.4)],
    ids=["Qurnat as Sawda", "Mount Hermon", "the coastal range"],
)  # fmt: skip
def test_relief_has_light_and_shade_where_mountains_are(lon, lat):
    tones, alphas = spot("relief.webp", lon, lat)
    assert alphas.max() > 100
    assert {0, 255} == set(tones[alphas > 0].tolist())


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("relief.webp", 35.0, 34.5),  # the open sea
        ("relief.webp", 35.7, 34.9),  # the sea off the coast
        ("relief_outer.webp", 30.0, 34.0),
    ],
)
def test_sea_has_no_relief(name, lon, lat):
    assert not spot(name, lon, lat)[1].any()


def test_relief_ends_softly_at_the_edge_of_the_base_map():
    pixels = np.asarray(Image.open(find_relief_file("relief_outer.webp")).convert("RGBA"))
    alphas = pixels[..., 3]
    assert not any(edge.any() for edge in (alphas[0], alphas[-1], alphas[:, 0], alphas[:, -1]))


def test_gap_between_the_ranges_is_flat():
    """The road goes through it: there is less shade than in the ranges north and south of it."""
    gap, north, south = (
        spot("relief.webp", lon, lat, around=0.06)[1].mean()
        for lon, lat in ((36.45, 34.72), (36.22, 35.4), (36.12, 34.3))
    )
    assert gap < 0.25 * min(north, south)


def test_pictures_pass_into_each_other_without_a_gap():
    """Where one ends at the edge of the finer one, the other has begun: the Taurus at 34 E."""
    outer = spot("relief_outer.webp", 33.9, 37.1, around=0.08)[1].mean()
    fine = spot("relief.webp", 34.4, 37.1, around=0.08)[1].mean()
    assert outer > 5
    assert fine > 5


def test_relief_fades_out_between_two_zooms():
    strengths = [find_strength(zoom) for zoom in (2, 8, 11, 11.75, 12.5, 17)]
    assert strengths == [1, 1, 1, 0.5, 0, 0]
    assert {"full": 11.0, "gone": 12.5}.items() <= describe_relief().items()


def test_every_theme_has_a_quiet_relief():
    assert set(RELIEF) == set(THEMES)
    assert all(0.15 <= one <= 0.4 for one in RELIEF.values())
    assert build_style_sheet().count("--relief: ") == len(THEMES)


@pytest.fixture
def case(tmp_path, monkeypatch):
    """Show a copy of the synthetic case with a relief across the 180th meridian."""
    folder = tmp_path / "case"
    shutil.copytree(SYNTHETIC_PACIFIC, folder)
    (folder / "basemap").mkdir()
    write(folder, {"file": "hills.png", "bounds": [176, -20, -179, -16]})
    Image.new("RGBA", (50, 41)).save(folder / "basemap" / "hills.png")
    monkeypatch.setenv("CASE", str(folder))
    return folder


def write(folder, *pictures):
    text = json.dumps({"pictures": list(pictures)})
    (folder / "basemap" / "relief.json").write_text(text)


def test_case_without_relief_has_none(monkeypatch):
    monkeypatch.setenv("CASE", str(SYNTHETIC_PACIFIC))
    assert read_relief() == ()
    assert describe_relief()["pictures"] == []
    assert find_base_map_faults() == []


def test_relief_across_the_180th_meridian_is_unwrapped(case):
    assert [one.box for one in read_relief()] == [(176, -20, 181, -16)]
    assert find_base_map_faults() == []


@pytest.mark.parametrize(
    ("picture", "named"),
    [
        ({"file": "hills.gif", "bounds": [176, -20, 179, -16]}, "hills.gif|pattern"),
        ({"file": "../places.png", "bounds": [176, -20, 179, -16]}, "pattern"),
        ({"file": "none.png", "bounds": [176, -20, 179, -16]}, "'none.png', which is not there"),
        ({"file": "hills.png", "bounds": [176, -16, 179, -20]}, "south below north"),
        ({"file": "hills.png", "bounds": [176, -20, 179, 89]}, "within 85 degrees"),
        ({"file": "hills.png", "bounds": [176, -20, 179]}, r"pictures\.0\.bounds"),
        ({"file": "hills.png"}, "bounds"),
        ({"file": "hills.png", "bounds": [176, -20, 179, -16], "opacity": 1}, "opacity"),
    ],
)
def test_faults_of_the_table_are_named(case, picture, named):
    write(case, picture)
    [fault] = find_base_map_faults()
    assert fault.startswith("basemap/relief.json")
    with pytest.raises(EvidenceError, match=named):
        read_relief()


@pytest.mark.parametrize("text", ["", "[]", '{"pictures": []}', '{"pictures": 3}'])
def test_table_without_pictures_is_a_fault(case, text):
    (case / "basemap" / "relief.json").write_text(text)
    [fault] = find_base_map_faults()
    assert fault.startswith("basemap/relief.json cannot be used")


def encoded(kind, size=(4, 4)):
    out = BytesIO()
    Image.new("L", size).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "cannot be read as a picture"),
        (b"<svg/>", "cannot be read as a picture"),
        (encoded("PNG")[:40], "cannot be read as a picture"),
        (encoded("GIF"), "cannot be read as a picture"),
        (encoded("WEBP"), "holds WEBP"),
        (encoded("PNG", (8_000, 8_000)), "8000 by 8000 pixels"),
    ],
)
def test_picture_that_cannot_be_drawn_is_a_fault(case, data, named):
    (case / "basemap" / "hills.png").write_bytes(data)
    [fault] = find_base_map_faults()
    assert fault.startswith("basemap/hills.png")
    assert named in fault
