"""Two days, or two windows of days, side by side, and what differs in words."""

from geo.ui import comparing

comparing.draw_comparison()
