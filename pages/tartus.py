"""The naval base, the waters off it, and distances from it."""

from geo.ui import page_sections, share_panel

page_sections.draw_heading()
page_sections.draw_map_and_panel()
page_sections.draw_system_days()
page_sections.draw_table()
share_panel.draw_share_panel()
