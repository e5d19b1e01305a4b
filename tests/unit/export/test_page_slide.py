"""Slides and data of Compare and Conflicts: both windows, each question with its answers."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from pptx import Presentation

from geo.app_context import context
from geo.camera import Camera
from geo.compare import BOTH, LEFT, RIGHT
from geo.export.data.data_file import export_data
from geo.export.export import export_view
from geo.export.image.map import draw_maps
from geo.export.image.slide_layout import slide_sheet
from geo.export.options import ExportOptions
from geo.export.page_rows import collect_page_rows
from geo.export.page_slide import build_page_slide
from geo.export.stage import build_scene
from geo.selection import select
from geo.view import View, from_query

DAYS = {day: dt.date(2024, 12, day) for day in range(8, 18)}
WINDOWS = [
    View("compare", DAYS[13], DAYS[13], compare=DAYS[12]),
    View("compare", DAYS[13], DAYS[17], compare=DAYS[8], compare_to=DAYS[11], sources="all"),
    View("compare", DAYS[12], DAYS[13], compare=DAYS[12], compare_to=DAYS[13]),
    View("compare", systems=("S-400",), sources="all", undated=True),
]


@pytest.fixture
def where():
    return context()


def slide_of(view, where, **options):
    return build_page_slide(view, where.store, where.evidence, **options)


@pytest.mark.parametrize("view", WINDOWS)
def test_compare_data_has_each_report_of_both_windows_once_with_its_side(where, view):
    rows = collect_page_rows(view, where.store, where.evidence)
    left, right = (frozenset(select(one.view, where.store).ids) for one in (
        rows.comparison.first, rows.comparison.second))  # fmt: skip
    assert sorted(rows.selection.ids) == sorted(left | right)
    body = export_data(rows.selection, "csv", link="/", version="1", extra=rows.column)
    table = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    sides = {row["id"]: row["side"] for row in table}
    assert len(table) == len(sides) == len(left | right)
    assert {name for name, side in sides.items() if side in (LEFT, BOTH)} == left
    assert {name for name, side in sides.items() if side in (RIGHT, BOTH)} == right


@pytest.mark.parametrize("fmt", ["geojson", "gpkg", "kml", "parquet"])
def test_each_data_format_has_the_side(where, fmt):
    rows = collect_page_rows(WINDOWS[0], where.store, where.evidence)
    body = export_data(rows.selection, fmt, link="/", version="1", extra=rows.column)
    assert b"side" in body


@pytest.mark.parametrize("view", WINDOWS)
def test_link_of_compare_restores_both_windows(where, view):
    slide = slide_of(view, where)
    query = slide.link.partition("?")[2]
    opened, notices = from_query(query, page="compare", vocabulary=where.link_vocabulary())
    assert notices == ()
    again = collect_page_rows(opened, where.store, where.evidence).comparison
    first = collect_page_rows(view, where.store, where.evidence).comparison
    assert again.first.view == first.first.view
    assert again.second.view == first.second.view


def test_picture_of_compare_has_a_map_of_each_window(where):
    slide = slide_of(WINDOWS[0], where)
    assert [part.key for part in slide.parts] == [LEFT, RIGHT]
    sheet = slide_sheet(slide, where.store, (1920, 1080), "light")
    texts = [item.text for item in sheet.words]
    assert "Left: 12 December 2024" in texts
    assert "Right: 13 December 2024" in texts
    for part in slide.parts:
        assert part.counted in texts
    assert slide.alt.count("Map.") == 2


@pytest.mark.parametrize("box", [(0, 0, 1344, 760), (20, 30, 700, 1400)])
def test_both_maps_of_a_picture_show_all_of_the_screen(where, monkeypatch, box):
    seen = []
    view = replace(WINDOWS[0], at=Camera(35.1, 35.9, 9.25), screen=(490, 340))
    real = draw_maps.__globals__["camera_for"]

    def camera_for(frame, *args, **options):
        seen.append((frame, real(frame, *args, **options)))
        return seen[-1][1]

    monkeypatch.setitem(draw_maps.__globals__, "camera_for", camera_for)
    from geo.export.image.display_list import DisplayList

    draw_maps(DisplayList((1400, 1500), 1.0, "light"), box, slide_of(view, where), where.store)
    assert len(seen) == 2
    for frame, camera in seen:
        screen = 256 * 2**9.25
        assert (frame[2] - frame[0]) / camera.world >= 490 / screen - 1e-9
        assert (frame[3] - frame[1]) / camera.world >= 340 / screen - 1e-9


@pytest.mark.parametrize("fmt", ["png", "svg", "pdf", "pptx", "html"])
@pytest.mark.parametrize("page", ["compare", "conflicts"])
def test_each_format_of_both_pages_can_be_made(where, fmt, page):
    options = ExportOptions(fmt, (960, 540))
    body = export_view(View(page), options, where.store, where.evidence)
    assert len(body) > 5_000
    if fmt == "png":
        assert Image.open(io.BytesIO(body)).size == (960, 540)


def test_offline_page_of_compare_has_both_sides(where):
    body = export_view(WINDOWS[0], ExportOptions("html"), where.store, where.evidence).decode()
    assert body.count('"key": "left"') == body.count('"key": "right"') > 0


def test_scene_of_compare_names_the_side_on_its_map(where):
    slide = slide_of(WINDOWS[0], where)
    scene = build_scene(slide, "1")
    assert scene["lines"][-1] == "On the map: the right side, 13 December 2024."
    assert scene["token"] == slide.parts[1].selection.token
    assert "to=2024-12-13" in scene["show"]["q"]


def test_slides_of_conflicts_have_each_answer_in_full(where):
    body = export_view(View("conflicts"), ExportOptions("pptx"), where.store, where.evidence)
    slides = list(Presentation(io.BytesIO(body)).slides)[1:-1]
    assert len(slides) == len(where.evidence.conflicts)
    says = dict(zip(*(where.store.read("claims")[name] for name in ("id", "says")), strict=True))
    for sheet, conflict in zip(slides, where.evidence.conflicts, strict=True):
        text = "\n".join(one.text_frame.text for one in sheet.shapes if one.has_text_frame)
        assert conflict.question in text
        for claim in conflict.claims:
            assert says[claim] in text
            assert claim in text
        height = Presentation(io.BytesIO(body)).slide_height
        assert all(one.top + one.height <= height for one in sheet.shapes)


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 1080), (1080, 1440)])
def test_picture_of_conflicts_names_every_answer_once(where, size):
    slide = slide_of(View("conflicts"), where)
    sheet = slide_sheet(slide, where.store, size, "light")
    text = " ".join(item.text for item in sheet.words)
    for conflict in where.evidence.conflicts:
        for claim in conflict.claims:
            assert claim in text
    assert not any(re.fullmatch(r"and \d+ more", item.text) for item in sheet.words)
    assert all(item.box[2] <= size[0] and item.box[3] <= size[1] for item in sheet.words)


def test_conflicts_data_says_what_the_filters_show(where):
    view = View("conflicts", places=("tartus",))
    rows = collect_page_rows(view, where.store, where.evidence)
    shown = frozenset(select(view, where.store).ids)
    answers = {name for one in where.evidence.conflicts for name in one.claims}
    assert set(rows.selection.ids) == answers
    assert {name for name, text in rows.column.texts.items() if text == "yes"} == answers & shown
