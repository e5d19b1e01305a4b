"""The road north: what the videos show and do not show, and how long each leg is."""

from geo.ui import about_sections, page_sections, share_panel

page_sections.heading()
page_sections.map_and_panel()
about_sections.legs()
about_sections.videos()
page_sections.table()
share_panel.take_away()
