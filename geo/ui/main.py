"""The script that Streamlit runs for every page."""

from geo.server.first_page import wait_for_imports

wait_for_imports()

from geo.ui.app import run  # noqa: E402

run()
