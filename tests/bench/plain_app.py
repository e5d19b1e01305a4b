"""The plain streamlit-folium page as a served app, with Leaflet from its package."""

from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

LEAFLET = Path(next(iter(find_spec("xstatic.pkg.leaflet").submodule_search_locations))) / "data"

app = st.App(
    Path(__file__).with_name("plain_page.py"),
    routes=[Mount("/leaflet", StaticFiles(directory=LEAFLET))],
)
