"""Briefings: an ordered list of views, each with a headline, statements and speaker notes."""

from geo.briefing.models import Briefing, Scene, Statement
from geo.briefing.toml_reader import open_briefing, read_briefing, shipped_briefings
from geo.briefing.toml_writer import write_briefing

__all__ = [
    "Briefing",
    "Scene",
    "Statement",
    "open_briefing",
    "read_briefing",
    "shipped_briefings",
    "write_briefing",
]
