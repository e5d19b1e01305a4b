"""Where sources differ: each question beside the reports that answer it."""

from geo.ui import comparing, share_panel

comparing.draw_conflicts()
share_panel.draw_share_panel()
