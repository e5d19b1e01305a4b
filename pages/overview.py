"""Western Syria: the two bases, the road, and what was reported day by day."""

from geo.ui import page_sections, share_panel

page_sections.heading()
page_sections.map_and_panel()
page_sections.table()
share_panel.take_away()
