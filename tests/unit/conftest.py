"""Shared fixtures: the built-in data and temporary stores."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from geo.app_context import Context, clear_context, context
from geo.builtin_layers import EvidenceStore
from geo.evidence import Evidence, load_evidence
from geo.settings import ASSETS, settings
from geo.store import LayerStore, OverlayStore, open_store
from tests.support.layer_files import write_layer
from tests.support.rated_case import rate_evidence

# No deadline: the first example reads files. Derandomised: results are reproducible.
hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis_settings.load_profile("repeatable")

MakeStore = Callable[..., LayerStore]


@pytest.fixture(scope="session")
def builtin_store() -> LayerStore:
    """The built-in layers as the app has them without any setting."""
    return context().store


@pytest.fixture(scope="session")
def rated_store(builtin_records) -> LayerStore:
    """The built-in layers with invented ratings."""
    return EvidenceStore(rate_evidence(builtin_records))


@pytest.fixture(scope="session")
def builtin_records() -> Evidence:
    return load_evidence(ASSETS / "case")


@pytest.fixture
def fresh_context(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Context]]:
    """Reopen the process's context, on a given store or on the built-in layers only."""

    def opened(store_url: Path | str = "", **others: str) -> Context:
        for name, value in {"STORE_URL": str(store_url), **others}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        clear_context()
        return context()

    yield opened
    monkeypatch.undo()
    settings.cache_clear()
    clear_context()


@pytest.fixture
def layer_store(tmp_path: Path, builtin_store: LayerStore) -> MakeStore:
    """Create a store with the given features as layer "own", on top of the built-in layers."""

    def made(*features: dict, name: str = "own", catalogue: dict | None = None) -> LayerStore:
        path = write_layer(tmp_path, list(features), name)
        if catalogue is not None:
            item = {"name": name, "file": path.name, **catalogue}
            (tmp_path / "catalogue.json").write_text(json.dumps({"layers": [item]}))
        return OverlayStore(open_store(str(tmp_path)), builtin_store)

    return made
