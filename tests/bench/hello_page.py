"""Baseline for a start: the smallest Streamlit app."""

import streamlit as st

st.text("Hello, world")
