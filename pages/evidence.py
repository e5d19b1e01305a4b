"""The ledger: every claim, with its source, as it was reported."""

from geo.ui import comparing, page_sections, share_panel

page_sections.heading()
page_sections.ledger()
comparing.corroborated()
share_panel.take_away()
