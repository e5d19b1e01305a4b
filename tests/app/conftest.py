"""The dashboard without a browser: pages opened from links, on the shipped data or a store."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from geo.evidence import load_evidence
from geo.selection import Selection, select
from geo.server.context import context
from geo.settings import ASSETS, ROOT, settings
from geo.ui.navigation import page_spec
from geo.view import View

RECORDS = load_evidence(ASSETS / "evidence")
MAIN = str(ROOT / "geo" / "ui" / "main.py")
Open = Callable[..., AppTest]


def forget() -> None:
    """Let the next page read the settings and open the store anew."""
    settings.cache_clear()
    context.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def shipped_layers() -> Iterator[None]:
    """Show the shipped layers alone, whatever the machine's environment says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORE_URL", "")
        forget()
        yield
    forget()


@pytest.fixture
def use_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | str], None]]:
    """Put a folder's layers beside the shipped ones."""

    def use(store_url: Path | str) -> None:
        monkeypatch.setenv("STORE_URL", str(store_url))
        forget()

    yield use
    monkeypatch.undo()
    forget()


@pytest.fixture
def open_page() -> Open:
    """Open a page in a fresh session, by a link."""

    def opened(path: str = "overview", query: str = "", **state: object) -> AppTest:
        at = AppTest.from_file(MAIN, default_timeout=30)
        at.switch_page(page_spec(path).script)
        for name, text in parse_qsl(query, keep_blank_values=True):
            at.query_params[name] = [*in_link(at, name), text]
        for name, value in state.items():
            at.session_state[name] = value
        return at.run()

    return opened


def in_link(at: AppTest, name: str) -> list[str]:
    """All values of one part of the link."""
    values = at.query_params.get(name, [])
    return [values] if isinstance(values, str) else list(values)


def words(at: AppTest) -> str:
    """Everything that the page shows as HTML, as a reader reads it."""
    shown = " ".join(part.value for part in at.html if not part.value.startswith("<style"))
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def counted(at: AppTest) -> str:
    """The count that stands in the sidebar."""
    return at.sidebar.markdown[0].value.strip("*")


def healthy(at: AppTest) -> AppTest:
    """Fail if the page shows that something went wrong."""
    assert not at.exception
    assert [error.value for error in at.error] == []
    return at


def expected(view: View, path: str = "overview") -> Selection:
    """What a page should show of a view."""
    return select(view.at_place(page_spec(path).places), context().store)


def feature(properties: dict, at: tuple | None = (35.95, 35.41)) -> dict:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def own_layer(tmp_path: Path, use_store: Callable) -> Callable[..., Path]:
    """Put a layer of one's own, "own" by default, beside the shipped ones."""

    def put(*features: dict, name: str = "own") -> Path:
        path = tmp_path / f"{name}.geojson"
        collection = {"type": "FeatureCollection", "features": list(features)}
        path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        use_store(tmp_path)
        return path

    return put
