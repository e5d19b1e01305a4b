"""The naval base, the waters off it, and distances from it."""

from geo.ui import parts, takeaway

parts.heading()
parts.map_and_panel()
parts.system_days()
parts.table()
takeaway.take_away()
