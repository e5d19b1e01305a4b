"""Two days, or two windows of days, side by side, with the differences in a table."""

from geo.ui import comparing

comparing.draw_comparison()
