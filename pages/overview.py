"""Western Syria: the two bases, the road, and what was reported day by day."""

from geo.ui import page_sections, share_panel

page_sections.draw_heading()
page_sections.draw_map_and_panel()
page_sections.draw_table()
share_panel.draw_share_panel()
