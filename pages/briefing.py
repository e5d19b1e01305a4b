"""The briefing: its scenes put in order and worded, kept as a file, taken away as slides."""

from geo.ui import briefing_editor, export_sections

briefing_editor.draw_briefing_editor()
export_sections.draw_briefing_export()
