"""The script that Streamlit runs for every page."""

from geo.ui.app import run

run()
