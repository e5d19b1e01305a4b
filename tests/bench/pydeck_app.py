"""Baseline for many points: pydeck as Streamlit's manual shows it.

The points are read once, filtered by the slider and drawn as a ScatterplotLayer, with two
numbers a point and without base map or tooltips.
"""

import os

import geopandas as gpd
import pandas as pd
import pydeck
import streamlit as st


@st.cache_data
def read() -> pd.DataFrame:
    points = gpd.read_parquet(os.environ["POINTS"], columns=["day", "geometry"])
    x, y = points.geometry.x.round(5), points.geometry.y.round(5)
    return pd.DataFrame({"x": x, "y": y, "day": points["day"].dt.date})


points = read()
first, last = points["day"].min(), points["day"].max()
start, end = st.slider("Days", first, last, (first, last), format="D MMM")
shown = points.loc[points["day"].between(start, end), ["x", "y"]]
layer = pydeck.Layer(
    "ScatterplotLayer",
    shown,
    get_position="[x, y]",
    get_radius=4,
    radius_units=pydeck.types.String("pixels"),
    get_fill_color=[29, 92, 135],
)
camera = pydeck.ViewState(longitude=36.2, latitude=34.6, zoom=7)
st.pydeck_chart(pydeck.Deck([layer], initial_view_state=camera, map_provider=None), height=560)
