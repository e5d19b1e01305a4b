"""The diagram and tables of docs/architecture.md agree with the imports and the files."""

import re
import tomllib

import grimp

from geo.settings import ROOT
from tests.support.markdown import fenced, table

PAGE = ROOT / "docs" / "architecture.md"
FOR_ALL = {"meridian", "errors", "session_keys", "settings", "streamlit_bridge", "text"}


def test_diagram_of_packages_equals_the_import_contract():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [re.findall(r"\w+", line) for line in contract["contracts"][0]["layers"]]
    [drawing] = fenced(PAGE, "rooms")
    assert [line.split() for line in drawing.body.splitlines()] == layers


def test_table_of_packages_equals_their_imports():
    graph = grimp.build_graph("geo", cache_dir=None)
    real: dict[str, set[str]] = {}
    for module in graph.modules - {"geo"}:
        imported = graph.find_modules_directly_imported_by(module) - {"geo"}
        room = module.split(".")[1]
        real.setdefault(room, set()).update(name.split(".")[1] for name in imported)
    found = {room: used - {room} - FOR_ALL for room, used in real.items()}
    documented = {
        room: set(re.findall(r"\w+", used))
        for rooms, used, _ in table(PAGE, "room")
        for room in re.findall(r"\w+", rooms)
    }
    assert {room: documented[room] for room in found if room in documented} == found


def test_table_of_behaviours_names_existing_modules():
    rows = table(PAGE, "behaviour")
    assert len(rows) >= 30
    missing = [module for _, module in rows if not (ROOT / module.strip("`")).is_file()]
    assert not missing
