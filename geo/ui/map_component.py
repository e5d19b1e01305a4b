"""The component of streamlit-folium, imported by the first page's run.

Streamlit registers a component only where a page's run imports it; the warm-up imports the pages
outside of one.
"""

from typing import Any


def draw_folium_map(folium_map: Any, **options: Any) -> Any:
    """Draw a folium map; the parameters and the value are those of `streamlit_folium.st_folium`."""
    from streamlit_folium import st_folium

    return st_folium(folium_map, **options)
