"""The built-in layers equal the layers built from the evidence records."""

import shutil
from dataclasses import replace

import pytest

from geo.builtin_layers import LAYERS, find_stale_layers, open_with_builtin, write_layers
from geo.settings import ASSETS
from geo.store import open_store
from geo.store.folder import parquet_probe


@pytest.fixture(scope="module")
def master(builtin_records, tmp_path_factory):
    folder = tmp_path_factory.mktemp("master")
    write_layers(builtin_records, folder)
    return folder


@pytest.fixture
def written(master, tmp_path):
    """A copy of freshly written layers that a test may change."""
    return shutil.copytree(master, tmp_path / "layers")


def test_builtin_layers_are_up_to_date_with_the_records(builtin_records):
    assert find_stale_layers(builtin_records, ASSETS / "case" / "layers") == []


def test_builtin_layers_are_opened_without_a_probe(monkeypatch):
    monkeypatch.setattr(parquet_probe, "_count_survived", None)
    assert {info.name for info in open_with_builtin().layers()} == set(LAYERS)


def test_freshly_written_layers_are_not_stale(builtin_records, written):
    assert find_stale_layers(builtin_records, written) == []


def test_reworded_claim_makes_only_the_claims_layer_stale(builtin_records, written):
    first, *others = builtin_records.claims
    reworded = first.model_copy(update={"says": first.says + " Perhaps."})
    edited = replace(builtin_records, claims=(reworded, *others))
    assert find_stale_layers(edited, written) == ["claims"]


def test_moved_place_makes_its_layers_stale(builtin_records, written):
    first, *others = builtin_records.places
    moved = first.model_copy(update={"label_lon": first.label_lon + 0.1})
    edited = replace(builtin_records, places=(moved, *others))
    assert find_stale_layers(edited, written) == ["places"]


@pytest.mark.parametrize("name", ["claims", "rings"])
def test_layer_with_a_missing_file_is_stale(builtin_records, written, name):
    (written / f"{name}.parquet").unlink()
    assert find_stale_layers(builtin_records, written) == [name]


def test_layer_with_a_broken_file_is_stale(builtin_records, written):
    (written / "routes.parquet").write_bytes(b"PAR1 but no table")
    assert find_stale_layers(builtin_records, written) == ["routes"]


def test_layers_are_written_with_ids_titles_and_attribution(builtin_records, written):
    for info in open_store(str(written)).layers():
        assert info.id_column == "id"
        assert info.title == LAYERS[info.name][1].format(centre="Tartus naval base")
        assert info.attribution
        assert info.label_column


def test_layers_written_twice_have_the_same_version(builtin_records, written, tmp_path):
    again = write_layers(builtin_records, tmp_path / "again")
    store = open_store(str(written))
    assert [info.version for info in again] == [store.layer(info.name).version for info in again]
