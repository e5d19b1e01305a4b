"""A map page of a case: headline, map and panel, and the sections that the case names."""

from geo.ui import map_page

map_page.draw_map_page()
