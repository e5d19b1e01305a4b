"""The naval base, the waters off it, and distances from it."""

from geo.ui import page_sections, share_panel

page_sections.heading()
page_sections.map_and_panel()
page_sections.system_days()
page_sections.table()
share_panel.take_away()
