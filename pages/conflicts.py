"""Where sources differ: each question beside the reports that answer it."""

from geo.ui import comparing

comparing.draw_conflicts()
