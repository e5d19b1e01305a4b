"""The road north: what the videos show and do not show, and how long each leg is."""

from geo.ui import parts, reading, takeaway

parts.heading()
parts.map_and_panel()
reading.legs()
reading.videos()
parts.table()
takeaway.take_away()
