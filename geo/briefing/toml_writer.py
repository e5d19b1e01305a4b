"""Write briefings as TOML."""

from __future__ import annotations

from typing import Any

import tomli_w

from geo.briefing.models import Briefing, Scene
from geo.view import to_query

_HEAD = """\
# A briefing: scenes in their order, each a view, a headline, statements and speaker notes.
# Headline and statements name the claims that they rest on. "link" is a page and what stands
# behind the question mark of its address.

"""


def write_briefing(briefing: Briefing) -> str:
    """Return a briefing as TOML; reading it again gives an equal one."""
    record = {
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "scene": [_build_scene_record(scene) for scene in briefing.scenes],
    }
    return _HEAD + tomli_w.dumps(record, multiline_strings=True)


def _build_scene_record(scene: Scene) -> dict[str, Any]:
    query = to_query(scene.view, explicit=True)
    return {
        "id": scene.id,
        "link": f"{scene.view.page}?{query}",
        "headline": scene.headline.says,
        "claims": list(scene.headline.claims),
        "notes": scene.notes,
        "statement": [{"says": one.says, "claims": list(one.claims)} for one in scene.statements],
    }
