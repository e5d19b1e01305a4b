"""Names on pictures in English, Arabic or both; what has no Arabic name keeps its English one."""

import csv
from dataclasses import replace

import pytest

from geo.export.image.slide_layout import map_sheet
from geo.settings import ROOT
from tests.unit.export.image.test_render import scene

SIZE = (1280, 720)


def words(store, names: str) -> set[str]:
    slide = scene("setting")
    slide = replace(slide, view=replace(slide.view, names=names))
    return {item.text for item in map_sheet(slide, store, SIZE, "print").words}


@pytest.mark.parametrize(
    ("names", "there", "absent"),
    [
        ("en", {"Damascus", "Homs"}, {"دمشق"}),
        ("ar", {"دمشق", "حمص"}, {"Damascus"}),
        ("both", {"Damascus", "دمشق"}, set()),
    ],
)
def test_towns_have_the_names_of_the_view(store, names, there, absent):
    found = words(store, names)
    assert there <= found
    assert not absent & found


def test_each_arabic_name_is_one_of_the_candidates_or_begins_one():
    with (ROOT / "tools" / "basemap_names_ar.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 100
    for row in rows:
        listed = [one for one in row["candidates"].split(" | ") if one]
        chosen = row["name_ar"]
        assert bool(chosen) == bool(listed), row["name"]
        assert not chosen or any(f"{one} ".startswith(f"{chosen} ") for one in listed), row["name"]
