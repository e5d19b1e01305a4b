"""The shipped layers are those that the evidence records give."""

import shutil
from dataclasses import replace

import pytest

from geo.builtin_layers import LAYERS, find_stale_layers, open_with_builtin, write_layers
from geo.settings import ASSETS
from geo.store import open_store
from geo.store.folder import parquet_probe


@pytest.fixture(scope="module")
def master(shipped_evidence, tmp_path_factory):
    folder = tmp_path_factory.mktemp("master")
    write_layers(shipped_evidence, folder)
    return folder


@pytest.fixture
def written(master, tmp_path):
    """A copy of layers just written, that a test may spoil."""
    return shutil.copytree(master, tmp_path / "layers")


def test_shipped_layers_were_made_from_the_shipped_records(shipped_evidence):
    assert find_stale_layers(shipped_evidence, ASSETS / "layers") == []


def test_shipped_layers_are_opened_without_a_process_that_tries_them_first(monkeypatch):
    monkeypatch.setattr(parquet_probe, "_count_survived", None)
    assert {info.name for info in open_with_builtin().layers()} == set(LAYERS)


def test_layers_just_written_are_not_stale(shipped_evidence, written):
    assert find_stale_layers(shipped_evidence, written) == []


def test_claim_that_was_reworded_makes_only_the_claims_stale(shipped_evidence, written):
    first, *others = shipped_evidence.claims
    reworded = first.model_copy(update={"says": first.says + " Perhaps."})
    edited = replace(shipped_evidence, claims=(reworded, *others))
    assert find_stale_layers(edited, written) == ["claims"]


def test_place_that_moved_makes_its_layers_stale(shipped_evidence, written):
    first, *others = shipped_evidence.places
    moved = first.model_copy(update={"label_lon": first.label_lon + 0.1})
    edited = replace(shipped_evidence, places=(moved, *others))
    assert find_stale_layers(edited, written) == ["places"]


@pytest.mark.parametrize("name", ["claims", "rings"])
def test_layer_whose_file_is_missing_is_stale(shipped_evidence, written, name):
    (written / f"{name}.parquet").unlink()
    assert find_stale_layers(shipped_evidence, written) == [name]


def test_layer_whose_file_is_broken_is_stale(shipped_evidence, written):
    (written / "routes.parquet").write_bytes(b"PAR1 but no table")
    assert find_stale_layers(shipped_evidence, written) == ["routes"]


def test_layers_are_written_with_ids_titles_and_attribution(shipped_evidence, written):
    for info in open_store(str(written)).layers():
        assert info.id_column == "id"
        assert info.title == LAYERS[info.name][1]
        assert info.attribution
        assert info.label_column


def test_layers_written_twice_have_the_same_version(shipped_evidence, written, tmp_path):
    again = write_layers(shipped_evidence, tmp_path / "again")
    store = open_store(str(written))
    assert [info.version for info in again] == [store.layer(info.name).version for info in again]
