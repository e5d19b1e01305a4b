"""The ledger: every report, with its source, as it was reported."""

from geo.ui import comparing, page_sections, share_panel

page_sections.draw_heading()
page_sections.draw_ledger()
comparing.draw_corroboration()
share_panel.draw_share_panel()
