"""The dashboard without a browser: pages opened from links, on built-in data or a store."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from geo.page_registry import find_page
from tests.support.app_elements import MAIN, clear_caches, link_values

Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def builtin_layers_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Show only the built-in layers, whatever the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORE_URL", "")
        patch.setenv("OWN_FOLDER", str(tmp_path_factory.mktemp("own")))
        clear_caches()
        yield
    clear_caches()


@pytest.fixture(scope="session", autouse=True)
def components_are_found_once() -> Iterator[None]:
    """Let Streamlit look through the installed packages once, and not for each opened page.

    A served app does so once too; in AppTest it takes nine tenths of the time of a page.
    """
    with pytest.MonkeyPatch.context() as patch:
        found = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture
def use_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | str], None]]:
    """Add a folder's layers to the built-in ones."""

    def use(store_url: Path | str) -> None:
        monkeypatch.setenv("STORE_URL", str(store_url))
        clear_caches()

    yield use
    monkeypatch.undo()
    clear_caches()


@pytest.fixture
def open_page() -> Open:
    """Open a page in a fresh session, by a link."""

    def opened(path: str = "overview", query: str = "", **state: object) -> AppTest:
        at = AppTest.from_file(MAIN, default_timeout=30)
        at.switch_page(find_page(path).script)
        for name, text in parse_qsl(query, keep_blank_values=True):
            at.query_params[name] = [*link_values(at, name), text]
        for name, value in state.items():
            at.session_state[name] = value
        return at.run()

    return opened


@pytest.fixture
def own_layer(tmp_path: Path, use_store: Callable) -> Callable[..., Path]:
    """Add an operator's layer, "own" by default, to the built-in ones."""

    def put(*features: dict, name: str = "own") -> Path:
        path = tmp_path / f"{name}.geojson"
        collection = {"type": "FeatureCollection", "features": list(features)}
        path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        use_store(tmp_path)
        return path

    return put
