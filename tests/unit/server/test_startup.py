"""The start of the app imports only what the first page needs."""

import json
import subprocess
import sys

from geo.settings import ROOT

FIRST_PAGE = (
    "geo.server.routes",
    "geo.server.startup",
    "geo.mapping.features",
    "geo.mapping.folium_map",
    "geo.ui.app",
    "geo.ui.page_context",
    "geo.ui.page_sections",
    "geo.ui.share_panel",
    "geo.ui.sidebar",
)
LIBRARIES = {"requests", "fontTools", "matplotlib", "pptx", "datashader", "openpyxl", "pyogrio"}
LATER = LIBRARIES | {"sqlalchemy", "geo.briefing", "geo.export.stage", "geo.ingest"}


def run_python(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_first_page_imports_no_library_of_a_later_one():
    code = f"import json, sys, {', '.join(FIRST_PAGE)}; print(json.dumps(list(sys.modules)))"
    assert set(json.loads(run_python(code))) & LATER == set()


def test_folium_fetches_with_requests_when_an_address_is_drawn():
    code = (
        "import sys; from geo.mapping.lazy_folium import folium; import folium.features as f;"
        "early = 'requests' in sys.modules; f.requests.get; import requests;"
        "print(early, f.requests.get is requests.get)"
    )
    assert run_python(code).split() == ["False", "True"]
