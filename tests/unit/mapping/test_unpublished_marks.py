"""What is not published is marked: in the legend, on map, picture and slide, in counts."""

import json
from dataclasses import replace

import pytest

from geo import summary
from geo.builtin_layers import EvidenceStore
from geo.evidence import builtin_evidence
from geo.export.image.claim_list import entries_of
from geo.export.image.map_claims import sites_of
from geo.export.image.place_names import list_label_blocks
from geo.mapping.features import encode_view_features
from geo.mapping.legend import build_legend
from geo.selection import CLAIMS, Selection, select
from geo.view import View

STATES = {"nyt-01": "draft", "nyt-02": "in review"}


@pytest.fixture(scope="module")
def store() -> EvidenceStore:
    """The built-in evidence of which two claims are not published, as their author sees it."""
    evidence = replace(builtin_evidence(), review=STATES)
    return EvidenceStore(evidence, "synthetic-author", "synthetic")


@pytest.fixture(scope="module")
def selection(store: EvidenceStore) -> Selection:
    return select(View(), store)


def test_rows_have_their_state(selection):
    states = dict(zip(selection.rows["id"], selection.rows["review"], strict=True))
    assert {name: state for name, state in states.items() if state != "published"} == STATES


def test_legend_names_the_marks_only_where_they_occur(selection):
    entries = [one for one in build_legend(selection) if one["group"] == "review"]
    assert [(one["key"], one["count"]) for one in entries] == [("draft", 1), ("in review", 1)]
    published = EvidenceStore(builtin_evidence(), "a", "a")
    assert not [one for one in build_legend(select(View(), published)) if one["group"] == "review"]


def test_features_of_unpublished_claims_alone_say_so(store):
    answer = json.loads(encode_view_features(CLAIMS, View(), store))
    marked = {one["id"]: one["properties"].get("review") for one in answer["features"]}
    assert {name: state for name, state in marked.items() if state} == STATES


def test_picture_marks_the_symbol_and_the_line_of_the_list(store, selection):
    site = next(one for one in sites_of(selection, store) if one.id == "khmeimim")
    assert site.unpublished == "draft"
    words: dict[str, set[str]] = {}
    for line in entries_of(site):
        words.setdefault(line.texts[0][0], set()).update(text for text, *_ in line.texts)
    assert "draft" in words["An-124"]
    assert "in review" in words["Ka-52"]
    assert not {"draft", "in review"} & words["S-400"]
    others = [one for one in sites_of(selection, store) if one.id != "khmeimim"]
    assert not any(one.unpublished for one in others)


def test_picture_has_the_word_below_the_name_where_no_symbol_covers_it(selection, store):
    sites = {one.id: one for one in sites_of(selection, store)}
    for name, words in (("khmeimim", ["draft"]), ("tartus", [])):
        for blocks in list_label_blocks(sites[name], 1.0):
            below = [line for text, _ in blocks[1:] for line in text.lines]
            assert below == words


def test_count_names_what_is_not_published(selection):
    assert summary.count_reports(selection).endswith(", 1 draft, 1 in review")
