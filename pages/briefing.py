"""The briefing: order and edit scenes, download the briefing, export it as slides."""

from geo.ui import briefing_editor, export_sections

briefing_editor.draw_briefing_editor()
export_sections.draw_briefing_export()
