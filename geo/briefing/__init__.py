"""Briefings: an ordered list of views, each with a headline, statements and speaker notes."""

from geo.briefing.reading import open_briefing, read_briefing, shipped_briefings
from geo.briefing.scenes import Briefing, Scene, Statement
from geo.briefing.writing import write_briefing

__all__ = [
    "Briefing",
    "Scene",
    "Statement",
    "open_briefing",
    "read_briefing",
    "shipped_briefings",
    "write_briefing",
]
