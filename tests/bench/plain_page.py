"""Baseline for 10,000 points: streamlit-folium as its manual shows it.

The features are read once, filtered by the slider and drawn as a folium.GeoJson, without base
tiles, tooltips or return values from the map.
"""

import datetime as dt
import os
from typing import ClassVar

import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium


class LocalMap(folium.Map):
    """A folium map that works offline with Leaflet from this server."""

    default_js: ClassVar = [("leaflet", "../../leaflet/leaflet.js")]
    default_css: ClassVar = [("leaflet_css", "../../leaflet/leaflet.css")]


@st.cache_data
def read() -> gpd.GeoDataFrame:
    points = gpd.read_parquet(os.environ["POINTS"])
    points["day"] = points["day"].dt.strftime("%Y-%m-%d")  # folium cannot serialise timestamps
    return points


points = read()
first, last = (dt.date.fromisoformat(day) for day in (points["day"].min(), points["day"].max()))
start, end = st.slider("Days", first, last, (first, last), format="D MMM")
shown = points[points["day"].between(start.isoformat(), end.isoformat())]
board = LocalMap(location=(34.6, 36.2), zoom_start=8, tiles=None)
folium.GeoJson(shown, marker=folium.CircleMarker(radius=4, fill=True)).add_to(board)
st_folium(board, key="map", height=560, use_container_width=True, returned_objects=[])
