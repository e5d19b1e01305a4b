"""The air base: what was reported within it, by system and by day."""

from geo.ui import parts, takeaway

parts.heading()
parts.map_and_panel()
parts.system_days()
parts.table()
takeaway.take_away()
