"""The ASGI app: `streamlit run dashboard.py`, or `uvicorn dashboard:app`."""

from pathlib import Path

import streamlit as st

from geo.server.routes import middleware, routes
from geo.server.startup import lifespan

app = st.App(
    Path(__file__).resolve().parent / "geo" / "ui" / "main.py",
    routes=routes(),
    middleware=middleware,
    lifespan=lifespan,
)
