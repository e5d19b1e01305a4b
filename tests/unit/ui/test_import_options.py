"""The form of the page Layers: which coordinates it offers, and what a choice becomes."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

CSV = {
    "GDELT": "a_lat,a_lon,ActionGeo_Lat,ActionGeo_Long\n33.5,36.3,35.41,35.95\n",
    "none": "p,q\n35.41,35.95\n",
    "metres": "easting,northing\n231000,3921000\n",
}


def draw(body: str, name: str = "a.csv") -> None:
    import streamlit as st

    from geo.ingest import ImportOptions, Limits
    from geo.ingest.pipeline import run_pipeline
    from geo.ui.import_options import draw_import_options

    now = ImportOptions()
    new = draw_import_options(now, run_pipeline(body.encode(), name, now, Limits()))
    if new is not None:
        st.session_state["new"] = new


def _start(kind: str) -> AppTest:
    return AppTest.from_function(draw, kwargs={"body": CSV[kind]}, default_timeout=30).run()


def _submit(app: AppTest):
    app.button[0].click().run()
    assert not app.exception
    return app.session_state["new"]


def test_other_coordinates_are_offered_and_chosen():
    app = _start("GDELT")
    box = app.selectbox[0]
    assert box.label == "Places from"
    assert box.options == ["ActionGeo_Lat and ActionGeo_Long", "a_lat and a_lon"]
    box.set_value("a_lat and a_lon")
    assert _submit(app).coordinates == ("a_lat", "a_lon")


def test_form_that_is_sent_unchanged_changes_nothing():
    for kind in CSV:
        assert _submit(_start(kind)).coordinates is None, kind


def test_columns_can_be_chosen_where_none_were_detected():
    app = _start("none")
    labels = [box.label for box in app.selectbox]
    assert labels[:2] == ["Latitude, y, or both", "Longitude, x"]
    app.selectbox[0].set_value("p")
    app.selectbox[1].set_value("q")
    assert _submit(app).coordinates == ("p", "q")


def test_metres_show_north_as_y():
    app = _start("metres")
    assert [box.value for box in app.selectbox[:2]] == ["northing", "easting"]
