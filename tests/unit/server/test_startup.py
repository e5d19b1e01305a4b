"""The start of the app imports only what the first page needs."""

import json
import subprocess
import sys

from geo.server import startup
from geo.settings import ROOT

SERVER = ("geo.server.routes", "geo.server.startup")
FIRST_PAGE = (*startup.FIRST_PAGE, "geo.mapping.features", "geo.ui.share_panel")
LIBRARIES = {"requests", "fontTools", "matplotlib", "pptx", "datashader", "openpyxl", "pyogrio"}
HEAVY = {"pandas", "geopandas", "numpy", "shapely", "pyarrow", "folium", "geo.store"}
LATER = LIBRARIES | {"sqlalchemy", "geo.briefing", "geo.export.stage", "geo.ingest"}
LATER |= {"geo.export.bundle", "geo.ui.report_form"}


def run_python(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def list_modules(*names: str) -> set[str]:
    """Return the modules that are loaded after importing some."""
    code = f"import json, sys, {', '.join(names)}; print(json.dumps(list(sys.modules)))"
    return set(json.loads(run_python(code)))


def test_server_listens_before_any_heavy_library_is_imported():
    assert list_modules(*SERVER) & HEAVY == set()


def test_first_run_of_a_page_imports_only_the_component():
    """Streamlit registers a component only if a page's run imports it."""
    page = str(ROOT / "geo" / "ui" / "main.py")
    code = (
        f"import json, sys, {', '.join((*SERVER, *startup.FIRST_PAGE))}\n"
        "from streamlit.testing.v1 import AppTest\n"
        "before = set(sys.modules)\n"
        f"assert not AppTest.from_file({page!r}, default_timeout=60).run().exception\n"
        "print(json.dumps(list(set(sys.modules) - before)))"
    )
    late = json.loads(run_python(code))
    assert [name for name in late if name.startswith("geo.")] == []
    assert "streamlit_folium" in late


def test_first_page_imports_no_library_of_a_later_one():
    assert list_modules(*FIRST_PAGE) & LATER == set()


def test_folium_fetches_with_requests_when_an_address_is_drawn():
    code = (
        "import sys; from geo.mapping.lazy_folium import folium; import folium.features as f;"
        "early = 'requests' in sys.modules; f.requests.get; import requests;"
        "print(early, f.requests.get is requests.get)"
    )
    assert run_python(code).split() == ["False", "True"]
