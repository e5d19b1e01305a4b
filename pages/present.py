"""A briefing, scene by scene: one map that flies, with its words beside it."""

from geo.ui import presentation

presentation.draw_presentation()
