"""The component of streamlit-folium, imported by the first page's run.

Streamlit registers a component only where a page's run imports it; the warm-up imports the pages
outside of one.
"""

from collections.abc import Callable


def draw_folium_map(folium_map: object, **options: object) -> None:
    """Draw a folium map; the parameters are those of `streamlit_folium.st_folium`."""
    from streamlit_folium import st_folium

    draw: Callable[..., object] = st_folium
    draw(folium_map, **options)
