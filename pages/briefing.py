"""The briefing: its scenes put in order and worded, kept as a file, taken away as slides."""

from geo.ui import editing, pictures

editing.scenes()
pictures.packs()
