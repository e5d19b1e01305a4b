"""The road north: what the videos show and do not show, and how long each leg is."""

from geo.ui import about_sections, page_sections, share_panel

page_sections.draw_heading()
page_sections.draw_map_and_panel()
about_sections.draw_road_legs()
about_sections.draw_videos()
page_sections.draw_table()
share_panel.draw_share_panel()
