"""Place labels are data: what a place is called and how it is drawn reaches every output."""

import json
from dataclasses import replace

import pytest

from geo import summary
from geo.builtin_layers import EvidenceStore
from geo.export.image.map_claims import sites_of
from geo.mapping.features import encode_view_features
from geo.mapping.histogram import list_coverage_rows
from geo.mapping.legend import find_shape
from geo.selection import select
from geo.view import View


@pytest.fixture
def change_place(builtin_records):
    """Return a function that changes one place and returns a store of the evidence."""

    def change(place_id: str, **values: str) -> EvidenceStore:
        places = [
            type(one).model_validate(one.model_dump() | values) if one.id == place_id else one
            for one in builtin_records.places
        ]
        return EvidenceStore(replace(builtin_records, places=tuple(places)))

    return change


def test_changed_short_name_and_side_reach_slides_summary_and_map(change_place):
    names = {"short_name": "Bassel", "map_label": "{short_name} air base"}
    names |= {"phrase": "on {short_name}", "label_side": "right"}
    store = change_place("khmeimim", **names)
    selection = select(View(), store)
    site = next(one for one in sites_of(selection, store) if one.id == "khmeimim")
    assert (site.label, site.label_side) == ("Bassel air base", "right")
    assert "23 on Bassel" in summary.build_subtitle(selection)
    places = json.loads(encode_view_features("places", View(), store))["features"]
    drawn = next(one["properties"] for one in places if one["id"] == "khmeimim")
    assert (drawn["map_label"], drawn["label_side"]) == ("Bassel air base", "right")
    assert "Bassel" in {row["short_name"] for row in list_coverage_rows(selection, store)}


def test_changed_location_class_changes_the_legend_symbol(change_place, builtin_records):
    assert find_shape(builtin_records, "vicinity", "tartus") == "vicinity"
    store = change_place("tartus", location_class="route-inferred")
    assert find_shape(store.evidence, "vicinity", "tartus") == "route"
