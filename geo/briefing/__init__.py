"""Briefings: an ordered list of views, each with a headline, statements and speaker notes."""

from geo.briefing.builtin import list_builtin_briefings, open_briefing
from geo.briefing.models import Briefing, Scene, Statement
from geo.briefing.toml_format import read_briefing, write_briefing

__all__ = [
    "Briefing",
    "Scene",
    "Statement",
    "list_builtin_briefings",
    "open_briefing",
    "read_briefing",
    "write_briefing",
]
