"""Baseline for a key press: a slider of days and one line of text."""

import datetime as dt

import streamlit as st

days = (dt.date(2024, 12, 3), dt.date(2025, 1, 29))
st.text(str(st.slider("Days", *days, value=days, format="D MMM")))
