"""The built-in layers in memory: as they would be read from files, and made of any evidence."""

import datetime as dt
from dataclasses import asdict, replace

import pytest
from geopandas.testing import assert_geodataframe_equal

from geo.builtin_layers import (
    LAYERS,
    EvidenceStore,
    compute_case_version,
    find_evidence,
    open_with_builtin,
    write_layers,
)
from geo.errors import LayerNotFoundError, StoreError
from geo.store import FolderStore, OverlayStore, Query
from geo.store.overlay import SessionStore

QUERIES = [
    Query(),
    Query(dt.date(2024, 12, 10), dt.date(2024, 12, 13)),
    Query(dt.date(2024, 12, 13), undated=False),
    Query(ids=("nyt-01", "ext-01a", "none")),
    Query(bbox=(35.9, 35.3, 36.0, 35.5)),
    Query(where={"systems": ("S-400",), "place": ("khmeimim", None)}),
    Query(where={"source_set": ("wider",), "origins": ("maxar-2024-12-13",)}),
]


@pytest.fixture(scope="module")
def store(builtin_records):
    return EvidenceStore(builtin_records)


@pytest.fixture(scope="module")
def files(builtin_records, tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers")
    write_layers(builtin_records, folder)
    return FolderStore(folder, ours=True)


@pytest.mark.parametrize("name", list(LAYERS))
def test_layer_in_memory_equals_the_one_read_from_a_file(store, files, name):
    assert_geodataframe_equal(store.read(name), files.read(name))
    here, there = asdict(store.layer(name)), asdict(files.layer(name))
    assert here | {"version": ""} == there | {"version": ""}
    assert store.batch_columns(name) == files.batch_columns(name)
    columns = store.batch_columns(name)
    (batch,) = store.read_batches(name, columns, places=True)
    assert batch.data.num_rows == len(batch.places) == store.layer(name).rows


@pytest.mark.parametrize("query", QUERIES)
def test_query_in_memory_gives_the_rows_of_the_file(store, files, query):
    assert_geodataframe_equal(store.read("claims", query), files.read("claims", query))


def test_caller_may_change_what_was_read(store):
    store.read("claims")["says"] = "changed"
    some = store.read("places", Query(ids=("tartus",)))
    some["name"] = "changed"
    assert "changed" not in set(store.read("claims")["says"])
    assert "changed" not in set(store.read("places")["name"])


def test_nobody_writes_to_the_evidence(store):
    for act in (lambda: store.write("claims", store.read("claims")), lambda: store.remove("rings")):
        with pytest.raises(StoreError, match="made from the evidence"):
            act()
    with pytest.raises(LayerNotFoundError):
        store.read("nothing")
    assert store.faults() == ()


def test_evidence_is_found_behind_any_store(builtin_records, store, files, tmp_path):
    other = replace(builtin_records, claims=builtin_records.claims[:3])
    small = EvidenceStore(other)
    assert find_evidence(small) is other
    assert find_evidence(SessionStore(files, OverlayStore(files, small))) is other
    assert find_evidence(files) == builtin_records
    assert find_evidence(open_with_builtin(str(tmp_path))) == builtin_records


def test_version_changes_with_any_record(builtin_records):
    before = compute_case_version(builtin_records)
    assert before == compute_case_version(replace(builtin_records))
    first, *rest = builtin_records.claims
    changed = first.model_copy(update={"locator": "paragraph 4"})
    assert compute_case_version(replace(builtin_records, claims=(changed, *rest))) != before
    fewer = replace(builtin_records, origins=builtin_records.origins[1:])
    assert compute_case_version(fewer) != before
