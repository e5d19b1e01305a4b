"""The ledger: every report, with its source, as it was reported."""

from geo.ui import comparing, evidence_desk, page_sections, share_panel

page_sections.draw_heading()
evidence_desk.draw_desk()
page_sections.draw_ledger()
evidence_desk.draw_review()
comparing.draw_corroboration()
share_panel.draw_share_panel()
