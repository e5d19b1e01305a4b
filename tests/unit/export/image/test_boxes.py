"""On pictures and slides, nothing on a map covers anything else: boxes of what is drawn."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
import shapely

from geo.app_context import context
from geo.camera import Camera
from geo.evidence.case import builtin_case
from geo.export.image.display_list import DisplayList, overlap
from geo.export.image.slide_layout import map_sheet, slide_sheet
from geo.export.page_slide import build_page_slide
from geo.view import View
from tests.support.random_views import pick_builtin_view

SIZES = {
    "16:9": (1920, 1080),
    "HD": (1280, 720),
    "4:3": (1280, 960),
    "square": (1080, 1080),
    "4:5": (1080, 1350),
    "9:16": (1080, 1920),
    "A4": (1123, 794),
}
PAGES = [page.path for page in builtin_case().pages]
pytestmark = pytest.mark.usefixtures("without_relief")
TOUCH = 2.0  # square pixels: two boxes that meet at an edge


def lay(view: View, size, *, alone: bool = False) -> DisplayList:
    """Return the display list of a view's slide, or of its map alone."""
    slide = build_page_slide(view, context().store, context().evidence)
    if alone:
        return map_sheet(slide, context().store, size, "light")
    return slide_sheet(slide, context().store, size, "light")


def find_overlaps(sheet: DisplayList) -> list[str]:
    """Return what covers what on a sheet: texts, badges, lists, furniture, leader lines."""
    own = [mark for mark in sheet.marks if mark.kind in ("badge", "list", "furniture")]
    boxes = [(mark.kind, mark.box) for mark in own]
    for words in sheet.words:
        x, y = (words.box[0] + words.box[2]) / 2, (words.box[1] + words.box[3]) / 2
        if not any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for _, b in boxes):
            boxes.append((repr(words.text), words.box))
    found = [
        f"{one} and {other}"
        for (one, box), (other, second) in combinations(boxes, 2)
        if overlap(box, second) > TOUCH
    ]
    for line in sheet.leaders:
        path = shapely.LineString(line)
        for name, box in boxes:
            inner = (box[0] + 1.5, box[1] + 1.5, box[2] - 1.5, box[3] - 1.5)
            crossed = path.intersection(shapely.box(*inner)).length
            near = shapely.box(*box).distance(shapely.Point(line[1])) == 0  # its own badge
            if crossed > (0.25 * (box[2] - box[0]) if name == "badge" and near else 0):
                found.append(f"a leader line and {name}")
    return found


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_covers_anything_on_the_pages_of_the_case(path, size):
    for sources in ("articles", "all"):
        assert find_overlaps(lay(View(path, sources=sources), size)) == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nothing_covers_anything_in_random_views_and_cameras(size):
    chance = random.Random(f"boxes {size}")
    for number in range(30):
        page = chance.choice(PAGES)
        view = replace(pick_builtin_view(chance), page=page, as_of=None)
        if number % 3:
            at = chance.uniform(33.4, 35.6), chance.uniform(35.5, 37.0), chance.uniform(7, 14)
            view = replace(view, at=Camera(*at))
        sheet = lay(view, size, alone=number % 2 == 0)
        assert find_overlaps(sheet) == [], view


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_place_with_reports_is_named_or_counted(size):
    for page in PAGES:
        sheet = lay(View(page, sources="all"), size)
        text = " ".join(words.text for words in sheet.words)
        badges = sum(mark.kind == "badge" for mark in sheet.marks)
        names = sum(mark.kind == "name" for mark in sheet.marks)
        assert names == badges or " more: " in text
