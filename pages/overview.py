"""Western Syria: the two bases, the road, and what was reported day by day."""

from geo.ui import parts, takeaway

parts.heading()
parts.map_and_panel()
parts.table()
takeaway.take_away()
