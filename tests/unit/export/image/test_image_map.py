"""The map of an image: counts, scale, colours and further layers."""

import datetime as dt
import io
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image
from pyproj import Geod

from geo.camera import Camera
from geo.export.image.claim_list import entries_of
from geo.export.image.display_list import ColourBar, DisplayList, Dots, TextItem
from geo.export.image.map import draw_map
from geo.export.image.map_claims import sites_of
from geo.export.image.render import render_map, render_picture
from geo.export.image.slide_layout import map_sheet, slide_sheet
from geo.export.slide import Slide
from geo.mapping.legend import build_legend
from geo.mapping.symbols import LAYER_COLOURS, choose_layer_colour
from geo.mapping.theme import THEMES
from geo.store import LayerInfo
from geo.view import View
from geo.view_layers import LayerRows
from tests.unit.export.image.test_render import SMALL, plain, png_size, scene

DAY = dt.date(2024, 12, 13)


def with_layers(slide: Slide, *geometries: list) -> Slide:
    """Return the slide with one further layer for each list of geometries."""
    layers = tuple(
        LayerRows(
            LayerInfo(
                name=f"own-{number}",
                title=f"Own {number}",
                geometry="mixed",
                extent=None,
                date_from=None,
                date_to=None,
                rows=len(shapes),
                version="1",
                id_column=None,
                time_columns=None,
                label_column=None,
                attribution="",
            ),
            gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=4326)),
        )
        for number, shapes in enumerate(geometries)
    )
    return replace(slide, selection=replace(slide.selection, layers=layers))


@pytest.mark.parametrize("theme", THEMES)
def test_image_uses_only_palette_colours(theme, store):
    slide = with_layers(scene("leaving-or-staying"), [shapely.Point(36, 34)])
    sheet = slide_sheet(slide, store, (1920, 1080), theme)
    used = {
        getattr(item, name)
        for item in sheet.items
        for name in ("fill", "line", "colour", "halo", "rim")
        if getattr(item, name, "")
    }
    shadow = {"#000000"}
    assert used <= {*THEMES[theme].values(), *LAYER_COLOURS, *shadow}
    picture = Image.open(io.BytesIO(render_picture(slide, store, "png", theme=theme)))
    found = {colour[:3] for _, colour in picture.getcolors(1 << 24) if _ > 2000}
    for name in ("paper", "land", "sea", "ink"):
        hexed = THEMES[theme][name].lstrip("#")
        assert tuple(bytes.fromhex(hexed)) in found, name


def badges(sheet: DisplayList) -> list[int]:
    white = THEMES[sheet.theme]["badge-ink"]
    return sorted(
        int(one.text) for one in sheet.words if one.colour == white and one.text.isdigit()
    )


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(sources="all"),
        View(page="tartus", sources="all"),
        View(page="khmeimim"),
        View(stances=("staying",)),
        View(q="zzzz"),
    ],
    ids=str,
)
def test_badges_show_the_counts_of_the_selection(view, store):
    slide = plain(view)
    rows = slide.selection.rows
    drawn = rows[rows.geometry.notna()]
    expected = sorted(drawn["place"].value_counts().tolist())
    sheet = slide_sheet(slide, store, (1920, 1080), "light")
    assert badges(sheet) == expected


def test_claim_list_joins_only_reports_that_say_the_same(store):
    slide = scene("khmeimim-13")
    (site,) = (one for one in sites_of(slide.selection, store) if one.id == "khmeimim")
    lines = entries_of(site)
    said = [(line.texts, line.stance, line.days.split(",")[0]) for line in lines]
    assert len(set(said)) == len(lines)
    assert {line.texts[0][0] for line in lines} >= {"An-124", "Ka-52", "S-400"}
    systems = sum(max(len(one.systems), bool(one.state)) for one in site.reports)
    counts = [int(line.days.split()[-2]) if "reports" in line.days else 1 for line in lines]
    assert sum(counts) == systems


def test_claim_list_says_the_day_once_where_all_share_it_and_on_each_line_else(store):
    alone = plain(View(page="khmeimim", date_from=DAY, date_to=DAY))
    words = [one.text for one in slide_sheet(alone, store, (1920, 1080), "light").words]
    assert words.count("13 Dec") == 1
    both = plain(View(page="tartus", sources="all"))
    for site in sites_of(both.selection, store):
        for line in entries_of(site):
            assert line.days, line  # two months: nothing stands without its days


GROUND = [View(), View(page="khmeimim"), View(page="tartus"), View(at=Camera(35.0, 36.0, 6.5))]


@pytest.mark.parametrize("view", GROUND, ids=["overview", "khmeimim", "tartus", "far"])
def test_scale_bar_is_correct_at_the_map_centre(view, store):
    slide = plain(view)
    sheet = DisplayList((1340, 760), 1.0, "light")
    camera = draw_map(sheet, (0.0, 0.0, 1340.0, 760.0), slide, store)
    bar = next(item for item in sheet.items if isinstance(item, ColourBar))
    length = bar.metres / bar.metres_per_pixel
    west, east = camera.back(670 - length / 2, 380), camera.back(670 + length / 2, 380)
    _, _, metres = Geod(ellps="WGS84").inv(*west, *east)
    assert metres == pytest.approx(bar.metres, rel=0.01)


def test_scale_bar_has_the_stated_length(store):
    slide = plain(View(page="tartus"))
    sheet = map_sheet(slide, store, (1344, 760), "light")
    bar = next(item for item in sheet.items if isinstance(item, ColourBar))
    pixels = np.asarray(Image.open(io.BytesIO(render_map(slide, store, size=(1344, 760)))))
    left, top, right, bottom = (round(side) for side in bar.box)
    ink = tuple(bytes.fromhex(THEMES["light"]["ink"].lstrip("#")))
    dark = (pixels[top : bottom + 4, left - 4 : right + 40, :3] == ink).all(axis=2)
    assert dark.sum(axis=1).max() == pytest.approx(bar.metres / bar.metres_per_pixel, abs=2)


def test_camera_of_a_link_gives_the_scale_of_the_screen(store):
    view = View(page="tartus", at=Camera(34.94, 35.83, 11.5))
    for width, height in ((1920, 1080), (1280, 720), (960, 540)):
        unit = width / 1920
        box = (0.0, 0.2 * height, 0.7 * width, 0.9 * height)
        camera = draw_map(DisplayList((width, height), unit, "light"), box, plain(view), store)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        assert camera.at(35.83, 34.94) == pytest.approx(middle, abs=0.01)
        across = camera.at(36.83, 34.94)[0] - middle[0]
        assert across == pytest.approx(256 * 2**11.5 * unit / 360, rel=1e-6)


def test_page_without_a_camera_shows_its_whole_extent(store):
    for page in ("overview", "khmeimim", "tartus", "convoys"):
        slide = plain(View(page=page))
        box = (0.0, 0.0, 1340.0, 760.0)
        camera = draw_map(DisplayList((1340, 760), 1.0, "light"), box, slide, store)
        xmin, ymin, xmax, ymax = slide.frame.bounds
        assert camera.at(xmin, ymax) > (0, 0)
        right, bottom = camera.at(xmax, ymin)
        assert right < 1340
        assert bottom < 760


def test_unusual_geometries_are_drawn_or_skipped(store):
    nan = float("nan")
    with np.errstate(invalid="ignore"):
        broken = shapely.LineString([(36, nan), (36, 34)])
    odd = [
        None,
        shapely.Point(),
        shapely.Point(36, 34.5),
        shapely.Point(nan, 34),
        shapely.Point(36, 34, 120),
        shapely.MultiPoint([(36.1, 34), (36.2, 34)]),
        shapely.LineString([(35, 34), (37, 35)]),
        shapely.LinearRing([(35, 34), (36, 34), (36, 35)]),
        shapely.MultiLineString([[(35, 34), (36, 35)], [(36, 34), (35, 35)]]),
        shapely.Polygon([(35, 34), (36, 35), (36, 34), (35, 35)]),  # self-intersecting
        shapely.box(-180, -89, 180, 89),
        shapely.box(100, 0, 101, 1),
        broken,
        shapely.GeometryCollection([shapely.Point(36, 34), shapely.box(36, 34, 36.1, 34.1)]),
    ]
    slide = with_layers(scene("setting"), odd, [None], [])
    for fmt in ("png", "svg", "pdf"):
        assert render_picture(slide, store, fmt, size=SMALL)
    sheet = slide_sheet(slide, store, SMALL, "light")
    dots = [item for item in sheet.items if isinstance(item, Dots)]
    assert [(len(item.points), item.colour) for item in dots] == [(5, choose_layer_colour("own-0"))]


def test_layer_has_the_colour_of_its_legend_entry(store):
    slide = with_layers(scene("setting"), [shapely.Point(36, 34)], [shapely.Point(36.5, 34)])
    first, second = slide.selection.layers
    chosen = replace(
        slide.selection,
        layers=(first, replace(second, info=replace(second.info, colour="#c0392b"))),
    )
    entries = tuple(entry for entry in build_legend(chosen) if entry["group"] == "layer")
    sheet = slide_sheet(replace(slide, selection=chosen, legend=entries), store, SMALL, "light")
    dots = [item.colour for item in sheet.items if isinstance(item, Dots)]
    swatches = [item.fill for item in sheet.items if getattr(item, "fill", "") in dots]
    assert dots == swatches == [choose_layer_colour("own-0"), "#c0392b"]


def test_many_points_become_one_raster_image_in_a_vector_file(store):
    rng = np.random.default_rng(7)
    points = shapely.points(rng.uniform((35, 33.6), (37.4, 35.6), (50_000, 2)))
    slide = with_layers(scene("setting"), list(points))
    data = render_picture(slide, store, "svg", size=SMALL)
    relief = render_picture(scene("setting"), store, "svg", size=SMALL).count(b"<image")
    assert data.count(b"<image") == relief + 1
    assert len(data) < 3_000_000
    assert png_size(render_picture(slide, store, "png", size=SMALL)) == SMALL


def test_online_base_map_is_replaced_by_the_offline_map(store):
    online = replace(scene("setting"), view=replace(scene("setting").view, base="imagery"))
    assert render_map(online, store, size=SMALL) == render_map(scene("setting"), store, size=SMALL)


def test_rendered_text_fits_its_computed_box(store):
    from geo.export.image import matplotlib_backend
    from geo.export.image.fonts import FACES

    for face in FACES:
        sheet = DisplayList((900, 120), 1.0, "light")
        words: TextItem = sheet.write("Ågé Khmeimim, jpq 15 (≠) “two”", 40, 80, face, 40, "ink")
        pixels = np.asarray(Image.open(io.BytesIO(matplotlib_backend.png(sheet))).convert("L"))
        rows, columns = np.nonzero(pixels < 160)
        left, top, right, bottom = words.box
        assert columns.min() >= left - 2
        assert columns.max() <= right + 2
        assert rows.min() >= top - 0.16 * 40  # accents on capitals exceed the line height
        assert rows.max() <= bottom + 1
        assert columns.max() - columns.min() >= 0.9 * (right - left)


def test_few_points_of_a_layer_are_named_where_there_is_space(store):
    slide = with_layers(scene("setting"), [shapely.Point(36, 34), None, shapely.Point(35.0, 34.2)])
    (layer,) = slide.selection.layers
    frame = layer.frame.assign(
        post=["Synthetic post", "nowhere", "A name that is far longer than 28"]
    )
    named = replace(layer, frame=frame, info=replace(layer.info, label_column="post"))
    selection = replace(slide.selection, layers=(named,))
    said = [
        one.text
        for one in slide_sheet(replace(slide, selection=selection), store, SMALL, "light").words
    ]
    assert "Synthetic post" in said
    assert "A name that is far longer t…" in said
    assert "nowhere" not in said
