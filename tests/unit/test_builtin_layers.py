"""The built-in layers equal the layers built from the evidence records."""

import shutil

import pytest
from geopandas.testing import assert_geodataframe_equal

from geo.builtin_layers import LAYERS, EvidenceStore, open_with_builtin, write_layers
from geo.evidence import builtin_evidence
from geo.store import Query, open_store
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


def test_builtin_layers_are_opened_without_a_probe(monkeypatch):
    monkeypatch.setattr(parquet_probe, "_count_survived", None)
    assert {info.name for info in open_with_builtin().layers()} == set(LAYERS)


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


def test_rows_that_a_caller_changes_stay_as_they_are_for_others():
    store = EvidenceStore(builtin_evidence())
    certainty = str(store.read("claims")["certainty"].iloc[0])
    some = Query(where={"certainty": (certainty,)})
    before = store.read("claims", some).copy(deep=True)
    mine = store.read("claims", some)
    mine.loc[mine.index[0], "says"] = "changed"
    mine["place"] = None
    mine.geometry = [None] * len(mine)
    assert_geodataframe_equal(store.read("claims", some), before)
