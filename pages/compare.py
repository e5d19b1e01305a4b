"""Two days, or two windows of days, side by side, with the differences in a table."""

from geo.ui import comparing, share_panel

comparing.draw_comparison()
share_panel.draw_share_panel()
