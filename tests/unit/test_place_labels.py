"""Place labels are data: a change of places.json reaches every output."""

import json
import shutil

import pytest

from geo import summary
from geo.export.image.map_claims import sites_of
from geo.mapping.frontend_config import build_frontend_config
from geo.mapping.legend import find_shape
from geo.selection import select
from geo.settings import ASSETS
from geo.view import View


@pytest.fixture
def change_place(tmp_path, monkeypatch):
    """Change one place in a copy of the evidence that replaces the built-in evidence."""
    folder = tmp_path / "evidence"
    shutil.copytree(ASSETS / "case", folder)

    def change(place_id, **values):
        path = folder / "places.json"
        content = json.loads(path.read_text("utf-8"))
        next(one for one in content["places"] if one["id"] == place_id).update(values)
        path.write_text(json.dumps(content), "utf-8")
        monkeypatch.setenv("CASE", str(folder))

    return change


def test_changed_short_name_and_side_reach_slides_and_summary(change_place, builtin_store):
    change_place("khmeimim", short_name="Bassel", label_side="right")
    selection = select(View(), builtin_store)
    site = next(one for one in sites_of(selection, builtin_store) if one.id == "khmeimim")
    assert (site.label, site.label_side) == ("Bassel air base", "right")
    assert "23 on Bassel" in summary.build_subtitle(selection)
    assert build_frontend_config()["places"]["khmeimim"] == {  # for the map and its histogram
        "short_name": "Bassel",
        "map_label": "Bassel air base",
        "label_side": "right",
    }


def test_changed_location_class_changes_the_legend_symbol(change_place):
    assert find_shape("vicinity", "tartus") == "vicinity"
    change_place("tartus", location_class="route-inferred")
    assert find_shape("vicinity", "tartus") == "route"
